"""Reads keys for commands. Keys cannot kill (S12): a word typed by mistake acts on nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from ui.commands import Command, Commands

BURST_MS = 400
BURST = 3
PREFIX_MS = 1500

_TYPES_TEXT = (QLineEdit, QPlainTextEdit, QTextEdit, QAbstractSpinBox, QComboBox, QListWidget)
_PRESSES = {"Space", "Return"}  # what presses the button that has the focus
_ACTING = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


@dataclass(frozen=True, slots=True)
class Press:
    sign: str
    at_ms: float
    steps: bool


class KeyReader(QObject):
    """Watches one window's keys.

    A letter that opens a sheet opens it at once; if it turns out to be the beginning of a word, the sheet
    is closed again and `word_typed` gets all letters. A digit or letter that would act waits until no
    third one can follow.
    """

    def __init__(
        self,
        window: QWidget,
        *,
        commands: Commands,
        is_sheet_open: Callable[[], bool],
        remember: Callable[[], Callable[[], None]],
        word_typed: Callable[[str], None],
        touched: Callable[[], None],
        is_covered: Callable[[], bool] = lambda: False,
        now_ms: Callable[[], float] = lambda: time.monotonic() * 1000,
    ) -> None:
        """`remember` gives a function that puts the view back to how it is now."""
        super().__init__(window)
        self._window = window
        self._commands = commands
        self._is_sheet_open = is_sheet_open
        self._remember = remember
        self._word_typed = word_typed
        self._touched = touched
        self._is_covered = is_covered
        self._now_ms = now_ms
        self._presses: list[Press] = []
        self._put_back: Callable[[], None] = lambda: None
        self._prefix = ""
        self._prefix_at_ms = 0.0
        self._held: list[Command] = []
        self._hold = QTimer(self, singleShot=True, interval=BURST_MS)
        self._hold.setTimerType(Qt.TimerType.PreciseTimer)
        self._hold.timeout.connect(self._do_held)
        window.installEventFilter(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._watch)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self._is_ours(watched):
            if not self._is_covered():
                return self._press(event)
            self._presses.clear()  # no word goes on after a cover
        return False

    # -- inside -------------------------------------------------------------------------------------

    def _watch(self, _before: QWidget | None, focus: QWidget | None) -> None:
        """Keys come to the focus first. Watched it is alone: a filter of the whole program would be asked
        about every paint and timer of it."""
        if focus is not None:
            focus.installEventFilter(self)

    def _is_ours(self, watched: QObject) -> bool:
        # Qt offers a key to the focus widget and then to its parents: look at it once, where it is first.
        if not isinstance(watched, QWidget) or watched.window() is not self._window:
            return False
        focus = QApplication.focusWidget()
        return watched is (focus or self._window) and QApplication.activePopupWidget() is None

    def _press(self, event: QKeyEvent) -> bool:
        if event.key() in _MODIFIERS:
            return False
        self._touched()
        sign = _sign(event)
        is_typing = isinstance(QApplication.focusWidget(), _TYPES_TEXT) or self._is_sheet_open()
        if event.isAutoRepeat():
            command = self._commands.with_key(sign)
            return not is_typing and self._repeat(command)
        if len(sign) == 1 and sign.isalnum():
            # The desktop's own time of the press holds where the window was busy in between.
            if self._makes_word(sign, is_typing, event.timestamp() or self._now_ms()):
                return True
        else:
            self._do_held()
        command = self._commands.with_key(sign)
        if is_typing and (not event.modifiers() & _ACTING or (command and command.not_in_text)):
            return False
        if sign in _PRESSES and isinstance(QApplication.focusWidget(), QAbstractButton):
            return False
        return self._take(sign)

    def _repeat(self, command: Command | None) -> bool:
        if command is None:
            return False
        if command.steps and command.can():
            command.do()
        return True  # a key held down acts once only, unless it steps through the list

    def _take(self, sign: str) -> bool:
        if self._prefix and self._now_ms() - self._prefix_at_ms < PREFIX_MS:
            sign, self._prefix = f"{self._prefix} {sign}", ""
        elif self._commands.begins(sign):
            self._prefix, self._prefix_at_ms = sign, self._now_ms()
            return True
        self._prefix = ""
        command = self._commands.with_key(sign)
        if command is None or not command.can():
            return False
        if command.waits and len(sign) == 1:
            self._held.append(command)
            self._hold.start()
        else:
            command.do()
        return True

    def _makes_word(self, sign: str, is_typing: bool, now: float) -> bool:
        """Take note of a letter or digit; True when it is the third of a word nobody meant as commands."""
        self._presses = [press for press in self._presses if now - press.at_ms <= BURST_MS]
        if is_typing and not self._presses:
            return False  # somebody writes in a field, which no letter of this moment has opened
        command = self._commands.with_key(sign)
        if not self._presses:
            self._put_back = self._remember()
        self._presses.append(Press(sign, now, bool(command and command.steps)))
        if len(self._presses) < BURST or all(press.steps for press in self._presses):
            return False
        word = "".join(press.sign for press in self._presses).lower()
        self._presses.clear()
        self._held, self._prefix = [], ""
        self._hold.stop()
        self._put_back()
        self._word_typed(word)
        return True

    def _do_held(self) -> None:
        self._hold.stop()
        held, self._held = self._held, []
        for command in held:
            if command.can():
                command.do()


def _sign(event: QKeyEvent) -> str:
    """The key as commands name it: what is printed on it for signs, Qt's words for the rest."""
    if event.text() in ("?", "/") and not event.modifiers() & _ACTING:
        return event.text()
    key = event.key()
    if key == Qt.Key.Key_Enter:
        key = Qt.Key.Key_Return
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    return QKeySequence(modifiers.value | int(key)).toString(QKeySequence.SequenceFormat.PortableText)
