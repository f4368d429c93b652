"""What this seat kept while the room's database was away: what still waits, and what could not be done."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidgetItem
from shiboken6 import isValid

from dispatch.journal import KeptAct
from dispatch.records import Band
from ui.kept import Kept
from ui.kept_words import act_name, own_words
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, near_list
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_PLAIN = Qt.KeyboardModifier.NoModifier
SHOWN = 7
WIDTH = 480


class KeptSheet(Sheet):
    """T takes one back that waits, P puts one away whose refusal was read, G goes to its site."""

    NAME = "kept"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=WIDTH)
        self._bridge = bridge
        self._kept: Kept | None = None
        self._acts: tuple[KeptAct, ...] = ()
        self.say_title(self.tr("Kept at this seat"))
        self.list = near_list(self.tr("Acts that were kept"), theme=theme)
        self.body.addWidget(self.list)
        self.about = Words(theme=theme, tone="text_soft", copyable=True)
        self.body.addWidget(self.about)
        self._take_button = self.add_side_button(self.tr("Take back"), "T", self.take_back)
        self._put_button = self.add_side_button(self.tr("Put away"), "P", self.put_away)
        self.shortcuts[(_PLAIN, Qt.Key.Key_T)] = self.take_back
        self.shortcuts[(_PLAIN, Qt.Key.Key_P)] = self.put_away
        for keys, step in (((Qt.Key.Key_Down, Qt.Key.Key_J), 1), ((Qt.Key.Key_Up, Qt.Key.Key_K), -1)):
            for key in keys:
                self.shortcuts[(_PLAIN, key)] = lambda step=step: self._step(step)
        self.list.currentRowChanged.connect(self._say_current)
        self.say_act(self.tr("Close"))

    def begin(self, *, kept: Kept | None = None, **given: Any) -> None:
        if kept is not None:
            self._kept = kept
            kept.changed.connect(self.look)
        self.look()

    def current(self) -> KeptAct | None:
        row = self.list.currentRow()
        return self._acts[row] if 0 <= row < len(self._acts) else None

    def look(self, _what: object = None) -> None:
        """What could not be done first; what a person has chosen stays chosen."""
        if self._kept is None or not isValid(self.list):
            return
        chosen, row = self.current(), max(0, self.list.currentRow())
        self._acts = (*self._kept.refused, *self._kept.waiting)
        ids = [act.act_id for act in self._acts]
        self.list.blockSignals(True)
        self.list.clear()
        for act in self._acts:
            item = QListWidgetItem(self._line(act))
            item.setData(BAND_ROLE, self._band(act))
            self.list.addItem(item)
        self.list.setFixedHeight(min(SHOWN, len(ids)) * ROW_HEIGHT + 2 * LIST_EDGE)
        self.list.setVisible(bool(ids))
        at = ids.index(chosen.act_id) if chosen and chosen.act_id in ids else min(row, len(ids) - 1)
        self.list.setCurrentRow(at)
        self.list.blockSignals(False)
        self.say_effect(
            self.tr("The room's database does not answer. They are done in this order when it does.")
            if self._kept.away_since
            else ""
        )
        self._say_current()

    # -- doing ------------------------------------------------------------------------------------------

    def take_back(self) -> None:
        act = self.current()
        if act is not None and not act.refused:
            self._ask(self._bridge.parts.acts.take_back, act.act_id)

    def put_away(self) -> None:
        """It is only read: what it would have done can be done again on its site."""
        act = self.current()
        if act is not None and act.refused:
            self._ask(self._bridge.parts.acts.put_away, act.act_id)

    def act(self) -> asyncio.Task[Any] | None:
        return None

    # -- inside -----------------------------------------------------------------------------------------

    def _ask(self, work: Any, act_id: str) -> None:
        asyncio.ensure_future(self._bridge.read(work, act_id)).add_done_callback(self._take_asked)

    def _take_asked(self, task: asyncio.Task[Any]) -> None:
        if task.cancelled() or not isValid(self):
            return
        if self._kept is not None:
            self._kept.look()
        if error := task.exception():
            self._say_error(error)

    def _step(self, step: int) -> None:
        if self.list.count():
            self.list.setCurrentRow((self.list.currentRow() + step) % self.list.count())

    def _band(self, act: KeptAct) -> int:
        board = self._bridge.board
        rows = [board.row(site_id) for site_id in act.sites]
        return min((int(board.band[row]) for row in rows if row >= 0), default=int(Band.INFO))

    def _line(self, act: KeptAct) -> str:
        board = self._bridge.board
        row = next((board.row(site_id) for site_id in act.sites), -1)
        where = (board.where[row] or board.what[row]) if row >= 0 else ""
        more = f"+{len(act.sites) - 1}" if len(act.sites) > 1 else ""
        at = times.clock(act.at, self._bridge.clock.now(), self._bridge.zone)
        state = self.tr("could not be done") if act.refused else self.tr("waits")
        first = " · ".join(filter(None, (act_name(act), " ".join(filter(None, (where, more))))))
        return f"{first}\n{state} · {at} · {act.actor.person}"

    def _say_current(self, _row: int = 0) -> None:
        act = self.current()
        self._trouble.say("")
        self._take_button.setVisible(act is not None and not act.refused)
        self._put_button.setVisible(act is not None and bool(act.refused))
        if act is None:
            self.about.say(self.tr("Nothing waits, and nothing was refused."))
        else:
            covered = self._bridge.parts.follow.is_masked()
            words = "" if covered else own_words(act)
            self.about.say("\n".join(filter(None, (act.refused, f"“{words}”" if words else ""))))
        self.grew.emit()
