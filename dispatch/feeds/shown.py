"""Gives each alert in force its place on the map, and tells whether that is here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import shapely

from dispatch.feeds.in_force import InForce
from dispatch.feeds.records import Severity
from dispatch.feeds.weather import AlertShown
from dispatch.feeds.zones import Cover, ZoneTable
from dispatch.geo.areas import Bounds
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_mercator

MOST_COVERS = 2_000


class Places:
    """The zone table is read when the first alert comes: most days there is none. `box` is in degrees."""

    def __init__(self, geo: GeoFolder, box: Bounds) -> None:
        self._geo = geo
        west, south, east, north = box
        (left, right), (low, high) = to_mercator([west, east], [south, north])
        self._here = shapely.box(left, low, right, high)
        self._zones: ZoneTable | None = None
        self._covers: dict[tuple[str, tuple[str, ...]], Cover] = {}

    def shown(self, found: InForce) -> AlertShown:
        cover = self._cover(found)
        is_here = cover.shape is not None and bool(shapely.intersects(cover.shape, self._here))
        return AlertShown(found, cover, is_here)

    def _cover(self, found: InForce) -> Cover:
        if self._zones is None:
            self._zones = ZoneTable.load(self._geo)
        alert = found.alert
        key = alert.alert_id, found.zones
        if key not in self._covers:
            if len(self._covers) >= MOST_COVERS:
                self._covers.clear()
            self._covers[key] = self._zones.cover(found.zones, alert.counties, alert.outline)
        return self._covers[key]


@dataclass(frozen=True, slots=True)
class AlertArea:
    """All areas of one look in Mercator metres: `shape` is the whole of them, `edges` the outlines of each
    event. Borders of zones inside an event are no news, and lines that events share are drawn once."""

    severity: Severity
    is_lapsed: bool
    shape: shapely.Geometry
    edges: shapely.Geometry


def areas(alerts: Iterable[AlertShown]) -> tuple[AlertArea, ...]:
    """What is painted, the mildest first, so that the worst lies on top."""
    events: dict[tuple[Severity, bool], dict[str, list[shapely.Geometry]]] = {}
    for each in alerts:
        if each.cover.shape is not None:
            alert = each.in_force.alert
            look = events.setdefault((alert.severity, each.in_force.is_lapsed), {})
            look.setdefault(alert.event, []).append(each.cover.shape)
    found = []
    for (severity, is_lapsed), shapes in sorted(events.items()):
        wholes = [shapely.union_all(each) for each in shapes.values()]
        edges = shapely.line_merge(shapely.union_all(shapely.boundary(wholes)))
        found.append(AlertArea(severity, is_lapsed, shapely.union_all(wholes), edges))
    return tuple(found)
