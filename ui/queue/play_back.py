"""Playing back the storm: the Queue as it stood at an earlier time. Nothing can be done there; Esc is now."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from dispatch.errors import ActRefused, LandfallError
from dispatch.records import Millis
from ui.queue.selection import Selection
from ui.widgets import times

if TYPE_CHECKING:
    from dispatch.past import Past

PLAY_MS = 900  # long enough to see what has changed
NAMED = 2
NAME_CHARS = 44
_CLOCK = re.compile(r"^(\d{1,2})[:.]?(\d{2})$")


class PlayBack(QObject):
    """`changed` says that another time is shown, or now again; `came_to_now` that playing has run out."""

    changed = Signal()
    came_to_now = Signal()

    def __init__(
        self, *, bridge: Any, selection: Selection, step_ms: Callable[[], int], parent: QObject | None = None
    ) -> None:
        """`step_ms` is how far a step goes: what one bar of the strip stands for."""
        super().__init__(parent)
        self._bridge = bridge
        self._selection = selection
        self._step_ms = step_ms
        self._past: Past | None = None
        self._opening: asyncio.Task[None] | None = None
        self._current_before = 0
        self._p1_before: frozenset[int] = frozenset()
        self._timer = QTimer(self, interval=PLAY_MS)
        self._timer.timeout.connect(lambda: self.step(1))

    # -- what is shown ------------------------------------------------------------------------------

    @property
    def moment(self) -> Millis | None:
        """The time that is shown, None for now."""
        return self._selection.moment

    @property
    def is_on(self) -> bool:
        return self.moment is not None

    @property
    def is_playing(self) -> bool:
        return self._timer.isActive()

    @property
    def unknown_closings(self) -> int:
        return self._past.unknown_closings if self._past else 0

    def new_p1(self) -> list[str]:
        """What came in as P1 since the playing back began and nobody has acted on, in words."""
        if not self.is_on:
            return []
        board = self._bridge.board
        fresh = _untouched(board) - self._p1_before
        rows = sorted(board.row(site_id) for site_id in fresh)
        return [" · ".join(filter(None, (_short(board.what[row]), board.where[row]))) for row in rows]

    # -- moving in time -----------------------------------------------------------------------------

    def start(self, when: Millis | None = None) -> None:
        """Show an earlier time: the one given, the end of the brush, or a step ago."""
        if self.is_on and when is not None:
            self.go(when)
        elif not self.is_on and (self._opening is None or self._opening.done()):
            self._opening = asyncio.ensure_future(self._open(when))

    def go(self, when: Millis) -> None:
        """From now on it is now again: there is nothing to play back."""
        if self._past is None or when >= self._bridge.clock.now():
            self.leave()
            return
        board = self._past.at(self._bridge.board, max(when, self._earliest()))
        row = board.row(self._selection.current)
        if row >= 0 and not board.reports[row]:
            self._selection.go(0)
        self._selection.look_at(board, max(when, self._earliest()))
        self.changed.emit()

    def step(self, by: int) -> None:
        """Whole steps, on the strip's own grid."""
        if self.moment is None:
            self.start()
            return
        step = self._step_ms()
        at = self.moment // step * step
        is_between = at != self.moment
        self.go(at + (by + (1 if is_between and by < 0 else 0)) * step)
        if not self.is_on:
            self.came_to_now.emit()

    def play(self) -> None:
        """Go on step by step until now, or stop where it is."""
        if self.is_playing:
            self._timer.stop()
        elif self.is_on:
            self._timer.start()
        self.changed.emit()

    def leave(self) -> None:
        """Back to now, to the site one came from."""
        self._timer.stop()
        if not self.is_on:
            return
        self._past = None
        self._selection.look_at(self._bridge.board, None)
        self._selection.go(self._current_before)
        self.changed.emit()

    # -- acts ---------------------------------------------------------------------------------------

    def sentence(self) -> str:
        """Why nothing can be done just now; empty where it can."""
        if self.moment is None:
            return ""
        at = times.clock(self.moment, self._bridge.clock.now(), self._bridge.zone)
        return self.tr("You are looking at {}: nothing can be done there. Esc goes back to now.").format(at)

    def allow(self, work: object) -> None:
        """Raises ActRefused for an act while an earlier time is shown. That somebody read the words of a
        restricted site, or a phone, is in the log all the same (S15)."""
        if sentence := self.sentence():
            unmasking = self._bridge.parts.unmasking
            if work not in (unmasking.opened, unmasking.unmask):
                raise ActRefused(sentence)

    # -- inside -------------------------------------------------------------------------------------

    async def _open(self, when: Millis | None) -> None:
        try:
            past = await self._bridge.read(self._bridge.detail.past, self._bridge.board)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self._past = past
        self._current_before = self._selection.current
        self._p1_before = _untouched(self._bridge.board)
        now, step = self._bridge.clock.now(), self._step_ms()
        until = self._selection.filters.until
        self.go(when if when is not None else until or (now - step) // step * step)

    def _earliest(self) -> Millis:
        at = self._bridge.board.report_at
        return int(at.min()) if at.size else self._bridge.clock.now()


def _short(words: str) -> str:
    return words if len(words) <= NAME_CHARS else f"{words[: NAME_CHARS - 1].rstrip()}…"


def _untouched(board: Any) -> frozenset[int]:
    rows = np.flatnonzero(board.is_open() & (board.band == 1) & (board.acted_at == 0))
    return frozenset(board.site_id[rows].tolist())


def read_past(text: str, now: Millis, zone: ZoneInfo) -> Millis | None:
    """14:00 or 1400 as a time gone by: today, or yesterday where it is yet to come; None for other words."""
    match = _CLOCK.match(text.strip())
    if not match or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    today = times.local(now, zone)
    wanted = today.replace(hour=int(match[1]), minute=int(match[2]), second=0, microsecond=0, fold=0)
    if wanted > today:
        wanted = (wanted - timedelta(days=1)).replace(hour=int(match[1]), minute=int(match[2]))
    return int(wanted.timestamp() * 1000)
