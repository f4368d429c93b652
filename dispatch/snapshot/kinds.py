"""Which categories of the table are what a county asks for."""

from __future__ import annotations

ROADS = ("tree_road_blocked", "road_washout", "street_flooding")
SIGNALS = ("traffic_signal_out",)
SEWAGE = ("sewer_overflow",)
HOMES_WITH_WATER = ("home_flooded",)
# What residents say of homes: water inside, or a part of the building gone.
HOMES = ("home_flooded", "structure_damage", "tree_on_structure", "building_collapse")
