"""One syncing process on a shared database: two would send each message twice.

Three things hold it. The database's advisory lock goes with the session of a process that is killed. A beat
each second, by the database's clock, tells of a process that hangs or is cut off while its session still
stands: another one may take over then. And whoever took over last stands in the `syncing` row, which each
write of a syncing process looks at in its own transaction (`Store.fence`): the one before writes no more,
however late it wakes.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from uuid import uuid4

import orjson
from sqlalchemy import BigInteger, Connection, literal_column, select, text, update
from sqlalchemy.exc import DBAPIError

from dispatch.errors import AlreadyRunning, StoreUnreachable
from dispatch.store.schema import feed, syncing
from dispatch.store.store import Store, failure, left_idle

log = logging.getLogger(__name__)

# Any number will do, as long as every version of the program takes the same.
NUMBER = 311_001
TAKEN = "Another seat is already syncing this database; its work is followed here."
LOST = "The room's database does not answer, or another seat syncs now: nothing is sent from here meanwhile."
BEAT_S = 0.8
# Without a beat for so long another one may take over; half a second before that we stop ourselves.
SILENT_MS = 3_200
STOP_S = 2.7
WINDOW_S = 61.0
_NOW = literal_column("(extract(epoch FROM clock_timestamp()) * 1000)::bigint", BigInteger)


def _no_calls() -> Sequence[float]:
    return ()


class StoreLock:
    """`seat` is told to the others. `calls` gives the ages in seconds of our calls of the last minute:
    whoever takes over counts them as its own (`inherited`), so that the server's limit is kept through it."""

    def __init__(self, store: Store, seat: str = "") -> None:
        self._store = store
        self._seat = seat
        self._line: Connection | None = None
        self._holder = ""
        self._ends = threading.Event()
        self._beaten_at = 0.0
        self._is_taken_over = False
        self.calls: Callable[[], Sequence[float]] = _no_calls
        self.inherited: tuple[float, ...] = ()

    def take(self) -> None:
        """Raises AlreadyRunning when another one syncs, StoreUnusable when the database cannot be asked."""
        try:
            line = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        except DBAPIError as error:
            raise failure(error, self._store.engine) from error
        try:
            asked = text("SELECT pg_try_advisory_lock(:number)")
            is_free = bool(line.execute(asked, {"number": NUMBER}).scalar())
            holder = self._take_over(is_free)
        except DBAPIError as error:
            line.close()
            raise failure(error, self._store.engine) from error
        if not holder:
            line.close()
            raise AlreadyRunning(TAKEN)
        self._line, self._holder = line, holder
        self._beaten_at, self._is_taken_over = time.monotonic(), False
        self._store.fence = holder
        self._ends = threading.Event()
        threading.Thread(target=self._beat, args=(self._ends,), name="sync-beat", daemon=True).start()

    @property
    def is_ours(self) -> bool:
        """Whether nobody else can have taken over yet; by a clock that goes on in a process that was
        stopped."""
        return not self._is_taken_over and time.monotonic() - self._beaten_at < STOP_S

    def must_be_ours(self) -> None:
        """Before anything leaves for a server or a channel, and now and then. Raises StoreUnreachable."""
        if not self.is_ours:
            raise StoreUnreachable(LOST)

    def let_go(self) -> None:
        self._ends.set()
        if self._line is not None:
            # The server notices a closed line a moment later; the next seat need not wait for that.
            with suppress(DBAPIError):
                self._line.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": NUMBER})
            with suppress(DBAPIError), self._store.engine.begin() as connection:
                ours = update(syncing).where(syncing.c.holder == self._holder)
                connection.execute(ours.values(beat_at=0, calls=orjson.dumps([*self.calls()]).decode()))
            # Not back into the pool, where the lock would live on.
            self._line.invalidate()
            self._line.close()
            self._line = None

    def _take_over(self, is_free: bool) -> str:
        """Our name in the row, or nothing where another one is alive. The feed's lock orders it with every
        write: what the one before has begun is finished, what it begins now is refused."""
        with self._store.engine.begin() as connection:
            connection.execute(select(feed.c.n, left_idle()).with_for_update())
            row = connection.execute(select(syncing, _NOW.label("now"))).one()
            silent_ms = row.now - row.beat_at
            if not is_free and silent_ms < SILENT_MS:
                return ""
            holder = str(uuid4())
            connection.execute(update(syncing).values(holder=holder, seat=self._seat, beat_at=_NOW))
            if row.calls:
                since_s = max(0.0, silent_ms / 1000) if row.beat_at else 0.0
                ages = (age + since_s for age in orjson.loads(row.calls))
                self.inherited = tuple(age for age in ages if age < WINDOW_S)
            return holder

    def _beat(self, ends: threading.Event) -> None:
        """On a thread of its own: the loop may be busy with a page."""
        while not ends.wait(BEAT_S):
            began_at = time.monotonic()
            try:
                said = orjson.dumps([round(age, 1) for age in self.calls()]).decode()
                # At once: cut off between a word and its commit, it would hold the row that others ask.
                at_once = self._store.engine.execution_options(isolation_level="AUTOCOMMIT")
                with at_once.connect() as connection:
                    ours = update(syncing).where(syncing.c.holder == self._holder)
                    is_there = connection.execute(ours.values(beat_at=_NOW, calls=said)).rowcount
            except DBAPIError as error:
                log.info("the syncing's beat was not heard: %s", type(error.orig).__name__)
                continue
            if not is_there:
                self._is_taken_over = True
                return
            self._beaten_at = began_at
