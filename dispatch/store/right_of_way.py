"""Acts go before pages, whichever process writes them: on SQLite nobody else sees to that.

SQLite lets one write at a time and makes the others look again and again; the syncing, which writes page
after page, would nearly always be first, and an operator's act would wait a second for its turn. So an act
says that it is there, and the mirror waits before its next page while one does. It is a courtesy: that
nothing is written twice at once is the database's own affair.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

LOOK_S = 0.002
# An operator does not act all the time; whoever seems to is a process that hangs.
MOST_S = 1.0


class RightOfWay:
    """A lock on a small file beside the database: acts share it, the mirror looks whether it is free. Without
    a path there is nobody to give way to."""

    def __init__(self, path: Path | None) -> None:
        self._file: int | None = None
        if path is not None:
            with suppress(OSError):  # a folder that cannot be written: the database will say so itself
                self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        self._guard = threading.Lock()
        self._acts = 0

    @contextmanager
    def act(self) -> Iterator[None]:
        with self._guard:
            self._acts += 1
            if self._acts == 1:
                self._say_so()
        try:
            yield
        finally:
            with self._guard:
                self._acts -= 1
                if not self._acts and self._file is not None:
                    _let_go(self._file)

    def wait_for_acts(self) -> None:
        """Until no act is under way, in this process or another."""
        ends = time.monotonic() + MOST_S
        while not self._is_free() and time.monotonic() < ends:
            time.sleep(LOOK_S)

    def close(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _say_so(self) -> None:
        """The mirror holds the file only for the moment of looking."""
        for _ in range(5):
            if self._file is None or _share(self._file):
                return
            time.sleep(LOOK_S / 4)

    def _is_free(self) -> bool:
        with self._guard:
            if self._acts or self._file is None:
                return not self._acts
            is_free = _take(self._file)
            if is_free:
                _let_go(self._file)
            return is_free


if sys.platform == "win32":
    # Its locks cannot be shared, and the mirror's pages are short: acts wait for their turn there.
    def _share(_handle: int) -> bool:
        return True

    def _take(_handle: int) -> bool:
        return True

    def _let_go(_handle: int) -> None:
        return None

else:
    import fcntl

    def _share(handle: int) -> bool:
        return _try(handle, fcntl.LOCK_SH)

    def _take(handle: int) -> bool:
        return _try(handle, fcntl.LOCK_EX)

    def _let_go(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)

    def _try(handle: int, how: int) -> bool:
        try:
            fcntl.flock(handle, how | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:
            pass  # a file system without such locks: nobody can be told, so nobody waits
        return True
