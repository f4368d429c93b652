"""The board's columns as a file beside a seat's database: what the first paint of a console stands on.

Plain arrays and words behind a header of JSON; nothing in it is ever run. It holds what the columns hold and
no more, is for the seat's account alone, and counts for nothing where a byte of it is not as it was written.

    LANDFALL BOARD | size of the header | its CRC | the header | the parts, one after the other
"""

from __future__ import annotations

import json
import logging
import os
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch import __version__
from dispatch.columns import KINDS, Columns, Names
from dispatch.packed_words import PackedWords, pack
from dispatch.records import SiteRow
from dispatch.shown import Shown
from dispatch.store.plain import Stamp

log = logging.getLogger(__name__)

# Raise it when a column comes to mean something else; which columns there are is told by the header anyway.
FORMAT = 1
MAGIC = b"LANDFALL BOARD\n\0"
HEAD = struct.Struct("<16sII")
NAMES = ("category", "hood", "why")
WORDS = ("what", "where", "state_reason")
MADE_BY = [FORMAT, __version__, *sorted(f"{name} {np.dtype(kind).str}" for name, kind in KINDS.items())]

Array = npt.NDArray[Any]


@dataclass(frozen=True, slots=True)
class ColumnSnapshot:
    """All columns of a city's board, and where its store stood then."""

    city: str
    stamp: Stamp
    shown: Shown
    columns: Columns


def write(path: Path, snapshot: ColumnSnapshot) -> None:
    """Put it there by rename, readable by this account alone. Raises OSError; the old one then stays."""
    said, parts = snapshot.columns, list(_parts(snapshot.columns))
    header = json.dumps(
        {
            "made_by": MADE_BY,
            "city": snapshot.city,
            "stamp": asdict(snapshot.stamp),
            "shown": asdict(snapshot.shown) | {"hidden": sorted(snapshot.shown.hidden)},
            "known": {name: getattr(said, name).known for name in NAMES},
            "marked": said.marked,
            "parts": [[name, len(body), zlib.crc32(body)] for name, body in parts],
        }
    ).encode()
    head = HEAD.pack(MAGIC, len(header), zlib.crc32(header))
    part = path.with_name(f"{path.name}.part")
    try:
        with suppress(FileNotFoundError):
            part.unlink()
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(handle, "wb") as file:
            file.writelines((head, header, *(body for _, body in parts)))
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def read(path: Path) -> ColumnSnapshot | None:
    """None where there is none, or where it is damaged or of another program: a line in the log says why."""
    try:
        with path.open("rb") as file:
            header = _header(file.read(HEAD.size), file)
            if header["made_by"] != MADE_BY:
                raise ValueError("another version has written it")
            return _snapshot(header, dict(_read_parts(header["parts"], file)))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        log.info("the column snapshot is passed over: %s", error)
        return None


def stamp_of(path: Path) -> Stamp | None:
    """Only where the store stood when it was written; None as `read`."""
    try:
        with path.open("rb") as file:
            header = _header(file.read(HEAD.size), file)
            return Stamp(**header["stamp"]) if header["made_by"] == MADE_BY else None
    except (OSError, ValueError, LookupError, TypeError):
        return None


# -- inside -----------------------------------------------------------------------------------------------


def _parts(said: Columns) -> Iterator[tuple[str, bytes]]:
    for name, kind in KINDS.items():
        yield name, np.ascontiguousarray(said.plain[name], kind).tobytes()
    for name in NAMES:
        yield name, getattr(said, name).codes.tobytes()
    for name in WORDS:
        packed, ends = pack(getattr(said, name))
        yield name, packed
        yield f"{name} ends", ends.tobytes()
    yield "is_back", said.is_back.tobytes()
    yield "report_keys", said.report_keys.tobytes()
    yield "report_at", said.report_at.tobytes()
    yield "report_sites", said.report_sites.tobytes()


def _header(head: bytes, file: Any) -> dict[str, Any]:
    try:
        magic, size, crc = HEAD.unpack(head)
    except struct.error as error:
        raise ValueError("its head is cut off") from error
    if magic != MAGIC:
        raise ValueError("it is no column snapshot")
    header: bytes = file.read(size)
    if len(header) != size or zlib.crc32(header) != crc:
        raise ValueError("its header is damaged")
    found: dict[str, Any] = json.loads(header)
    return found


def _read_parts(told: list[list[Any]], file: Any) -> Iterator[tuple[str, bytes]]:
    for name, size, crc in told:
        body: bytes = file.read(size)
        if len(body) != size or zlib.crc32(body) != crc:
            raise ValueError(f"its part {name} is damaged")
        yield name, body


def _snapshot(header: Mapping[str, Any], parts: Mapping[str, bytes]) -> ColumnSnapshot:
    plain: dict[str, Array] = {name: np.frombuffer(parts[name], kind) for name, kind in KINDS.items()}
    site_ids = plain["site_id"]
    count = len(site_ids)
    names: dict[str, Any] = {
        name: Names(tuple(header["known"][name]), np.frombuffer(parts[name], np.int32)) for name in NAMES
    }
    words: dict[str, Any] = {
        name: PackedWords(parts[name], np.frombuffer(parts[f"{name} ends"], np.int64)) for name in WORDS
    }
    keys, sites = (np.frombuffer(parts[name], np.int64) for name in ("report_keys", "report_sites"))
    columns = Columns(
        site_ids=site_ids,
        plain=plain,
        **names,
        **words,
        marked=tuple(SiteRow(*row) for row in header["marked"]),
        is_back=np.frombuffer(parts["is_back"], np.bool_),
        report_keys=keys,
        report_at=np.frombuffer(parts["report_at"], np.int64),
        report_sites=sites,
    )
    lengths = {len(each) for each in (*plain.values(), *(n.codes for n in names.values()), *words.values())}
    if lengths | {len(columns.is_back)} != {count} or not len(keys) == len(sites) == len(columns.report_at):
        raise ValueError("its columns differ in length")
    shown = header["shown"]
    return ColumnSnapshot(
        city=header["city"],
        stamp=Stamp(**header["stamp"]),
        shown=Shown(**shown | {"hidden": frozenset(shown["hidden"])}),
        columns=columns,
    )
