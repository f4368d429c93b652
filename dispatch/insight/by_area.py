"""How many sites lie in each neighborhood, as a count or a rate, and in which class a map shades it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from dispatch.board import Board, Mask

if TYPE_CHECKING:
    from dispatch.geo.area_facts import AreaFacts

Counts = npt.NDArray[np.int64]

CLASSES = 5
# Below so many residents one site more or less makes or breaks a rate: none is given.
LEAST_RESIDENTS = 200
# The bounds of classes are taken from this row (times a power of ten), so that they stay as they are while
# a storm grows, until its worst area has passed the next of them.
_LADDER = (1.0, 2.0, 5.0)


class Measure(StrEnum):
    COUNT = "count"
    RATE = "rate"


class Unit(StrEnum):
    """What a value counts for: sites, or sites for so much."""

    SITES = "sites"
    PER_1000_RESIDENTS = "per_1000_residents"
    PER_KM2 = "per_km2"


class Shade(IntEnum):
    """Beside the classes 1 to 5: nothing in view, nothing at all since the start, nothing that can be said.

    That nobody reports is not that nothing is wrong (the quiet areas of the product page), and neither is it
    the same as a place of which a rate cannot be told.
    """

    NONE_IN_VIEW = 0
    NONE_REPORTED = 6
    NO_DATA = 7


@dataclass(frozen=True, slots=True)
class ByArea:
    """Side by side for each area: sites in view, sites at all, the value that is shown (NaN for none), and
    its shade: a class from 1 to 5 or a `Shade`. `bounds` are the upper ends of the classes but the last.

    `outside` are sites in view that lie in none of the areas.
    """

    unit: Unit
    in_view: Counts
    in_all: Counts
    values: npt.NDArray[np.float64]
    shades: npt.NDArray[np.uint8]
    bounds: tuple[float, ...]
    outside: int


def by_area(board: Board, mask: Mask, facts: AreaFacts, measure: Measure) -> ByArea:
    """`mask` is what the filters and the time brush leave in view: the same sites as the map's points."""
    in_view, outside = _counted(board, board.hood[mask], facts)
    in_all, _ = _counted(board, board.hood, facts)
    unit, for_each = _unit(facts, measure)
    values = in_view / for_each
    bounds = class_bounds(values, is_whole=unit is Unit.SITES)
    shades = (np.searchsorted(bounds, values, side="left") + 1).astype(np.uint8)
    shades[in_view == 0] = Shade.NONE_IN_VIEW
    shades[in_all == 0] = Shade.NONE_REPORTED
    # Before the first report of all has come, silence says nothing about any place.
    shades[np.isnan(values) & (in_all > 0) | (board.count == 0)] = Shade.NO_DATA
    _, nowhere = _counted(board, board.hood[mask & np.isnan(board.x)], facts)
    return ByArea(unit, in_view, in_all, values, shades, bounds, outside - nowhere)


def class_bounds(values: npt.NDArray[np.float64], *, is_whole: bool) -> tuple[float, ...]:
    """The upper ends of all classes but the last, each about twice the one before: storms are uneven, and on
    even steps one area would stand out and all others look alike."""
    known = values[np.isfinite(values) & (values > 0)]
    if not known.size:
        return ()
    most, step = float(known.max()), _step_below(float(known.max()))
    bounds: list[float] = []
    while len(bounds) < CLASSES - 1:
        value = _rung(step)
        if is_whole and value < 1:
            break
        if value < most:
            bounds.insert(0, value)
        step -= 1
    return tuple(bounds)


def _counted(board: Board, hoods: npt.NDArray[np.int16], facts: AreaFacts) -> tuple[Counts, int]:
    """How many of these rows lie in each area, and how many in none of them.

    Counted by the board's own numbers, as it met the names: there are a hundred of those and 100,000 rows.
    """
    by_code = np.bincount(hoods + 1, minlength=len(board.hoods) + 1)
    of_name = dict(zip(board.hoods, by_code[1:].tolist(), strict=True))
    found = np.array([of_name.get(name, 0) for name in facts.names], np.int64)
    return found, int(hoods.size - found.sum())


def _unit(facts: AreaFacts, measure: Measure) -> tuple[Unit, npt.NDArray[np.float64]]:
    """By residents where the layer knows them, else by land; and what each area's sites are divided by."""
    if measure is Measure.COUNT:
        return Unit.SITES, np.ones(len(facts.names))
    if np.isfinite(facts.residents).any():
        return Unit.PER_1000_RESIDENTS, np.where(
            facts.residents >= LEAST_RESIDENTS, facts.residents / 1000, np.nan
        )
    return Unit.PER_KM2, np.where(facts.km2 > 0, facts.km2, np.nan)


def _rung(step: int) -> float:
    return float(f"{_LADDER[step % 3]:.0f}e{step // 3}")


def _step_below(value: float) -> int:
    """The number of the last rung that a value reaches."""
    step = 3 * int(np.floor(np.log10(value)))
    while _rung(step + 1) <= value:
        step += 1
    return step
