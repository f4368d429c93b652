"""Which reports another one may repeat, each with its why in words. Merging is an act (S10).

Of what lies near in place and time the likest come first, earlier or later ones alike: A is a candidate of B
exactly when B is one of A.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter

from dispatch.geo.street_grid import DEGREE_M, rounded
from dispatch.records import Place
from dispatch.triage.bulk_entries import BulkEntries
from dispatch.triage.compared import (
    BESIDE_SHARE,
    BUILDING_M,
    HOUR_MS,
    LONG_SHARE,
    Likeness,
    Report,
    compare,
    distance_m,
    is_one_spot,
    is_strong,
)
from dispatch.triage.report_words import WordCounts
from dispatch.triage.why import why

AT_MOST = 3
CELL_M = 40.0
# Distances are measured at the latitude between two places, cells looked up at that of one.
SLACK = 1.001
# Persons are looked for in a building whatever their reports were filed under.
PERSONS = "*persons"
# What each likeness is worth against a distance of a whole radius and a gap of e² hours.
SAME_KIND, SAME_ADDRESS, SAME_WORDS, DISTANCE, TIME = 2.0, 2.0, 2.0, 1.5, 0.5

Cell = tuple[str, int, int]
_opened_at = attrgetter("opened_at")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A report that may be about the same thing. `is_link`: about persons, to be linked and never merged.
    `is_strong`: alike enough for a table that nobody looks at; in the console an operator decides."""

    report_id: str
    score: float
    why: str
    is_link: bool = False
    is_strong: bool = False


