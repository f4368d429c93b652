"""A short sentence over the window's foot that takes no focus and goes by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QWidget

from ui.theme import Theme
from ui.widgets.key_cap import KeyCap
from ui.widgets.words import Words

SHOWN_MS = 6_000
ALARM_MS = 15_000
_EDGE = 18
# Above the line of keys that a screen may have at its foot.
_FOOT = 52


class Toast(QFrame):
    """The newest sentence stands; an alarm is not covered by an ordinary one while it is shown."""

    def __init__(self, *, theme: Theme, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self._is_alarm = False
        # From where to where nothing stands that it must not cover.
        self.free: Callable[[], tuple[int, int]] = lambda: (0, host.width())
        self.setProperty("part", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words = Words(theme=theme, role="medium", tone="accent_text", wrap=False)
        self._undo = QLabel(self.tr("undo"))
        self._undo.setProperty("tone", "accent_text")
        self._key = KeyCap("U", theme=theme, tone="accent_text")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 9, 14, 9)
        row.setSpacing(8)
        for part in (self._words, self._key, self._undo):
            row.addWidget(part)
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.hide)
        host.installEventFilter(self)
        self.hide()

    def say(self, sentence: str, *, is_alarm: bool = False, can_undo: bool = False) -> None:
        if self._is_alarm and self.isVisible() and not is_alarm:
            return
        self._is_alarm = is_alarm
        self.setProperty("look", "alarm" if is_alarm else "")
        self.style().unpolish(self)
        self.style().polish(self)
        left, right = self.free()
        room = max(200, right - left - 2 * _EDGE - 120)
        self._words.setWordWrap(self._words.fontMetrics().horizontalAdvance(sentence) > room)
        self._words.say(sentence, "badge_text" if is_alarm else "accent_text")
        self._words.setMaximumWidth(room)
        self._key.setVisible(can_undo)
        self._undo.setVisible(can_undo)
        self.setAccessibleName(sentence)
        self._timer.start(ALARM_MS if is_alarm else SHOWN_MS)
        self.show()
        self.raise_()
        self._place()

    def said(self) -> str:
        return self._words.said() if not self.isHidden() else ""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)

    def place(self) -> None:
        """Once more where it belongs, if it is shown."""
        if self.isVisible():
            self._place()

    def _place(self) -> None:
        self.adjustSize()
        left, right = self.free()
        self.move(max(_EDGE, (left + right - self.width()) // 2), self._host.height() - self.height() - _FOOT)
