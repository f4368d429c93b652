"""The Times page in the real console: by keyboard, with the words that residents would read."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Expectation
from dispatch.store import expected, sites
from ui.widgets.count_table import Row

TREE = "Large branch on the road, nobody is hurt"
CTRL = Qt.KeyboardModifier.ControlModifier
SOON = Expectation(low_days=1, high_days=2, normal_days=2, open=2)


@pytest.fixture
def page(real_over: Any, city: Any, clock: Any) -> Any:
    """Open, four days after two residents were told one to two days."""
    for street in ("5th Ave N & 9th St N", "62nd Ave S & 4th St S"):
        city.add_report(TREE, category="tree_road_blocked", address=street)
    console = real_over()
    room = console.room
    with room.store.transaction(room.parts.actor) as tx:
        for site_id in [row.site_id for row in sites.board_rows(tx.connection)]:
            row = sites.row(tx.connection, site_id)
            ids = room.desk.say(tx, row, "It may take up to 2 days. This is not 911.")
            expected.record_told(tx, [site_id], SOON, ids)
    room.sync()
    clock.advance(hours=24 * 4)
    console.window.go_to("residents")
    found = console.console.residents.show_page("times")
    console.wait(lambda: found.times is not None)
    found.console = console
    return found


def row_of(page: Any, table: str, name: str) -> Row:
    return next(row for row in page.tables[table].rows if row.cells[0].text == name)


def label(page: Any) -> str:
    return str(page.console.room.parts.shown().labels["tree_road_blocked"])


def test_a_category_says_what_is_told_and_what_a_resident_reads(page: Any) -> None:
    row = row_of(page, "categories", label(page))

    assert page.tables["categories"].rows[0] is row
    assert [cell.text for cell in row.cells[1:6]] == ["2", "0", "0", "3 d", "3 to 7 days"]
    assert row.counts.startswith("A resident reads: 3 to 7 days. Normally 3 days; 2 are open ahead")
    assert "life safety and main roads come first" in row.counts


def test_what_is_not_the_citys_has_no_time(page: Any) -> None:
    outage = page.console.room.parts.shown().labels["power_outage"]

    row = row_of(page, "categories", outage)

    assert row.cells[5].text == "no time: the utility's"
    assert "Power utility" in row.counts


def test_enter_opens_the_open_sites(page: Any) -> None:
    table = page.tables["categories"]
    table.setFocus()
    table.go(0)
    shown: list[Any] = []
    page.opened.connect(shown.append)

    page.console.key(Qt.Key.Key_Return)

    page.console.wait(lambda: shown)
    board = page.console.selection.board
    assert len(board.site_id[page.console.selection.mask]) == 2


def test_ranges_that_did_not_hold_are_counted(page: Any) -> None:
    cells = page.tables["weeks"].rows[-1].cells

    assert (cells[0].text, cells[1].text, cells[1].beside) == ("since activation", "0 %", "n 2")


def test_the_new_time_is_sent_from_the_list_of_those_who_hear_it(page: Any, city: Any) -> None:
    due = page.tables["due"]
    assert len(due.rows) == 2
    assert "The time we told you has changed" in due.rows[0].counts
    # Elsewhere on the page the key does nothing: nobody sends what they have not before them.
    page.tables["categories"].setFocus()
    page.console.key(Qt.Key.Key_Return, CTRL)
    assert len(page._going) == 0
    due.setFocus()
    page.console.key(Qt.Key.Key_Return, CTRL)

    page.console.wait(lambda: not due.rows)

    page.console.room.sync()
    numbers = [each["id"] for each in city.truth()["requests"]]
    said = [line for each in numbers for line in city.messages(each) if "time we told you" in line]
    assert len(said) == 2
