"""Gives each alert in force its place on the map, and tells whether that is here."""

from __future__ import annotations

import shapely

from dispatch.feeds.in_force import InForce
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
