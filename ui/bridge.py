"""The only file where core work crosses into Qt: acts and reads as tasks, changes as one signal."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from dispatch.errors import LandfallError
from dispatch.touched import ROOM, sites_of
from dispatch.waiting import is_set_within

P = ParamSpec("P")
T = TypeVar("T")
log = logging.getLogger(__name__)

FOLLOW_S = 1.0
BREATH_S = 0.4  # in a flood: every part of the screen looks at every site when the board changes


class Bridge(QObject):
    """Holds the core's parts under the names that screens use; the board is changed here and nowhere else."""

    changed = Signal(object)  # Delta, after the board took it
    escalated = Signal()
    synced = Signal(object)  # SyncStatus
    said = Signal(str, bool)  # a sentence for the person here; True when it is an alarm
    ticked = Signal(object)  # the storm's now, each second of real time
    room_changed = Signal()  # the activation, what is suspended or shelved, the layers, who sits here

    def __init__(self, parts: Any) -> None:
        super().__init__()
        self.parts, self.board, self.clock = parts, parts.board, parts.clock
        self.desk, self.em_desk, self.detail = parts.desk, parts.em_desk, parts.detail
        self.jurisdiction, self.data_dir, self.family = parts.jurisdiction, parts.folder, parts.family
        self.zone, self.storm_mode_preview = parts.jurisdiction.zone, parts.storm_mode_preview
        self.may_act: Callable[[object], None] = lambda _work: None  # raises ActRefused
        self.on_act: Callable[[], None] = lambda: None
        self.take_channels: Callable[[Any], str] = lambda _channels: ""  # what else it needs, in a sentence
        parts.load()
        self.look_at_room(parts.room())
        self._nudged = asyncio.Event()
        self.nudge = self._nudged.set  # the feed moved: look now instead of within the second
        self._clock_timer = QTimer(self, interval=1000)
        self._clock_timer.timeout.connect(lambda: self.ticked.emit(self.clock.now()))

    def act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> asyncio.Task[T]:
        """An act on the store lane; done once the board has it. A refusal is said, and is its exception."""
        task = asyncio.ensure_future(self._act(work, *args, **kwargs))
        task.add_done_callback(self._say_refusal)
        return task

    async def read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self.parts.workers.store(work, *args, **kwargs)

    async def follow(self) -> None:
        """Take what any seat committed, for as long as the program runs."""
        self._clock_timer.start()
        while True:
            try:
                while await self.catch_up():
                    await asyncio.sleep(BREATH_S)
            except LandfallError as error:
                self.said.emit(str(error), True)
            await is_set_within(self._nudged, FOLLOW_S)
            self._nudged.clear()

    async def catch_up(self, first: Iterable[int] = ()) -> bool:
        """Bring the board's readers to what the store holds, the sites `first` at once; False when it was."""
        _, changes = await self.parts.follow.catch_up(self.changed.emit, first) or (None, None)
        if changes is None:
            return False
        if changes.others & ROOM:
            self.look_at_room(await self.read(self.parts.room))
        if changes.escalations:
            self.escalated.emit()
        return True

    def look_at_room(self, room: tuple[Any, Any]) -> None:
        self.activation, self.suspensions = room
        self.person, self.position = self.parts.actor.person, self.parts.actor.position
        self.shown = self.parts.shown()
        self.board.keep_to(self.activation.storm_mode, self.shown.promises)
        self.room_changed.emit()

    async def _act(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        self.may_act(work)
        result: T = await self.read(self.parts.acts.do, work, args, kwargs)
        await self.catch_up(first=sites_of(result))
        self.on_act()
        return result

    def _say_refusal(self, task: asyncio.Task[object]) -> None:
        if not task.cancelled() and (error := task.exception()):
            self.said.emit(str(error), True)
            log.log(logging.INFO if isinstance(error, LandfallError) else logging.ERROR, "%r", error)
