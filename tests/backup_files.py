"""Backups as tests take them apart: what a store holds as lines, and a file packed anew."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from dispatch.store.backup.rows import parts, read
from dispatch.store.store import Store

Tables = dict[str, list[bytes]]
Say = Callable[..., tuple[int, Any, str]]
Held = dict[str, bytes]  # what a backup holds, by name


def everything(store: Store) -> Tables:
    with store.reading() as connection:
        return {part.name: [line for some in read(connection, part) for line in some] for part in parts()}


def rewrite(path: Path, change: Callable[[Held], None]) -> None:
    """The backup packed anew after `change` had its way with what it holds."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    change(held)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            archive.writestr(name, content)


def say_of(held: Held, change: Callable[[dict[str, Any]], None]) -> None:
    said = orjson.loads(held["manifest.json"])
    change(said)
    held["manifest.json"] = orjson.dumps(said)


def recount(held: Held, table: str, lines: bytes) -> None:
    held[f"tables/{table}.jsonl"] = lines
    told = {"rows": lines.count(b"\n"), "bytes": len(lines), "sha256": hashlib.sha256(lines).hexdigest()}
    say_of(held, lambda said: said["tables"][table].update(told))
