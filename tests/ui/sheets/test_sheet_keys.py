"""Sheets by keyboard: what acts, what does not, and that no written word is lost."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

from dispatch.errors import ActRefused
from tests.ui.seat import Screen
from ui.sheets.registry import Sheets

CTRL = Qt.KeyboardModifier.ControlModifier


def test_s12_enter_does_nothing_where_text_is_typed(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = screen.open("message")

    screen.type("We have your report")
    screen.key(Qt.Key.Key_Return)

    assert screen.seat.done == []
    screen.ctrl_enter()
    assert screen.seat.names() == ["message"]
    assert screen.seat.done[0].args == (1, "We have your report")
    assert screen.sheets.current is None and sheet is not None


def test_s12_letters_in_a_sheet_never_reach_the_window(qtbot, run):
    screen = Screen(qtbot, run)
    fired = []
    for letter in "EMD5":
        shortcut = QShortcut(letter, screen.window)
        shortcut.activated.connect(lambda letter=letter: fired.append(letter))
    sheet = screen.open("snooze")

    for key in (Qt.Key.Key_E, Qt.Key.Key_M, Qt.Key.Key_D, Qt.Key.Key_5):
        screen.key(key)

    assert fired == []
    assert screen.sheets.current is sheet


def test_s12_every_sheet_names_the_site_and_its_act(qtbot, run):
    screen = Screen(qtbot, run)

    for name in ("band", "message", "note", "wait", "snooze", "close", "duplicate", "told_911", "utility"):
        sheet = screen.open(name)
        assert "Power line down" in sheet._what.said(), name
        assert sheet.button.text(), name
        assert sheet.title(), name


def test_escape_keeps_what_was_written_for_that_site_only(qtbot, run):
    from tests.ui.seat import some_site

    screen = Screen(qtbot, run, some_site(1), some_site(2))
    screen.open("message", 1)
    screen.type("half a sent")
    screen.key(Qt.Key.Key_Escape)

    assert screen.sheets.current is None
    assert screen.open("message", 2)._text.value() == ""
    assert screen.open("message", 1)._text.value() == "half a sent"


def test_another_sheet_takes_the_place_of_the_first_and_its_draft_stays(qtbot, run):
    screen = Screen(qtbot, run)
    screen.open("message")
    screen.type("on its way")

    screen.open("note")

    assert screen.sheets.current.NAME == "note"
    assert screen.sheets.has_draft("message", 1)


def test_a_sent_text_does_not_come_back(qtbot, run):
    screen = Screen(qtbot, run)
    screen.open("message")
    screen.type("Stay away from the wire")
    screen.ctrl_enter()

    assert screen.open("message")._text.value() == ""


def test_a_refusal_stands_in_the_sheet_and_the_text_stays(qtbot, run):
    screen = Screen(qtbot, run)
    screen.seat.refuses = ActRefused("Ben (Seat 3) has it already.")
    sheet = screen.open("wait")
    screen.do(lambda: sheet.fields["reason"].buttons["owner"].click())
    screen.do(sheet.fields["note"].setFocus)
    screen.type("ticket 12")

    screen.ctrl_enter()

    assert screen.sheets.current is sheet
    assert sheet.trouble() == "Ben (Seat 3) has it already."
    assert sheet.fields["note"].value() == "ticket 12"


def test_a_closed_sheet_gives_the_focus_back(qtbot, run):
    from PySide6.QtWidgets import QPushButton

    screen = Screen(qtbot, run)
    button = QPushButton("row")
    screen.show(button)
    screen.do(button.setFocus)

    screen.open("note")
    screen.key(Qt.Key.Key_Escape)

    assert QApplication.focusWidget() is button


def test_a_sheet_stays_in_front_when_the_screen_changes(qtbot, run):
    screen = Screen(qtbot, run)
    stack = QStackedWidget()
    for _ in range(2):
        stack.addWidget(QWidget())
    screen.show(stack)
    sheets = Sheets(host=stack, bridge=screen.seat, theme=screen.theme)
    screen.do(lambda: sheets.open("note", 1))

    screen.do(lambda: stack.setCurrentIndex(1))

    assert stack.childAt(sheets.current.geometry().center()) is not stack.currentWidget()


def test_a_sheet_fits_the_smallest_window(qtbot, run):
    screen = Screen(qtbot, run)

    sheet = screen.open("escalate")

    assert screen.window.rect().contains(sheet.geometry())
    assert sheet.scroll.verticalScrollBar().maximum() > 0
    assert sheet.button.isVisible()
