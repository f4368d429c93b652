"""We send nobody into danger (S9): where residents may not be asked for a photo or a better place."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet

DANGEROUS_FAMILIES = frozenset({"wires", "flooding", "sewer_water"})
DANGEROUS_CATEGORIES = frozenset({"gas_leak", "fire", "carbon_monoxide", "hazmat_spill", "looting_security"})
SAFE_START = "only from where you are safe"
SAFE_STARTS = (SAFE_START, "solo desde donde esté a salvo")

_ASKS = re.compile(
    r"\b(photos?|pictures?|fotos?|closer look|better (place|location|spot)|exact (place|location|spot)"
    r"|(go|take a) look|check (on|if|whether)|ubicaci[oó]n exacta)\b",
    re.IGNORECASE,
)


def refusal(text: str, *, category: str, family: str, has_wire: bool, is_suspended: bool) -> str:
    """Why this message must not ask what it asks; empty where it may.

    Elsewhere such a request begins with "only from where you are safe".
    """
    if not _ASKS.search(text):
        return ""
    if is_suspended:
        return "Field response is suspended: nobody is asked to go outside for a photo or a better place."
    if has_wire or is_dangerous(category=category, family=family):
        return "Nobody is asked to go near this for a photo or a better place: it may be dangerous."
    if not any(start in text.lower() for start in SAFE_STARTS):
        return "Begin with “Only from where you are safe” when you ask for a photo or a better place."
    return ""


def is_dangerous(*, category: str, family: str) -> bool:
    """Where nobody is asked to look closer, whatever the words say."""
    return family in DANGEROUS_FAMILIES or category in DANGEROUS_CATEGORIES


# Where no neighbor is pointed to, by what the words or the category say; the first that holds is told.
_NO_NEIGHBORS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "Gas, fire or fumes are reported here: no neighbor is pointed to it.",
        frozenset({"fire", "smoke", "gas", "carbon_monoxide", "fuel_spill", "gas_leak", "hazmat_spill"}),
    ),
    (
        "Flood water is reported here: no neighbor is pointed to it.",
        frozenset({"water_around_people", "water_rising", "road_flooded", "cars_in_water", "water_inside"})
        | {"sewage_inside", "drowning", "above_water", "flood_people_trapped"},
    ),
    (
        "A building or a road may give way here: no neighbor is pointed to it.",
        frozenset({"collapse", "building_failing", "about_to_fall", "road_gone", "tree_on_structure"})
        | {"building_collapse", "road_washout", "bridge_seawall"},
    ),
    (
        "Somebody has to be rescued here: that is for 911, no neighbor is pointed to it.",
        frozenset({"trapped", "stuck", "needs_rescue", "shock", "ambulance_blocked", "elevator_entrapment"}),
    ),
    (
        "Violence or a break-in is reported here: no neighbor is pointed to it.",
        frozenset({"threat", "looting_security"}),
    ),
)
_WATER = _NO_NEIGHBORS[1][0]


def no_neighbor(
    *,
    category: str,
    family: str,
    cues: AbstractSet[str],
    is_live_wire: bool,
    is_restricted: bool,
    is_suspended: bool,
) -> str:
    """Why no neighbor is pointed to a site, in a sentence; empty where one may be. `is_live_wire`: a wire
    cue, and nobody has made it safe (S13); `is_restricted`: who lives there is nobody's business (S15)."""
    if is_suspended:
        return "Field response is suspended: no neighbor is pointed anywhere until it goes out again."
    if is_live_wire:
        return "A wire is reported here and nobody has made it safe: no neighbor is pointed to it."
    if is_restricted:
        return "This address is restricted: no neighbor is pointed to it."
    said = cues | {category}
    if found := next((why for why, names in _NO_NEIGHBORS if names & said), ""):
        return found
    return _WATER if family in DANGEROUS_FAMILIES - {"wires"} else ""
