"""Universal Transverse Mercator on the ellipsoid of NAD 83 and WGS 84: degrees to metres and back.

Krüger's series to the sixth order of n, good to far less than a millimetre within a zone (C. F. F. Karney,
"Transverse Mercator with an accuracy of a few nanometers", 2011, equations 7 to 36).
"""

from __future__ import annotations

import math

# WGS 84; GRS 80, the ellipsoid of NAD 83, differs from it by a tenth of a millimetre.
AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
SCALE = 0.9996
FALSE_EAST_M = 500_000.0

_N = FLATTENING / (2 - FLATTENING)
_E = math.sqrt(FLATTENING * (2 - FLATTENING))
_RECTIFYING_M = AXIS_M / (1 + _N) * (1 + _N**2 / 4 + _N**4 / 64 + _N**6 / 256)


def _powers(*rows: tuple[float, ...]) -> tuple[float, ...]:
    """Each row holds the factors of n**k, n**(k + 1), … of the k-th coefficient."""
    return tuple(
        sum(factor * _N ** (k + i) for i, factor in enumerate(row)) for k, row in enumerate(rows, start=1)
    )


_ALPHA = _powers(
    (1 / 2, -2 / 3, 5 / 16, 41 / 180, -127 / 288, 7891 / 37800),
    (13 / 48, -3 / 5, 557 / 1440, 281 / 630, -1983433 / 1935360),
    (61 / 240, -103 / 140, 15061 / 26880, 167603 / 181440),
    (49561 / 161280, -179 / 168, 6601661 / 7257600),
    (34729 / 80640, -3418889 / 1995840),
    (212378941 / 319334400,),
)
_BETA = _powers(
    (1 / 2, -2 / 3, 37 / 96, -1 / 360, -81 / 512, 96199 / 604800),
    (1 / 48, 1 / 15, -437 / 1440, 46 / 105, -1118711 / 3870720),
    (17 / 480, -37 / 840, -209 / 4480, 5569 / 90720),
    (4397 / 161280, -11 / 504, -830251 / 7257600),
    (4583 / 161280, -108847 / 3991680),
    (20648693 / 638668800,),
)


def zone_of(lng: float) -> int:
    """1 to 60, six degrees each. The exceptions of Norway and Svalbard are not ours."""
    return min(max(int((lng + 180) // 6) + 1, 1), 60)


def middle_of_zone(zone: int) -> float:
    """The longitude in its middle."""
    return zone * 6.0 - 183.0


def to_utm(lat: float, lng: float, zone: int) -> tuple[float, float]:
    """Metres east (500,000 in the zone's middle) and north of the equator."""
    turn = math.radians(lng - middle_of_zone(zone))
    tau = math.tan(math.radians(lat))
    tau = _conformal(tau)
    xi = math.atan2(tau, math.cos(turn))
    eta = math.asinh(math.sin(turn) / math.hypot(tau, math.cos(turn)))
    north, east = xi, eta
    for k, alpha in enumerate(_ALPHA, start=1):
        north += alpha * math.sin(2 * k * xi) * math.cosh(2 * k * eta)
        east += alpha * math.cos(2 * k * xi) * math.sinh(2 * k * eta)
    return FALSE_EAST_M + SCALE * _RECTIFYING_M * east, SCALE * _RECTIFYING_M * north


def from_utm(east_m: float, north_m: float, zone: int) -> tuple[float, float]:
    """Latitude and longitude: the way back, north of the equator."""
    xi = north_m / (SCALE * _RECTIFYING_M)
    eta = (east_m - FALSE_EAST_M) / (SCALE * _RECTIFYING_M)
    up, across = xi, eta
    for k, beta in enumerate(_BETA, start=1):
        up -= beta * math.sin(2 * k * xi) * math.cosh(2 * k * eta)
        across -= beta * math.cos(2 * k * xi) * math.sinh(2 * k * eta)
    conformal = math.sin(up) / math.hypot(math.sinh(across), math.cos(up))
    turn = math.atan2(math.sinh(across), math.cos(up))
    return math.degrees(math.atan(_geographic(conformal))), middle_of_zone(zone) + math.degrees(turn)


def _conformal(tau: float) -> float:
    """The tangent of the conformal latitude for that of the geographic one."""
    root = math.hypot(1.0, tau)
    sigma = math.sinh(_E * math.atanh(_E * tau / root))
    return tau * math.hypot(1.0, sigma) - sigma * root


def _geographic(conformal: float) -> float:
    """The way back, by Newton's method: three steps reach the last bit."""
    tau = conformal / (1 - _E**2)
    for _ in range(5):
        now = _conformal(tau)
        slope = (1 + (1 - _E**2) * tau**2) / ((1 - _E**2) * math.hypot(1.0, now) * math.hypot(1.0, tau))
        step = (conformal - now) / slope
        tau += step
        if abs(step) < 1e-15 * max(1.0, abs(tau)):
            break
    return tau
