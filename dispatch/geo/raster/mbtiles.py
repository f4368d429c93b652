"""MBTiles 1.3: a SQLite file with `metadata` and `tiles`, rows counted from the south."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

from dispatch.errors import MapFileBroken
from dispatch.geo.raster.about import MOST_BYTES, About, kind_of, plain, zooms

SQLITE = b"SQLite format 3\x00"
# `tiles` may be a view of any depth: no question may take longer.
LONGEST_S = 3.0
STEPS = 10_000
_TILE = (
    "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?"
    " AND length(tile_data) <= ? LIMIT 1"
)


class MbTiles:
    def __init__(self, path: Path) -> None:
        self._name = path.name
        self._ends_at = 0.0
        try:
            address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
            self._file = sqlite3.connect(address, uri=True)
            self._file.execute("PRAGMA trusted_schema = OFF")
            self._file.set_progress_handler(self._is_late, STEPS)
            self.about = self._read_about()
        except sqlite3.Error as error:
            raise self._broken(error) from error

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        south_up = (1 << zoom) - 1 - row
        try:
            found = self._ask(_TILE, (zoom, column, south_up, MOST_BYTES))
        except sqlite3.Error as error:
            raise self._broken(error) from error
        return bytes(found[0][0]) if found and isinstance(found[0][0], bytes) else None

    def close(self) -> None:
        self._file.close()

    def _read_about(self) -> About:
        said = {str(name): value for name, value in self._ask("SELECT name, value FROM metadata LIMIT 200")}
        least, most = said.get("minzoom"), said.get("maxzoom")
        if least is None or most is None:  # early files leave them out
            [(least, most)] = self._ask("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        low, high = zooms(self._name, least, most)
        first = self._ask("SELECT substr(tile_data, 1, 16) FROM tiles LIMIT 1")
        if not first or not isinstance(first[0][0], bytes):
            raise MapFileBroken(f"{self._name} holds no tiles. Export it again.")
        kind = kind_of(self._name, first[0][0])
        name = plain(said.get("name")) or self._name
        return About(name, plain(said.get("attribution")), low, high, kind)

    def _ask(self, sql: str, values: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
        self._ends_at = time.monotonic() + LONGEST_S
        return self._file.execute(sql, values).fetchall()

    def _is_late(self) -> bool:
        return time.monotonic() > self._ends_at

    def _broken(self, error: sqlite3.Error) -> MapFileBroken:
        return MapFileBroken(
            f"{self._name} is damaged or no MBTiles file ({error}). Export it again, or choose another."
        )
