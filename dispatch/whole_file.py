"""Files that a person asked for: whole or not there, and a sentence when they cannot be written."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from dispatch.errors import FileNotWritten


def write_whole(path: Path, content: bytes) -> None:
    """Put the file there by rename, on the disk before it has its name; raises FileNotWritten."""
    with writing_whole(path) as file:
        file.write(content)


def write_into(folder: Path, name: str, content: bytes) -> Path:
    """The same in a folder that is made where it is not there; where the file lies."""
    make_folder(folder)
    write_whole(folder / name, content)
    return folder / name


def make_folder(folder: Path) -> None:
    """With those above it, where they are not there; raises FileNotWritten."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or "unknown"
        raise FileNotWritten(f"{folder} cannot be made: {why}. Choose another folder.") from error


@contextmanager
def writing_whole(path: Path, *, mode: int = 0o666) -> Iterator[BinaryIO]:
    """The same for what does not fit into memory: it has its name when the block ends well. `mode` is who may
    read it, before the umask."""
    part = path.with_name(f".{path.name}.part")
    _remove(part)  # left by somebody who was killed, it would keep who may read it
    try:
        with open(part, "wb", opener=lambda name, flags: os.open(name, flags, mode)) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        _remove(part)
        raise FileNotWritten(_sentence(path, error)) from error
    except BaseException:
        _remove(part)
        raise


def _remove(part: Path) -> None:
    with suppress(OSError):
        part.unlink()


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{path.name} was not saved: the disk is full. Make room or choose another folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path.name} was not saved: {path.parent} may not be written. Choose another folder."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{path.name} was not saved: the folder {path.parent} is not there. Choose another one."
    reason = error.strerror or type(error).__name__
    return f"{path.name} was not saved: {reason}. Choose another name or folder."
