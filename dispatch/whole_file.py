"""Files that a person asked for: whole or not there, and a sentence when they cannot be written."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from dispatch.errors import FileNotWritten


def write_whole(path: Path, content: bytes) -> None:
    """Put the file there by rename, on the disk before it has its name; raises FileNotWritten."""
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        raise FileNotWritten(_sentence(path, error)) from error


def _sentence(path: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"{path.name} was not saved: the disk is full. Make room or choose another folder."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"{path.name} was not saved: {path.parent} may not be written. Choose another folder."
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return f"{path.name} was not saved: the folder {path.parent} is not there. Choose another one."
    reason = error.strerror or type(error).__name__
    return f"{path.name} was not saved: {reason}. Choose another name or folder."
