"""Two reports side by side: how far and how long apart, and in which sense they may be one thing.

Nothing here knows of other reports; `duplicates` finds the pairs worth comparing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from dispatch.geo.address import parse, short_place
from dispatch.geo.street_grid import DEGREE_M
from dispatch.records import Millis, Place, ServiceRequest
from dispatch.triage.categories import Category
from dispatch.triage.families import NO_FAMILIES, Families, families_said
from dispatch.triage.report_words import telling_words

HOUR_MS = 3_600_000
# Of kinds no table knows: as far and as long apart as cities have named one report the original of another.
DEFAULT_RADIUS_M = 75.0
DEFAULT_WINDOW_H = 2160.0
# Beyond it a kind happens to an area (flooded streets, an outage), below it to a spot.
AREA_M = 100.0
NO_FAMILY = "other"
# One building, where no address says so (S10).
BUILDING_M = 20.0
# Of two reports that only their words bring together: one tree and the wires in it, not two in a street.
BY_WORDS_M = 40.0
# Shares of a kind's radius and window, chosen on a city's year of labelled reports: one spot; beside it; how
# long a spot and how long its neighborhood count as one incident when nobody is there to look.
SPOT_SHARE, BESIDE_SHARE = 1 / 6, 1 / 2
LONG_SHARE, SHORT_SHARE = 1 / 5, 1 / 60


@dataclass(frozen=True, slots=True)
class Report:
    """What is compared of a report. `kind` is its category, `address` a key that equal addresses share and
    "" where none is known, `account` who filed it, `source` channel and desk where accounts are unknown."""

    report_id: str
    opened_at: Millis
    kind: str
    family: str
    place: Place | None = None
    address: str = ""
    radius_m: float = DEFAULT_RADIUS_M
    window_h: float = DEFAULT_WINDOW_H
    words: tuple[str, ...] = ()
    account: str = ""
    source: str = ""
    is_person: bool = False
    # Families its words speak of beside its own: half of the hazards are filed under another category.
    also: frozenset[str] = frozenset()

    @property
    def is_area(self) -> bool:
        return self.radius_m > AREA_M

    @property
    def spot(self) -> object:
        """Where it is, for counting different places: the address, else the pin to some ten metres."""
        if self.address or self.place is None:
            return self.address
        return round(self.place.lat, 4), round(self.place.lng, 4)


def report_of(
    request: ServiceRequest,
    category: Category,
    *,
    is_person: bool = False,
    families: Families = NO_FAMILIES,
) -> Report:
    """A service request as it is compared; `is_person` where a cue says so and the category does not."""
    # What the table sorts nowhere else has nothing in common: a gas leak, a pothole, a stray dog.
    family = category.family if category.family != NO_FAMILY else category.key
    words = telling_words(_own_words(request), request.address)
    return Report(
        report_id=request.request_id,
        opened_at=request.created_at,
        kind=category.key,
        family=family,
        place=request.place,
        address=building(request.address),
        radius_m=category.dup_radius_m,
        window_h=category.dup_window_h,
        words=words,
        account="" if request.reporter.is_anonymous else request.reporter.reporter_id,
        is_person=is_person or "person" in category.marks,
        also=families_said(words, families) - {family},
    )


def _own_words(request: ServiceRequest) -> str:
    """Without a summary that only repeats the category's title: all reports under it say that."""
    return request.description if request.summary == request.service_name else request.text


def building(address: str) -> str:
    """The key of a house or a crossing, without unit and town; "" for less, which is no one place (S11)."""
    parsed = parse(address)
    if not parsed.house and len(parsed.streets) < 2:
        return ""
    if len(parsed.streets) > 1:  # a crossing is the same from either street
        return " & ".join(sorted(str(street) for street in parsed.streets)).casefold()
    return short_place(address).casefold()


@dataclass(frozen=True, slots=True)
class Likeness:
    """`distance_m` is None where a place is unknown and the addresses are equal; `is_link`: about persons;
    `is_by_area`: too far apart by themselves, with a third report between."""

    distance_m: float | None
    gap_h: float
    is_same_kind: bool
    is_same_address: bool
    is_link: bool
    is_by_area: bool = False


def distance_m(here: Place, there: Place) -> float:
    """Metres on the ground within a city, which is flat and crosses no date line."""
    north = (there.lat - here.lat) * DEGREE_M
    east = (there.lng - here.lng) * DEGREE_M * math.cos(math.radians((here.lat + there.lat) / 2))
    return math.hypot(north, east)


def compare(one: Report, other: Report) -> Likeness | None:
    """How alike two reports are, the same from either side; None where neither can repeat the other."""
    is_link = one.is_person or other.is_person
    if is_link:
        reach_m = BUILDING_M
    elif one.family != other.family:
        reach_m = BY_WORDS_M
    else:
        reach_m = one.radius_m if one.radius_m > other.radius_m else other.radius_m
    is_same_address = one.address == other.address != ""
    here, there = one.place, other.place
    apart_m = None
    if here is not None and there is not None:
        # Most of what lies in the cells around is too far north or south, seen without a root or a cosine.
        if not is_same_address and abs(there.lat - here.lat) * DEGREE_M > reach_m:
            return None
        apart_m = distance_m(here, there)
    if not is_same_address and (apart_m is None or apart_m > reach_m):
        return None
    gap_h = abs(one.opened_at - other.opened_at) / HOUR_MS
    if gap_h > max(one.window_h, other.window_h) or not _may_be_one(one, other, is_link, is_same_address):
        return None
    return Likeness(apart_m, gap_h, one.kind == other.kind, is_same_address, is_link)


def _may_be_one(one: Report, other: Report, is_link: bool, is_same_address: bool) -> bool:
    if not is_link:
        is_one_family = one.family == other.family or families_shared(one, other)
        return bool(is_one_family) and min(one.radius_m, other.radius_m) > 0
    if one.family != other.family and not (one.is_person and other.is_person):
        return False
    # Two houses, however near, are not one building.
    return is_same_address or not (one.address and other.address)


def families_shared(one: Report, other: Report) -> frozenset[str]:
    """The families that both are filed under or speak of."""
    if not (one.also or other.also):
        return frozenset({one.family} & {other.family})
    return one.also.union((one.family,)) & other.also.union((other.family,))


def is_one_spot(one: Report, likeness: Likeness) -> bool:
    if likeness.is_same_address:
        return True
    return likeness.distance_m is not None and likeness.distance_m <= one.radius_m * SPOT_SHARE


def is_beside(one: Report, likeness: Likeness) -> bool:
    share = 1.0 if one.is_area else BESIDE_SHARE
    return likeness.distance_m is not None and likeness.distance_m <= one.radius_m * share


def is_strong(one: Report, likeness: Likeness) -> bool:
    """Enough to count as one incident in a table nobody looks at: the same kind, and on one spot within a
    fifth of its window or beside it at nearly the same time. Never reports about persons (S10)."""
    if likeness.is_link or not likeness.is_same_kind:
        return False
    is_long_ago = likeness.gap_h > one.window_h * LONG_SHARE
    if is_long_ago:
        return False
    if is_one_spot(one, likeness):
        return True
    is_soon = one.is_area or likeness.gap_h <= one.window_h * SHORT_SHARE
    return is_soon and is_beside(one, likeness)
