"""What the public can report under: what storm mode would change, how far it is, the checklist, and back."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.public_mode.desk import PublicNow
from dispatch.records import SwitchState
from ui.public_mode import words
from ui.public_mode.row_list import RowList
from ui.public_mode.rows import preview_rows, switch_rows
from ui.theme import Theme
from ui.widgets import counts, times
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

WIDTH = 600
MOST = 400
LONG = 44  # more stands below the list, whole
_PLAIN = Qt.KeyboardModifier.NoModifier
_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier


class PublicModeSheet(Sheet):
    """J and K move; Space leaves a category out, or ticks it; Ctrl Enter switches, or puts back."""

    NAME = "public_mode"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self.bridge = bridge
        self.now: PublicNow | None = None
        self._left: set[str] = set()
        self._also: set[str] = set()
        self._taken: set[str] = set()  # of those left before
        self._looking: asyncio.Task[None] | None = None
        self.list = RowList(self.tr("Categories of the 311 server"), theme=theme)
        self._warns = Words(theme=theme, tone="alarm")
        self._check = Words(theme=theme, tone="warn")
        self._about = Words(theme=theme, tone="text_soft", copyable=True)
        for part in (self._warns, self._check, self.list, self._about):
            self.body.addWidget(part)
        self._about.hide()
        self.list.currentRowChanged.connect(lambda _row: self._say_current())
        tr = self.tr
        self._again = self.add_side_button(tr("Apply again"), "Alt A", self.apply_again)
        self._paper = self.add_side_button(tr("Print"), "Ctrl P", self.print_checklist)
        self._read = self.add_side_button(tr("Read the list"), "Alt R", self.ask_again)
        self.shortcuts |= {
            (_PLAIN, Qt.Key.Key_Space): self.toggle,
            (_ALT, Qt.Key.Key_A): self.apply_again,
            (_ALT, Qt.Key.Key_R): self.ask_again,
            (_CTRL, Qt.Key.Key_P): self.print_checklist,
        }
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self.list.step(step)
        self.list.itemDoubleClicked.connect(lambda _item: self.toggle())
        self.say_title(tr("What the public can report"))
        self.say_effect(tr("Reading the 311 server's list."))
        self.say_act(tr("Switch for the public"))
        for button in (self.button, self._again, self._paper):
            button.setEnabled(False)
        bridge.room_changed.connect(self.read)
        self.read()

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        if isValid(self):
            self._looking = self.read_for(self._look())

    async def _look(self) -> None:
        desk = self.bridge.parts.public_mode_desk
        is_switched = self.now is not None and self._is_switched(self.now)
        now = await self.bridge.read(desk.now, None if is_switched else sorted(self._left))
        if isValid(self):
            self.take(now)

    def take(self, now: PublicNow) -> None:
        self.now = now
        if self._is_switched(now):
            self._say_switched(now)
        else:
            self._say_preview(now)
        seen, clock = now.state.seen_at, self.bridge.clock.now()
        aside = "" if seen is None else times.clock(seen, clock, self.bridge.zone)
        self.say_title(self.title(), self.tr("list seen {}").format(aside) if aside else "")
        if now.state.look_error:
            self._check.say(now.state.look_error, "alarm")
        self._check.setVisible(bool(self._check.said()))
        self._warns.setVisible(bool(self._warns.said()))
        self._paper.setEnabled(bool(now.state.checklist))
        self._paper.setVisible(bool(now.state.checklist))
        self.grew.emit()

    # -- keys ---------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Leave a category out of the switching, or take it in again; tick what was done by hand."""
        row, now = self.list.current(), self.now
        if row is None or now is None or row.is_on is None:
            return
        if not self._is_switched(now):
            self._left ^= {row.category_id}
            self.read()
        elif any(each.category_id == row.category_id for each in now.state.checklist):
            desk = self.bridge.parts.public_mode_desk
            self._do_beside(desk.tick, row.category_id, not row.is_on)
        else:
            chosen = self._taken if row.category_id in self._left_before(now) else self._also
            chosen ^= {row.category_id}
            self.take(now)

    def apply_again(self) -> None:
        if self.now is not None and self._again.isEnabled():
            left = self._left_before(self.now) - self._taken
            self._do_beside(self.bridge.parts.public_mode_desk.apply, sorted(left))

    def ask_again(self) -> None:
        """The syncing reads the live list at once, and tries again what was refused."""
        self._do_beside(self.bridge.parts.public_mode_desk.ask_again)

    def print_checklist(self) -> None:
        if self._paper.isEnabled():
            self._printing = self.read_for(self._print())

    async def _print(self) -> None:
        parts = self.bridge.parts
        path = await parts.workers.network(parts.checklist_paper.print)
        self.bridge.said.emit(self.tr("Checklist saved as {path}").format(path=path), False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def doubt(self) -> str:
        now = self.now
        if now is None or not now.state.is_on or not now.storm_mode:
            return ""
        return self.tr("Storm mode is still on: the public would see the everyday list again.")

    def act(self) -> asyncio.Task[Any]:
        desk, now = self.bridge.parts.public_mode_desk, self.now
        assert now is not None
        if now.state.is_on:
            return self.bridge.act(desk.restore, sorted(self._also))
        return self.bridge.act(desk.apply, sorted(self._left))

    def done_words(self) -> tuple[str, bool]:
        if self.now is not None and self.now.state.is_on:
            return self.tr("The public's list goes back to what it was."), False
        return self.tr("The public's list is being switched."), False

    # -- inside -------------------------------------------------------------------------------------

    def _is_switched(self, now: PublicNow) -> bool:
        return now.state.is_on or now.state.is_restoring

    def _left_before(self, now: PublicNow) -> set[str]:
        return {each.category_id for each in now.state.left}

    def _say_current(self) -> None:
        """The whole of what was cut off beside the name."""
        row = self.list.current()
        self._about.say(row.aside if row is not None and len(row.aside) > LONG else "")
        self._about.setVisible(bool(self._about.said()))
        self.grew.emit()

    def _say_preview(self, now: PublicNow) -> None:
        plan = now.plan
        is_read = now.state.seen_at is not None
        said = words.preview_words(plan) if is_read else self.tr("The list has not been read yet.")
        if is_read and plan.changes and not now.can_switch:
            said += " " + self.tr("This server cannot be switched from here: you get a checklist.")
        self.say_effect(said)
        self._warns.say(words.grave_words(plan))
        put_back = now.state.left_otherwise
        self._check.say(self._otherwise(len(put_back)) if put_back else "")
        self.list.show_rows(preview_rows(now), most=MOST)
        self.say_act(self.tr("Switch {} for the public").format(counts.categories(plan.changes)))
        self.button.setEnabled(bool(plan.changes) and not plan.leaves_nothing)
        self._again.hide()

    def _otherwise(self, count: int) -> str:
        said = self.tr("Since it was put back, {} stand otherwise than before the storm.")
        return said.format(counts.categories(count))

    def _say_switched(self, now: PublicNow) -> None:
        clock, zone = self.bridge.clock.now(), self.bridge.zone
        self.say_effect(words.stands_words(now.state, clock, zone))
        self._warns.say("")
        check = words.check_words(now.state, clock, zone)
        self._check.say(f"{check[:1].upper()}{check[1:]}." if check else "", "warn")
        self.list.show_rows(switch_rows(now, self._also | self._taken, clock, zone), most=MOST)
        self.say_act(self.tr("Put back what was there"))
        self.button.setVisible(now.state.is_on)
        self.button.setEnabled(now.state.is_on)
        wanted = now.plan.wanted()
        has_changed = any(
            wanted.get(each.category_id, each.wanted) is not each.wanted for each in now.state.rows
        )
        differs = any(each.state is not SwitchState.TICKED for each in now.state.differing)
        can_again = now.state.is_on and (has_changed or differs or bool(self._taken))
        self._again.setVisible(can_again)
        self._again.setEnabled(can_again)

    def _do_beside(self, work: Any, *args: Any) -> None:
        """An act after which the sheet stays."""
        self._acting = self.bridge.act(work, *args)
        self._acting.add_done_callback(self._take_beside)

    def _take_beside(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or not isValid(self):
            return
        if isinstance(error := task.exception(), LandfallError):
            self._say_error(error)
        self.read()
