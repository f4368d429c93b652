"""Brings the areas of sweeps onto the map, and of whatever else the city sets by area, as they change."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt

from dispatch.geo import geometry as shapely
from dispatch.geo.areas import Areas
from dispatch.geo.folder import GeoFolder
from dispatch.geo.projection import to_mercator
from dispatch.records import Sweep, SweepArea, SweepState
from ui.map.layers.sweeps import AreaShown, SweepAreas
from ui.map.view import MapView
from ui.sheets import sweep_words
from ui.sweeps import Sweeps

log = logging.getLogger(__name__)


class SweepsOnMap(QObject):
    """Shapes are made off the window's thread: a neighborhood's file is read the first time one is named."""

    def __init__(
        self, *, bridge: Any, sweeps: Sweeps, view: MapView, folder: GeoFolder, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._sweeps, self._view, self._folder = bridge, sweeps, view, folder
        self._making: asyncio.Task[None] | None = None
        sweeps.changed.connect(self._look)

    def _look(self) -> None:
        self._making = asyncio.ensure_future(self._show(self._sweeps.all))

    async def _show(self, found: tuple[Sweep, ...]) -> None:
        now, zone = self._bridge.clock.now(), self._bridge.zone
        coming = [each for each in found if each.state.is_open]
        words = [f"{each.said.area.name}\n{sweep_words.detail_words(each, now, zone)}" for each in coming]
        try:
            areas = await self._bridge.parts.workers.network(made, self._folder, coming, words)
        except Exception:
            # An edge: the map goes on with the areas it had.
            log.exception("The sweeps could not be drawn")
            return
        if found is self._sweeps.all:
            self._view.show_areas(SweepAreas, areas)


def made(folder: GeoFolder, sweeps: Sequence[Sweep], words: Sequence[str]) -> list[AreaShown]:
    """Side by side with their words; planned ones are dashed."""
    return [
        AreaShown(
            shape_of(each.said.area, folder),
            f"{each.label} {each.said.area.name}",
            said,
            SweepAreas.color,
            Qt.PenStyle.SolidLine if each.state is SweepState.RUNNING else Qt.PenStyle.DashLine,
        )
        for each, said in zip(sweeps, words, strict=True)
    ]


def shape_of(area: SweepArea, folder: GeoFolder) -> shapely.Geometry:
    """In Mercator metres; empty where its neighborhoods are on no map."""
    found = _neighborhoods(folder)
    parts = [
        shape for shape, name in zip(found.shapes, found.names, strict=True) if name in area.neighborhoods
    ]
    for ring in area.rings:
        lng, lat = zip(*ring, strict=True)
        x, y = to_mercator(lng, lat)
        parts.append(shapely.make_valid(shapely.Polygon(np.column_stack((x, y)))))
    return shapely.union_all(parts) if parts else shapely.Polygon()


@cache
def _neighborhoods(folder: GeoFolder) -> Areas:
    return Areas.load(folder.neighborhoods)
