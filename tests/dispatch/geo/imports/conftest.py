"""Files as people bring them, made on the spot, and the folder they are read into."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely

from dispatch.geo.imports.reading import prepare
from dispatch.geo.imports.records import Preview

WEST = ((-82.70, 27.75), (-82.66, 27.75), (-82.66, 27.80), (-82.70, 27.80), (-82.70, 27.75))
EAST = ((-82.66, 27.75), (-82.62, 27.75), (-82.62, 27.80), (-82.66, 27.80), (-82.66, 27.75))


def polygon(ring: Sequence[Sequence[float]]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[list(place) for place in ring]]}


def feature(geometry: Any, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def two_zones() -> list[dict[str, Any]]:
    return [feature(polygon(WEST), EVAC="A", name="West"), feature(polygon(EAST), EVAC="B", name="East")]


def geojson(path: Path, features: Sequence[Any], **more: Any) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **more}))
    return path


def zipped_shapefile(folder: Path, *, crs: str | None, move: Callable[[Any], Any] = lambda d: d) -> Path:
    """The two zones as a shapefile, with or without its .prj."""
    apart = folder / "apart"
    apart.mkdir()
    shapes = shapely.transform(shapely.polygons([WEST, EAST]), move)
    pyogrio.raw.write(
        str(apart / "zones.shp"),
        shapely.to_wkb(shapes),
        [np.array(["A", "B"], object)],
        ["EVAC"],
        geometry_type="Polygon",
        crs=crs or "EPSG:4326",
        driver="ESRI Shapefile",
    )
    packed = folder / "zones.zip"
    with zipfile.ZipFile(packed, "w") as out:
        for part in apart.iterdir():
            if crs or part.suffix != ".prj":
                out.write(part, f"county/{part.name}")
    return packed


@pytest.fixture
def bring(tmp_path: Path) -> Callable[..., Preview]:
    """Read a file as the helper does, into an empty folder."""

    def read(path: Path, **options: str) -> Preview:
        coming = tmp_path / f"coming-{len(list(tmp_path.glob('coming-*')))}"
        coming.mkdir()
        return prepare(path, coming, **options)

    return read
