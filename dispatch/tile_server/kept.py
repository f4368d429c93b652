"""The tiles of one server that are kept in the seat's folder, with the time of each and a limit on all.

One process fetches and writes here; another draws the base map and only reads (`KeptPictures`).
"""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dispatch.geo.raster.about import About
from dispatch.geo.web_tiles import WebTile, coarser
from dispatch.records import Millis
from dispatch.tile_server.orders import MOST_BYTES

# How much of the limit is left after making room, so that it is not made for each tile.
ROOM = 0.9
BUSY_S = 5.0
_TABLES = """
CREATE TABLE IF NOT EXISTS tile (
    zoom INTEGER NOT NULL, across INTEGER NOT NULL, down INTEGER NOT NULL,
    picture BLOB NOT NULL, digest TEXT NOT NULL, etag TEXT NOT NULL, modified TEXT NOT NULL,
    checked_at INTEGER NOT NULL, fresh_until INTEGER NOT NULL, used_at INTEGER NOT NULL,
    is_passing INTEGER NOT NULL,
    PRIMARY KEY (zoom, across, down)
);
CREATE INDEX IF NOT EXISTS tile_digest ON tile (digest);
CREATE INDEX IF NOT EXISTS tile_used ON tile (used_at);
CREATE TABLE IF NOT EXISTS no_map (digest TEXT PRIMARY KEY);
"""
_HERE = "zoom = ? AND across = ? AND down = ?"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is known of a kept tile; `checked_at` is when the server last gave or confirmed it."""

    digest: str
    etag: str
    modified: str
    checked_at: Millis
    fresh_until: Millis
    is_passing: bool = False


def file_of(folder: Path, template: str) -> Path:
    """Where the tiles of an address are kept: another server has another file."""
    return folder / f"{hashlib.blake2b(template.encode(), digest_size=6).hexdigest()}.tiles"


class KeptTiles:
    """For the process that fetches; from any of its threads. A damaged file is begun anew: it is a copy."""

    def __init__(self, path: Path, *, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        path.parent.mkdir(parents=True, exist_ok=True)
        for other in path.parent.glob("*.tiles*"):
            if not other.name.startswith(path.name):
                other.unlink(missing_ok=True)
        try:
            self._file = self._open(path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            for part in path.parent.glob(f"{path.name}*"):
                part.unlink(missing_ok=True)
            self._file = self._open(path)
        [(size,)] = self._file.execute("SELECT coalesce(sum(length(picture)), 0) FROM tile")
        self._bytes = int(size)

    def about(self, tiles: Iterable[WebTile]) -> dict[WebTile, Kept]:
        """Those of the tiles that are kept."""
        found = {}
        with self._lock:
            for tile in tiles:
                sql = "SELECT digest, etag, modified, checked_at, fresh_until, is_passing FROM tile WHERE "
                for row in self._file.execute(sql + _HERE, tile):
                    found[tile] = Kept(*row)
        return found

    def checked_at(self, tile: WebTile, most_coarser: int) -> Millis | None:
        """The time of what stands in a tile's place: its own picture, or the nearest coarser one's."""
        with self._lock:
            for steps in range(min(most_coarser, tile[0]) + 1):
                sql = "SELECT checked_at FROM tile WHERE "
                for (checked_at,) in self._file.execute(sql + _HERE, coarser(tile, steps)):
                    return int(checked_at)
        return None

    def keep(self, tile: WebTile, picture: bytes, about: Kept) -> None:
        with self._lock, self._file:
            self._bytes -= self._size(tile)
            self._file.execute(
                "INSERT OR REPLACE INTO tile VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    *tile,
                    picture,
                    about.digest,
                    about.etag,
                    about.modified,
                    about.checked_at,
                    about.fresh_until,
                    about.checked_at,
                    about.is_passing,
                ),
            )
            self._bytes += len(picture)
            if self._bytes > self._most_bytes:
                self._make_room()

    def confirm(self, tile: WebTile, checked_at: Millis, fresh_until: Millis) -> None:
        """The server says that the picture is still the right one."""
        with self._lock, self._file:
            sql = "UPDATE tile SET checked_at = ?, fresh_until = ? WHERE "
            self._file.execute(sql + _HERE, (checked_at, fresh_until, *tile))

    def use(self, tiles: Sequence[WebTile], now: Millis) -> None:
        """They are looked at: others make room before they do."""
        with self._lock, self._file:
            self._file.executemany(f"UPDATE tile SET used_at = ? WHERE {_HERE}", [(now, *t) for t in tiles])

    def others_with(self, digest: str, tile: WebTile) -> list[WebTile]:
        """Other places for which the very same picture came."""
        sql = f"SELECT zoom, across, down FROM tile WHERE digest = ? AND NOT ({_HERE})"
        with self._lock:
            return [(row[0], row[1], row[2]) for row in self._file.execute(sql, (digest, *tile))]

    def is_no_map(self, digest: str) -> bool:
        with self._lock:
            sql = "SELECT 1 FROM no_map WHERE digest = ?"
            return self._file.execute(sql, (digest,)).fetchone() is not None

    def drop(self, digest: str) -> None:
        """This picture shows no place: it goes, and is known when it comes again."""
        with self._lock, self._file:
            self._file.execute("INSERT OR IGNORE INTO no_map VALUES (?)", (digest,))
            self._file.execute("DELETE FROM tile WHERE digest = ?", (digest,))
            self._bytes = self._sum()

    def close(self) -> None:
        with self._lock, suppress(sqlite3.Error):
            self._file.close()

    def _open(self, path: Path) -> sqlite3.Connection:
        file = sqlite3.connect(path, timeout=BUSY_S, check_same_thread=False)
        try:
            # A tile lost with the power is fetched again.
            file.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;" + _TABLES)
            with file:
                # What the server does not allow to be kept was kept for the last use only.
                file.execute("DELETE FROM tile WHERE is_passing")
        except sqlite3.Error:
            file.close()
            raise
        return file

    def _size(self, tile: WebTile) -> int:
        row = self._file.execute(f"SELECT length(picture) FROM tile WHERE {_HERE}", tile).fetchone()
        return int(row[0]) if row else 0

    def _sum(self) -> int:
        row = self._file.execute("SELECT coalesce(sum(length(picture)), 0) FROM tile").fetchone()
        return int(row[0])

    def _make_room(self) -> None:
        sql = "SELECT rowid, length(picture) FROM tile ORDER BY used_at, checked_at"
        going = []
        for rowid, size in self._file.execute(sql):
            if self._bytes <= self._most_bytes * ROOM:
                break
            going.append((rowid,))
            self._bytes -= size
        self._file.executemany("DELETE FROM tile WHERE rowid = ?", going)


class KeptPictures:
    """The kept tiles as a raster file for the process that draws; what cannot be read is not there."""

    def __init__(self, path: Path, *, most_zoom: int) -> None:
        self.about = About(path.name, "", 0, most_zoom, "")
        self._path = path
        self._file: sqlite3.Connection | None = None

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        try:
            if self._file is None:
                self._file = sqlite3.connect(
                    f"{self._path.resolve().as_uri()}?mode=ro", uri=True, timeout=1.0
                )
            sql = f"SELECT picture FROM tile WHERE {_HERE}"
            found = self._file.execute(sql, (zoom, column, row)).fetchone()
        except sqlite3.Error:
            # Not made yet, or begun anew: opened again for the next tile.
            self.close()
            return None
        return bytes(found[0]) if found else None

    def close(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.close()
