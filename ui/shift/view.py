"""The hand-over on a screen: the pack as it prints, what is written on it, handed over and confirmed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from shiboken6 import isValid

from dispatch.drafts import Drafts
from dispatch.errors import LandfallError
from dispatch.records import PackState, ShiftPack, SyncStatus
from dispatch.rights import may, why_not
from dispatch.shift.desk import Counted
from ui.shift.begun import Begun, subject_of
from ui.shift.head import PackHead
from ui.shift.model import PackModel
from ui.shift.rows import PackList
from ui.shift.side import PackSide
from ui.shift.words import done_words, to_do
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import grounds

log = logging.getLogger(__name__)

# One that was confirmed so long ago is of a shift that is over: who has the room makes the next one.
FRESH_MS = 3_600_000
PAUSE_MS = 500
_NONE, _CTRL, _ALT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
)
Work = Callable[[], object]


class ShiftScreen(KeyedScreen):
    """`go_to_site` opens a site in the Queue; `sync` is what is known of the syncing; words that are being
    written are kept in `drafts` beyond the end of the program."""

    def __init__(
        self,
        *,
        bridge: Any,
        theme: Theme,
        drafts: Drafts,
        go_to_site: Callable[[int], None],
        open_sheet: Callable[[str], object],
        sync: Callable[[], SyncStatus | None],
    ) -> None:
        super().__init__()
        self._bridge, self._theme, self._begun = bridge, theme, Begun(drafts)
        self._go_to_site, self._open_sheet, self._sync = go_to_site, open_sheet, sync
        self._packs: tuple[ShiftPack, ...] = ()
        self.pack: ShiftPack | None = None
        self._back = 0  # how many packs before the newest one is shown
        self._reading: asyncio.Task[None] | None = None
        self._doing: asyncio.Task[None] | None = None
        self._turns = asyncio.Lock()  # what was read later is shown later
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self.keep_words)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self._look_again)

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        self._reading = asyncio.ensure_future(self._read())

    def _look_again(self) -> None:
        if self.isVisible() and not self._is_busy():
            self.read()

    async def _read(self) -> None:
        """The packs as any seat left them; who may make one and has none to look at gets a draft at once."""
        desk = self._bridge.parts.shift_desk
        try:
            async with self._turns:
                packs = await self._bridge.read(desk.packs)
                if self.pack is None and self._wants_new(packs):
                    await self._bridge.act(desk.put, await self._counted())
                    packs = await self._bridge.read(desk.packs)
                await self._take(packs)
        except LandfallError as error:
            log.info("the packs were not read: %s", type(error).__name__)
            self._say_trouble(error)

    async def _take(self, packs: tuple[ShiftPack, ...]) -> None:
        self._packs = packs
        self._back = min(self._back, max(0, len(packs) - 1))
        await self._show(packs[self._back] if packs else None)

    async def _show(self, pack: ShiftPack | None) -> None:
        before = self.pack
        if before is not None and before == pack:
            if isValid(self):
                self._say()
            return
        is_other = before is None or pack is None or subject_of(before) != subject_of(pack)
        words, items = await self._begun.of(pack) if is_other else ({}, {})
        if not isValid(self):
            return  # the window was closed meanwhile
        # From here on at once: nobody types into a pack that is half shown.
        self.pack, at = pack, self.list.at
        if is_other or (pack is not None and pack.state != PackState.DRAFT):
            # Signed, or another one: nothing of what was being written is left in the fields.
            self.side.forget()
            self.model.remarks = {}
        self.model.remarks = {**(pack.remarks.items if pack else {}), **self.model.remarks, **items}
        self.side.take_begun(words)
        self.model.take(pack)
        self.head.show_pack(pack)
        hidden = self.tr(
            "The lists name sites and people: they stand on the seats of those who work on them."
        )
        self.list.why_empty = hidden if pack is not None and pack.is_masked else ""
        if pack is not None:
            self.side.fill(pack, pack.remarks, position=self._bridge.position)
        self.list.go_to(self.model.first() if is_other or at < 0 else min(at, self.model.rowCount() - 1))
        self._say_item()
        self._say()
        if is_other and self.isVisible() and not self._is_typing():
            self.list.setFocus()

    # -- acting -------------------------------------------------------------------------------------

    def do_it(self) -> None:
        """The one thing there is to do: hand over a draft, or confirm what was handed over."""
        pack, desk = self.pack, self._bridge.parts.shift_desk
        if pack is None or self._back:
            return
        name, position = (self.side.fields[each].value() or "" for each in ("name", "position"))
        if pack.state == PackState.DRAFT:
            if not name.strip():
                self._complain(self.tr("Write the name of who takes over."))
                return
            self._do(desk.hand_over, pack, self.side.written(self.model.remarks), name, position)
        elif pack.state == PackState.HANDED_OVER:
            if not self._signs_in() and not name.strip():
                self._complain(self.tr("Write your name: you take over."))
                return
            self._do(desk.confirm, pack, name, position)

    def keep(self) -> None:
        """What is written, for every seat to read."""
        if self.pack is not None and self._may_write():
            remarks = self.side.written(self.model.remarks)
            self._do(self._bridge.parts.shift_desk.keep, self.pack, remarks)

    def make_anew(self) -> None:
        """The numbers of now: for a draft, else in a pack of its own."""
        self._back = 0
        self.keep_words()
        if not self._is_busy():
            self._doing = asyncio.ensure_future(self._make_anew())

    def correct(self) -> None:
        if self.pack is not None and self.pack.state != PackState.DRAFT and not self._back:
            self._do(self._bridge.parts.shift_desk.correct, self.pack)

    def print_out(self) -> None:
        self._print(self._bridge.parts.shift_desk.print_out)

    def print_briefing(self) -> None:
        self._print(self._bridge.parts.shift_desk.print_briefing)

    def earlier(self) -> None:
        self._turn(1)

    def later(self) -> None:
        self._turn(-1)

    def open_site(self) -> None:
        row = self.model.row(self.list.at)
        if row is not None and row.line is not None and row.line.site_id:
            self._go_to_site(row.line.site_id)

    def write_on_line(self) -> None:
        if self.side.fields["item"].editor.isEnabled():
            self.side.fields["item"].setFocus()

    def leave_field(self) -> None:
        self.list.setFocus()

    def keep_words(self) -> None:
        """What is written and not handed over, where it outlasts the program."""
        self._pause.stop()
        if self.pack is None or not self._may_write():
            return
        self._begun.keep(self.pack, self.side.touched(), self.model.remarks)

    # -- keys ---------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Work | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        if self._is_typing():
            works: dict[tuple[Any, Qt.Key], Work] = {(_NONE, Qt.Key.Key_Escape): self.leave_field}
        else:
            works = {
                (_NONE, Qt.Key.Key_Return): self.open_site,
                (_NONE, Qt.Key.Key_Enter): self.open_site,
                (_NONE, Qt.Key.Key_R): self.write_on_line,
            }
        works |= {
            (_CTRL, Qt.Key.Key_Return): self.do_it,
            (_CTRL, Qt.Key.Key_Enter): self.do_it,
            (_CTRL, Qt.Key.Key_S): self.keep,
            (_ALT, Qt.Key.Key_N): self.make_anew,
            (_ALT, Qt.Key.Key_C): self.correct,
            (_ALT, Qt.Key.Key_P): self.print_out,
            (_ALT, Qt.Key.Key_I): self.print_briefing,
            (_ALT, Qt.Key.Key_D): lambda: self._open_sheet("roster"),
            (_ALT, Qt.Key.Key_Up): self.earlier,
            (_ALT, Qt.Key.Key_Down): self.later,
        }
        return works.get((held, key))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is typed is the field's; with Ctrl or Alt held it is meant for the screen (S12)."""
        if event.type() == QEvent.Type.KeyPress and (work := self.work_of(event)) is not None:
            work()
            return True
        return super().eventFilter(watched, event)

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.pack is not None and self.pack.state == PackState.CONFIRMED and not self._is_fresh(self.pack):
            self.pack = None
        self.read()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.keep_words()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.list.setFocus()

    # -- inside -------------------------------------------------------------------------------------

    async def _counted(self) -> Counted:
        # Reads only, and for long where there are many sites: no click may stand behind it.
        counted: Counted = await self._bridge.parts.workers.network(
            self._bridge.parts.shift_desk.count, self._sync()
        )
        return counted

    async def _make_anew(self) -> None:
        self.side.effect.say(self.tr("Counting …"), "text_dim")
        try:
            counted = await self._counted()
        except LandfallError as error:
            self._say_trouble(error)
            return
        await self._act(self._bridge.parts.shift_desk.put, counted)

    def _do(self, work: Callable[..., ShiftPack], *given: Any) -> None:
        if not self._is_busy():
            self._doing = asyncio.ensure_future(self._act(work, *given))

    async def _act(self, work: Callable[..., ShiftPack], *given: Any) -> None:
        before = self.pack
        try:
            done = await self._bridge.act(work, *given)
            if before is not None and work.__name__ in ("hand_over", "keep"):
                self._written(before)
            async with self._turns:
                await self._take(await self._bridge.read(self._bridge.parts.shift_desk.packs))
        except LandfallError as error:
            self._say_trouble(error)
            return
        self._bridge.said.emit(done_words(work.__name__, done), False)
        self.list.setFocus()

    def _written(self, pack: ShiftPack) -> None:
        """The store has it: nothing is left to be kept here."""
        self._pause.stop()
        self._begun.drop(pack)
        for field in self.side.fields.values():
            field.touched = False

    def _print(self, make: Callable[[ShiftPack], Path]) -> None:
        if self.pack is not None and not self._is_busy():
            self._doing = asyncio.ensure_future(self._make_page(make, self.pack))

    async def _make_page(self, make: Callable[[ShiftPack], Path], pack: ShiftPack) -> None:
        try:
            # Away from the store's lane: drawing takes a moment, and no act may stand behind it.
            path = await self._bridge.parts.workers.network(make, pack)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self._bridge.said.emit(self.tr("Saved as {path}").format(path=path), False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _turn(self, by: int) -> None:
        to = self._back + by
        if 0 <= to < len(self._packs) and not self._is_busy():
            self.keep_words()
            self._back = to
            self._doing = asyncio.ensure_future(self._show(self._packs[to]))

    def _wants_new(self, packs: tuple[ShiftPack, ...]) -> bool:
        role = self._bridge.parts.actor.role
        if not may(role, "pack_made"):
            return False
        return not packs or (packs[0].state == PackState.CONFIRMED and not self._is_fresh(packs[0]))

    def _is_fresh(self, pack: ShiftPack) -> bool:
        return bool(self._bridge.clock.now() - pack.confirmed.at < FRESH_MS)

    def _is_busy(self) -> bool:
        return self._doing is not None and not self._doing.done()

    def _is_typing(self) -> bool:
        return any(field.editor.hasFocus() for field in self.side.fields.values())

    def _signs_in(self) -> str:
        actor = self._bridge.parts.actor
        return ", ".join(filter(None, (actor.person, actor.position))) if actor.role is not None else ""

    def _may_write(self) -> bool:
        is_draft = self.pack is not None and self.pack.state == PackState.DRAFT and not self._back
        return is_draft and may(self._bridge.parts.actor.role, "pack_kept")

    def _complain(self, sentence: str) -> None:
        self.side.fields["name"].complain(sentence)
        self.side.fields["name"].setFocus()

    def _take_edit(self) -> None:
        self._pause.start()

    def _take_item(self, words: str) -> None:
        self.model.say_remark(self.list.at, words)
        self._pause.start()

    def _say_trouble(self, error: LandfallError) -> None:
        if isValid(self):
            self.side.effect.say(str(error), "alarm")

    def _say_item(self) -> None:
        row = self.model.row(self.list.at)
        if row is None or row.line is None:
            self.side.show_item("", "")
            return
        self.side.show_item(row.line.number, self.model.remark_of(row))

    def _say(self) -> None:
        pack, side = self.pack, self.side
        side.show_pack(pack, can_write=self._may_write(), signs_in=self._signs_in())
        now, zone, role = self._bridge.clock.now(), self._bridge.zone, self._bridge.parts.actor.role
        todo = to_do(pack, now, zone, is_newest=not self._back, signs_in=self._signs_in())
        no = why_not(role, todo.act) if todo.act else ""
        side.act.say(todo.button)
        side.act.setVisible(bool(todo.button))
        side.act.setEnabled(not no)
        side.effect.say(no or todo.sentence, "text_dim")
        is_draft = self._may_write()
        side.buttons["keep"].setEnabled(is_draft)
        can_make = may(role, "pack_made")
        side.buttons["anew"].setEnabled(can_make and not self._back)
        is_signed = pack is not None and pack.state != PackState.DRAFT
        side.buttons["correct"].setEnabled(can_make and is_signed and not self._back)
        for name in ("pdf", "ics201"):
            side.buttons[name].setEnabled(pack is not None and not pack.is_masked)
        side.buttons["earlier"].setEnabled(self._back + 1 < len(self._packs))
        side.buttons["later"].setEnabled(self._back > 0)

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Shift hand-over"))
        bridge, theme = self._bridge, self._theme
        self.model = PackModel(board=bridge.board, zone=bridge.zone)
        self.head = PackHead(theme=theme, zone=bridge.zone)
        self.list = PackList(self.model, theme=theme)
        self.side = PackSide(theme=theme, positions=bridge.parts.seat_desk.positions())
        for field in self.side.fields.values():
            field.editor.installEventFilter(self)
        self.side.edited.connect(self._take_edit)
        self.side.item_edited.connect(self._take_item)
        self.side.act.clicked.connect(self.do_it)
        self.list.selectionModel().currentChanged.connect(lambda *_: self._say_item())
        self.list.doubleClicked.connect(lambda _index: self.open_site())
        self.side.add_buttons(
            (
                (
                    ("keep", self.tr("Keep"), "Ctrl S", self.keep),
                    ("anew", self.tr("Numbers of now"), "Alt N", self.make_anew),
                ),
                (
                    ("pdf", self.tr("PDF"), "Alt P", self.print_out),
                    ("ics201", self.tr("ICS 201"), "Alt I", self.print_briefing),
                ),
                (
                    ("correct", self.tr("Correct"), "Alt C", self.correct),
                    ("desks", self.tr("Desks"), "Alt D", lambda: self._open_sheet("roster")),
                ),
                (
                    ("earlier", self.tr("Earlier"), "Alt Up", self.earlier),
                    ("later", self.tr("Later"), "Alt Down", self.later),
                ),
            )
        )
        across = QHBoxLayout(self)
        across.setContentsMargins(22, 14, 18, 14)
        across.setSpacing(22)
        left = QVBoxLayout()
        left.setSpacing(6)
        left.addWidget(self.head)
        left.addWidget(self.list, 1)
        across.addLayout(left, 1)
        across.addWidget(self.side)
