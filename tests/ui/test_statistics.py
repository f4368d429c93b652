"""The Statistics screen in the real console: by keyboard; every number opens its sites."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from dispatch.records import CloseReason
from ui.statistics.saving import as_csv
from ui.theme import Theme
from ui.widgets.count_table import Cell, Column, CountTable, Row

WIRE = ("Power line down and sparking, a child is trapped", "power_line_down")
TREE = ("Large branch on the sidewalk", "tree_road_blocked")
CTRL = Qt.KeyboardModifier.ControlModifier
ANSWER = "We have looked at it. Please keep away."


@pytest.fixture
def statistics(real_over, city, clock):
    """The screen, open, five minutes after two P1 and two others were reported."""
    ids = [
        city.add_report(text, category=kind, address="5th Ave N & 9th St N")
        for text, kind in (WIRE, WIRE, TREE, TREE)
    ]
    console = real_over()
    clock.advance(minutes=5)
    city.clock(forward_s=300)
    view = opened(console)
    view.ids = ids
    return view


def opened(console: Any) -> Any:
    view = console.console.statistics
    console.window.go_to("statistics")
    console.wait(lambda: view.room is not None)
    view.console = console
    return view


def row_of(table: CountTable, name: str) -> Row:
    return next(row for row in table.rows if row.cells[0].text == name)


def go_to(table: CountTable, name: str) -> None:
    table.setFocus()
    table.go([row.cells[0].text for row in table.rows].index(name))


def shown_ids(console: Any) -> set[int]:
    selection = console.selection
    return set(selection.board.site_id[selection.mask].tolist())


def to_trust(view: Any) -> None:
    view.console.key(Qt.Key.Key_2)
    view.console.wait(lambda: view.trust is not None)


def test_g_i_opens_it_and_it_says_when_it_was_counted(statistics) -> None:
    console = statistics.console
    console.window.go_to("queue")
    console.queue.list.setFocus()
    console.window.keys._presses.clear()

    console.key(Qt.Key.Key_G)
    console.key(Qt.Key.Key_I)

    assert console.window.screen == "statistics"
    assert statistics.tables["alarms"].hasFocus()
    assert "counted 10:35" in statistics._counted.said()
    assert [cell.text for cell in row_of(statistics.tables["alarms"], "Alarms").cells[1:]] == ["2", "2", "2"]


def test_enter_on_a_kind_shows_exactly_its_sites_and_one_step_leads_back(statistics) -> None:
    console = statistics.console
    go_to(statistics.tables["kinds"], "P1 nobody acted on")

    console.key(Qt.Key.Key_Return)

    assert console.window.screen == "queue"
    assert shown_ids(console) == {console.room.site(each) for each in statistics.ids[:2]}
    [crumb] = console.selection.crumbs()
    assert crumb.label == "P1 nobody acted on"
    console.selection.clear(crumb.name)
    assert len(shown_ids(console)) == 4


def test_r_counts_anew_what_was_done_meanwhile(statistics, clock) -> None:
    console = statistics.console
    took = row_of(statistics.tables["alarms"], "Acted on + waiting")
    assert took.cells[-1].text == "0 + 2"
    console.room.desk.claim(console.room.site(statistics.ids[0]))
    clock.advance(minutes=1)

    console.key(Qt.Key.Key_R)

    table = statistics.tables["alarms"]
    console.wait(lambda: row_of(table, "Acted on + waiting").cells[-1].text == "1 + 1")
    assert row_of(table, "First act: half within").cells[-1].text == "5:00"
    assert row_of(statistics.tables["seats"], "Seat 1").cells[-1].text == "1"


def test_each_row_says_what_it_counts_below_as_the_arrows_go(statistics) -> None:
    console, said = statistics.console, []
    for _ in range(40):
        console.key(Qt.Key.Key_Down)
        said.append(statistics._about.said())

    assert all(said) and any("ten minutes until fewer than 5" in each for each in said)
    assert statistics.tables["database"].hasFocus(), "from one table to the next, to the last"
    console.key(Qt.Key.Key_K)
    console.key(Qt.Key.Key_Up)
    assert statistics.tables["database"].current == 1


def test_what_residents_heard_by_week_and_family(statistics) -> None:
    console = statistics.console
    console.room.desk.message(console.room.site(statistics.ids[2]), ANSWER)
    console.room.sync()
    to_trust(statistics)

    names = [row.cells[0].text for row in statistics.tables["departments"].rows]
    assert names == ["All", "Trees, limbs", "Wires"]
    answered = row_of(statistics.tables["measures"], "Answered by a person").cells[-1]
    assert (answered.text, answered.beside) == ("25 %", "5–70 of 4")

    console.key(Qt.Key.Key_Down)  # onto the trees
    assert statistics._whose.said() == "Trees, limbs"
    answered = row_of(statistics.tables["measures"], "Answered by a person").cells[-1]
    assert (answered.text, answered.beside) == ("50 %", "9–91 of 2")
    go_to(statistics.tables["measures"], "Answered by a person")
    console.key(Qt.Key.Key_Return)
    assert shown_ids(console) == {console.room.site(statistics.ids[3])}, "the one not answered"


def test_closed_without_a_word_is_known_only_where_the_thread_is(statistics, city, run) -> None:
    room = statistics.console.room
    room.desk.close(room.site(statistics.ids[2]), CloseReason.NO_LONGER_NEEDED, message="It is done.")
    for _ in range(3):
        room.sync()
    to_trust(statistics)
    done = row_of(statistics.tables["measures"], "Told when done").cells[-1]
    silent = row_of(statistics.tables["measures"], "Closed without a word").cells[-1]
    assert (done.text, silent.text) == ("100 %", "0 %")


def test_no_promise_is_made_up(statistics) -> None:
    to_trust(statistics)
    row = row_of(statistics.tables["measures"], "Promise kept")
    assert {cell.text for cell in row.cells[1:]} == {"–"}
    assert row.opens is None


def test_the_arrows_turn_to_other_weeks_and_never_beyond_this_one(statistics) -> None:
    console = statistics.console
    to_trust(statistics)
    this = statistics.trust.heard.weeks[-1]
    console.key(Qt.Key.Key_Right)
    assert statistics._weeks_back == 0

    console.key(Qt.Key.Key_Left)

    console.wait(lambda: statistics.trust.heard.weeks[-1][1] == this[0])
    assert row_of(statistics.tables["measures"], "Reports").cells[-1].text == "0"


def test_s18_tables_and_weekly_page_are_saved_and_marked(statistics, monkeypatch) -> None:
    console, opened_files = statistics.console, []
    monkeypatch.setattr(statistics, "_show_file", opened_files.append)
    to_trust(statistics)
    folder = console.room.parts.folder / "print"

    console.key(Qt.Key.Key_P, CTRL)
    console.key(Qt.Key.Key_S, CTRL)

    console.wait(lambda: opened_files and len(list(folder.glob("*"))) == 2)
    assert sorted(path.name for path in folder.iterdir()) == [
        "EXERCISE_weekly-page_2017-09-11.pdf",
        "EXERCISE_what-residents-heard_2017-09-11-1035.csv",
    ]
    said = next(folder.glob("*.csv")).read_text("utf-8-sig")
    assert (
        "Statistics, counted 2017-09-11 10:35" in said.splitlines()[0]
        and "EXERCISE" in said
        and "Closed without a word" in said
    )
    assert WIRE[0] not in said, "nobody's words"


def test_a_cell_that_a_spreadsheet_would_run_is_text(qtbot) -> None:
    table = CountTable("@name", [Column("=head", 1), Column("", 1)], theme=Theme("light"))
    qtbot.addWidget(table)
    table.show_rows([Row((Cell("+1+cmd|' /C calc'!A0"), Cell(bar=0.5))), Row((Cell("-2"), Cell(bar=1)))])
    lines = as_csv([table], "head", False).decode("utf-8-sig").splitlines()
    assert lines == ["head", "", "'@name", "'=head", "'+1+cmd|' /C calc'!A0", "'-2"]


def test_an_empty_room_says_so(real_over) -> None:
    view = opened(real_over())
    assert view.tables["kinds"].said() == "No alarm since activation."
    assert view.tables["channels"].said() == "Nothing was handed over yet."
    assert row_of(view.tables["alarms"], "First act: half within").cells[-1].text == "–"
    to_trust(view)
    assert [row.said() for row in view.tables["departments"].rows] == ["All 0 – – – –"]


def test_it_fits_a_small_screen_without_cut_numbers(statistics) -> None:
    """At 1366 by 768 every cell has room for its words."""
    statistics.console.window.resize(1366, 768)
    to_trust(statistics)
    for table in statistics.tables.values():
        metrics = table.fontMetrics()
        for column, (_, width) in zip(table.columns, table._places(), strict=True):
            if column.is_number:
                assert metrics.horizontalAdvance(column.title) * 12 / 13 <= width + 2, (
                    table.name,
                    column.title,
                )
