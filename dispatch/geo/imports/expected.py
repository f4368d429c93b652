"""Which layers a city is expected to have, and which of them neither it nor an import has brought."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.kinds import CONTEXT, LayerKind
from dispatch.geo.imports.records import ImportedLayer

EXPECTED = (
    LayerKind.EVACUATION,
    LayerKind.SURGE,
    LayerKind.FIRE_STATION,
    LayerKind.HOSPITAL,
    LayerKind.SHELTER,
    LayerKind.SCHOOL,
)


def not_loaded(geo: GeoFolder, layers: Iterable[ImportedLayer]) -> tuple[LayerKind, ...]:
    brought = {each.look.kind for each in layers}
    return tuple(k for k in EXPECTED if k not in brought and not getattr(geo, CONTEXT[k]).exists())
