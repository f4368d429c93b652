"""How large letters must be to be read from afar (U9), and how large they can be in a window."""

from __future__ import annotations

import math
from dataclasses import dataclass

MM_PER_M = 4.65  # of letter height for each metre: 28 mm at 6 m
CAP = 0.727  # Inter's capitals and figures, of the font's size
INCH_MM = 25.4
# What is to be seen at once needs so many letters' heights, and so many widths.
TALL, WIDE = 17.6, 30.0
# Larger than they have to be, as long as there is room: a map gains little from the last third.
LEAST_SHARE = 0.62
LEAST_PX = 11
# Televisions that say the shape of their picture where its size belongs.
_SHAPES_MM = {(160, 90), (160, 100), (16, 9), (16, 10), (1600, 900)}
_LEAST_MM, _MOST_MM = 100.0, 20_000.0


@dataclass(frozen=True, slots=True)
class Glass:
    """A screen's face: pixels as the window counts them, and millimetres as it says."""

    width_px: int
    height_px: int
    width_mm: float
    height_mm: float

    def px_per_mm(self, diagonal_in: int = 0) -> float:
        """By its own word, or by a diagonal that somebody measured; 0 where nobody knows."""
        across_px = math.hypot(self.width_px, self.height_px)
        if diagonal_in:
            return across_px / (diagonal_in * INCH_MM)
        if (round(self.width_mm), round(self.height_mm)) in _SHAPES_MM:
            return 0.0
        if not (_LEAST_MM <= self.width_mm <= _MOST_MM and self.height_mm > 0):
            return 0.0
        return across_px / math.hypot(self.width_mm, self.height_mm)


@dataclass(frozen=True, slots=True)
class Letters:
    """`px` is the size of the smallest font; `readable_m` how far off it can be read, 0 where the screen does
    not say how large it is."""

    px: int
    readable_m: float
    wanted_m: int

    @property
    def are_small(self) -> bool:
        return 0 < self.readable_m < self.wanted_m - 0.05


def letter_mm(distance_m: float) -> float:
    return MM_PER_M * distance_m


def font_px(distance_m: float, px_per_mm: float) -> int:
    """The font whose capitals have the height that the distance asks for."""
    return math.ceil(letter_mm(distance_m) * px_per_mm / CAP)


def letter_mm_of(font: int, px_per_mm: float) -> float:
    return font * CAP / px_per_mm


def letters_for(*, width: int, height: int, px_per_mm: float, distance_m: int) -> Letters:
    """For a window of so many pixels: as large as the distance asks for, where all of it fits then; else as
    large as it fits."""
    fit = math.floor(min(height / TALL, width / WIDE))
    wanted = font_px(distance_m, px_per_mm) if px_per_mm else fit
    px = max(LEAST_PX, min(fit, max(wanted, round(fit * LEAST_SHARE))))
    readable_m = letter_mm_of(px, px_per_mm) / MM_PER_M if px_per_mm else 0.0
    return Letters(px, readable_m, distance_m)
