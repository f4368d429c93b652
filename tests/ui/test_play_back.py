"""Playing back the storm: the whole Queue as it stood, nothing to be done there, Esc is now."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Band, SiteState
from dispatch.store.history import History, Line
from tests.ui.boards import MINUTE, NOW, put, site
from tests.ui.seat import ZONE, settle
from ui.queue.play_back import read_past
from ui.queue.strip_zoom import Zoom

HOUR = 60 * MINUTE
ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def c(console, run):
    """Three sites that came at 09:32, 12:32 and 14:22; the first was closed at 13:32."""
    made = console(
        site(1, band=2, first_at=NOW - 5 * HOUR, state=3, state_reason="spam", acted_at=NOW - HOUR),
        site(2, band=3, first_at=NOW - 2 * HOUR),
        site(3, band=1, first_at=NOW - 10 * MINUTE, what="Tree on roof"),
    )
    before = {"undo": {"site": {"state": 0, "acted_at": 0}}}
    closed = Line(7, NOW - HOUR, "Ann Ortiz", "Seat 2", "close", 1, "closed: spam", before)
    made.seat.told = History((closed,), (), {})
    made.go_on = lambda: run(settle())
    return made


def look_at(c, when):
    c.window.play_back.start(when)
    c.go_on()


def test_the_list_the_strip_and_the_counts_show_the_sites_of_that_time(c):
    look_at(c, NOW - 90 * MINUTE)

    assert c.shown() == [1, 2]
    assert c.queue.header.count.said() == "2 sites"
    assert c.queue.strip._hours().totals.sum() == 2
    assert c.queue.strip._hours().end_at <= NOW


def test_s14_the_bar_says_which_time_and_that_nothing_can_be_done(c):
    look_at(c, NOW - 92 * MINUTE)

    bar = c.window.past_bar
    assert bar.isVisible()
    assert bar.title.said() == "AS IT STOOD AT 13:00, 1 h 32 ago: nothing can be done here"
    assert "shown as now: words, places, scores" in bar.limits.said()


def test_g_h_begins_and_esc_comes_back_to_where_one_was(c):
    c.selection.go(3)
    c.type("gh")
    c.go_on()
    assert c.window.play_back.is_on
    assert c.selection.current == 0, "that site had not come by then"

    c.type(Qt.Key.Key_Escape)

    assert not c.window.play_back.is_on
    assert not c.window.past_bar.isVisible()
    assert (c.selection.current, c.shown()) == (3, [3, 2])


def test_a_chip_on_the_strip_begins_it_by_mouse(c):
    c.queue.strip.bar.past.click()
    c.go_on()

    assert c.window.past_bar.isVisible()
    c.window.past_bar.now.click()
    assert not c.window.play_back.is_on


def test_steps_are_those_of_the_strip(c):
    look_at(c, NOW - 90 * MINUTE)
    play_back = c.window.play_back

    c.type((Qt.Key.Key_Left, ALT))
    assert play_back.moment == NOW - 92 * MINUTE, "to the hour it stands in"
    c.type((Qt.Key.Key_Left, ALT))
    assert play_back.moment == NOW - 152 * MINUTE
    c.queue.strip.zoom_to(Zoom.SIX)
    c.type((Qt.Key.Key_Right, ALT))
    assert play_back.moment == NOW - 137 * MINUTE


def test_acts_are_refused_with_a_sentence_and_do_nothing(c):
    said = []
    c.seat.said.connect(lambda sentence, _alarm: said.append(sentence))
    look_at(c, NOW - 90 * MINUTE)
    c.selection.go(2)

    c.type(Qt.Key.Key_Space)
    c.window.acts.set_band(Band.P1)()
    c.go_on()
    c.type("e")

    assert c.seat.done == []
    assert c.sheets.current is None
    assert said[0] == "You are looking at 13:02: nothing can be done there. Esc goes back to now."


def test_a_sheet_that_is_open_closes_and_keeps_its_draft(c):
    c.selection.go(2)
    c.sheets.open("note", 2)
    c.type("half a note")

    look_at(c, NOW - 90 * MINUTE)

    assert c.sheets.current is None
    c.type(Qt.Key.Key_Escape)
    assert c.sheets.has_draft("note", 2)


def test_esc_closes_the_keys_first_and_then_leads_to_now(c):
    look_at(c, NOW - 90 * MINUTE)
    c.window.open_help()

    c.type(Qt.Key.Key_Escape)
    assert (c.window.help.isVisible(), c.window.play_back.is_on) == (False, True)
    c.type(Qt.Key.Key_Escape)

    assert not c.window.play_back.is_on


def test_s5_a_new_p1_meanwhile_alarms_and_is_named(c):
    look_at(c, NOW - 90 * MINUTE)
    assert c.window.past_bar.fresh.said() == ""
    tones = c.tones

    c.take(put(c.seat.board, site(9, band=1, first_at=NOW, what="Water rising", where="Shore Acres")))
    c.wall_s += 61
    c.alarm.look()

    assert "Water rising · Shore Acres. Esc goes to now." in c.window.past_bar.fresh.said()
    assert c.tones > tones
    assert c.shown() == [1, 2], "what is looked at stays as it was"
    c.type(Qt.Key.Key_Escape)
    assert 9 in c.shown()


def test_playing_goes_on_by_itself_and_ends_at_now(c, qtbot):
    look_at(c, NOW - 3 * HOUR)
    c.window.play_back._timer.setInterval(5)

    c.type((Qt.Key.Key_P, ALT))

    assert c.window.play_back.is_playing
    qtbot.waitUntil(lambda: not c.window.play_back.is_on)
    assert not c.window.play_back.is_playing
    assert c.shown() == [3, 2]


def test_another_screen_is_always_that_of_now(c):
    look_at(c, NOW - 90 * MINUTE)

    c.window.go_to("em_desk")

    assert not c.window.play_back.is_on


def test_the_detail_shows_the_record_without_what_came_later(c):
    look_at(c, NOW - 90 * MINUTE)
    c.selection.go(1)
    c.go_on()

    view = c.detail.view
    assert view is not None and view.row.state == 0
    assert all(line.at <= NOW - 90 * MINUTE for line in (*view.thread, *view.log))
    assert c.detail.page.head.state.said().startswith("First 3 h 30 ago")


def test_the_map_and_filters_work_on_that_time_too(c):
    look_at(c, NOW - 90 * MINUTE)

    c.selection.narrow(bands=frozenset({2}))

    assert c.shown() == [1]
    c.type(Qt.Key.Key_Escape)
    assert c.shown() == []


def test_time_going_on_wakes_nothing_in_the_past(c):
    look_at(c, NOW - 90 * MINUTE)
    c.seat.clock.advance(hours=1)

    c.window.tick(c.seat.clock.now())

    assert c.shown() == [1, 2]
    assert "2 h 30 ago" in c.window.past_bar.title.said()


def test_at_14_00_in_the_command_line_leads_there(c):
    c.window.open_command_line("at 13:00")
    c.window.command_line.run()
    c.go_on()
    assert c.window.play_back.moment == NOW - 92 * MINUTE

    c.window.open_command_line("at noon")
    entry = c.window.command_line.entries()[0]
    assert (entry.can, entry.title) == (False, "at needs a clock time, such as at 14:00")


@pytest.mark.parametrize(
    ("typed", "hours_ago"),
    [("1400", 32 / 60), ("9:32", 5.0), ("23:32", 15.0), ("14:32", 0.0), ("25:00", None), ("soon", None)],
)
def test_a_clock_time_is_the_last_one_that_was(typed, hours_ago):
    found = read_past(typed, NOW, ZONE)

    assert found == (None if hours_ago is None else NOW - round(hours_ago * HOUR))


def test_states_are_words_of_that_time(c):
    look_at(c, NOW - 30 * MINUTE)
    board = c.selection.board

    assert board is not c.seat.board
    assert board.state[board.row(1)] == list(SiteState).index(SiteState.CLOSED)
    assert c.shown() == [2]
