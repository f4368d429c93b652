"""What part of the world a window shows: whole device pixels on the grid of one tile level."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from dispatch.geo.areas import Bounds
from dispatch.geo.projection import HALF_WORLD_M
from dispatch.geo.tiles import MAX_LEVEL, MIN_LEVEL, resolution

Column = npt.NDArray[np.float64]
Number = TypeVar("Number", float, Column)


@dataclass(frozen=True, slots=True)
class Frame:
    """left and top count device pixels from the northwest corner of the world at `level`.

    Whole pixels, so that a copied picture is exact and panning never blurs a line.
    """

    level: int
    left: int
    top: int
    width: int
    height: int
    ratio: float = 1.0

    @classmethod
    def around(cls, x: float, y: float, *, level: int, width: int, height: int, ratio: float = 1.0) -> Frame:
        """The frame with x, y in its middle."""
        level = min(max(level, MIN_LEVEL), MAX_LEVEL)
        metres = resolution(level)
        left = round((x + HALF_WORLD_M) / metres - width / 2)
        top = round((HALF_WORLD_M - y) / metres - height / 2)
        return cls(level, left, top, width, height, ratio)

    @property
    def metres_per_px(self) -> float:
        """Mercator metres for one device pixel."""
        return resolution(self.level)

    @property
    def apparent_level(self) -> float:
        """The level by what the eye sees: on a screen of fine pixels the same view needs a higher one."""
        return self.level - 2 * math.log2(self.ratio)

    @property
    def bounds(self) -> Bounds:
        west, north = self.place(0.0, 0.0)
        east, south = self.place(self.width / self.ratio, self.height / self.ratio)
        return west, south, east, north

    @property
    def center(self) -> tuple[float, float]:
        return self.place(self.width / self.ratio / 2, self.height / self.ratio / 2)

    def place(self, px: float, py: float) -> tuple[float, float]:
        """Mercator metres under a point of the widget."""
        metres = self.metres_per_px
        x = (self.left + px * self.ratio) * metres - HALF_WORLD_M
        return x, HALF_WORLD_M - (self.top + py * self.ratio) * metres

    def point(self, x: Number, y: Number) -> tuple[Number, Number]:
        """Where a place lies on the widget, in its pixels."""
        metres = self.metres_per_px
        px = ((x + HALF_WORLD_M) / metres - self.left) / self.ratio
        return px, ((HALF_WORLD_M - y) / metres - self.top) / self.ratio

    def moved(self, dx: int, dy: int) -> Frame:
        """Panned by device pixels."""
        return replace(self, left=self.left + dx, top=self.top + dy)

    def zoomed(self, level: int, px: float, py: float) -> Frame:
        """At another level, with the place under a point staying under it."""
        level = min(max(level, MIN_LEVEL), MAX_LEVEL)
        x, y = self.place(px, py)
        metres = resolution(level)
        left = round((x + HALF_WORLD_M) / metres - px * self.ratio)
        top = round((HALF_WORLD_M - y) / metres - py * self.ratio)
        return replace(self, level=level, left=left, top=top)

    def widened(self, margin: int) -> Frame:
        return replace(
            self,
            left=self.left - margin,
            top=self.top - margin,
            width=self.width + 2 * margin,
            height=self.height + 2 * margin,
        )

    def holds(self, other: Frame) -> bool:
        """Whether another frame lies wholly within this one, pixel on pixel."""
        return (
            self.level == other.level
            and self.ratio == other.ratio
            and self.left <= other.left
            and self.top <= other.top
            and self.left + self.width >= other.left + other.width
            and self.top + self.height >= other.top + other.height
        )


def middle_of(box: Bounds) -> tuple[float, float]:
    west, south, east, north = box
    return (west + east) / 2, (south + north) / 2
