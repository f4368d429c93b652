"""Who is not being heard: reports in each neighborhood against what was to be expected there.

Reports are counted, not sites: three neighbors about one tree are three voices. Sites that came in a bulk
entry (a field survey, a loaded list) are no voices of residents and are left out, as far as they are marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.board import Board, Mask
from dispatch.geo.area_facts import AreaFacts
from dispatch.insight.quiet_areas import FALSE_ALARMS, Counts, Floats, Judged, Standing, judge
from dispatch.records import Flag, Millis

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
# What comes in so shortly before an activation is of the storm already.
STORM_BEGINS_MS = 4 * DAY_MS
# From so much of ordinary times a habit can be told.
LEAST_HISTORY_DAYS, LEAST_HISTORY = 14, 300
# An area that never says much is expected to say half its share all the same: that it is always silent must
# not be why nobody looks.
LEAST_HABIT, MOST_HABIT = 0.5, 2.0
LEAST_PEOPLE = 1_000
# Shares are said in steps: to the percent they are not known.
STEP = 5


@dataclass(frozen=True, slots=True)
class Place:
    """One line of the screen: an area, or small ones together. No areas: all land outside of them."""

    name: str
    areas: tuple[str, ...]
    residents: float


@dataclass(frozen=True, slots=True)
class Seen:
    """The board's columns that are counted, as they were at one moment: any thread may count them."""

    hoods: tuple[str, ...]
    hood: npt.NDArray[np.int16]
    flags: npt.NDArray[np.uint32]
    x: Floats
    report_at: npt.NDArray[np.int64]
    report_row: npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Habit:
    """What the places report in ordinary times, against their share by residents (1: as much)."""

    factor: Floats
    reports: Counts
    since_at: Millis
    until_at: Millis


@dataclass(frozen=True, slots=True)
class Neighborhoods:
    """Side by side for each place, in the order they were given. `bulk`, `not_placed` and `other_city` are
    reports that stand in none of them."""

    places: tuple[Place, ...]
    reports: Counts
    per_1000: Floats
    judged: Judged
    habit: Habit | None
    since_at: Millis
    bulk: int
    not_placed: int
    other_city: int

    @property
    def total(self) -> int:
        return int(self.reports.sum())

    @property
    def city_per_1000(self) -> float:
        """Of all places whose residents are known; NaN where there are none."""
        known = np.isfinite(self.per_1000)
        people = sum(place.residents for place, is_known in zip(self.places, known, strict=True) if is_known)
        return 1000 * float(self.reports[known].sum()) / people if people else float("nan")

    def missing(self, at: int) -> int:
        """About how many reports are missing, 0 where none are."""
        if self.judged.standing[at] > Standing.MAYBE_UNDER:
            return 0
        return max(0, round(float(self.judged.expected[at]) - int(self.reports[at])))

    def missing_share(self, at: int) -> tuple[int, int]:
        """From how many percent of its due to how many a quiet place lacks, as it is said."""
        low, high = float(self.judged.under_low[at]), float(self.judged.under_high[at])
        ends = [STEP * round(100 * end / STEP) for end in (low, high)]
        # Where there is a report, not all of them are missing.
        most = 100 if not self.reports[at] else 100 - STEP
        return min(max(STEP, ends[0]), most - STEP), min(most, max(ends[1], 2 * STEP))

    def by_chance(self) -> int:
        """How many places at most would be called under if all reported evenly."""
        can_be = (self.judged.standing != Standing.NOT_KNOWN) & (self.judged.standing != Standing.TOO_FEW)
        return int(np.ceil(FALSE_ALARMS * can_be.sum()))

    def order(self) -> npt.NDArray[np.intp]:
        """Surest first; those of which nothing can be said last, the many before the few. Land in no area
        comes after the quiet ones, however quiet it is: nobody can go there."""
        tail = np.where(np.isfinite(self.judged.tail), self.judged.tail, 2.0)
        standing = np.maximum(
            self.judged.standing, np.where(_is_outside(self.places), Standing.AS_EXPECTED, Standing.SURE)
        )
        return np.lexsort((-self.reports, tail, standing))


def places_of(facts: AreaFacts, pools: Sequence[Sequence[int]], outside: float) -> tuple[Place, ...]:
    """`outside`: the residents of land in no area, NaN where not known."""
    made = []
    for pool in pools:
        first = max(pool, key=lambda i: (np.nan_to_num(facts.residents[i]), -i))
        others = tuple(facts.names[i] for i in pool if i != first)
        people = float(sum(facts.residents[i] for i in pool))
        made.append(Place(facts.names[first], (facts.names[first], *others), people))
    return (*made, Place("", (), outside))


