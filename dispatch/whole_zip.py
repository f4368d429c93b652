"""A zip that a person asked for: whole or not there, the same bytes for the same content, and no name in it
that could lead out of the folder it is unpacked into."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from dispatch.whole_file import make_folder, writing_whole

# Letters that every system writes alike, no empty, hidden or rising part.
_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._-]{0,99})?")
# Windows opens a device instead of a file of this name, whatever stands behind the dot.
_DEVICE = re.compile(r"(?i)(?:^|/)(con|prn|aux|nul|com\d|lpt\d)(?:\.|/|$)")
_READABLE = 0o100644 << 16
# What the format can say of a time (PKWARE's APPNOTE, 4.4.6).
_FIRST_YEAR, _LAST_YEAR = 1980, 2107
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Zipped:
    name: str
    sha256: str
    bytes: int


class WholeZip:
    """Takes files in the order they shall stand in; `files` are those it has."""

    def __init__(self, zipped: ZipFile, at: datetime) -> None:
        self._zipped = zipped
        self._at = at
        self.files: list[Zipped] = []
        self._names: set[str] = set()  # as a system sees them that knows no capitals

    def add_file(self, name: str, path: Path, *, is_packed: bool = True) -> Zipped:
        """A piece at a time, however large it is; raises ValueError for a name that no file may have.
        `is_packed`: whether it gets smaller by packing; photos do not."""
        with path.open("rb") as source:
            return self._add(name, source, path.stat().st_size, is_packed=is_packed)

    def add(self, name: str, content: bytes, *, is_packed: bool = True) -> Zipped:
        """The same of what is at hand."""
        return self._add(name, BytesIO(content), len(content), is_packed=is_packed)

    def _add(self, name: str, source: BinaryIO, size: int, *, is_packed: bool) -> Zipped:
        if not is_safe(name) or name.casefold() in self._names:
            raise ValueError(f"{name!r} is no name for a file in a zip.")
        self._names.add(name.casefold())
        year = min(max(self._at.year, _FIRST_YEAR), _LAST_YEAR)
        info = ZipInfo(name, (year, *self._at.timetuple()[1:5], self._at.second // 2 * 2))
        info.compress_type = ZIP_DEFLATED if is_packed else ZIP_STORED
        info.create_system, info.external_attr = 3, _READABLE
        info.file_size = size
        proof = hashlib.sha256()
        with self._zipped.open(info, "w") as target:
            while piece := source.read(_PIECE):
                proof.update(piece)
                target.write(piece)
        added = Zipped(name, proof.hexdigest(), size)
        self.files.append(added)
        return added


def named(path: Path, mark: str) -> Path:
    """With the ending of a zip, and `mark` before its name (S18)."""
    name = path.name if path.suffix.lower() == ".zip" else f"{path.name}.zip"
    return path.with_name(name if name.startswith(mark) else f"{mark}{name}")


@contextmanager
def writing_zip(path: Path, at: datetime) -> Iterator[WholeZip]:
    """`at` is the time that stands at every file in it, as a clock on the wall shows it. Raises
    FileNotWritten."""
    make_folder(path.parent)
    with writing_whole(path) as file, ZipFile(file, "w") as zipped:
        yield WholeZip(zipped, at)


def is_safe(name: str) -> bool:
    return _NAME.fullmatch(name) is not None and not _DEVICE.search(name) and ".." not in name
