"""The Notices screen: live ones first, then what waits for approval; the chosen one with its steps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.notice_desk import Board
from dispatch.records import Notice, NoticeState
from dispatch.rights import may
from ui.notices import words
from ui.notices.page import NoticePage
from ui.notices.rows import Line, NoticeList
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

MINUTE_MS = 60_000
_NONE, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class NoticesScreen(KeyedScreen):
    def __init__(self, *, bridge: Any, theme: Theme, sheets: Sheets, badge: Callable[[str], None]) -> None:
        """`badge` takes how many wait for whoever sits here."""
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._sheets = sheets
        self._badge = badge
        self.board: Board | None = None
        self._reading: asyncio.Task[None] | None = None
        self._is_again = False
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.look)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self.look)
        self._minute.start()
        self.look()

    @property
    def current(self) -> Notice | None:
        found = self.board.notices if self.board else ()
        return next((each for each in found if each.notice_id == self.list.current), None)

    def look(self) -> None:
        """The notices as any seat has left them; what is over by its time is marked so."""
        if self._reading is not None and not self._reading.done():
            self._is_again = True
            return
        self._reading = asyncio.ensure_future(self._look())

    async def _look(self) -> None:
        desk = self._bridge.parts.notice_desk
        try:
            board = await self._bridge.read(desk.board)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
        else:
            if not isValid(self):
                return  # the window was closed meanwhile
            self.show_board(board)
            if any(
                each.state is NoticeState.LIVE and not each.is_live(self._bridge.clock.now())
                for each in board.notices
            ) and may(self._bridge.parts.actor.role, "notice_expired"):
                self._bridge.act(desk.expire)
        if self._is_again:
            self._is_again = False
            self._reading = None
            self.look()

    def show_board(self, board: Board) -> None:
        self.board = board
        now, zone = self._bridge.clock.now(), self._bridge.zone
        updated = {each.updates for each in board.notices if each.published_at}
        lines: list[list[Line]] = [[], [], [], []]
        # Of what is live the orders first, and what ends first.
        for item in sorted(board.notices, key=lambda each: _place_of(each, now)):
            end, tone = words.left(item, now, zone, item.notice_id in updated)
            under = f"{item.number} · {words.kind(item.kind)} · {words.area(item)}"
            lines[words.group_of(item, now)].append((item.notice_id, words.title(item), under, end, tone))
        none = (self.tr("Nothing is said to the public now."), "", "", "")
        self.list.show_groups(list(zip(words.groups(), none, lines, strict=True)))
        live, waits = len(lines[words.LIVE]), len(lines[words.WAITING])
        self._count.say(self.tr("{} live · {} waiting").format(live, waits))
        mine = [each for each in board.notices if self._waits_for_me(each)]
        self._badge(str(len(mine)) if mine else "")

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = (held, Qt.Key(event.key()))
        if key in self._moves:
            return self._moves[key]
        for button, shortcut, work in self._steps:
            if key == shortcut and button.isVisible() and button.isEnabled():
                return work
        return None

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    # -- steps ----------------------------------------------------------------------------------------

    def write(self) -> None:
        self._sheets.open("notice")

    def write_on(self) -> None:
        if (item := self.current) is not None and item.state is NoticeState.DRAFT:
            self._sheets.open("notice", item=item)

    def update_it(self) -> None:
        if (item := self.current) is not None:
            self._sheets.open("notice", updates=item)

    def hand_in(self) -> None:
        self._step("submit", self.tr("Handed in: it waits for approval."))

    def approve(self) -> None:
        self._step("approve", self.tr("Approved."))

    def publish(self) -> None:
        if (item := self.current) is not None:
            self._sheets.open("notice_step", item=item, step="publish")

    def send_back(self) -> None:
        if (item := self.current) is not None:
            self._sheets.open("notice_step", item=item, step="send_back")

    def cancel(self) -> None:
        if (item := self.current) is not None:
            self._sheets.open("notice_step", item=item, step="cancel")

    def hand_off(self) -> None:
        if (item := self.current) is not None:
            self._sheets.open("notice_put", item=item)

    def save_files(self) -> None:
        self._going = asyncio.ensure_future(self._save_files())

    async def _save_files(self) -> None:
        parts = self._bridge.parts
        try:
            paths = await parts.workers.network(parts.notice_desk.write_files)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        folder = paths[0].parent if paths else ""
        self._bridge.said.emit(self.tr("{} files in {}").format(len(paths), folder), False)

    def _step(self, name: str, said: str) -> None:
        item = self.current
        if item is None:
            return
        task = self._bridge.act(getattr(self._bridge.parts.notice_desk, name), item)
        task.add_done_callback(lambda done: self._say_done(done, said))

    def _say_done(self, done: asyncio.Task[Any], said: str) -> None:
        if done.cancelled() or not isValid(self):
            return
        if done.exception():
            return  # said already by who does the acts
        self._bridge.said.emit(said, False)
        self.look()

    def _waits_for_me(self, item: Notice) -> bool:
        actor = self._bridge.parts.actor
        if item.state is NoticeState.SUBMITTED:
            act = "notice_approved"
        elif item.state is NoticeState.APPROVED:
            act = "notice_ordered" if item.is_approved and item.kind.is_order else "notice_published"
            act = act if item.is_approved else "notice_seconded"
        else:
            return False
        is_approving = not item.is_approved
        wrote = actor.person in (item.drafted_by, item.edited_by, item.approved_by)
        return may(actor.role, act) and not (is_approving and wrote)

    # -- showing --------------------------------------------------------------------------------------

    def _show(self, _notice_id: str = "") -> None:
        item, now = self.current, self._bridge.clock.now()
        places = self.board.places.get(item.notice_id, ()) if item and self.board else ()
        end = words.left(item, now, self._bridge.zone, True)[0] if item else ""
        none = self.tr("Nothing is written yet. Ctrl N writes the first notice; others approve it.")
        self.page.show_notice(item, places, now=now, zone=self._bridge.zone, end=end, none=none)
        state = item.state if item else None
        is_live = item is not None and item.is_live(now)
        waits = state in (NoticeState.SUBMITTED, NoticeState.APPROVED)
        for button, is_there in (
            (self._b_edit, state is NoticeState.DRAFT),
            (self._b_in, state is NoticeState.DRAFT),
            (self._b_back, waits),
            (self._b_approve, item is not None and waits and not item.is_approved),
            (self._b_publish, item is not None and item.is_approved),
            (self._b_put, item is not None and bool(item.published_at)),
            (self._b_cancel, is_live),
            (self._b_update, is_live or state is NoticeState.EXPIRED),
        ):
            button.setVisible(is_there)

    def _build(self) -> None:
        theme, tr = self._theme, self.tr
        self._title = Words(tr("Notices"), theme=theme, role="title", wrap=False)
        self._count = Words(theme=theme, tone="text_dim", wrap=False)
        self._ipaws = Words(
            tr("CAP files are drafts for the alerting authority: nothing is sent to IPAWS from here."),
            theme=theme,
            role="small",
            tone="text_dim",
            wrap=False,
        )
        self.list, self.page = NoticeList(theme=theme), NoticePage(theme=theme)
        self.list.chosen.connect(self._show)
        self.list.setFixedWidth(420)
        made = self._button
        self._steps: list[tuple[KeyButton, tuple[Any, Qt.Key], Callable[[], None]]] = []
        self._b_new = made(tr("Write a notice"), "Ctrl N", (_CTRL, Qt.Key.Key_N), self.write)
        self._b_files = made(tr("Save the files"), "Ctrl S", (_CTRL, Qt.Key.Key_S), self.save_files)
        self._b_edit = made(tr("Write on"), "Enter", (_NONE, Qt.Key.Key_Return), self.write_on)
        self._b_in = made(tr("Hand in"), "Alt I", (_ALT, Qt.Key.Key_I), self.hand_in)
        self._b_back = made(tr("Send back"), "Alt B", (_ALT, Qt.Key.Key_B), self.send_back)
        self._b_approve = made(tr("Approve"), "Alt A", (_ALT, Qt.Key.Key_A), self.approve)
        self._b_publish = made(tr("Publish"), "Alt P", (_ALT, Qt.Key.Key_P), self.publish)
        self._b_cancel = made(tr("Cancel it"), "Alt X", (_ALT, Qt.Key.Key_X), self.cancel)
        self._b_update = made(tr("Update it"), "Alt U", (_ALT, Qt.Key.Key_U), self.update_it)
        self._b_put = made(tr("Hand-off sheet"), "Alt S", (_ALT, Qt.Key.Key_S), self.hand_off)
        self._moves = {
            (_NONE, Qt.Key.Key_J): lambda: self.list.move(1),
            (_NONE, Qt.Key.Key_Down): lambda: self.list.move(1),
            (_NONE, Qt.Key.Key_K): lambda: self.list.move(-1),
            (_NONE, Qt.Key.Key_Up): lambda: self.list.move(-1),
        }
        head = QHBoxLayout()
        head.setContentsMargins(22, 12, 18, 4)
        head.setSpacing(10)
        for each in (self._title, self._count):
            head.addWidget(each)
        head.addStretch(1)
        head.addWidget(self._b_files)
        head.addWidget(self._b_new)
        foot = QHBoxLayout()
        foot.setContentsMargins(24, 6, 18, 12)
        foot.setSpacing(8)
        for each in (self._b_approve, self._b_publish, self._b_edit, self._b_in, self._b_put):
            foot.addWidget(each)
        foot.addStretch(1)
        for each in (self._b_back, self._b_update, self._b_cancel):
            foot.addWidget(each)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.page, 1)
        right.addLayout(foot)
        across = QHBoxLayout()
        across.setSpacing(0)
        across.addWidget(self.list)
        across.addLayout(right, 1)
        under = QHBoxLayout()
        under.setContentsMargins(22, 2, 18, 8)
        under.addWidget(self._ipaws)
        under.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for layout, stretch in ((head, 0), (across, 1), (under, 0)):
            column.addLayout(layout, stretch)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _button(self, text: str, cap: str, key: tuple[Any, Qt.Key], work: Callable[[], None]) -> KeyButton:
        button = KeyButton(text, cap, theme=self._theme)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda _checked=False: work())
        self._steps.append((button, key, work))
        return button

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))


def _place_of(item: Notice, now: int) -> tuple[bool, int]:
    """Others as they come: the newest first."""
    return (not item.kind.is_order, item.expires_at) if item.is_live(now) else (True, 0)


def rail_badge(rail: Any) -> Callable[[str], None]:
    """What puts the number on the rail's button."""

    def show(text: str) -> None:
        button: QWidget = rail.buttons["notices"]
        if isValid(button) and getattr(button, "badge", text) != text:
            button.badge = text  # type: ignore[attr-defined]
            button.update()

    return show
