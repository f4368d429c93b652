"""The Volumes screen in the real console: by keyboard, and every number opens as many rows as it says."""

from __future__ import annotations

import csv
import io

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from dispatch.insight.volumes import HOUR_MS, Group
from dispatch.records import CloseReason
from ui.volumes.saving import table
from ui.volumes.words import number

WORDS = (
    ("Power line down and sparking on the sidewalk", "5th Ave N & 9th St N, St. Petersburg"),
    ("Huge oak across both lanes", "22nd Ave S & 31st St S, St. Petersburg"),
    ("Large branch on the sidewalk", "9th Ave N & 16th St N, St. Petersburg"),
    ("Street is flooded to the curb", "4th St N & 62nd Ave N, St. Petersburg"),
)


@pytest.fixture
def volumes(real_over, city, clock):
    """The screen, open, over four reports of four hours."""
    for text, place in WORDS:
        city.add_report(text, address=place)
        clock.advance(minutes=60)
        city.clock(forward_s=3600)
    console = real_over()
    yield opened(console)


def opened(console):
    view = console.console.volumes
    console.window.go_to("volumes")
    console.wait(lambda: view.shown is not None)
    view.console = console
    return view


def anew(view):
    before = view.shown
    view.count_anew()
    view.console.wait(lambda: view.shown is not before)


def shown_ids(view):
    selection = view.console.selection
    return set(selection.board.site_id[selection.mask].tolist())


def test_g_v_opens_it_and_it_says_what_came(volumes):
    view, console = volumes, volumes.console
    console.window.go_to("queue")
    console.queue.list.setFocus()
    console.window.keys._presses.clear()
    console.key(Qt.Key.Key_G)
    console.key(Qt.Key.Key_V)
    assert console.window.screen == "volumes" and view.hasFocus()
    assert view.numbers[0].value == "4" and view.numbers[1].value == "4"
    assert "typed in" in view.numbers[0].line
    assert "{" not in " ".join(button.accessibleName() for button in view.numbers)


def test_an_hour_is_chosen_by_arrow_read_out_and_opened_by_enter(volumes):
    view, console = volumes, volumes.console
    console.key(Qt.Key.Key_Left)
    assert (view.first, view.last) == (view.shown.hours - 1,) * 2, "from none to the present hour"
    console.key(Qt.Key.Key_Left)
    console.key(Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    first, last = view.first, view.last
    many = int(view.shown.totals[first : last + 1].sum())
    assert last - first == 1 and many == 2
    assert f"{many} reports" in view._hour.said()

    console.key(Qt.Key.Key_Return)

    assert console.window.screen == "queue"
    assert len(shown_ids(view)) == many
    [crumb] = console.selection.crumbs()
    assert "–" in crumb.label
    console.selection.clear(crumb.name)
    assert len(shown_ids(view)) == 4


def test_the_chosen_hours_stay_the_same_hours_while_time_goes_on(volumes, clock):
    view = volumes
    view.choose(70, 71)
    at = view.shown.start_at + 70 * HOUR_MS
    clock.advance(minutes=60)
    anew(view)
    assert view.shown.start_at + view.first * HOUR_MS == at and view.last - view.first == 1


def test_every_number_and_row_opens_as_many_sites_as_it_says(volumes, run):
    view, console = volumes, volumes.console
    ids = [int(each) for each in console.bridge.board.site_id]
    run(console.bridge.act(console.bridge.desk.claim, ids[0]))
    run(console.bridge.act(console.bridge.desk.close, ids[2], CloseReason.NO_LONGER_NEEDED))
    anew(view)
    opened = 0
    for which, button in enumerate(view.numbers[:4]):
        console.window.go_to("volumes")
        view.open_number(which)
        if button.value != "0":
            assert len(shown_ids(view)) == int(button.value), button.label
            opened += 1
    for name in ("open", "who"):
        for row in view.tables[name].rows:
            many = int(row.cells[1].text)
            if row.opens is not None and many:
                console.window.go_to("volumes")
                row.opens()
                assert len(shown_ids(view)) == many, row.said()
                opened += 1
    for row, many in zip(view.tables["takes"].rows, (2, 2, 0, 0, 3), strict=False):
        if many:
            console.window.go_to("volumes")
            row.opens()
            assert len(shown_ids(view)) == many, row.said()
            opened += 1
    assert opened >= 9


def test_a_number_that_has_no_site_any_more_says_so(volumes):
    view, said = volumes, []
    view._bridge.said.connect(lambda sentence, _alarm: said.append(sentence))
    view.behind.open([], "nothing")
    assert said == ["There is no site behind this number now."]
    assert view.console.window.screen == "volumes"


def test_letters_group_plus_and_minus_change_the_span_and_tab_reaches_the_rows(volumes):
    view, console = volumes, volumes.console
    for key, group in (
        (Qt.Key.Key_C, Group.CATEGORY),
        (Qt.Key.Key_H, Group.CHANNEL),
        (Qt.Key.Key_B, Group.BAND),
    ):
        console.window.keys._presses.clear()
        console.key(key)
        console.wait(lambda group=group: view.shown.group is group)
    console.key(Qt.Key.Key_Plus)
    console.wait(lambda: view.shown.hours == 24)
    console.key(Qt.Key.Key_Minus)
    console.key(Qt.Key.Key_Minus)
    console.wait(lambda: view.shown.hours == 14 * 24)
    view.tables["open"].setFocus()
    console.key(Qt.Key.Key_Down)
    console.key(Qt.Key.Key_Return)
    assert console.window.screen == "queue"


def test_the_pointer_reads_out_an_hour_and_a_drag_chooses_some(volumes):
    view, chart = volumes, volumes.arrivals
    port = chart.viewport()
    view.console.wait(lambda: chart.width() > 300)

    def at(hour):
        scene = chart.getPlotItem().vb.mapViewToScene(QPointF(hour, 1))
        return chart.mapFromScene(scene)

    QTest.mouseMove(port, QPoint(1, 1))
    QTest.mouseMove(port, at(68.5))
    assert "reports" in view._hour.said() or "report" in view._hour.said()
    QTest.mousePress(port, Qt.MouseButton.LeftButton, pos=at(66.5))
    QTest.mouseMove(port, at(69.5))
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, pos=at(69.5))
    assert (view.first, view.last) == (66, 69)


