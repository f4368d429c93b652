"""What lies around a place, by the city's files and imported layers; read again when a layer has changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
import shapely

from dispatch.geo.folder import GeoFolder
from dispatch.geo.imports.folder import LayerFolder, zone_layers
from dispatch.geo.imports.records import ImportedLayer
from dispatch.geo.layers import Layer
from dispatch.triage.context import Context, NamedZones, load_context


class Surroundings:
    """`look` is called before each piece of work and costs one look at a file while nothing has changed."""

    def __init__(self, geo: GeoFolder, layers: LayerFolder) -> None:
        self._geo = geo
        self._layers = layers
        self._stamp = -1
        self.context = Context()
        # Of the imported zones; empty while there are none. What others were scored with is scored anew.
        self.print = ""

    def look(self) -> bool:
        """Read what has changed; True when a place may lie in another zone than before."""
        stamp = self._layers.stamp()
        if stamp == self._stamp:
            return False
        self._stamp = stamp
        layers = list(zone_layers(self._layers))
        now = _print(each for _, each in layers)
        if now == self.print:
            return False
        self.print = now
        read = [(kind, each, self._layers.read(each)) for kind, each in layers]
        zones = [(kind, _named(each, layer)) for kind, each, layer in read if layer is not None]
        self.context = load_context(self._geo, imported=zones)
        return True


def _named(about: ImportedLayer, layer: Layer) -> NamedZones:
    is_area = shapely.get_dimensions(np.array(layer.shapes, object)) == 2
    pairs = zip(layer.shapes, layer.properties, is_area, strict=True)
    chosen = [(shape, str(said.get(about.look.zone_field, ""))) for shape, said, area in pairs if area]
    return NamedZones(tuple(s for s, _ in chosen), tuple(name for _, name in chosen))


def _print(layers: Iterable[ImportedLayer]) -> str:
    said = [(each.layer_id, each.look.kind.value, each.look.zone_field) for each in layers]
    return hashlib.blake2b(repr(said).encode(), digest_size=6).hexdigest() if said else ""
