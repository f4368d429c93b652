"""A site that a person put on the map: what is said of its place, and when to ask about it again (S11)."""

from __future__ import annotations

from dispatch.geo.street_grid import AGREE_M
from dispatch.records import OwnPlace, Place, ServiceRequest
from dispatch.triage.compared import distance_m
from dispatch.triage.places import Places


def where_of(own: OwnPlace, placed: ServiceRequest, places: Places) -> str:
    """What it was found by, else what the report says; never nothing."""
    said = places.short(own.words) or places.short(placed.address)
    return said or f"{own.place.lat:.5f}, {own.place.lng:.5f}"


def doubt_of(own: OwnPlace, placed: ServiceRequest, places: Places) -> str:
    """A place that came from the server after a person had put the site elsewhere is asked about, never
    taken in silence; empty where it is near enough, or is what that person had before them."""
    there = placed.place
    if there is None or places.is_default_pin(there) or not is_new(own.seen, there):
        return ""
    apart_m = distance_m(own.place, there)
    if apart_m <= AGREE_M:
        return ""
    far = f"{apart_m / 1000:.1f} km" if apart_m >= 950 else f"{round(apart_m, -1):.0f} m"
    return f"The 311 server now gives a place {far} from where {own.who} put it by hand: ask which."


def is_new(seen: Place | None, there: Place) -> bool:
    """Whether the server's place is another than the one the person had seen."""
    return seen is None or distance_m(seen, there) > AGREE_M
