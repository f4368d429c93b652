"""The volume strip: what it counts, and the brush by mouse and by keyboard."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest

from tests.ui.boards import MINUTE, NOW, put, site
from ui.queue.strip_zoom import Zoom

HOUR = 60 * MINUTE
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def c(console):
    return console(
        site(1, band=2, first_at=NOW - 10 * MINUTE, reports=3),
        site(2, band=4, first_at=NOW - 2 * HOUR, reports=5),
        site(3, band=4, first_at=NOW - 2 * HOUR, reports=1, category="fence"),
        site(4, band=4, first_at=NOW - 9 * HOUR, state=3, state_reason="spam"),
    )


def middle(strip, hours_back):
    hours = strip._hours()
    return QPoint(
        round(16 + (len(hours.counts) - 1 - hours_back + 0.5) * strip._hour_width(hours)), strip.height() // 2
    )


def test_it_says_the_peak_and_the_last_hour(c):
    assert c.queue.strip.summary() == "peak 6 at 12:00 · 3 in the last hour"


def test_what_was_closed_since_was_volume_all_the_same(c):
    assert c.queue.strip._hours().totals.sum() == 10


def test_other_filters_narrow_the_strip_too(c):
    c.selection.narrow(categories=frozenset({"fence"}))
    assert c.queue.strip.summary() == "peak 1 at 12:00 · 0 in the last hour"


def test_what_is_narrowed_is_told_before_it_is_painted(c):
    """For screen readers; and what moves in a paint has the strip painted twice."""
    strip = c.queue.strip
    c.selection.narrow(categories=frozenset({"fence"}))
    assert strip.accessibleDescription() == strip.summary()

    placed = strip.bar.pos()
    strip.repaint()
    assert strip.bar.pos() == placed


def test_dragging_narrows_everything_and_keeps_the_counts(c):
    strip = c.queue.strip
    QTest.mousePress(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 3))
    QTest.mouseMove(strip, middle(strip, 2))
    QTest.mouseRelease(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 2))

    assert c.shown() == [2, 3]
    assert c.selection.crumbs()[0].label == "11:00 – 13:00"
    assert strip._hours().totals.sum() == 10


def test_s5_a_brush_to_the_present_hour_follows_now(c):
    strip = c.queue.strip
    strip.brush_hours(len(strip._hours().counts) - 1, 10_000)

    assert c.selection.filters.until is None
    c.seat.clock.advance(hours=2)
    c.take(put(c.seat.board, site(9, band=1, first_at=c.seat.clock.now())))
    assert c.selection.mask[c.seat.board.row(9)]


def test_double_click_clears_the_brush(c):
    strip = c.queue.strip
    strip.brush_hours(3, 5)

    QTest.mouseDClick(strip, Qt.MouseButton.LeftButton, pos=middle(strip, 8))

    assert strip.brushed() is None
    assert c.shown() == [1, 2, 3]


def test_the_brush_moves_by_keyboard(c):
    strip = c.queue.strip
    last = len(strip._hours().counts) - 1
    strip.setFocus()

    c.type(Qt.Key.Key_Left)
    assert strip.brushed() == (last, last)
    c.type(Qt.Key.Key_Left, Qt.Key.Key_Left)
    assert strip.brushed() == (last - 2, last - 2)
    c.type((Qt.Key.Key_Left, SHIFT))
    assert strip.brushed() == (last - 3, last - 2)
    c.type(Qt.Key.Key_Delete)
    assert strip.brushed() is None


def test_an_hour_tells_its_numbers(c):
    strip = c.queue.strip
    last = len(strip._hours().counts) - 1

    assert strip.hour_words(last) == "14:00–15:00 · 3 reports · P2 3"
    assert strip.hour_words(last - 2) == "12:00–13:00 · 6 reports · P4 6"


def test_moving_the_brush_counts_nothing_anew(c):
    counted = []
    whole = c.seat.board.per_step
    c.seat.board.per_step = lambda *args, **more: counted.append(1) or whole(*args, **more)
    c.queue.strip.grab()

    for hour in range(5, 25):
        c.queue.strip.brush_hours(hour, hour + 3)
        c.queue.strip.grab()

    assert counted == []


def test_zooming_goes_from_the_whole_storm_to_quarter_hours_and_stops_there(c):
    strip = c.queue.strip
    strip.setFocus()

    c.type(Qt.Key.Key_Plus)
    assert (strip.zoom, len(strip._hours().counts), strip._title()) == (Zoom.DAY, 24, "Reports per hour")
    c.type(Qt.Key.Key_Plus, Qt.Key.Key_Plus)
    assert (strip.zoom, strip._hours().step_ms) == (Zoom.SIX, 15 * MINUTE)
    assert strip._title() == "Reports per quarter hour"
    c.type(*[Qt.Key.Key_Minus] * 5)
    assert strip.zoom is Zoom.STORM
    assert strip._hours().start_at <= NOW - 9 * HOUR


@pytest.mark.parametrize("zoom", list(Zoom))
def test_the_brush_stays_where_it_is_in_every_zoom(c, zoom):
    strip = c.queue.strip
    last = len(strip._hours().counts) - 1
    strip.brush_hours(last - 3, last - 2)
    before = c.selection.filters

    strip.zoom_to(zoom)
    strip.grab()

    assert c.selection.filters == before
    assert c.shown() == [2, 3]


def test_the_wheel_and_the_chips_zoom_too(c):
    strip = c.queue.strip
    at = QPointF(strip.width() / 2, strip.height() / 2)
    turn = QWheelEvent(
        at,
        strip.mapToGlobal(at),
        QPoint(),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    strip.wheelEvent(turn)
    assert strip.zoom is Zoom.DAY

    strip.bar.chips[Zoom.STORM].click()
    assert strip.zoom is Zoom.STORM


def test_a_whole_storm_of_two_weeks_fits_and_keeps_every_report(c):
    c.take(put(c.seat.board, site(20, first_at=NOW - 12 * 24 * HOUR, reports=7)))
    strip = c.queue.strip

    strip.zoom_to(Zoom.STORM)
    strip.grab()

    hours = strip._hours()
    assert hours.totals.sum() == 17
    assert hours.step_ms in (2 * HOUR, 3 * HOUR)
    assert (strip.width() - 32) / len(hours.counts) >= 8


def test_the_day_before_is_counted_to_the_same_minute(c):
    day = 24 * HOUR
    c.take(
        put(
            c.seat.board,
            site(21, first_at=NOW - day - 10 * MINUTE, reports=4),
            site(22, first_at=NOW - day + 5 * MINUTE, reports=9),
            site(23, first_at=NOW - day - 2 * HOUR, reports=2),
        )
    )
    strip = c.queue.strip
    strip.zoom_to(Zoom.DAY)

    last = len(strip._hours().counts) - 1
    assert strip.hour_words(last) == "14:00–15:00 · 3 reports · P2 3 · a day before by this time 4"
    assert strip.hour_words(last - 2) == "12:00–13:00 · 6 reports · P4 6 · a day before 2"


def test_the_day_before_is_drawn_only_where_it_is_asked_for(c):
    strip = c.queue.strip
    c.take(put(c.seat.board, site(21, first_at=NOW - 26 * HOUR, reports=4)))
    strip.zoom_to(Zoom.DAY)
    assert strip.is_compared
    compared = strip.grab().toImage()

    c.type((Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier))

    assert not strip.is_compared
    assert not strip.bar.day_before.isChecked()
    assert strip.grab().toImage() != compared
    strip.zoom_to(Zoom.HOURS)
    c.type((Qt.Key.Key_B, Qt.KeyboardModifier.AltModifier))
    assert "a day before" in strip.hour_words(3)


def test_a_brush_out_of_sight_begins_anew_at_now_by_the_arrows(c):
    strip = c.queue.strip
    strip.brush_hours(0, 1)
    strip.zoom_to(Zoom.SIX)
    strip.setFocus()

    c.type(Qt.Key.Key_Left)

    last = len(strip._hours().counts) - 1
    assert strip.brushed() == (last, last)
