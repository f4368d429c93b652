"""One syncing process on a shared database: two would send each message twice."""

from __future__ import annotations

from contextlib import suppress

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from dispatch.errors import AlreadyRunning
from dispatch.store.store import Store

# Any number will do, as long as every version of the program takes the same.
NUMBER = 311_001
TAKEN = "Another seat is already syncing this database; its work is followed here."


class StoreLock:
    """Held by the database's own session: a seat that is killed or cut off lets go of it by itself."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._line: Connection | None = None

    def take(self) -> None:
        """Raises AlreadyRunning when another seat holds it."""
        line = self._store.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        is_ours = line.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": NUMBER}).scalar()
        if not is_ours:
            line.close()
            raise AlreadyRunning(TAKEN)
        self._line = line

    def let_go(self) -> None:
        if self._line is not None:
            # The server notices a closed line a moment later; the next seat need not wait for that.
            with suppress(DBAPIError):
                self._line.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": NUMBER})
            # Not back into the pool, where the lock would live on.
            self._line.invalidate()
            self._line.close()
            self._line = None
