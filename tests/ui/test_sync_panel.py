"""The panel under the sync words: how far it has come, what comes next, and the pause."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.ui.boards import site
from tests.ui.test_window import ALL, COME, FETCHING, IN_STEP, PAUSED, RATE
from ui.sync_words import calendar, is_at_full_speed, limit_words, progress_words, share


def test_only_a_backlog_without_agreed_calls_needs_the_whole_processor():
    assert is_at_full_speed(replace(FETCHING, page_every_s=0.0))
    assert not is_at_full_speed(FETCHING)
    assert not is_at_full_speed(replace(PAUSED, page_every_s=0.0))
    assert not is_at_full_speed(IN_STEP)


def test_the_calendar_says_in_plain_words_what_comes_next_and_when():
    assert calendar(FETCHING, 1010.0) == [
        ("Next look for changes", "in 4 s"),
        ("To send", "2, the first now"),
        ("Older reports", "a page every 5 s"),
    ]
    assert calendar(replace(IN_STEP, next_look_at=1002.0), 1005.0) == [("Next look for changes", "now")]
    busy = replace(FETCHING, to_send=1, next_send_at=1070.0, held_back=3, page_every_s=0.0, to_read=8)
    assert calendar(busy, 1010.0)[1:] == [
        ("To send", "1, in 1 min"),
        ("Held back", "3, until you decide"),
        ("Older reports", "page after page, as fast as they come"),
        ("Threads to read", "8, of P1 and P2 first"),
    ]


def test_while_the_server_holds_us_nothing_is_promised_before():
    held = replace(FETCHING, held_until=1055.0)

    assert calendar(held, 1010.0)[:2] == [
        ("The server", "takes no calls for 45 s more"),
        ("Next look for changes", "in 45 s"),
    ]
    assert calendar(held, 1060.0)[0] == ("Next look for changes", "now")


def test_only_what_can_be_known_is_said_of_how_far_it_is():
    assert progress_words(FETCHING, 1010.0) == f"{COME} of {ALL} · {RATE} a minute · about 9 min left"
    assert share(FETCHING) == pytest.approx(0.4133, abs=1e-4)
    unknown = replace(FETCHING, expected=None, done_at=None)
    assert progress_words(unknown, 1010.0) == f"{COME} so far · {RATE} a minute"
    assert share(unknown) is None
    assert "20 calls a minute" in limit_words(FETCHING)
    assert limit_words(replace(FETCHING, calls_per_minute=0)).startswith("No limit")


@pytest.fixture
def fetching(console):
    c = console(site(1), size=(1366, 768))
    c.wall_s = 1010.0
    c.seat.synced.emit(FETCHING)
    return c


def said(panel):
    return [(a.said(), b.said()) for a, b in panel._lines if not a.isHidden()]


def test_a_click_on_the_words_opens_it_and_a_second_click_or_esc_closes_it(fetching, qtbot):
    panel, line = fetching.window.sync_panel, fetching.window.status.sync

    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)

    assert panel.isVisible() and panel.backlog.isVisible()
    assert panel.state.said() == "New reports: in step 10 s ago"
    assert panel.progress.said() == progress_words(FETCHING, 1010.0)
    assert said(panel) == calendar(FETCHING, 1010.0)
    stage = fetching.window.stage.rect()
    assert stage.contains(panel.geometry()) and panel.y() >= line.height()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    assert not panel.isVisible()
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not panel.isVisible() and fetching.queue.list.hasFocus()


def test_two_keys_open_it_and_neither_acts_on_a_site(fetching):
    fetching.type("g", "y")

    assert fetching.window.sync_panel.isVisible() and fetching.seat.done == []


def test_the_pause_is_asked_for_by_button_and_keyboard_and_what_is_said_follows(fetching, qtbot):
    panel = fetching.window.sync_panel
    wanted: list[bool] = []
    panel.pause_wanted.connect(wanted.append)
    panel.open()
    assert (panel.pause.text(), panel.pause.hasFocus()) == ("Pause", True)

    fetching.type(Qt.Key.Key_Space)
    fetching.seat.synced.emit(PAUSED)
    assert panel.pause.text() == panel.pause.accessibleName() == "Go on"
    assert ("Older reports", "paused") in said(panel)
    qtbot.mouseClick(panel.pause, Qt.MouseButton.LeftButton)

    assert wanted == [True, False]


def test_once_all_is_there_only_the_calendar_stands(fetching):
    panel = fetching.window.sync_panel
    panel.open()
    fetching.seat.synced.emit(replace(IN_STEP, next_look_at=1016.0))

    assert not panel.backlog.isVisible() and said(panel) == [("Next look for changes", "in 6 s")]
    assert panel.hasFocus(), "the keys stay where they were, also when the button has gone"


def test_trouble_is_said_in_full_and_what_has_come_still_stands_there(fetching):
    panel = fetching.window.sync_panel
    panel.open()
    trouble = replace(
        FETCHING,
        state="waiting",
        sentence="No answer.",
        next_try_at=1022.0,
        done_at=None,
        rows_per_minute=None,
    )
    fetching.seat.synced.emit(trouble)

    assert panel.state.said() == fetching.window.status.sync.text
    assert panel.state.said().startswith("No answer · next try in 12 s")
    assert panel.backlog.isVisible() and panel.progress.said() == f"{COME} of {ALL}"


def test_the_times_go_on_while_it_stands_open_and_work_elsewhere_closes_it(fetching):
    panel = fetching.window.sync_panel
    panel.open()
    fetching.wall_s += 3
    panel._timer.timeout.emit()
    assert said(panel)[0] == ("Next look for changes", "in 1 s")

    fetching.queue.list.setFocus()

    assert not panel.isVisible()


def test_readers_of_the_screen_hear_what_it_is(fetching):
    panel, line = fetching.window.sync_panel, fetching.window.status.sync
    panel.open()

    assert panel.accessibleName() == "The 311 server"
    assert line.accessibleName() == line.text and line.accessibleDescription()
    assert panel.bar.accessibleName() == "41 percent have come"
    assert line.focusPolicy() & Qt.FocusPolicy.TabFocus
