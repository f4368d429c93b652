"""PMTiles version 3: one archive of tiles with its own directory, rows counted from the north."""

from __future__ import annotations

import mmap
from pathlib import Path
from typing import Any

from dispatch.errors import MapFileBroken
from dispatch.geo.raster.about import MOST_BYTES, About, kind_of, plain, zooms

MAGIC = b"PMTiles"
HEAD_BYTES = 127
VERSION = 3
PARTS = ("root", "metadata", "leaf_directory", "tile_data")
# Of directories and of what the archive says of itself; they are unpacked in memory.
MOST_LISTED_BYTES = 20_000_000


class PmTiles:
    def __init__(self, path: Path) -> None:
        # Only the process that draws needs it.
        from pmtiles.reader import Reader

        self._name = path.name
        try:
            with path.open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
            if len(self._bytes) < HEAD_BYTES or self._bytes[len(MAGIC)] != VERSION:
                raise MapFileBroken(f"{self._name} is no PMTiles file of version 3. Export it again.")
            make: Any = Reader
            self._reader = make(self._part)
            self.about = self._read_about()
        except MapFileBroken:
            raise
        except Exception as error:
            # An edge: the library gives its own errors for every way an archive may be damaged.
            raise self._broken(error) from error

    def tile(self, zoom: int, column: int, row: int) -> bytes | None:
        try:
            found = self._reader.get(zoom, column, row)
        except Exception as error:
            raise self._broken(error) from error
        return bytes(found) if found and len(found) <= MOST_BYTES else None

    def close(self) -> None:
        self._bytes.close()

    def _read_about(self) -> About:
        head = self._reader.header()
        for part in PARTS:
            if head[f"{part}_offset"] + head[f"{part}_length"] > len(self._bytes):
                raise ValueError("its end is missing")
        low, high = zooms(self._name, head["min_zoom"], head["max_zoom"])
        said = self._reader.metadata()
        said = said if isinstance(said, dict) else {}
        kind = kind_of(self._name, self._part(head["tile_data_offset"], 16))
        self._reader.get(low, 0, 0)  # its directory can be read
        return About(plain(said.get("name")) or self._name, plain(said.get("attribution")), low, high, kind)

    def _part(self, offset: int, length: int) -> bytes:
        if not 0 <= offset <= offset + length <= len(self._bytes) or length > MOST_LISTED_BYTES:
            raise ValueError(f"it points to {length} bytes at {offset}, which it does not hold")
        return self._bytes[offset : offset + length]

    def _broken(self, error: Exception) -> MapFileBroken:
        return MapFileBroken(f"{self._name} is damaged ({error}). Export it again, or choose another.")
