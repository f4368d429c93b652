"""House numbers out of an imported layer: which place has which short address; empty where none holds any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from dispatch.geo.address import parse, short_place
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.layers import Layer
from dispatch.geo.projection import to_degrees
from dispatch.records import Place

# What cities and OpenStreetMap call the fields, in small letters; two of them together, or one that has all.
HOUSES = (
    "addr:housenumber",
    "house_number",
    "housenumber",
    "number",
    "streetnumber",
    "add_number",
    "housenum",
)
STREETS = ("addr:street", "street", "street_name", "fullstreet", "st_name", "streetname", "fullname")
WHOLE = (
    "full_address",
    "fulladdr",
    "full_addr",
    "fulladdress",
    "address",
    "site_addr",
    "siteaddress",
    "situs",
)
MOST = 500_000


def read_houses(folder: LayerFolder) -> dict[str, Place]:
    """Of every imported layer of points that has addresses, by short address in small letters."""
    found: dict[str, Place] = {}
    for about in folder.layers():
        if about.counts.points and (layer := folder.read(about)) is not None:
            for key, place in _houses(layer):
                if len(found) >= MOST:
                    return found
                found.setdefault(key, place)
    return found


def _houses(layer: Layer) -> Iterator[tuple[str, Place]]:
    for shape, said in zip(layer.shapes, layer.properties, strict=True):
        address = _address(said)
        parsed = parse(address) if address else None
        if parsed is None or not parsed.house or len(parsed.streets) != 1 or shape.geom_type != "Point":
            continue
        lng, lat = to_degrees([shape.x], [shape.y])
        yield short_place(address).casefold(), Place(float(lat[0]), float(lng[0]))


def _address(said: Mapping[str, Any]) -> str:
    named = {name.casefold(): str(value).strip() for name, value in said.items() if value not in (None, "")}
    house = next((named[name] for name in HOUSES if name in named), "")
    street = next((named[name] for name in STREETS if name in named), "")
    if house and street:
        return f"{house} {street}"
    return next((named[name] for name in WHOLE if name in named), "")
