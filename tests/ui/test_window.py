"""The frame: status line, bars, exercise marks, sizes, sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QLocale, QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

from dispatch.records import Suspension, SyncStatus
from tests.ui.boards import MINUTE, NOW, site
from ui.help import KeySheet, stacked
from ui.sync_words import short_sync_words, sync_words
from ui.widgets.words import Words

IN_STEP = SyncStatus("in_step", "", 1000.0, None, 0, 0, 0, 700)
FETCHING = SyncStatus(
    "behind",
    "Fetching what the 311 server holds",
    1000.0,
    None,
    2,
    0,
    0,
    12_400,
    expected=30_000,
    rows_per_minute=1_950,
    done_at=1535.0,
    next_look_at=1014.0,
    next_send_at=1009.0,
    page_every_s=5.3,
    calls_per_minute=20,
)
PAUSED = replace(FETCHING, is_paused=True, done_at=None, rows_per_minute=None, page_every_s=None)
# As this computer writes numbers.
COME, ALL, RATE = (QLocale().toString(n) for n in (12_400, 30_000, 1_950))


@pytest.mark.parametrize(
    ("status", "now_s", "sentence", "tone"),
    [
        (None, 0.0, "Not yet connected to the 311 server", "text_dim"),
        (IN_STEP, 1004.0, "In step with the 311 server, 4 s ago", "text_dim"),
        (IN_STEP, 1180.0, "In step with the 311 server, 3 min ago", "warn"),
        (IN_STEP, 1900.0, "In step with the 311 server, 15 min ago", "alarm"),
        (
            replace(IN_STEP, to_send=2, held_back=1, quarantined=3),
            1004.0,
            "In step with the 311 server, 4 s ago · 2 to send · 1 held back · 3 in quarantine",
            "text_dim",
        ),
        (
            replace(
                IN_STEP, state="waiting", sentence="The 311 server is too slow to answer.", next_try_at=1042.0
            ),
            1030.0,
            "The 311 server is too slow to answer · next try in 12 s · in step 30 s ago",
            "warn",
        ),
        (
            replace(IN_STEP, state="waiting", sentence="No answer.", next_try_at=1290.0),
            1300.0,
            "No answer · trying now · in step 5 min ago",
            "alarm",
        ),
        (
            replace(IN_STEP, state="refused", sentence="The token is not valid.", to_send=4),
            1010.0,
            "The token is not valid · in step 10 s ago · 4 to send",
            "alarm",
        ),
        (
            SyncStatus("behind", "Fetching what the 311 server holds", None, None, 0, 0, 0, 0),
            5.0,
            "Fetching what the 311 server holds",
            "text_dim",
        ),
        (FETCHING, 1010.0, f"Fetching: {COME} of {ALL} · about 9 min left · 2 to send", "text_dim"),
        (
            replace(FETCHING, done_at=1020.0, to_send=0),
            1010.0,
            f"Fetching: {COME} of {ALL} · about a minute left",
            "text_dim",
        ),
        (replace(FETCHING, done_at=None, to_send=0), 1010.0, f"Fetching: {COME} of {ALL}", "text_dim"),
        (
            replace(FETCHING, expected=None, done_at=None, to_send=0),
            1010.0,
            f"Fetching: {COME} so far",
            "text_dim",
        ),
        (
            replace(FETCHING, to_send=0),
            1300.0,
            f"Fetching: {COME} of {ALL} · about 4 min left · in step 5 min ago",
            "warn",
        ),
        (PAUSED, 1010.0, f"Fetching is paused: {COME} of {ALL} · 2 to send", "text_dim"),
        (
            replace(IN_STEP, state="elsewhere", in_step_at=None),
            1010.0,
            "Another process asks the 311 server; its work is followed here",
            "text_dim",
        ),
    ],
)
def test_the_status_line_tells_the_truth(status, now_s, sentence, tone):
    assert sync_words(status, now_s) == (sentence, tone)


def test_said_shortly_it_is_still_the_truth():
    waiting = replace(IN_STEP, state="waiting", sentence="No answer.", to_send=4)
    assert short_sync_words(IN_STEP, 1004.0) == "In step 4 s ago"
    assert short_sync_words(waiting, 1300.0) == "Out of step 5 min · 4 to send"
    assert short_sync_words(None, 0.0) == "Not yet in step"
    assert short_sync_words(FETCHING, 1010.0) == f"{COME} of {ALL} · about 9 min left · 2 to send"


def test_a_sync_that_has_died_grows_old_on_the_screen(console):
    c = console(site(1))
    c.seat.synced.emit(IN_STEP)
    assert c.window.status.sync.text == "In step with the 311 server, 0 s ago"

    c.wall_s += 700
    c.seat.ticked.emit(NOW)

    assert (c.window.status.sync.text, c.window.status.sync.tone) == (
        "In step with the 311 server, 11 min ago",
        "alarm",
    )


def test_s18_an_exercise_is_marked_in_title_line_and_frame(console):
    c = console(site(1))
    assert c.window.windowTitle() == "EXERCISE · Hurricane Irma · Queue · Landfall"
    assert c.window.status.exercise.isVisible()
    edge = c.window.grab().toImage().pixelColor(1, 500).name()
    assert edge == c.theme.palette.exercise

    c.seat.activation = replace(c.seat.activation, is_exercise=False)
    c.seat.room_changed.emit()

    assert c.window.windowTitle() == "Hurricane Irma · Queue · Landfall"
    assert not c.window.status.exercise.isVisible()


def test_the_clock_shows_storm_time_in_the_city(console):
    c = console(site(1))
    assert c.window.status.clock.said() == "Mon 11 Sep 14:32"
    assert c.window.status.person.text() == "Operator · Ann Ortiz"
    assert c.window.status.storm_mode.text() == "Storm mode on · 41 of 46 categories"


def test_on_a_narrow_screen_the_sync_line_is_still_whole(console):
    c = console(site(1), size=(1366, 768))
    c.seat.synced.emit(replace(IN_STEP, to_send=2))

    assert c.window.status.storm_mode.text() == "Storm mode on · 41 of 46"
    assert c.window.status.sync.shown() == "In step with the 311 server, 0 s ago · 2 to send"


def test_where_there_is_little_room_the_line_says_less_but_cuts_nothing(console):
    c = console(site(1, band=1), size=(1180, 680))
    c.seat.synced.emit(replace(IN_STEP, to_send=12, held_back=3))
    c.seat.ticked.emit(NOW)
    QApplication.processEvents()

    status = c.window.status
    assert status.alarm.isVisible()
    assert (status.period.said(), status.storm_mode.text()) == ("Period 3", "Storm mode on")
    assert status.sync.shown() == "In step 0 s ago · 12 to send · 3 held back"
    assert status.sync.toolTip() == "In step with the 311 server, 0 s ago · 12 to send · 3 held back"
    assert status.period.toolTip().startswith("Operational period 3")


def test_s7_a_bar_on_every_screen_while_response_is_suspended(console):
    c = console(site(1))
    assert not c.window.suspended.isVisible()

    c.seat.suspensions = (Suspension("police", NOW - 60 * MINUTE, "wind 52 mph", NOW + 28 * MINUTE, "EM"),)
    c.seat.room_changed.emit()

    said = "Field response suspended: police since 13:32, wind 52 mph (next review 15:00)"
    assert c.window.suspended.words.said() == said
    c.window.go_to("em_desk")
    assert c.window.suspended.isVisible()


def test_s7_a_review_that_is_past_is_said(console):
    c = console(site(1))
    c.seat.suspensions = (Suspension("fire", NOW - 60 * MINUTE, "wind", NOW - MINUTE, "EM"),)
    c.seat.ticked.emit(NOW)

    assert "review was due 14:31" in c.window.suspended.words.said()


def test_a_sentence_takes_no_focus_and_an_alarm_is_not_covered(console):
    c = console(site(1))
    focus = c.window.focusWidget()

    c.seat.said.emit("This site is Ben's.", True)
    c.seat.said.emit("Claimed.", False)

    assert c.window.toast.said() == "This site is Ben's."
    assert c.window.focusWidget() is focus


@pytest.mark.parametrize("theme", ["light", "dim"])
@pytest.mark.parametrize("size", [(1600, 1000), (1366, 768), (1180, 680)])
def test_u13_nothing_is_cut_off(console, size, theme):
    rows = [
        site(i, band=1 + i % 4, what="A rather long way to say that a tree lies here") for i in range(1, 60)
    ]
    c = console(*rows, size=size, theme=theme)
    c.seat.synced.emit(replace(IN_STEP, to_send=12, held_back=3))
    c.seat.ticked.emit(NOW)
    c.selection.brush(NOW - 180 * MINUTE, NOW)
    QApplication.processEvents()

    assert (c.window.width(), c.window.height()) == size
    for part in (c.queue.header, c.window.status, c.window.rail):
        for child in part.findChildren(QLabel) + part.findChildren(QAbstractButton):
            if not child.isVisible():
                continue
            corner = child.mapTo(part, QPoint(child.width(), child.height()))
            assert corner.x() <= part.width(), f"{child.text()} leaves its part"
            assert corner.y() <= part.height(), f"{child.text()} leaves its part"
            if isinstance(child, Words) and not child.wordWrap():
                assert child.width() >= child.fontMetrics().horizontalAdvance(child.text()), child.text()
            if isinstance(child, QPushButton):
                assert child.width() >= child.sizeHint().width(), child.text()
    assert not c.window.status.sync.shown().endswith("…")


def test_hand_overs_nobody_accepted_are_counted_on_the_rail(console):
    c = console(site(1, escalation_state="expired", escalation_desk="Rescue"), site(2))
    c.seat.ticked.emit(NOW)

    assert c.window.rail.buttons["em_desk"].accessibleName() == "EM desk, 1 overdue"


def test_splitters_stay_where_they_were_put(console):
    c = console(site(1))
    c.queue.across.setSizes([600, 500, 400])
    before = c.queue.across.sizes()

    c.window.go_to("em_desk")
    c.window.go_to("queue")

    assert c.queue.across.sizes() == before


def test_the_keys_stand_in_columns_that_fit_a_small_screen() -> None:
    lines = {"The list": 21, "This site": 19, "Everywhere": 11, "The map": 11, "As it stood": 5}

    assert stacked(lines) == [["The list"], ["This site"], ["Everywhere", "The map"], ["As it stood"]]
    assert stacked({}) == []


def test_the_sheet_of_keys_is_no_wider_than_the_smallest_window(console) -> None:
    window = console(site(1), size=(1366, 768)).window
    window.open_help()

    sheet = window.findChild(KeySheet)
    assert sheet.isVisible()
    assert sheet.width() <= window.width() and sheet.height() <= window.height()


def test_a_sentence_at_the_foot_covers_no_button_of_an_open_sheet(console):
    one = console(site(1, band=2))
    one.type("j")
    one.window.say("Claimed.", can_undo=True)
    before = one.window.toast.geometry()
    one.type("e")
    sheet = one.sheets.current
    place = QRect(sheet.mapTo(one.window.stage, QPoint(0, 0)), sheet.size())
    assert before.intersects(place), "or this proves nothing"
    assert one.window.toast.isVisible() and not one.window.toast.geometry().intersects(place)
