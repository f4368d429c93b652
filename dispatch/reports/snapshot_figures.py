"""The two figures of a snapshot: where its sites lie and when its reports came. In black, grey and shapes,
so that a copy tells P1, P2 and the rest apart as well (U2)."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import Bounds, Column, read_layer_if_there
from dispatch.geo.outlines import seen_within
from dispatch.geo.projection import to_mercator
from dispatch.reports import snapshot_alt
from dispatch.reports.paper import HAIRLINE, REGULAR, Sheet, fitted, text_width
from dispatch.resources import resource
from dispatch.snapshot.records import Line, Rows, Table

SMALL, KEY_HIGH = 7.5, 11.0
WATER, DOT, BAR = 0.9, 0.5, 0.35
CELL, RADIUS, MOST_RADIUS = 6.0, 1.5, 5.0
# What lies apart from all others does not shrink the city to a speck: it is said under the map instead.
APART, AROUND, LEAST_M = 0.5, 0.06, 2_000.0
MOST_BARS = 400
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Dots:
    """The sites that have a place, in Mercator metres, side by side with their bands."""

    x: Column
    y: Column
    bands: tuple[str, ...]
    without: int

    @classmethod
    def of(cls, sites: Rows) -> Dots:
        lat, lng, band = (sites.position[name] for name in ("latitude", "longitude", "band"))
        placed = [row for row in sites.values if row[lat] is not None and row[lng] is not None]
        degrees = np.array([(row[lng], row[lat]) for row in placed], np.float64).reshape(-1, 2)
        x, y = to_mercator(degrees[:, 0], degrees[:, 1])
        return cls(x, y, tuple(str(row[band]) for row in placed), len(sites) - len(placed))

    def bounds(self, width: float, height: float) -> Bounds:
        """Around nearly all of them, in the shape of the frame."""
        west, east = np.percentile(self.x, (APART, 100 - APART))
        south, north = np.percentile(self.y, (APART, 100 - APART))
        scale = max(float(east - west) / width, float(north - south) / height, LEAST_M / width)
        half_x, half_y = (scale * side * (0.5 + AROUND) for side in (width, height))
        x, y = float(west + east) / 2, float(south + north) / 2
        return x - half_x, y - half_y, x + half_x, y + half_y


def draw_map(
    sheet: Sheet,
    sites: Rows,
    city: str,
    box: tuple[float, float, float, float],
    areas: Table | None,
    page: int | None,
) -> None:
    """Into x, y, width, height, the key under the map within them. The table of areas, which begins on that
    page, tells in numbers what the map shows."""
    x, y, width, height = box[0], box[1], box[2], box[3] - 2 * KEY_HIGH
    dots = Dots.of(sites)
    if not dots.bands:
        sheet.box(x, y, width, height, HAIRLINE)
        with sheet.tag("P"):
            sheet.grey_text(x + 8, y + 16, "No site with a place in this period.", REGULAR, SMALL)
        _caption(sheet, box, dots, 0)
        return
    west, south, east, north = bounds = dots.bounds(width, height)
    step = width / (east - west)
    rings = seen_within(_land(city), bounds, 0.3 / step)
    places = [
        (x + (e - west) * step, y + (north - n) * step, band)
        for e, n, band in zip(dots.x.tolist(), dots.y.tolist(), dots.bands, strict=True)
        if west <= e <= east and south <= n <= north
    ]
    outside = len(dots.bands) - len(places)
    with sheet.figure(snapshot_alt.of_map(city, dots.bands, outside, areas, page), (x, y, width, height)):
        if rings:
            at = [[(x + (e - west) * step, y + (north - n) * step) for e, n in ring] for ring in rings]
            sheet.land(at, (x, y, width, height), WATER)
        sheet.box(x, y, width, height, HAIRLINE)
        _dots(sheet, places)
    _caption(sheet, box, dots, outside)


def _dots(sheet: Sheet, places: list[tuple[float, float, str]]) -> None:
    """The less urgent first and gathered, P1 on top and each by itself."""
    cells: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y, band in places:
        if band not in ("P1", "P2"):
            cells.setdefault((int(x // CELL), int(y // CELL)), []).append((x, y))
    for _, found in sorted(cells.items()):
        x, y = (sum(side) / len(found) for side in zip(*found, strict=True))
        sheet.dot(x, y, min(MOST_RADIUS, RADIUS * math.sqrt(len(found))), DOT)
    for band in ("P2", "P1"):
        # Sites on one spot of paper are one stroke: nobody sees the second.
        for x, y in sorted({(round(x, 1), round(y, 1)) for x, y, each in places if each == band}):
            sheet.shape(mark(band, x, y))


def mark(band: str, x: float, y: float, size: float = 2.6) -> list[tuple[float, float]]:
    """A diamond for P1, a triangle for P2."""
    if band == "P1":
        reach = size * 1.15
        return [(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)]
    return [(x, y - size), (x + size, y + size * 0.8), (x - size, y + size * 0.8)]


def _caption(sheet: Sheet, box: tuple[float, float, float, float], dots: Dots, outside: int) -> None:
    x, baseline = box[0], box[1] + box[3] - KEY_HIGH - 2
    for band, words in (("P1", "P1"), ("P2", "P2"), ("", "others, larger for more sites")):
        many = sum((each == band) if band else each not in ("P1", "P2") for each in dots.bands)
        if band:
            sheet.shape(mark(band, x + 4, baseline - 2.8))
        else:
            sheet.dot(x + 4, baseline - 2.8, 2.4, DOT)
        said = f"{words}: {many:,}"
        with sheet.tag("P"):
            sheet.grey_text(x + 10, baseline, said, REGULAR, SMALL)
        x += 10 + text_width(said, REGULAR, SMALL) + 10
    parts = [f"{dots.without:,} without a place (restricted or unknown)"]
    if outside:
        parts.append(f"{outside:,} outside the map")
    line = fitted(f"{'; '.join(parts)}.", REGULAR, SMALL, box[2])[0]
    with sheet.tag("P"):
        sheet.grey_text(box[0], baseline + KEY_HIGH, line, REGULAR, SMALL)


def _land(city: str) -> tuple[object, ...]:
    """The city's outline; none where the folder of its name has none."""
    name = re.sub(r"[^a-z0-9]+", "-", city.casefold()).strip("-").removeprefix("city-of-")
    # No folder has a longer name: a disk would refuse to look for it.
    folder = name if 0 < len(name) <= 64 else "-"
    return read_layer_if_there(GeoFolder(resource("geo"), folder).land).shapes


