"""When sustained winds of tropical-storm force (34 kt, 39 mph) reach a place, by one advisory."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from dispatch.feeds.records import Advisory, ForecastPoint
from dispatch.geo.cone import NAUTICAL_M
from dispatch.geo.projection import distance_m
from dispatch.records import Millis

GALE_KT = 34
STEP_MS = 10 * 60_000
QUARTERS = 4

Place = tuple[float, float]  # latitude, longitude
# Wind in knots, and how far from the center winds of 34 kt are taken to reach then, in nautical miles.
Reach = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Winds:
    """Times are 0 where there is none: no `from_at` where the forecast brings no such wind here, no
    `until_at` where it ends before they do. `is_told`: the advisory itself says how far the wind reaches;
    else that was reckoned from what we take for its strength, and is no word of the hurricane center."""

    from_at: Millis
    until_at: Millis
    nearest_at: Millis
    nearest_nm: float
    is_told: bool


@dataclass(frozen=True, slots=True)
class _Moment:
    at: Millis
    away_nm: float
    reach_nm: float
    is_told: bool


def winds_at(place: Place, advisory: Advisory, reach: Reach = ()) -> Winds | None:
    """`reach` counts where the advisory does not say how far the wind reaches; without it such stretches have
    no wind. None when the advisory has fewer than two points: nothing can be said of the time between."""
    moments = tuple(_moments(place, advisory.points, reach))
    if not moments:
        return None
    inside = [each for each in moments if each.reach_nm and each.away_nm <= each.reach_nm]
    nearest = min(moments, key=lambda each: each.away_nm)
    if not inside:
        is_told = all(each.is_told for each in moments)
        return Winds(0, 0, nearest.at, nearest.away_nm, is_told)
    until_at = 0 if inside[-1] is moments[-1] else inside[-1].at + STEP_MS
    told = inside[0].is_told and inside[-1].is_told
    return Winds(inside[0].at, until_at, nearest.at, nearest.away_nm, told)


def _moments(place: Place, points: Sequence[ForecastPoint], reach: Reach) -> Iterator[_Moment]:
    for a, b in pairwise(points):
        if b.at <= a.at:
            continue
        for at in range(a.at, b.at, STEP_MS):
            yield _moment(place, a, b, at, reach)
    if len(points) > 1:
        yield _moment(place, points[-2], points[-1], points[-1].at, reach)


def _moment(place: Place, a: ForecastPoint, b: ForecastPoint, at: Millis, reach: Reach) -> _Moment:
    """Between two forecasts everything is taken to change evenly."""
    share = (at - a.at) / max(b.at - a.at, 1)

    def between(one: float, other: float) -> float:
        return one + (other - one) * share

    lat, lng = between(a.lat, b.lat), between(a.lng, b.lng)
    away_nm = float(distance_m(lng, lat, place[1], place[0])) / NAUTICAL_M
    is_told = len(a.gale_nm) == QUARTERS and len(b.gale_nm) == QUARTERS
    if is_told:
        quarter = int(bearing(lat, lng, place) // 90)
        # NHC counts northeast, southeast, southwest, northwest: as the compass goes round from north.
        return _Moment(at, away_nm, between(a.gale_nm[quarter], b.gale_nm[quarter]), True)
    wind_kt = between(a.wind_kt, b.wind_kt)
    if not reach or wind_kt < GALE_KT:
        return _Moment(at, away_nm, 0.0, False)
    strengths, miles = zip(*reach, strict=True)
    return _Moment(at, away_nm, float(np.interp(wind_kt, strengths, miles)), False)


def bearing(lat: float, lng: float, to: Place) -> float:
    """Degrees from north, clockwise, from a point to a place; 0 ≤ bearing < 360."""
    east = math.radians(to[1] - lng)
    here, there = math.radians(lat), math.radians(to[0])
    x = math.sin(east) * math.cos(there)
    y = math.cos(here) * math.sin(there) - math.sin(here) * math.cos(there) * math.cos(east)
    return math.degrees(math.atan2(x, y)) % 360.0