def seen_of(board: Board) -> Seen:
    """A copy: well under a millisecond for a hundred thousand reports."""
    return Seen(
        tuple(board.hoods),
        board.hood.copy(),
        board.flags.copy(),
        board.x.copy(),
        board.report_at.copy(),
        board.report_row.copy(),
    )


def neighborhoods(
    board: Board | Seen, places: tuple[Place, ...], *, since_at: Millis, activated_at: Millis
) -> Neighborhoods:
    """Reports entered since a time, against those expected; habits are of before the activation."""
    place_of = _place_of_each(board, places)
    late = board.report_at >= max(since_at, 1)
    is_bulk = (board.flags & Flag.BULK) != 0
    rows = board.report_row[late]
    at = place_of[rows]
    reports = _counted(at[~is_bulk[rows]], len(places))
    residents = np.array([place.residents for place in places], np.float64)
    habit = _habit(board, place_of, is_bulk, places, activated_at)
    people = np.where(residents > 0, residents, np.nan)
    return Neighborhoods(
        places,
        reports,
        1000 * reports / people,
        judge(reports, residents, habit.factor if habit else None, _is_outside(places)),
        habit,
        since_at,
        bulk=int(is_bulk[rows].sum()),
        not_placed=int((~is_bulk[rows] & (at == _NOT_PLACED)).sum()),
        other_city=int((~is_bulk[rows] & (at == _OTHER_CITY)).sum()),
    )


def reports_between(
    board: Board | Seen, places: tuple[Place, ...], at: int, start_at: Millis, end_at: Millis
) -> int:
    """Reports of a place entered from the one time until before the other, bulk entries left out."""
    inside = (board.report_at >= max(start_at, 1)) & (board.report_at < end_at)
    rows = board.report_row[inside]
    return int((sites_of(board, places, at) & ((board.flags & Flag.BULK) == 0))[rows].sum())


def sites_of(board: Board | Seen, places: tuple[Place, ...], at: int) -> Mask:
    """The rows of the board that a place's number is about."""
    found: Mask = _place_of_each(board, places) == at
    return found


# Beside the numbers of places.
_NOT_PLACED, _OTHER_CITY = -1, -2


def _place_of_each(board: Board | Seen, places: tuple[Place, ...]) -> npt.NDArray[np.int64]:
    """The number of the place of each row; every name that a layer of areas does not know lies outside."""
    of_name = {name: i for i, place in enumerate(places) for name in place.areas}
    outside = next(i for i, place in enumerate(places) if not place.areas)
    # The place after the last is that of -1: no area.
    found = np.array([of_name.get(name, outside) for name in board.hoods] + [outside], np.int64)[board.hood]
    is_out = found == outside
    found[is_out & ((board.flags & Flag.OUTSIDE_CITY) != 0)] = _OTHER_CITY
    found[is_out & np.isnan(board.x)] = _NOT_PLACED
    return found


def _is_outside(places: tuple[Place, ...]) -> Mask:
    return np.array([not place.areas for place in places], np.bool_)


def _counted(at: npt.NDArray[np.int64], count: int) -> Counts:
    return np.bincount(at[at >= 0], minlength=count).astype(np.int64)


def _habit(
    board: Board | Seen,
    place_of: npt.NDArray[np.int64],
    is_bulk: Mask,
    places: tuple[Place, ...],
    activated_at: Millis,
) -> Habit | None:
    """None where there is too little of ordinary times. Few reports are drawn towards the city's rate, by as
    much as the places differ from each other (the same model as `quiet_areas`)."""
    end = activated_at - STORM_BEGINS_MS
    before = (board.report_at > 0) & (board.report_at < end)
    if not before.any():
        return None
    rows, start = board.report_row[before], int(board.report_at[before].min())
    reports = _counted(place_of[rows[~is_bulk[rows]]], len(places))
    if end - start < LEAST_HISTORY_DAYS * DAY_MS or reports.sum() < LEAST_HISTORY:
        return None
    residents = np.array([place.residents for place in places], np.float64)
    judged = judge(reports, residents, apart=_is_outside(places))
    shape, expected = judged.shape, judged.expected
    factor = np.clip((shape + reports) / (shape + expected), LEAST_HABIT, MOST_HABIT)
    return Habit(np.where(np.isfinite(factor), factor, 1.0), reports, start, end)
