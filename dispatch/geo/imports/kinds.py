"""What a layer of the map is for: its kind, and the names that kind has elsewhere."""

from __future__ import annotations

from enum import StrEnum


class LayerKind(StrEnum):
    """What a layer is for. In zones triage looks a report's place up, and places that matter it measures
    how far a report is from."""

    PLAIN = "plain"
    EVACUATION = "evacuation_zone"
    SURGE = "surge_zone"
    FLOOD = "flood_zone"
    FIRE_STATION = "fire_station"
    HOSPITAL = "hospital"
    SHELTER = "shelter"
    SCHOOL = "school"
    CARE_HOME = "care_home"
    OTHER_AGENCY = "other_agency"


# The name that each kind has in the context table (resources/triage/context.toml), as a layer of the map and
# as a file of the city's own (GeoFolder).
ZONES = {
    LayerKind.EVACUATION: "evacuation_zones",
    LayerKind.SURGE: "surge_zones",
    LayerKind.FLOOD: "flood_zones",
}
LANDMARKS = {
    LayerKind.FIRE_STATION: "stations",
    LayerKind.HOSPITAL: "hospitals",
    LayerKind.SHELTER: "shelters",
    LayerKind.SCHOOL: "schools",
    LayerKind.CARE_HOME: "care_homes",
}
CONTEXT = ZONES | LANDMARKS
STYLES = ("slate", "teal", "plum", "brown", "olive")
