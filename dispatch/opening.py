"""A seat that stands on its column snapshot while its store is being opened.

It has the names that the parts of a seat have. Screens are put up and painted by it; what is asked of a desk
waits until the store is open, and is then done by the real one.
"""

from __future__ import annotations

import asyncio
import getpass
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from dispatch import column_snapshot
from dispatch.board import Board, Delta, StormModePreview
from dispatch.clock import Clock
from dispatch.errors import StoreUnusable
from dispatch.jurisdiction import Jurisdiction, load_jurisdiction
from dispatch.later import Later
from dispatch.periods import operational_period
from dispatch.records import Activation, Role, Suspension
from dispatch.settings import Settings
from dispatch.shown import Shown
from dispatch.store import plain
from dispatch.store.plain import Stamp
from dispatch.workers import Workers

log = logging.getLogger(__name__)

DATABASE = "seat.db"
SNAPSHOT = f"{DATABASE}-board"  # goes where the database goes
LAYERS = "layers"
DRAFTS = "drafts"
# A board that is further behind is not shown: it is quicker, and truer, to load it anew.
MAY_BE_BEHIND = 2_000
NOT_YET = "The store is still being opened: try again in a moment."
CLOSED = "The window was closed before the store was open."

Room = tuple[Activation, tuple[Suspension, ...]]


class Parts(Protocol):
    """What is asked here of the parts of a seat (`assembly.Parts`), which take their time to come."""

    follow: Any

    @property
    def actor(self) -> Any: ...
    def family(self, category: str) -> str: ...
    def shown(self) -> Shown: ...
    def room(self) -> Room: ...
    def close(self) -> None: ...


Build = Callable[[Board, Workers], Parts]


@dataclass(frozen=True, slots=True)
class Person:
    """Who sits there, before it is known in which activation."""

    person: str
    position: str
    role: Role | None = None  # known with the store


@dataclass(frozen=True, slots=True)
class Ahead:
    """A board that took a snapshot's columns, and what else the snapshot says."""

    city: str
    stamp: Stamp
    shown: Shown
    board: Board


class Opening:
    """`open` it once the window is painted, `close` it whatever came of that."""

    def __init__(
        self,
        *,
        folder: Path,
        settings: Settings,
        jurisdiction: Jurisdiction,
        clock: Clock,
        ahead: Ahead,
        room: Room,
        build: Build,
    ) -> None:
        self.folder, self.settings, self.jurisdiction, self.clock = folder, settings, jurisdiction, clock
        self._sitting = Person(settings.person or getpass.getuser(), settings.position)
        self.workers = Workers()
        self.workers.hold_store()
        self.board = ahead.board
        self._stamp, self._shown, self._room = ahead.stamp, ahead.shown, room
        self._handed_over = tuple(self.board.hand_overs)
        self._there: Future[Parts] = Future()
        self._is_begun = False
        self._build = build

    def __getattr__(self, name: str) -> Any:
        """Desks, detail and whatever else a seat has: a name for it until it is there."""
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self.parts, name) if self.parts else Later(self._wait, name)

    def _wait(self) -> Parts:
        """A lane waits; the window never does."""
        if threading.current_thread() is threading.main_thread() and not self._there.done():
            raise StoreUnusable(NOT_YET)
        return self._there.result()

    @property
    def parts(self) -> Parts | None:
        """The real ones, once they are there."""
        is_there = self._there.done() and self._there.exception() is None
        return self._there.result() if is_there else None

    @property
    def actor(self) -> Any:
        """Who sits here; with the store, who acts in its activation."""
        return self.parts.actor if self.parts else self._sitting

    @property
    def follow(self) -> Any:
        """To be asked for once the store is open."""
        return self._there.result(timeout=0).follow

    @property
    def layers_dir(self) -> Path:
        return self.folder / LAYERS

    def load(self) -> None:
        """The board stands already."""

    def shown(self) -> Shown:
        return self.parts.shown() if self.parts else self._shown

    def room(self) -> Room:
        return self.parts.room() if self.parts else self._room

    def family(self, category: str) -> str:
        return self.parts.family(category) if self.parts else self._shown.family(category)

    def storm_mode_preview(self) -> StormModePreview:
        return self.board.storm_mode_preview(self.shown().hidden)

    async def open(self) -> tuple[Delta, Room]:
        """Open the store, on its lane, and bring the board to it: what the board had missed, and the room as
        it is. What waits for the lane goes on then; where the store could not be opened each of it fails with
        the same LandfallError as this."""
        self._is_begun = True
        try:
            missed, room = await asyncio.wrap_future(self.workers.store_future(self._open))
            return self.follow.take(missed), room
        finally:
            self.workers.let_store()

    def _open(self) -> tuple[Any, Room]:
        try:
            parts = self._build(self.board, self.workers)
        except BaseException as error:
            self._there.set_exception(error)
            raise
        self._there.set_result(parts)
        room = parts.room()
        # The clocks of what was handed over depend on the time, not only on what was committed.
        return parts.follow.resume(self._stamp.n, also=self._handed_over), room

    def close(self) -> None:
        """Finish what the store lane was given, also when that is the opening itself."""
        if self._is_begun:
            self.workers.close()
            if self.parts:
                self.parts.close()
            return
        # Who waits in the network lane is not to wait for ever.
        self._there.set_exception(StoreUnusable(CLOSED))
        self.workers.close()


