"""KML, GeoPackage, shapefiles and projected GeoJSON, read by GDAL and brought to WGS84 degrees."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np
import pyogrio
import shapely

from dispatch.errors import LayerRefused
from dispatch.geo.imports.features import LATIN, Features, refuse_many
from dispatch.geo.imports.limits import FEATURES, FIELDS

VRT = """<OGRVRTDataSource><OGRVRTWarpedLayer>
<OGRVRTLayer name={layer}><SrcDataSource>{path}</SrcDataSource><SrcLayer>{layer_text}</SrcLayer></OGRVRTLayer>
<TargetSRS>EPSG:4326</TargetSRS></OGRVRTWarpedLayer></OGRVRTDataSource>"""


def from_gdal(
    path: Path, file_format: str, *, name: str, layer: str = "", all_layers: bool = False
) -> Features:
    """One layer of a file, or all of them where a file's folders are no layers of their own (KML).

    `name` is what the file is called in sentences; its content has been looked at before (`readers`), so that
    only the one format is opened here.
    """
    try:
        return _all_of(path, file_format, name, layer, all_layers=all_layers)
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, ValueError, RuntimeError) as error:
        raise LayerRefused(f"{name} is damaged: no {file_format} layer can be read in it.") from error


def _all_of(path: Path, file_format: str, name: str, layer: str, *, all_layers: bool) -> Features:
    with warnings.catch_warnings():
        # GDAL's own remarks on a file; what is lost is counted here, what is wrong is refused.
        warnings.simplefilter("ignore")
        layers = [str(each) for each, kind in pyogrio.list_layers(path) if kind is not None]
        if not layers:
            raise LayerRefused(f"{name} holds no layer with geometry.")
        layer = layer if layer in layers else layers[0]
        read = [_read(path, each, name) for each in (layers if all_layers else [layer])]
    refuse_many(Path(name), sum(len(shapes) for shapes, *_ in read))
    names = list(dict.fromkeys(field for _, fields, *_ in read for field in fields))[:FIELDS]
    shapes = np.concatenate([shapes for shapes, *_ in read])
    missing = sum(lost for *_, lost in read)
    return Features(
        file_format,
        shapes,
        {f: [v for got, fields, *_ in read for v in fields.get(f, [None] * len(got))] for f in names},
        missing=missing,
        damaged=int(sum(shape is None for shape in shapes)) - missing,
        projection=read[0][2],
        layers=() if all_layers else tuple(layers),
        layer="" if all_layers else layer,
    )


def _read(path: Path, layer: str, name: str) -> tuple[Any, dict[str, list[Any]], str, int]:
    """Shapes, fields, the projection the file says, and how many features have no geometry."""
    crs = str(pyogrio.read_info(path, layer=layer)["crs"] or "")
    source = path
    if crs and crs not in LATIN:
        source = path.with_name("warped.vrt")
        source.write_text(
            VRT.format(layer=quoteattr(layer), path=_text(path), layer_text=_text(layer)), "utf-8"
        )
    try:
        meta, _, geometry, columns = pyogrio.raw.read(
            source, layer=layer, max_features=FEATURES + 1, force_2d=True, datetime_as_string=True
        )
    except pyogrio.errors.DataSourceError as error:
        if source is path:
            raise
        raise LayerRefused(
            f"The projection of {name} is not known here: export it as WGS84 (EPSG:4326)."
        ) from error
    missing = sum(each is None for each in geometry)
    shapes = shapely.from_wkb(geometry, on_invalid="ignore")
    fields = {str(each): list(values) for each, values in zip(meta["fields"], columns, strict=True)}
    return shapes, fields, crs, missing


def _text(value: object) -> str:
    return str(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
