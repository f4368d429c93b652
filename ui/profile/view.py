"""The storm profile's screen: categories on the left, what a change would do on the right, apply and undo."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from dispatch.errors import LandfallError
from dispatch.profile_desk import ProfileEffect, ProfileNow, changes_of
from ui.profile.effect import EffectWords
from ui.profile.model import ProfileModel
from ui.profile.table import ProfileTable
from ui.profile.times import ProfileTimes
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import counts, times
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds, rule

log = logging.getLogger(__name__)

# A person holding a key down is not done yet.
REST_MS = 250
SIDE = 380
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class StormProfile(KeyedScreen):
    """Nothing is applied before Ctrl+Enter; what a person has changed stays while they look elsewhere."""

    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._sheets = sheets
        self._now: ProfileNow | None = None
        self._effect: ProfileEffect | None = None
        self._is_asked = False
        self._reading: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self.model = ProfileModel(theme=theme)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._look)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        self.model.edited.connect(self._take_edit)
        bridge.room_changed.connect(self.read)

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        """The profile in force, as any seat has left it."""
        if self.isVisible():
            self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            now = await self._bridge.read(self._bridge.parts.profile_desk.now)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self._now = now
        self.model.take(now)
        self.times.show_times(now)
        if self.isActiveWindow() and self.isVisible() and not self.table.currentIndex().isValid():
            self.table.focus()
        self._say()
        self._look()

    def _look(self) -> None:
        """Ask what it would do; an answer to an older question is not shown."""
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.ensure_future(self._look_at_effect())

    async def _look_at_effect(self) -> None:
        desk, changes = self._bridge.parts.profile_desk, changes_of(self.model.rows())
        try:
            # Reads only, and for long where thousands are concerned: no click may stand behind it.
            effect = await self._bridge.parts.workers.network(desk.effect, changes)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self._effect = effect
        self.effect.show_effect(effect, has_changes=bool(self.model.changes))
        self._say()

    # -- acting -------------------------------------------------------------------------------------

    def apply(self) -> None:
        """Once where it harms nobody; where sites leave P1 or P2, the second time."""
        if not self.model.changes:
            self._bridge.said.emit(self.tr("Nothing is changed."), False)
            return
        if self._effect is None:
            self._bridge.said.emit(self.tr("Wait for what it does to the queue, then apply."), False)
            return
        if self._lowered() and not self._is_asked:
            self._is_asked = True
            self._say()
            return
        self._is_asked = False
        self._do(self._bridge.parts.profile_desk.apply, self.model.rows())

    def undo(self) -> None:
        self._do(self._bridge.parts.profile_desk.undo)

    def discard(self) -> None:
        self._is_asked = False
        self.model.discard()

    def _do(self, work: Any, *args: Any) -> None:
        act = self._bridge.act(work, *args)
        act.add_done_callback(lambda _done: self.read())

    # -- keys ---------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Any:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        works = {
            (_CTRL, Qt.Key.Key_Return): self.apply,
            (_CTRL, Qt.Key.Key_Enter): self.apply,
            (_ALT, Qt.Key.Key_U): self.undo,
            (Qt.KeyboardModifier.NoModifier, Qt.Key.Key_Escape): self.discard,
        }
        return works.get((held, Qt.Key(event.key())))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.read()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        if self._looking is not None:
            self._looking.cancel()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.table.focus()

    # -- inside -------------------------------------------------------------------------------------

    def _take_edit(self) -> None:
        self._is_asked = False
        self._effect = None  # of what stood here before: nothing is applied on its word
        self.effect.show_waiting()
        self._rest.start()
        self._say()

    def _lowered(self) -> int:
        return len(self._effect.lowered) if self._effect else 0

    def _say(self) -> None:
        if self._now is None:
            return
        changed = self.model.changes
        self._count.say(
            self.tr("{shown} of {all} categories stay in the queue").format(
                shown=self.model.shown, all=self.model.rowCount()
            )
        )
        self._version.say(self._version_words(self._now))
        drafted = self.tr("{} changed, not applied yet").format(counts.categories(changed))
        self._drafted.say(drafted if changed else "")
        words = self.tr("Apply")
        if self._is_asked:
            words = self.tr("Apply all the same: {} out of P1 and P2").format(counts.sites(self._lowered()))
        self._apply.setText(words)
        self._apply.setEnabled(bool(changed))
        self._discard.setEnabled(bool(changed))
        self._undo.setEnabled(bool(self._now.version) and not changed)

    def _version_words(self, now: ProfileNow) -> str:
        if not now.version:
            return self.tr("The city's own table")
        at = times.clock(now.at, self._bridge.clock.now(), self._bridge.zone)
        return self.tr("Profile {number} by {who}, {at}").format(number=now.version, who=now.person, at=at)

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Storm profile"))
        theme = self._theme
        self.table = ProfileTable(self.model, theme=theme)
        self.effect = EffectWords(theme=theme, board=self._bridge.board)
        self.times = ProfileTimes(bridge=self._bridge, theme=theme, sheets=self._sheets)
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 14, 18, 14)
        page.setSpacing(10)
        page.addLayout(self._head())
        across = QHBoxLayout()
        across.setSpacing(22)
        across.addWidget(self.table, 1)
        across.addWidget(self._side())
        page.addLayout(across, 1)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(14)
        head.addWidget(Words(self.tr("Storm profile"), theme=self._theme, role="title", wrap=False))
        self._count, self._version = (Words(theme=self._theme, tone="text_dim", wrap=False) for _ in range(2))
        self._drafted = Words(theme=self._theme, tone="warn", wrap=False)
        for words in (self._count, self._version, self._drafted):
            head.addWidget(words)
        head.addStretch()
        return head

    def _side(self) -> QWidget:
        side = QWidget()
        side.setFixedWidth(SIDE)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        inside = ScrollBody()
        words = QVBoxLayout(inside)
        words.setContentsMargins(0, 0, 8, 0)
        words.setSpacing(14)
        for part in (self.effect, rule(), self.times):
            words.addWidget(part)
        words.addStretch()
        column.addWidget(scroller(inside), 1)
        self._apply = KeyButton(self.tr("Apply"), "Ctrl Enter", theme=self._theme, look="accent")
        self._apply.clicked.connect(self.apply)
        foot_column = QVBoxLayout()
        foot_column.setContentsMargins(0, 0, 8, 0)
        foot_column.setSpacing(8)
        foot_column.addWidget(self._apply)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        self._discard = KeyButton(self.tr("Discard"), "Esc", theme=self._theme)
        self._discard.clicked.connect(self.discard)
        self._undo = KeyButton(self.tr("Undo the last"), "Alt U", theme=self._theme)
        self._undo.clicked.connect(self.undo)
        for button in (self._discard, self._undo):
            foot.addWidget(button, 1)
        foot_column.addLayout(foot)
        hint = self.tr("Space holds or shows a category, 1–5 set its band, a digit in a number edits it.")
        foot_column.addWidget(Words(hint, theme=self._theme, role="small", tone="text_dim"))
        column.addLayout(foot_column)
        return side
