"""Named areas (neighborhoods, municipalities): which one holds a place, for whole columns at once."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from dispatch.geo import geometry as shapely
from dispatch.geo.layers import Bounds as Bounds
from dispatch.geo.layers import Layer, read_layer_if_there

OUTSIDE = -1


def meet(bounds: Bounds | None, box: Bounds) -> bool:
    """Whether two boxes have anything in common; what has no bounds is given the benefit of the doubt."""
    if bounds is None:
        return True
    west, south, east, north = bounds
    return west <= box[2] and east >= box[0] and south <= box[3] and north >= box[1]


class Areas:
    """Areas of one layer, each with an id and a name. Coordinates are Web Mercator metres."""

    def __init__(
        self, shapes: Sequence[shapely.Geometry], *, ids: Sequence[str], names: Sequence[str]
    ) -> None:
        self.shapes = tuple(shapes)
        self.ids = tuple(ids)
        self.names = tuple(names)
        self._by_id = {area_id: index for index, area_id in enumerate(ids)}
        self._tree = shapely.STRtree(self.shapes)
        # A city's outline has thousands of corners: prepared, a place is tried against it ten times faster.
        shapely.prepare(self.shapes)
        self._shapes = np.array(self.shapes, object)

    @classmethod
    def from_layer(cls, layer: Layer, *, id_field: str = "id", name_field: str = "name") -> Areas:
        ids = [str(p.get(id_field, index)) for index, p in enumerate(layer.properties)]
        names = [str(p.get(name_field, ids[index])) for index, p in enumerate(layer.properties)]
        return cls(layer.shapes, ids=ids, names=names)

    @classmethod
    def load(cls, path: Path, *, id_field: str = "id", name_field: str = "name") -> Areas:
        """A missing file is no areas: every place is then outside."""
        return cls.from_layer(read_layer_if_there(path), id_field=id_field, name_field=name_field)

    def __len__(self) -> int:
        return len(self.shapes)

    def locate(self, x: npt.ArrayLike, y: npt.ArrayLike) -> npt.NDArray[np.int16]:
        """The index of the area that holds each place; OUTSIDE for none and for places not known.

        On a shared border the area that comes first in the file wins, always the same one.
        """
        xs, ys = np.atleast_1d(np.asarray(x, np.float64)), np.atleast_1d(np.asarray(y, np.float64))
        found = np.full(xs.size, OUTSIDE, np.int16)
        known = np.flatnonzero(np.isfinite(xs) & np.isfinite(ys))
        point, area = self._tree.query(shapely.points(xs[known], ys[known]))
        holds = shapely.intersects_xy(self._shapes[area], xs[known[point]], ys[known[point]])
        point, area = point[holds], area[holds]
        # Written from the last area to the first, so that the first is what stays.
        last_first = np.argsort(-area, kind="stable")
        found[known[point[last_first]]] = area[last_first]
        return found

    def name_at(self, x: float, y: float) -> str:
        """The name of the area at one place, empty outside."""
        index = int(self.locate(x, y)[0])
        return self.names[index] if index != OUTSIDE else ""

    def name_of(self, area_id: str) -> str:
        """The name that belongs to an id, empty when there is no such area."""
        index = self._by_id.get(area_id)
        return self.names[index] if index is not None else ""
