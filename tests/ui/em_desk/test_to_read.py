"""Answers that a person has to read: listed, read, recorded by keyboard; nothing happens by accident."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from dispatch.records import Incoming, ToRead
from tests.ui.boards import NOW
from tests.ui.em_desk.test_em_desk import desk_on
from tests.ui.seat import Screen, card_of

DIAZ = "Maria Diaz <m.diaz@pinellas.example>"


def waiting(number: str, words: str, why: str, *, key: str = "email:<1@x>") -> ToRead:
    came = Incoming(key=key, channel="email", at=NOW - 60_000, text=words, by_name=DIAZ, why_unclear=why)
    return ToRead(came, number, 1 if number else None)


def desk_with(screen: Screen, *items: ToRead) -> Any:
    screen.seat.to_read = items
    return desk_on(screen, card_of(41), card_of(42))


TWO = (
    waiting(card_of(41).number, "We cannot accept this", "It accepts with a doubt."),
    waiting("", "<b>Accepted</b>", "It names no hand-over of ours.", key="email:<2@x>"),
)


def test_the_desk_counts_them_and_says_the_key(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_with(screen, *TWO)
    assert desk.to_read.isVisible()
    assert desk.to_read.text() == "2 answers to read · L lists them"

    screen.seat.to_read = ()
    screen.do(desk.read)
    assert not desk.to_read.isVisible()


def test_words_are_shown_as_text_with_number_and_why(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen, *TWO)
    screen.key(Qt.Key.Key_L)
    sheet = screen.sheets.current

    assert (sheet.title(), sheet.list.count()) == ("Answers to read", 2)
    assert sheet._said.said() == "We cannot accept this"
    assert sheet._why.said() == "It accepts with a doubt."
    screen.key(Qt.Key.Key_J)
    assert sheet._said.said() == "<b>Accepted</b>"
    assert sheet._said.textFormat() == Qt.TextFormat.PlainText
    assert sheet.list.currentItem().text().startswith("No hand-over of ours")


def test_enter_opens_the_form_for_that_hand_over_and_recording_it_marks_it_read(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen, *TWO)
    screen.key(Qt.Key.Key_L)
    screen.key(Qt.Key.Key_Return)
    sheet = screen.sheets.current

    assert sheet.NAME == "answer" and sheet.found().number == card_of(41).number
    assert sheet.fields["by"].value() == DIAZ and sheet.fields["how"].value() == "email"
    assert "have_read" not in screen.seat.names()

    screen.do(lambda: next(iter(sheet._pick.buttons.values())).click())
    screen.ctrl_enter()

    assert screen.seat.names()[-2:] == ["accept", "have_read"]
    assert screen.seat.done[-2].words["by_name"] == DIAZ and screen.seat.done[-2].words["how"] == "email"
    assert screen.seat.done[-1].args == ("email:<1@x>",)


def test_leaving_the_form_leaves_the_answer_unread(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen, *TWO)
    screen.key(Qt.Key.Key_L)
    screen.key(Qt.Key.Key_Return)
    screen.key(Qt.Key.Key_Escape)
    assert screen.sheets.current is None
    assert "have_read" not in screen.seat.names()


def test_one_that_names_no_hand_over_asks_for_its_number(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen, TWO[1])
    screen.key(Qt.Key.Key_L)
    screen.key(Qt.Key.Key_Return)
    sheet = screen.sheets.current
    assert sheet.NAME == "answer" and sheet.found() is None and sheet.fields["by"].value() == DIAZ


def test_s12_r_is_asked_twice(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen, *TWO)
    screen.key(Qt.Key.Key_L)
    sheet = screen.sheets.current

    screen.key(Qt.Key.Key_R)
    assert "have_read" not in screen.seat.names()
    assert sheet.effect() == "Nothing is recorded; it leaves this list."
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_R)
    assert "have_read" not in screen.seat.names()
    screen.key(Qt.Key.Key_R)

    assert screen.seat.done[-1].args == ("email:<2@x>",)
    assert screen.sheets.current is sheet and sheet.list.count() == 1


def test_without_any_it_says_so_and_has_nothing_to_do(qtbot, run):
    screen = Screen(qtbot, run)
    desk_with(screen)
    screen.key(Qt.Key.Key_L)
    sheet = screen.sheets.current
    assert sheet.effect() == "No answer waits to be read."
    screen.key(Qt.Key.Key_Return)
    assert screen.sheets.current is sheet
