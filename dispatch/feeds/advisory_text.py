"""A forecast/advisory (TCM) as NHC sends it in words: number, time, center, forecast; the cone is ours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from dispatch.errors import FeedRefused
from dispatch.feeds.records import Advisory, ForecastPoint
from dispatch.feeds.times import day_and_clock, from_advisory
from dispatch.geo.cone import forecast_cone
from dispatch.records import Millis

HOUR_MS = 3_600_000
# Forecast hours count from the synoptic time, three hours before the advisory.
AHEAD_MS = 3 * HOUR_MS
MARK = "FORECAST/ADVISORY NUMBER"
_HEAD = re.compile(r"^(.*?)\s+FORECAST/ADVISORY NUMBER\s+(\d+[A-Z]?)", re.MULTILINE)
_STORM = re.compile(r"\b((?:AL|EP|CP)\d{6})\b")
_PLACE = r"(\d{1,2}(?:\.\d)?)([NS])\s+(\d{1,3}(?:\.\d)?)([EW])"
_CENTER = re.compile(rf"CENTER LOCATED NEAR\s+{_PLACE}\s+AT\s+(\d\d/\d{{4}})Z")
_WIND = re.compile(r"MAX SUSTAINED WINDS\s+(\d+) KT")
_AHEAD = re.compile(
    rf"(?:FORECAST|OUTLOOK) VALID (\d\d/\d{{4}})Z\s+{_PLACE}.*?(?:\nMAX WIND\s+(\d+) KT|\n\s*\n|$)"
)
# How far winds of 34 kt reach, in a point's own paragraph: 34 KT...110NE 110SE  90SW 130NW.
_GALE = re.compile(r"^34 KT\.+\s*(\d+)NE\s+(\d+)SE\s+(\d+)SW\s+(\d+)NW", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n\s*\n")
KINDS: tuple[str, ...] = ("POTENTIAL TROPICAL CYCLONE", "TROPICAL DEPRESSION", "TROPICAL STORM", "HURRICANE")
KINDS += ("POST-TROPICAL CYCLONE", "SUBTROPICAL STORM", "SUBTROPICAL DEPRESSION", "REMNANTS OF")


def read_advisory_text(words: str, name: str) -> Advisory:
    """Raises FeedRefused when it is another product, or not whole."""
    words = words.replace("\r", "").upper()
    head, storm, center = _HEAD.search(words), _STORM.search(words), _CENTER.search(words)
    if not (head and storm and center):
        raise FeedRefused(f"{name} is no whole forecast/advisory of the National Hurricane Center.")
    try:
        issued_at = from_advisory(words)
        wind = _WIND.search(words)
        now = wind.start() if wind else center.end()
        points = [_point(center.groups()[:4], center[5], wind and wind[1], issued_at, _gale(words, now))]
        points += [
            _point(found.groups()[1:5], found[1], found[6], issued_at, _gale(words, found.start()))
            for found in _AHEAD.finditer(words)
        ]
    except ValueError as error:
        raise FeedRefused(f"{name} names times or places that cannot be: {error}.") from error
    year = datetime.fromtimestamp(issued_at / 1000, UTC).year
    hours = [(max(each.at - issued_at + AHEAD_MS, 0) / HOUR_MS, each) for each in points[1:]]
    places = [(0.0, points[0].lat, points[0].lng), *((h, each.lat, each.lng) for h, each in hours)]
    return Advisory(
        storm_id=storm[1].lower(),
        name=_name(head[1]),
        number=head[2],
        issued_at=issued_at,
        points=tuple(points),
        track=tuple((each.lng, each.lat) for each in points),
        cone=tuple(tuple(ring) for ring in forecast_cone(places, year)),
        is_cone_ours=True,
    )


def _name(title: str) -> str:
    kind = next((each for each in KINDS if title.startswith(each)), "")
    return title.removeprefix(kind).strip().title()


def _gale(words: str, start: int) -> tuple[int, ...]:
    """Of the paragraph that goes on from there; empty where it does not say."""
    end = _PARAGRAPH.search(words, start)
    found = _GALE.search(words, start, end.start() if end else len(words))
    return tuple(map(int, found.groups())) if found else ()


def _point(
    place: Sequence[str], clock: str, wind: str | None, issued_at: Millis, gale_nm: tuple[int, ...]
) -> ForecastPoint:
    north, ns, east, ew = (str(part) for part in place)
    lat, lng = float(north) * (1 if ns == "N" else -1), float(east) * (1 if ew == "E" else -1)
    if not (abs(lat) <= 85 and abs(lng) <= 180):
        raise ValueError(f"{north}{ns} {east}{ew}")
    return ForecastPoint(lat, lng, day_and_clock(clock, issued_at), int(wind or 0), gale_nm)
