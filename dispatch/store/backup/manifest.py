"""What a backup says of itself: made by which form of the tables, when, and what each table comes to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import orjson

from dispatch.errors import BackupRefused
from dispatch.records import Millis
from dispatch.store.backup.rows import Count
from dispatch.store.log import Proof

FORMAT = "landfall backup"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """One table: its columns in the order of its lines, and what the lines come to."""

    columns: tuple[str, ...]
    count: Count


@dataclass(frozen=True, slots=True)
class Manifest:
    """`revision` is the form of the tables, `kind` the database it was taken from, `log` how the activity log
    stood: restored, it must stand the same, whole or not."""

    revision: str
    made_at: Millis
    kind: str
    log: Proof
    tables: Mapping[str, Listed]

    @property
    def rows(self) -> int:
        return sum(listed.count.rows for listed in self.tables.values())

    @property
    def bytes(self) -> int:
        return sum(listed.count.bytes for listed in self.tables.values())


def write(manifest: Manifest) -> bytes:
    said = {
        "format": FORMAT,
        "version": VERSION,
        "revision": manifest.revision,
        "made_at": manifest.made_at,
        "kind": manifest.kind,
        "log": asdict(manifest.log),
        "tables": {
            name: {"columns": list(listed.columns), **asdict(listed.count)}
            for name, listed in manifest.tables.items()
        },
    }
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def read(content: bytes) -> Manifest:
    """Raises BackupRefused for anything that was not written by `write`."""
    try:
        said = orjson.loads(content)
        if said["format"] != FORMAT or type(said["version"]) is not int:
            raise ValueError
        if said["version"] > VERSION:
            raise BackupRefused("it was made by a newer version of Landfall. Restore it with that version")
        log = said["log"]
        first_broken = log["first_broken"]
        return Manifest(
            revision=_word(said["revision"]),
            made_at=_number(said["made_at"]),
            kind=_word(said["kind"]),
            log=Proof(
                _number(log["entries"]),
                None if first_broken is None else _number(first_broken),
                _word(log["head"]),
            ),
            tables={_word(name): _listed(table) for name, table in said["tables"].items()},
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise BackupRefused("its list of contents cannot be read") from error


def _listed(said: Any) -> Listed:
    columns = tuple(_word(name) for name in said["columns"])
    return Listed(columns, Count(_number(said["rows"]), _number(said["bytes"]), _word(said["sha256"])))


def _word(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise TypeError
    return value
