"""What lies around a place, by the city's files and imported layers; read again when a layer has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import shapely

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.folder import LayerFolder, context_layers
from dispatch.geo.imports.records import ImportedLayer
from dispatch.geo.layers import Layer
from dispatch.triage.context import Context, NamedShapes, load_context


class Surroundings:
    """`look` is called before each piece of work and costs one look at a file while nothing has changed."""

    def __init__(self, geo: GeoFolder, layers: LayerFolder) -> None:
        self._geo = geo
        self._layers = layers
        self._stamp = -1
        self.context = Context()
        # Of imported zones and places; empty without any. What was scored with others is scored anew.
        self.print = ""

    def look(self) -> bool:
        """Read what has changed; True when something else may lie around a place than before."""
        stamp = self._layers.stamp()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        layers = list(context_layers(self._layers))
        now = _print(each for _, each in layers)
        if now == self.print:
            return False
        self.print = now
        read = [(kind, each, self._layers.read(each)) for kind, each in layers]
        named = [(kind, _named(each, layer)) for kind, each, layer in read if layer is not None]
        self.context = load_context(self._geo, imported=named)
        return True


def _named(about: ImportedLayer, layer: Layer) -> NamedShapes:
    """Of zones only areas; of places that matter all, those without a name by that of their layer."""
    look = about.look
    if not about.is_zone:
        names = (str(said.get(look.name_field, "")) or look.label for said in layer.properties)
        return NamedShapes(layer.shapes, tuple(names))
    is_area = shapely.get_dimensions(np.array(layer.shapes, object)) == 2
    pairs = zip(layer.shapes, layer.properties, is_area, strict=True)
    chosen = [(shape, str(said.get(look.zone_field, ""))) for shape, said, area in pairs if area]
    return NamedShapes(tuple(s for s, _ in chosen), tuple(name for _, name in chosen))


def _print(layers: Iterable[ImportedLayer]) -> str:
    said = [
        (each.layer_id, each.look.kind.value, each.look.zone_field)
        if each.is_zone
        else (each.layer_id, each.look.kind.value, each.look.name_field, each.look.label)
        for each in layers
    ]
    return hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest() if said else ""
