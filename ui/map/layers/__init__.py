"""What can be shown over the base map: one file each, one line here. Painted in this order."""

from __future__ import annotations

from ui.map.layers.evacuation_zones import EvacuationZones
from ui.map.layers.facilities import Hospitals, Shelters
from ui.map.layers.layer import Layer, Scene
from ui.map.layers.neighborhoods import Neighborhoods
from ui.map.layers.reports import Reports
from ui.map.layers.storm_track import StormTrack

LAYERS: tuple[type[Layer], ...] = (
    Neighborhoods,
    EvacuationZones,
    StormTrack,
    Hospitals,
    Shelters,
    Reports,
)

__all__ = ["LAYERS", "Layer", "Scene"]
