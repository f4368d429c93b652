"""The rings of shapes as plain columns of corners, for whoever draws them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.geo import geometry as shapely
from dispatch.geo.layers import Bounds

Ring = npt.NDArray[np.float64]


def rings_of(shape: shapely.Geometry) -> tuple[Ring, ...]:
    """Outer edges and holes alike: filled by even and odd they make the shape again."""
    return tuple(
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(shape)
        for ring in shapely.get_rings(part)
        if not ring.is_empty
    )


def seen_within(shapes: Sequence[shapely.Geometry], box: Bounds, coarse_m: float) -> tuple[Ring, ...]:
    """What of them lies in a box, with no corner that makes less of a difference than so many metres."""
    if not shapes:
        return ()
    cut = shapely.clip_by_rect(shapely.simplify(np.array(shapes, object), coarse_m), *box)
    return tuple(ring for shape in cut for ring in rings_of(shape))