def read_ahead(folder: Path) -> Future[Ahead | None]:
    """Begin to read a seat's snapshot into a board: the other core has time while the screens are read."""
    reader = ThreadPoolExecutor(1)
    ahead = reader.submit(_read, folder / SNAPSHOT)
    reader.shutdown(wait=False)
    return ahead


def standing(
    folder: Path,
    settings: Settings,
    clock: Clock,
    *,
    storm: str,
    build: Build,
    read: Future[Ahead | None],
) -> Opening | None:
    """The seat as its snapshot has it (`read_ahead`), where that is what a load would give; None where it has
    to be loaded. `build` gives its parts, over the board and with the lanes that it is given.

    Nothing is said to anybody but the log: a snapshot is a convenience, and the store is what counts.
    """
    path = folder / SNAPSHOT
    if settings.store_url or not path.exists():
        return None
    try:
        ahead = read.result() if (folder / DATABASE).exists() else None
        if ahead is not None:
            return _stand(folder, settings, clock, storm, ahead, build)
    except (sqlite3.Error, OSError, LookupError, ValueError, TypeError) as error:
        log.info("the column snapshot is passed over: %s", error)
    # The next orderly end leaves another one.
    with suppress(OSError):
        path.unlink()
    return None


def _read(path: Path) -> Ahead | None:
    snapshot = column_snapshot.read(path)
    if snapshot is None:
        return None
    board = Board(promise_ms=snapshot.shown.promises)
    board.take(snapshot.columns)
    return Ahead(snapshot.city, snapshot.stamp, snapshot.shown, board)


def _stand(
    folder: Path, settings: Settings, clock: Clock, storm: str, ahead: Ahead, build: Build
) -> Opening | None:
    if ahead.city != settings.city:
        raise LookupError("it is of another city")
    with plain.looking(folder / DATABASE) as connection:
        behind = plain.changed_since(connection, ahead.stamp, at_most=MAY_BE_BEHIND)
        found = plain.activation(connection)
        suspensions = plain.suspensions(connection, found.activation_id)
    if behind is None:
        raise LookupError("the store has not gone on from where it was written, or is far ahead")
    if found.name != storm:
        raise LookupError("it is of another activation")
    jurisdiction = load_jurisdiction(settings.city)
    period = operational_period(found.started_at, clock.now(), jurisdiction.zone)
    activation = Activation(
        found.activation_id, found.name, found.is_exercise, found.started_at, found.storm_mode, *period
    )
    return Opening(
        folder=folder,
        settings=settings,
        jurisdiction=jurisdiction,
        clock=clock,
        ahead=ahead,
        room=(activation, suspensions),
        build=build,
    )
