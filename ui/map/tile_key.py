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
OVER_DRAWING = "2"  # the same for pictures over it
# "areas" holds no color: which neighborhood lies where (area_tiles.py).
VARIANTS = ("hoods", "plain", "areas")
# What is on a tile of imported layers, from below: `3fa2b1c0.teal.zone+77e0d1aa.plum.plain`.
_IMPORTED = re.compile(r"[0-9a-f]{8}\.[a-z]+\.(zone|plain)(\+[0-9a-f]{8}\.[a-z]+\.(zone|plain))*")


@dataclass(frozen=True, slots=True)
class TileKey:
    """One picture: a tile in a theme, with or without neighborhood lines; or what is laid over it."""

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


@dataclass(frozen=True, slots=True)
class Over:
    """Pictures over the bundled map: `options` tell the process that draws where they are, `marks` tell one
    set of them from another."""

    options: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


NOTHING = Over()


def over_file(path: Path) -> Over:
    try:
        state = path.stat()
    except OSError:
        return Over(("--raster", str(path)), (str(path),))
    return Over(
        ("--raster", str(path)), (OVER_DRAWING, str(path), str(state.st_size), str(state.st_mtime_ns))
    )


def over_kept(path: Path, most_zoom: int) -> Over:
    """The tiles that are kept of a tile server."""
    return Over(("--kept", str(path), "--most-zoom", str(most_zoom)), (str(path), str(most_zoom)))


def version_of(folder: GeoFolder, over: Over = NOTHING) -> str:
    """Names the set of tiles: other vectors, colors, drawing or other pictures over them make another."""
    colors = [
        getattr(palette, name)
        for palette in PALETTES.values()
        for name in ("water", "shore", "land", "street", "hood_line", "city_line")
    ]
    text = " ".join([str(DRAWING), folder.fingerprint(), *colors, *over.marks])
    return hashlib.blake2b(text.encode(), digest_size=6).hexdigest()


def variant_part(layer_id: str, style: str, *, is_zone: bool) -> str:
    """How an imported layer stands in the variant of a tile."""
    return f"{layer_id}.{style}.{'zone' if is_zone else 'plain'}"
