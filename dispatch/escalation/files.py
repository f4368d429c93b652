"""Files that are whole or not there, also after a power cut, and failures of a disk in sentences."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from dispatch.errors import ChannelFailed
from dispatch.forms.common import EXERCISE
from dispatch.records import Escalation

# Some network file systems refuse to sync a folder; the file itself is on their disk by then.
_CANNOT_SYNC_FOLDERS = (errno.EINVAL, errno.ENOTSUP, errno.EBADF)


def stem(escalation: Escalation) -> str:
    """EOC-0041_<id>, EXERCISE_ before it in an exercise: one name for ever, whatever the state (S18)."""
    parts = [EXERCISE] if escalation.is_exercise else []
    parts += [re.sub(r"[^A-Za-z0-9-]+", "-", part) for part in (escalation.number, escalation.escalation_id)]
    return "_".join(part for part in parts if part.strip("-"))


def place(folder: Path, name: str, content: bytes) -> Path:
    """Put the file there by rename. One that says the same already stays untouched, so that no watcher
    takes it twice."""
    path = folder / name
    with in_sentences(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if _says(path, content):
            return path
        # One fixed name: what a crash leaves of it the next try writes over.
        part = folder / f".{name}.part"
        try:
            _write_through(part, content)
            os.replace(part, path)
        except OSError:
            with suppress(OSError):
                part.unlink()
            raise
        _sync_folder(folder)
    return path


def _says(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False


def _write_through(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return  # a folder cannot be opened there; the rename is journaled
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _CANNOT_SYNC_FOLDERS:
            raise
    finally:
        os.close(handle)


@contextmanager
def in_sentences(folder: Path) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError) as error:
        raise ChannelFailed(
            f"{folder} is a file, not a folder: choose another one in the settings."
        ) from error
    except OSError as error:
        raise ChannelFailed(_sentence(folder, error)) from error


def _sentence(folder: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"The disk of {folder} is full: make room, then it is tried again."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{folder} may not be written: let this account write there or choose another folder."
    return f"{folder} cannot be written: {error.strerror or error}."
