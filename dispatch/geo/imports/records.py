"""What is known of a layer that somebody brought, before it is taken (`Preview`) and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from dispatch.geo.areas import Bounds
from dispatch.geo.imports.kinds import STYLES, ZONES, LayerKind
from dispatch.records import Millis

# The name, before its ending, under which the file as it was brought is kept.
ORIGINAL = "original"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many features of each kind were taken; what was mended; what was left out, and why."""

    points: int = 0
    lines: int = 0
    areas: int = 0
    mended: int = 0
    without_geometry: int = 0
    damaged: int = 0
    outside: int = 0

    @property
    def taken(self) -> int:
        return self.points + self.lines + self.areas

    @property
    def read(self) -> int:
        return self.taken + self.without_geometry + self.damaged + self.outside


@dataclass(frozen=True, slots=True)
class Preview:
    """A file as it would be taken. `coming` is the folder it waits in; `bounds` are degrees.

    `samples` gives the first values of each field. Where `coordinates_asked` is true it is a table whose
    coordinate columns could not be told by their names: nothing is taken yet.
    """

    coming: str
    file_name: str
    file_format: str
    file_bytes: int
    sha256: str
    layers: tuple[str, ...] = ()
    layer: str = ""
    projection: str = ""  # from which it was brought to WGS84; empty when it was in it
    samples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Counts = Counts()
    bounds: Bounds | None = None
    coordinates_asked: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What a person decides of a layer: words, fields, purpose and color."""

    label: str
    kind: LayerKind = LayerKind.PLAIN
    name_field: str = ""
    zone_field: str = ""
    style: str = STYLES[0]


@dataclass(frozen=True, slots=True)
class ImportedLayer:
    """A layer that was taken; `layer_id` names its folder."""

    layer_id: str
    look: Look
    imported_at: Millis
    imported_by: str
    file_name: str
    original: str
    sha256: str
    counts: Counts

    @property
    def is_zone(self) -> bool:
        return self.look.kind in ZONES


def look_from(said: Mapping[str, Any]) -> Look:
    """The way back from JSON."""
    return Look(**{**said, "kind": LayerKind(said["kind"])})


def preview_from(said: dict[str, Any]) -> Preview:
    """The way back from the helper's line of JSON."""
    bounds = said["bounds"]
    return Preview(
        **{
            **said,
            "layers": tuple(said["layers"]),
            "samples": {name: tuple(values) for name, values in said["samples"].items()},
            "counts": Counts(**said["counts"]),
            "bounds": tuple(bounds) if bounds else None,
        }
    )
