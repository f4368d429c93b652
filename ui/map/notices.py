"""Brings the areas of live notices onto the map: as any seat publishes them, until they end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.geo import geometry as shapely
from dispatch.geo.projection import to_mercator
from dispatch.records import Millis, Notice, NoticeArea
from ui.map.layers.sweeps import AreaShown, NoticeAreas
from ui.map.view import MapView
from ui.notices import words

log = logging.getLogger(__name__)


class NoticesOnMap(QObject):
    """One for the whole city is not drawn: it would color the map and point at nothing."""

    def __init__(self, *, bridge: Any, view: MapView, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge, self._view = bridge, view
        self._live: tuple[Notice, ...] = ()
        self._shown: dict[str, bool] = {}
        self._reading: asyncio.Task[None] | None = None
        self._wants = False
        bridge.room_changed.connect(self.look)
        bridge.ticked.connect(self._age)

    def look(self) -> None:
        self._wants = True
        if self._bridge.parts.workers.is_held:
            return
        if self._reading is None or self._reading.done():
            self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        workers, desk = self._bridge.parts.workers, self._bridge.parts.notice_desk
        while self._wants:
            # Whoever asks from here on is answered by one more look.
            self._wants = False
            try:
                self._live = await self._bridge.read(desk.live)
                now = self._bridge.clock.now()
                begun = begun_by_id(self._live, now)
                found = by_area(each for each in self._live if each.notice_id in begun)
                shapes = await workers.network(lambda areas: [shape_of(each) for each in areas], list(found))
            except LandfallError:
                return  # said already by whoever follows the store
            except Exception:
                # An edge: the map goes on with the areas it had.
                log.exception("The notices could not be drawn")
                return
            if isValid(self):
                self._shown = begun
                self._view.show_areas(NoticeAreas, self._made(found.values(), shapes, now))

    def _made(
        self, found: Iterable[Sequence[Notice]], shapes: Sequence[shapely.Geometry], now: Millis
    ) -> list[AreaShown]:
        """Notices for the same area as one; dashed while none of them has begun."""
        zone = self._bridge.zone
        return [
            AreaShown(
                shape,
                ", ".join(item.number for item in items),
                "\n".join(
                    f"{item.number} {words.title(item)}\n{words.holds(item, now, zone)}" for item in items
                ),
                NoticeAreas.color,
                Qt.PenStyle.SolidLine
                if any(item.starts_at <= now for item in items)
                else Qt.PenStyle.DashLine,
            )
            for items, shape in zip(found, shapes, strict=True)
        ]

    def _age(self, now: Millis) -> None:
        """One has begun or ended by its own time."""
        if self._live and begun_by_id(self._live, now) != self._shown:
            self.look()


def begun_by_id(live: Iterable[Notice], now: Millis) -> dict[str, bool]:
    return {each.notice_id: each.starts_at <= now for each in live if each.is_live(now)}


def by_area(live: Iterable[Notice]) -> Mapping[NoticeArea, tuple[Notice, ...]]:
    found: dict[NoticeArea, tuple[Notice, ...]] = {}
    for each in live:
        if not each.area.is_whole_city:
            found[each.area] = (*found.get(each.area, ()), each)
    return found


def shape_of(area: NoticeArea) -> shapely.Geometry:
    """In Mercator metres; empty where its layers had no lines."""
    parts = []
    for ring in area.rings:
        lat, lng = zip(*ring, strict=True)
        x, y = to_mercator(lng, lat)
        parts.append(shapely.make_valid(shapely.Polygon(np.column_stack((x, y)))))
    return shapely.union_all(parts) if parts else shapely.Polygon()