class DuplicateIndex:
    """Reports by place, address and source: a question costs what lies near, not what there is."""

    def __init__(self, default_points: Collection[Place] = ()) -> None:
        self._default_points = {rounded(place) for place in default_points}
        self._reports: dict[str, Report] = {}
        self._cells: dict[Cell, list[Report]] = defaultdict(list)
        self._addresses: dict[tuple[str, str], list[Report]] = defaultdict(list)
        self._reach_m: dict[str, float] = {PERSONS: BUILDING_M}
        self._window_h: dict[str, float] = defaultdict(float)
        self._entries = BulkEntries()
        self._words = WordCounts()
        self._lng_m = 0.0

    def __len__(self) -> int:
        return len(self._reports)

    def __getitem__(self, report_id: str) -> Report:
        return self._reports[report_id]

    def __contains__(self, report_id: object) -> bool:
        return report_id in self._reports

    def add(self, report: Report) -> None:
        """Take a report in; one that is there already is taken as it is now."""
        self.remove(report.report_id)
        report = self._located(report)
        if report.place is not None and not self._lng_m:  # one scale keeps every cell where it is
            self._lng_m = _lng_m(report.place.lat)
        self._reports[report.report_id] = report
        for family in _families(report):
            self._reach_m[family] = max(self._reach_m.get(family, BUILDING_M), report.radius_m)
            self._window_h[family] = max(self._window_h[family], report.window_h)
        for entries in self._lists(report):
            insort(entries, report, key=_opened_at)
        self._entries.add(report)
        self._words.add(report.words)

    def remove(self, report_id: str) -> None:
        """Forget a report, as when it is closed; an unknown one is no error."""
        report = self._reports.pop(report_id, None)
        if report is None:
            return
        for entries in self._lists(report):
            start = bisect_left(entries, report.opened_at, key=_opened_at)
            del entries[next(at for at in range(start, len(entries)) if entries[at] is report)]
        self._entries.remove(report)
        self._words.remove(report.words)

    def learn(self, default_points: Iterable[Place]) -> None:
        """Points that turned out to stand for "somewhere": what lies there is compared by address alone."""
        fresh = {rounded(place) for place in default_points} - self._default_points
        self._default_points |= fresh
        lying_there = [each for each in self._reports.values() if each.place and rounded(each.place) in fresh]
        for report in lying_there:
            self.add(report)

    def candidates(self, report: Report, at_most: int | None = AT_MOST) -> tuple[Candidate, ...]:
        """The likest of the other reports, best first; the report itself need not be in."""
        report = self._located(report)
        found = self._alike(report)
        if report.is_area:
            found |= self._reached_by_area(report, found)
        ranked = sorted((-self._score(report, other_id, found[other_id]), other_id) for other_id in found)
        return tuple(
            self._candidate(report, self._reports[other_id], found[other_id], -score)
            for score, other_id in ranked[:at_most]
        )

    def bulk_of(self, report: Report) -> list[str]:
        """The ids of the rows that were entered in one go with it, its own too; none where it came alone."""
        return [each.report_id for each in self._entries.bulk_of(report)]

    def strong(self, report: Report) -> Iterator[str]:
        """The ids of those alike enough to count as one without anybody looking."""
        report = self._located(report)
        reach = 1.0 if report.is_area else BESIDE_SHARE
        for other_id, likeness in self._alike(report, reach=reach, window=LONG_SHARE).items():
            if self._is_strong(report, self._reports[other_id], likeness):
                yield other_id

    # -- who is near ------------------------------------------------------------------------------------

    def _located(self, report: Report) -> Report:
        is_nowhere = report.place is not None and rounded(report.place) in self._default_points
        return replace(report, place=None) if is_nowhere else report

    def _lists(self, report: Report) -> Iterator[list[Report]]:
        """Where a report is kept, each list in the order of time."""
        for family in _families(report):
            if report.place is not None:
                yield self._cells[family, *self._cell(report.place)]
            if report.address:
                yield self._addresses[family, report.address]

    def _cell(self, place: Place) -> tuple[int, int]:
        return self._column(place.lng), _row(place.lat)

    def _column(self, lng: float) -> int:
        return math.floor(lng * self._lng_m / CELL_M)

    def _alike(self, report: Report, *, reach: float = 1.0, window: float = 1.0) -> dict[str, Likeness]:
        """Those that may be about the same thing, within these shares of the longest reach and window."""
        found: dict[str, Likeness] = {}
        for family in _families(report):
            reach_m = self._reach_m.get(family, BUILDING_M) * reach
            for other in self._near(report, family, reach_m, window):
                if other.report_id == report.report_id or other.report_id in found:
                    continue
                likeness = compare(report, other)
                if likeness is not None and not self._entries.are_listed(report, other):
                    found[other.report_id] = likeness
        return found

    def _near(self, report: Report, family: str, reach_m: float, window: float = 1.0) -> Iterator[Report]:
        """Everything of a family at the address or around the pin, within a share of the longest window."""
        window_ms = max(report.window_h, self._window_h.get(family, 0.0)) * window * HOUR_MS
        from_at, to_at = report.opened_at - window_ms, report.opened_at + window_ms
        for entries in self._around(report, family, reach_m):
            start = bisect_left(entries, from_at, key=_opened_at)
            yield from entries[start : bisect_right(entries, to_at, lo=start, key=_opened_at)]

    def _around(self, report: Report, family: str, reach_m: float) -> Iterator[list[Report]]:
        if report.address:
            yield self._addresses.get((family, report.address), [])
        if report.place is None:
            return
        north, east = reach_m / DEGREE_M * SLACK, reach_m / _lng_m(report.place.lat) * SLACK
        lat, lng = report.place.lat, report.place.lng
        rows = range(_row(lat - north), _row(lat + north) + 1)
        for column in range(self._column(lng - east), self._column(lng + east) + 1):
            for row in rows:
                if entries := self._cells.get((family, column, row)):
                    yield entries

    def _reached_by_area(self, report: Report, found: Mapping[str, Likeness]) -> dict[str, Likeness]:
        """Water and outages spread: what a third report between the two connects lies in one area."""
        between = [third for other_id in found if self._adjoins(report, third := self._reports[other_id])]
        if report.place is None or not between:
            return {}
        reached = {}
        for other in self._near(report, report.family, 2 * self._reach_m[report.family]):
            if other.report_id in found or other.report_id == report.report_id or other.place is None:
                continue
            gap_h = abs(other.opened_at - report.opened_at) / HOUR_MS
            is_in_time = gap_h <= max(report.window_h, other.window_h)
            if not is_in_time or self._entries.are_listed(report, other):
                continue
            if any(self._adjoins(other, third) for third in between):
                apart_m = distance_m(report.place, other.place)
                is_same_kind = other.kind == report.kind
                reached[other.report_id] = Likeness(
                    apart_m, gap_h, is_same_kind, False, False, is_by_area=True
                )
        return reached

    def _adjoins(self, one: Report, other: Report) -> bool:
        """Two reports of one area, side by side."""
        if not (one.is_area and other.is_area) or one.is_person or other.is_person:
            return False
        likeness = compare(one, other)
        if likeness is None or likeness.distance_m is None:
            return False
        is_near = likeness.distance_m <= max(one.radius_m, other.radius_m)
        return is_near and not self._entries.are_listed(one, other)

    # -- how alike --------------------------------------------------------------------------------------

    def _score(self, report: Report, other_id: str, likeness: Likeness) -> float:
        other = self._reports[other_id]
        radius_m = max(report.radius_m, other.radius_m, BUILDING_M)
        score = SAME_KIND * likeness.is_same_kind + SAME_ADDRESS * likeness.is_same_address
        if report.words and other.words:
            score += SAME_WORDS * self._words.likeness(report.words, other.words)
        far = min(2.0, (likeness.distance_m or 0.0) / radius_m)
        return round(score - DISTANCE * far - TIME * math.log1p(likeness.gap_h), 4)

    def _candidate(self, report: Report, other: Report, likeness: Likeness, score: float) -> Candidate:
        return Candidate(
            other.report_id,
            score,
            why(report, other, likeness, self._words.shared(report.words, other.words)),
            likeness.is_link,
            self._is_strong(report, other, likeness),
        )

    def _is_strong(self, report: Report, other: Report, likeness: Likeness) -> bool:
        if likeness.is_by_area or not is_strong(report, likeness):
            return False
        return not self._entries.are_in_a_row(report, other, is_one_spot=is_one_spot(report, likeness))


def _row(lat: float) -> int:
    return math.floor(lat * DEGREE_M / CELL_M)


def _lng_m(lat: float) -> float:
    """Metres of a degree to the east; near a pole, where no city is, any number does."""
    return DEGREE_M * max(0.01, math.cos(math.radians(lat)))


def _families(report: Report) -> tuple[str, ...]:
    own = (report.family, *sorted(report.also)) if report.also else (report.family,)
    return (*own, PERSONS) if report.is_person else own
