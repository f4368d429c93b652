"""What can be shown over the base map: one file each, one line here. Painted in this order."""

from __future__ import annotations

from ui.map.layers.facilities import CareHomes, FireStations, Hospitals, Schools, Shelters
from ui.map.layers.heat import Heat
from ui.map.layers.layer import Layer, Scene
from ui.map.layers.neighborhoods import Neighborhoods
from ui.map.layers.other_agencies import OtherAgencies
from ui.map.layers.reports import Reports
from ui.map.layers.storm_track import StormTrack
from ui.map.layers.sweeps import NoticeAreas, SweepAreas
from ui.map.layers.weather import StormForecast, WeatherAlerts
from ui.map.layers.zones import EvacuationZones, FloodZones, SurgeZones

LAYERS: tuple[type[Layer], ...] = (
    Neighborhoods,
    OtherAgencies,
    FloodZones,
    SurgeZones,
    EvacuationZones,
    WeatherAlerts,
    StormForecast,
    NoticeAreas,
    SweepAreas,
    Heat,
    StormTrack,
    Schools,
    CareHomes,
    FireStations,
    Hospitals,
    Shelters,
    Reports,
)

__all__ = ["LAYERS", "Layer", "Scene"]
