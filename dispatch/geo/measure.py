"""Lengths and areas on the ellipsoid, and how operators say them: feet and miles, metres and kilometres."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from dispatch.geo.coordinates import Position
from dispatch.geo.projection import distance_m
from dispatch.geo.utm import AXIS_M, FLATTENING

FOOT_M, MILE_M, ACRE_M2 = 0.3048, 1609.344, 4046.8564224
SQUARE_FOOT_M2, SQUARE_MILE_M2 = FOOT_M**2, MILE_M**2
_POLE_M = AXIS_M * (1 - FLATTENING)
_E2 = FLATTENING * (2 - FLATTENING)
_E = math.sqrt(_E2)


def length_m(points: Sequence[Position]) -> float:
    """Along the shortest line from each point to the next."""
    return sum(geodesic_m(a, b) for a, b in pairwise(points))


def geodesic_m(a: Position, b: Position) -> float:
    """T. Vincenty's inverse formula (Survey Review 176, 1975), good to a millimetre.

    Between nearly opposite ends of the world it does not settle: there the sphere answers, to 0.6 %.
    """
    u1, u2 = (math.atan((1 - FLATTENING) * math.tan(math.radians(at.lat))) for at in (a, b))
    apart = turn = math.radians(b.lng - a.lng)
    for _ in range(100):
        sine = math.hypot(
            math.cos(u2) * math.sin(turn),
            math.cos(u1) * math.sin(u2) - math.sin(u1) * math.cos(u2) * math.cos(turn),
        )
        if sine == 0:
            return 0.0
        cosine = math.sin(u1) * math.sin(u2) + math.cos(u1) * math.cos(u2) * math.cos(turn)
        sigma = math.atan2(sine, cosine)
        sine_alpha = math.cos(u1) * math.cos(u2) * math.sin(turn) / sine
        cos2_alpha = 1 - sine_alpha**2
        middle = cosine - 2 * math.sin(u1) * math.sin(u2) / cos2_alpha if cos2_alpha > 1e-15 else 0.0
        c = FLATTENING / 16 * cos2_alpha * (4 + FLATTENING * (4 - 3 * cos2_alpha))
        bend = sigma + c * sine * (middle + c * cosine * (2 * middle**2 - 1))
        before, turn = turn, apart + (1 - c) * FLATTENING * sine_alpha * bend
        if abs(turn - before) < 1e-12:
            return _along(cos2_alpha, sine, cosine, sigma, middle)
    return float(distance_m(a.lng, a.lat, b.lng, b.lat))


def area_m2(ring: Sequence[Position]) -> float:
    """What the points enclose, the last joined to the first; whichever way round they go.

    The spherical excess on the sphere of the same area (J. P. Snyder, "Map Projections", 1987, 3-11 to 3-13):
    good to a hundred-thousandth at the size of a county. A ring that crosses itself counts its parts against
    each other: `crosses_itself` tells.
    """
    if len(ring) < 3:
        return 0.0
    tops = [math.tan(_authalic(math.radians(at.lat)) / 2) for at in ring]
    excess = 0.0
    for i, at in enumerate(ring):
        j = (i + 1) % len(ring)
        half = math.tan(math.radians(ring[j].lng - at.lng) / 2)
        excess += 2 * math.atan2(half * (tops[i] + tops[j]), 1 + tops[i] * tops[j])
    return abs(excess) * AXIS_M**2 * _authalic_q(math.pi / 2) / 2


def crosses_itself(ring: Sequence[Position]) -> bool:
    """Whether two sides that do not touch at a corner cut each other."""
    sides = [(ring[i], ring[(i + 1) % len(ring)]) for i in range(len(ring))]
    for i, (a, b) in enumerate(sides):
        for j in range(i + 2, len(sides)):
            if (j + 1) % len(sides) != i and _cut(a, b, *sides[j]):
                return True
    return False


def say_length(metres: float) -> str:
    """ "820 ft · 250 m", from half a mile on "1.24 mi · 2.00 km"."""
    if metres < MILE_M / 2:
        return f"{metres / FOOT_M:,.0f} ft · {metres:,.0f} m"
    return f"{metres / MILE_M:,.2f} mi · {metres / 1000:,.2f} km"


def say_area(square_metres: float) -> str:
    """ "5,400 sq ft · 502 m²", acres and hectares, from half a square mile on "1.20 sq mi · 3.11 km²"."""
    if square_metres < ACRE_M2 / 2:
        return f"{square_metres / SQUARE_FOOT_M2:,.0f} sq ft · {square_metres:,.0f} m²"
    if square_metres < SQUARE_MILE_M2 / 2:
        return f"{square_metres / ACRE_M2:,.1f} acres · {square_metres / 10_000:,.2f} ha"
    return f"{square_metres / SQUARE_MILE_M2:,.2f} sq mi · {square_metres / 1e6:,.2f} km²"


def _along(cos2_alpha: float, sine: float, cosine: float, sigma: float, middle: float) -> float:
    u2 = cos2_alpha * (AXIS_M**2 / _POLE_M**2 - 1)
    a = 1 + u2 / 16384 * (4096 + u2 * (-768 + u2 * (320 - 175 * u2)))
    b = u2 / 1024 * (256 + u2 * (-128 + u2 * (74 - 47 * u2)))
    last = b / 6 * middle * (4 * sine**2 - 3) * (4 * middle**2 - 3)
    return _POLE_M * a * (sigma - b * sine * (middle + b / 4 * (cosine * (2 * middle**2 - 1) - last)))


def _authalic_q(phi: float) -> float:
    s = math.sin(phi)
    return (1 - _E2) * (s / (1 - _E2 * s**2) + math.atanh(_E * s) / _E)


def _authalic(phi: float) -> float:
    return math.asin(min(max(_authalic_q(phi) / _authalic_q(math.pi / 2), -1.0), 1.0))


def _cut(a: Position, b: Position, c: Position, d: Position) -> bool:
    def side(p: Position, q: Position, r: Position) -> float:
        return (q.lng - p.lng) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lng - p.lng)

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0
