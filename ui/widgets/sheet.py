"""A sheet: a panel over the window's right side that says what it will do and to what, and blocks nothing.

Nothing happens until Ctrl+Enter, or Enter where no text is typed (S12). Esc leaves; what was written stays.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.drafts import has_words
from dispatch.errors import ActKept, LandfallError
from ui.theme import Theme
from ui.widgets.band_mark import BandMark
from ui.widgets.fields import Field
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

log = logging.getLogger(__name__)

SHADOW = 12
WIDTH = 396

Shortcut = tuple[Qt.KeyboardModifier, Qt.Key]

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_CTRL = Qt.KeyboardModifier.ControlModifier
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
_COMMAND = _CTRL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Sheet(QWidget):
    """The frame every sheet stands in: head, subject, body that scrolls, foot with its one act.

    A sheet adds fields in its constructor and overrides `problem`, `doubt` and `act`.
    """

    NAME = ""
    ENTER_ACTS = False  # Enter alone does it: only where no text is typed
    ACT_KEY = ""  # what the button's cap says, where it is neither Enter nor Ctrl Enter
    PLACE = Qt.AlignmentFlag.AlignTop  # where on the right side it hangs
    IS_LEFT = False  # hangs on the left side instead
    AIMS = False  # takes a spot of the map: has `aim_wanted`, `meant` and `take_spot`
    READS_SITE = False  # about one site, which is read for it
    KEEPS_WORDS = False  # what is written here outlasts the program; never where a secret is typed
    NEEDS_WHOLE = False  # with its phones and units: to be read out, or filled in and sent

    finished = Signal(bool)  # True when it was done, False when it was left
    asked_for = Signal(str)  # another sheet of the same subject, by name; this one comes back after it
    grew = Signal()
    edited = Signal()  # a person wrote something, or what they had written was given back

    def __init__(
        self, *, theme: Theme, subject: str = "", width: int = WIDTH, enter_acts: bool | None = None
    ) -> None:
        super().__init__()
        self._enter_acts = self.ENTER_ACTS if enter_acts is None else enter_acts
        self.theme = theme
        self.subject = subject
        self.fields: dict[str, Field] = {}
        self.shortcuts: dict[Shortcut, Callable[[], None]] = {}
        self._doubted = ""
        self._is_doing = False
        self.is_kept = False  # its act waits for the room's database, as was said: it is not done
        self._panel_width = width
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)

    # -- what a sheet says ----------------------------------------------------------------------------

    def say_title(self, title: str, aside: str = "") -> None:
        self._title.say(title)
        self._aside.say(aside)
        self.setAccessibleName(title)

    def say_subject(self, band: int, what: str, where: str) -> None:
        self._mark.show_band(band)
        self._mark.setVisible(True)
        self._what.say(what)
        self._where.say(where)

    def say_effect(self, sentence: str, tone: str = "text_soft") -> None:
        self._effect.say(sentence, tone)

    def say_act(self, words: str) -> None:
        """The words on the button that does it; they name the effect."""
        self._act_words = words
        self.button.say(words)

    def title(self) -> str:
        return self._title.said()

    def effect(self) -> str:
        return self._effect.said()

    def trouble(self) -> str:
        return self._trouble.said()

    def add(self, name: str, field: Field) -> Field:
        """Put a field into the body, under the last one."""
        self.keep(name, field)
        self.body.addWidget(field)
        return field

    def keep(self, name: str, field: Field) -> Field:
        """Make a field known (draft, complaints) that the sheet lays out itself."""
        self.fields[name] = field
        field.edited.connect(self._take_edit)
        return field

    def keep_in_sight(self, part: QWidget) -> None:
        """Put a part between the body, which may scroll, and the foot."""
        self._column.insertWidget(self._column.indexOf(self._trouble), part)

    def add_side_button(self, text: str, key: str, act: Callable[[], None]) -> KeyButton:
        button = KeyButton(text, key, theme=self.theme)
        button.clicked.connect(act)
        self._foot.insertWidget(self._foot.count() - 2, button)
        return button

    def begin(self, **given: Any) -> None:
        """What the caller knows already, for instance the band that was typed."""

    # -- what a sheet decides -------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        """The field and the one sentence that keeps the act from being done."""
        return None

    def doubt(self) -> str:
        """A sentence to ask before doing it; doing it again means yes."""
        return ""

    def act(self) -> asyncio.Task[Any] | None:
        """Do it; the task's failure is shown in the sheet, which then stays."""
        raise NotImplementedError

    def done_words(self) -> tuple[str, bool]:
        """What is said once it is done, and whether it can be taken back."""
        return "", False

    def follows(self) -> Sheet | None:
        """The sheet that opens once this one is done."""
        return None

    def goes_back(self) -> Sheet | None:
        """The sheet that opens again once a person has left this one."""
        return None

    # -- drafts ---------------------------------------------------------------------------------------

    def draft(self) -> dict[str, Any]:
        return {name: field.value() for name, field in self.fields.items() if field.touched}

    def has_words(self) -> bool:
        """Whether a person has written text here."""
        return has_words(self.draft())

    def restore(self, draft: dict[str, Any]) -> None:
        for name, value in draft.items():
            if field := self.fields.get(name):
                field.show_value(value)
                field.touched = True
                field.edited.emit()

    # -- doing and leaving ----------------------------------------------------------------------------

    def confirm(self) -> None:
        if self._is_doing or not self.button.isEnabled():
            return
        for field in self.fields.values():
            field.complain("")
        self._trouble.say("")
        if problem := self.problem():
            name, sentence = problem
            self._complain(name, sentence)
            return
        doubt = self.doubt()
        if doubt and doubt != self._doubted:
            self._doubted = doubt
            self._trouble.say(doubt, "warn")
            self.button.say(self.tr("Yes: {act}").format(act=self._act_words))
            self.grew.emit()
            return
        self._do()

    def take_ctrl_enter(self) -> None:
        self.confirm()

    def leave(self) -> None:
        self.finished.emit(False)

    def first_focus(self) -> QWidget:
        # A button that waits for the site to be read takes no focus; keys would go to the list behind.
        return next(iter(self.fields.values()), self.button if self.button.isEnabled() else self)

    def _do(self) -> None:
        self._is_doing = True
        task = self.act()
        if task is None:
            self._is_doing = False
            self.finished.emit(True)
            return
        task.add_done_callback(self._take_done)

    def _take_done(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or not isValid(self):
            return  # the window was closed meanwhile; the act is done all the same
        self._is_doing = False
        error = task.exception()
        self.is_kept = isinstance(error, ActKept)
        if error is None or self.is_kept:
            self.finished.emit(True)
        else:
            self._say_error(error)

    def read_for(self, reading: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """What the sheet wants to know beside; where that cannot be read it says why, and stays."""
        task = asyncio.ensure_future(reading)
        task.add_done_callback(self._take_read)
        return task

    def _take_read(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled() and (error := task.exception()) and isValid(self):
            self._say_error(error)

    def _say_error(self, error: BaseException) -> None:
        if not isinstance(error, LandfallError):
            log.error("The sheet %s could not do its act", self.NAME, exc_info=error)
        say = str(error) if isinstance(error, LandfallError) else self.tr("This could not be done.")
        self._trouble.say(say, "alarm")
        self.grew.emit()

    def _complain(self, name: str, sentence: str) -> None:
        field = self.fields.get(name)
        if field is None:
            self._trouble.say(sentence, "alarm")
        else:
            field.complain(sentence)
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            self.scroll.ensureWidgetVisible(field)
        self.grew.emit()

    def _take_edit(self) -> None:
        if self._doubted or self._trouble.said():
            self._doubted = ""
            self._trouble.say("")
            self.button.say(self._act_words)
        self.grew.emit()
        self.edited.emit()

    # -- keys -----------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        # Claiming the key here keeps the window's single letters away from a person who is typing (S12).
        if event.type() == QEvent.Type.ShortcutOverride and self._is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def _is_ours(self, event: QKeyEvent) -> bool:
        key, held = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape or key in _ENTER or (held, key) in self.shortcuts:
            return True
        return not (held & _COMMAND) and bool(event.text())

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = Qt.Key(event.key()), event.modifiers()
        event.accept()
        if key == Qt.Key.Key_Escape:
            self.leave()
        elif key in _ENTER and held & _CTRL:
            self.take_ctrl_enter()
        elif key in _ENTER and held in _PLAIN:
            self._take_enter()
        elif act := self.shortcuts.get((held, key)):
            act()
        elif held & _COMMAND or not event.text():
            event.ignore()

    def _take_enter(self) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, KeyButton) and focus is not self.button:
            focus.click()
        elif self._enter_acts and not isinstance(focus, QPlainTextEdit):
            self.confirm()
        else:
            self.focusNextChild()

    # -- drawing --------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(self._panel_width + 2 * SHADOW, sum(self._heights(10_000)))

    def height_for(self, room: int) -> int:
        """Fit the body into `room` pixels of height: it scrolls when it needs more."""
        rest, body = self._heights(room)
        if body != self.scroll.minimumHeight():
            self.scroll.setFixedHeight(body)
        return rest + body

    def _heights(self, room: int) -> tuple[int, int]:
        """Of the frame and of the body, in pixels. Only computed: this is asked with every letter typed, and
        a body made as high as it would like for a moment stands at its top afterwards."""
        inner = self._panel_width - 2 * 20
        layout = self._inside.layout()
        layout.activate()
        wanted = (
            layout.totalHeightForWidth(inner) if layout.hasHeightForWidth() else layout.sizeHint().height()
        )
        has = self.scroll.minimumHeight()
        frame = self.layout()
        frame.activate()
        whole = frame.totalHeightForWidth(self._panel_width + 2 * SHADOW)
        rest = (whole if whole >= 0 else frame.sizeHint().height()) - has
        return rest, max(0, min(wanted, room - rest))

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        panel = QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
        shade = QColor(Qt.GlobalColor.black)
        painter.setPen(Qt.PenStyle.NoPen)
        for step in range(SHADOW):
            shade.setAlphaF(0.012 if not self.theme.is_dim else 0.04)
            painter.setBrush(shade)
            spread = SHADOW - step - 1
            painter.drawRoundedRect(
                panel.adjusted(-spread, -spread + 3, spread, spread), 6 + spread, 6 + spread
            )
        painter.setPen(QPen(self.theme.color("line_strong"), 1))
        painter.setBrush(self.theme.color("panel"))
        painter.drawRoundedRect(panel.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._inside and event.type() == QEvent.Type.LayoutRequest:
            self.grew.emit()
        return super().eventFilter(watched, event)

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self.theme.palette))

    def _build(self) -> None:
        theme = self.theme
        self._title = Words(theme=theme, role="title")
        self._aside = Words(theme=theme, role="body", tone="text_dim", wrap=False)
        self._mark = BandMark(4, theme=theme, size=14)
        self._mark.setVisible(False)
        self._what = Words(theme=theme, role="strong")
        self._where = Words(theme=theme, role="small", tone="text_dim")
        self._effect = Words(theme=theme, tone="text_soft")
        self._trouble = Words(theme=theme, tone="alarm")
        self._act_words = ""
        key = self.ACT_KEY or ("Enter" if self._enter_acts else "Ctrl Enter")
        self.button = KeyButton("", key, theme=theme, look="accent")
        self.button.clicked.connect(self.confirm)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(SHADOW + 20, SHADOW + 16, SHADOW + 20, SHADOW + 16)
        column.setSpacing(8)
        column.addLayout(_row(self._title, self._aside))
        column.addLayout(self._subject_rows())
        column.addWidget(self._effect)
        column.addWidget(self._scroller())
        column.addWidget(self._trouble)
        self._foot = QHBoxLayout()
        self._foot.setSpacing(8)
        self._foot.addStretch()
        self._foot.addWidget(self.button)
        column.addLayout(self._foot)

    def _subject_rows(self) -> QVBoxLayout:
        rows = QVBoxLayout()
        rows.setSpacing(1)
        first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self._mark, 0, Qt.AlignmentFlag.AlignTop)
        first.addWidget(self._what, 1)
        rows.addLayout(first)
        rows.addWidget(self._where)
        return rows

    def _scroller(self) -> QScrollArea:
        self._inside = ScrollBody()
        self.body = QVBoxLayout(self._inside)
        # Room for the focus ring, which is drawn outside check boxes.
        self.body.setContentsMargins(2, 4, 2, 4)
        self.body.setSpacing(10)
        self.scroll = scroller(self._inside)
        self.scroll.setFixedHeight(0)
        self._inside.installEventFilter(self)
        return self.scroll


def _row(first: QWidget, last: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(first, 1)
    row.addWidget(last, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
    return row