def draw_bars(sheet: Sheet, table: Table, box: tuple[float, float, float, float], page: int | None) -> None:
    """A bar for each hour or day; of two numbers the second, entered in bulk, is an outline on the first. The
    table itself begins on that page."""
    x, y, width, height = box
    bars = list(_bars(table))
    most = max((sum(pair) for _, pair in bars), default=0)
    if not most:
        with sheet.tag("P"):
            sheet.grey_text(x, y + 10, "No reports in this period.", REGULAR, SMALL)
        return
    sums = {line.label: _two(line) for line in table.lines}
    with sheet.figure(snapshot_alt.of_bars(table, sums, page), (x, y + KEY_HIGH, width, height - KEY_HIGH)):
        _draw_bars(sheet, bars, most, box)
    has_bulk = any(pair[1] for _, pair in bars)
    unit = "an hour" if table.key == "hours" else "a day" if table.key == "days" else "a bar"
    said = f"At most {most:,} reports {unit}{'; outlined: entered in bulk' if has_bulk else ''}."
    with sheet.tag("P"):
        sheet.grey_text(x, y + 7, said, REGULAR, SMALL)


def _draw_bars(
    sheet: Sheet,
    bars: list[tuple[str, tuple[int, int]]],
    most: int,
    box: tuple[float, float, float, float],
) -> None:
    x, y, width, height = box
    floor = y + height - KEY_HIGH
    step, rise = width / len(bars), (floor - y - KEY_HIGH) / most
    gap = min(2.0, step * 0.18)
    last = x - 1000.0
    for at, (label, (plain, bulk)) in enumerate(bars):
        left, top = x + at * step, floor - plain * rise
        sheet.grey(left, top, step - gap, plain * rise, BAR)
        if bulk:
            sheet.box(left + 0.2, top - bulk * rise, step - gap - 0.4, bulk * rise, HAIRLINE)
        words = fitted(label, REGULAR, SMALL, 60)[0] if label else ""
        if words and left > last and left + text_width(words, REGULAR, SMALL) <= x + width + 8:
            sheet.stem(left, floor, floor + 2.5, HAIRLINE)
            sheet.grey_text(left, floor + 10, words, REGULAR, SMALL)
            last = left + text_width(words, REGULAR, SMALL) + 8
    sheet.rule(x, floor, x + width, HAIRLINE)


def _bars(table: Table) -> Iterator[tuple[str, tuple[int, int]]]:
    """What the axis says and how much, the hours or days without a report between them too."""
    found = [(_time(line.label), line) for line in table.lines]
    times = [at for at, _ in found if at is not None]
    # Days have no zone and hours have one; whoever mixes them is drawn as they stand.
    times = [at for at in times if (at.tzinfo is None) == (times[0].tzinfo is None)]
    step = HOUR if table.key == "hours" else DAY
    span = (max(times) - min(times)) // step + 1 if times else 0
    if len(times) < len(found) or span > 10 * MOST_BARS:
        yield from ((line.label, _two(line)) for line in table.lines)
        return
    at_time = {at: _two(line) for at, line in found}
    for n in range(span):
        at = min(times) + n * step
        yield (f"{at:%m/%d}" if n == 0 or at.hour == 0 else ""), at_time.get(at, (0, 0))


def _two(line: Line) -> tuple[int, int]:
    """One by one, and in bulk. Where the second number only narrows the first, it is taken out of it."""
    if not line.numbers:
        return 0, 0
    first, *others = line.numbers
    if not others:
        return first.value, 0
    is_part = set(first.where) <= set(others[0].where)
    return first.value - (others[0].value if is_part else 0), others[0].value


def _time(label: str) -> datetime | None:
    try:
        return datetime.fromisoformat(label)
    except ValueError:
        return None


def chosen(hours: Table | None, days: Table | None) -> Table:
    """By hour where a stroke can show each of them, else by day; an empty one where there is neither."""
    nothing = Table("", "When", (), (), "")
    if hours is None or (days is not None and len(list(_bars(hours))) > MOST_BARS):
        return days or nothing
    return hours