def test_s18_what_is_saved_says_exercise_in_its_name_and_in_every_row(volumes, tmp_path, run):
    view = volumes
    assert view.saving.file_name().startswith("EXERCISE_volumes-")
    run(view.saving.save(tmp_path / "hours.csv"))
    run(view.saving.save(tmp_path / "picture"))
    assert (tmp_path / "picture.png").read_bytes().startswith(b"\x89PNG")
    rows = list(csv.reader(io.StringIO((tmp_path / "hours.csv").read_text())))
    assert len(rows) == 1 + view.shown.hours and {row[-1] for row in rows} == {"EXERCISE"}
    column = rows[0].index("reports")
    assert [int(row[column]) for row in rows[1:]] == view.shown.totals.tolist()
    assert b"EXERCISE" not in table(view.shown, view._bridge.zone, False)


def test_it_follows_the_board_and_does_not_count_while_nobody_looks(volumes, city, run):
    view, console = volumes, volumes.console
    console.window.go_to("queue")
    before = view.shown
    city.add_report(*WORDS[0][:1], address=WORDS[1][1])
    console.room.sync()
    run(console.bridge.catch_up())
    assert view.shown is before
    console.window.go_to("volumes")
    console.wait(lambda: view.numbers[0].value == "5")


def test_both_themes_draw_every_series_in_a_color_of_the_palette(volumes):
    view = volumes
    for name in ("light", "dim"):
        view._theme.set(name)
        card = view._theme.color("card")
        image = view.arrivals.grab().toImage()
        seen = {
            image.pixelColor(x, y).name()
            for x in range(0, image.width(), 2)
            for y in range(0, image.height(), 2)
        }
        assert card.name() in seen and len(seen) > 3
    assert np.all(view.shown.totals >= 0)


def test_a_figure_is_noted_by_keyboard_and_stands_in_its_hour(volumes, clock):
    view, console = volumes, volumes.console
    console.window.keys._presses.clear()
    console.key(Qt.Key.Key_N)
    sheet = console.sheets.current
    assert sheet.NAME == "figure"
    sheet.fields["value"].fill("41 200")
    assert sheet.problem()[0] == "source"
    sheet.fields["source"].fill("outage map")
    console.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    console.wait(lambda: view.shown.figures)
    view.choose(view.shown.hours - 1, view.shown.hours - 1)
    assert f"{number(41_200)} without power" in view._hour.said() and "outage map" in view._hour.said()


def test_two_letters_that_begin_with_g_are_the_windows_own_here_as_well(volumes):
    console = volumes.console
    console.window.keys._presses.clear()
    console.key(Qt.Key.Key_G)
    console.key(Qt.Key.Key_C)
    assert console.sheets.current is not None and console.sheets.current.NAME == "channels"
    assert volumes.asked.group is Group.BAND
