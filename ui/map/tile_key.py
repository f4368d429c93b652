"""Names of tiles, the same in the window and in the process that draws them."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from dispatch.geo.folder import GeoFolder
from dispatch.geo.tiles import Tile
from ui.theme import PALETTES

# Raise it when the drawing changes: tiles kept on disk are then drawn anew.
DRAWING = 1
VARIANTS = ("hoods", "plain")
# What is on a tile of imported layers, from below: `3fa2b1c0.teal.zone+77e0d1aa.plum.plain`.
_IMPORTED = re.compile(r"[0-9a-f]{8}\.[a-z]+\.(zone|plain)(\+[0-9a-f]{8}\.[a-z]+\.(zone|plain))*")


@dataclass(frozen=True, slots=True)
class TileKey:
    """One picture: a tile in a theme, with or without neighborhood lines."""

    theme: str
    variant: str
    tile: Tile

    @property
    def path(self) -> Path:
        tile = self.tile
        return Path(f"{self.theme}-{self.variant}") / str(tile.level) / f"{tile.column}_{tile.row}.png"

    def line(self) -> str:
        return f"{self.theme} {self.variant} {self.tile.level} {self.tile.column} {self.tile.row}"

    @classmethod
    def parse(cls, line: str) -> TileKey:
        theme, variant, level, column, row = line.split()
        if theme not in PALETTES or not (variant in VARIANTS or _IMPORTED.fullmatch(variant)):
            raise ValueError(f"There are no tiles {theme} {variant}.")
        return cls(theme, variant, Tile(int(level), int(column), int(row)))


def version_of(folder: GeoFolder, raster: Path | None = None) -> str:
    """Names the set of tiles: other vectors, colors, drawing or another file with pictures make another."""
    colors = [
        getattr(palette, name)
        for palette in PALETTES.values()
        for name in ("water", "shore", "land", "street", "hood_line", "city_line")
    ]
    text = " ".join([str(DRAWING), folder.fingerprint(), *colors, *_print_of(raster)])
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def _print_of(raster: Path | None) -> list[str]:
    if raster is None:
        return []
    try:
        state = raster.stat()
    except OSError:
        return [str(raster)]
    return [str(raster), str(state.st_size), str(state.st_mtime_ns)]


def variant_part(layer_id: str, style: str, *, is_zone: bool) -> str:
    """How an imported layer stands in the variant of a tile."""
    return f"{layer_id}.{style}.{'zone' if is_zone else 'plain'}"
