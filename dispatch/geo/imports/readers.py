"""Which reader a file needs, told by its content and never by its name alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path, PurePosixPath

from dispatch.errors import LayerRefused
from dispatch.geo.imports import archive
from dispatch.geo.imports.features import Features, from_geojson, from_table
from dispatch.geo.imports.foreign import from_gdal

HEAD = 4096
SHAPEFILE = b"\x00\x00\x27\x0a"
SQLITE = b"SQLite format 3\x00"


def read(path: Path, scratch: Path, *, layer: str = "", lat: str = "", lng: str = "") -> Features:
    """The features of a file; `scratch` is an empty folder to unpack into."""
    with path.open("rb") as file:
        head = file.read(HEAD)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise LayerRefused(f"{path.name} is empty.")
    if head.startswith(b"PK"):
        return _from_zip(path, scratch, layer)
    if head.startswith(SQLITE):
        return from_gdal(_under(path, scratch, ".gpkg"), "GeoPackage", name=path.name, layer=layer)
    if head.startswith(SHAPEFILE):
        raise LayerRefused(
            f"{path.name} is one part of a shapefile: zip it with its .shx, .dbf and .prj and choose the zip."
        )
    if start[:1] in b"{[":
        found = from_geojson(path)
        return found or from_gdal(_under(path, scratch, ".geojson"), "GeoJSON", name=path.name)
    if start[:1] == b"<":
        return _from_kml(path, scratch, name=path.name)
    if b"\x00" in head:
        raise LayerRefused(
            f"{path.name} is none of GeoJSON, KML, KMZ, zipped shapefile, GeoPackage or a CSV table."
        )
    return from_table(path, lat, lng)


def _from_zip(path: Path, scratch: Path, layer: str) -> Features:
    found = archive.entries(path)
    if shapes := archive.shapefiles(found):
        chosen = layer if layer in shapes else next(iter(shapes))
        archive.take_out(path, shapes[chosen], scratch, stem="layer")
        read_shape = from_gdal(scratch / "layer.shp", "Shapefile", name=path.name)
        return replace(read_shape, layers=tuple(shapes), layer=chosen)
    kml = [each for each in found if PurePosixPath(each.filename).suffix.lower() == ".kml"]
    if kml:
        (unpacked,) = archive.take_out(path, kml[:1], scratch, stem="doc")
        return _from_kml(unpacked, scratch, name=path.name)
    raise LayerRefused(f"{path.name} holds no shapefile (.shp with .dbf, .shx, .prj) and no KML.")


def _from_kml(path: Path, scratch: Path, *, name: str) -> Features:
    content = path.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise LayerRefused(f"{name} defines words of its own (DOCTYPE), as harmful files do: do not use it.")
    if b"<kml" not in content[:HEAD] and b":kml" not in content[:HEAD]:
        raise LayerRefused(f"{name} is XML but no KML.")
    return from_gdal(_under(path, scratch, ".kml"), "KML", name=name, all_layers=True)


def _under(path: Path, scratch: Path, suffix: str) -> Path:
    """The file under a name of ours with the ending of what it holds: a name can lead GDAL elsewhere."""
    target = scratch / f"layer{suffix}"
    if path != target:
        target.write_bytes(path.read_bytes())
    return target
