"""One console on a data folder, one syncing process on a store: held by the operating system, not by a file
that a crash leaves behind."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

from dispatch.errors import AlreadyRunning, StoreUnusable


def make_folder(folder: Path) -> None:
    """The folder, ready to be written. Raises StoreUnusable with the way out.

    A new one is for its own account only: what residents wrote stands in it.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _unusable(folder, error) from error


def _unusable(folder: Path, error: OSError) -> StoreUnusable:
    if isinstance(error, FileExistsError | NotADirectoryError):
        return StoreUnusable(f"{folder} is a file, not a folder: name another one.")
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return StoreUnusable(f"The disk of {folder} is full: make room, or name another folder.")
    why = (error.strerror or str(error)).lower()
    return StoreUnusable(f"{folder} cannot be written ({why}): allow it, or name another folder.")


class FolderLock:
    """An exclusive lock on a small file; a killed process lets go of it by itself."""

    def __init__(self, path: Path, sentence: str) -> None:
        self._path = path
        self._sentence = sentence
        self._file: int | None = None

    def take(self) -> None:
        """Raises AlreadyRunning with the sentence when another process holds it."""
        make_folder(self._path.parent)
        try:
            handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(self._path.parent, error) from error
        try:
            _lock(handle)
        except OSError as error:
            os.close(handle)
            raise AlreadyRunning(self._sentence) from error
        self._file = handle

    def let_go(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None


def seat_lock(folder: Path) -> FolderLock:
    """The console's: a second one on the same folder says so and ends."""
    return FolderLock(
        folder / "seat.lock",
        f"Another Landfall console already works with the data folder {folder}. "
        "Use that window, or start with another folder: --data DIR.",
    )


def sync_lock(folder: Path) -> FolderLock:
    """Whoever syncs or imports holds it; readers run beside it."""
    return FolderLock(folder / "sync.lock", f"Another process is already syncing the data in {folder}.")


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
