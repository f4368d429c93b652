"""Whose work a category is: of what is a utility's or a homeowner's, residents are told no time."""

from __future__ import annotations

from dispatch.jurisdiction import Owners
from dispatch.records import NoTime


def no_time_of(usual_owner: str, owners: Owners) -> NoTime | str:
    """By the first that the category table names (“Power utility or city lighting”: the utility's); empty for
    the city's own work."""
    first = usual_owner.partition(";")[0].strip()
    if any(first.startswith(own) for own in owners.own):
        return ""
    if first.lower().startswith("owner"):
        return NoTime.HOMEOWNER
    return NoTime.UTILITY if "utility" in first.lower().partition(",")[0] else ""


def contact_of(why: NoTime | str, owners: Owners) -> str:
    """Whom residents are told to turn to instead; empty where the city has entered nobody."""
    return {NoTime.UTILITY: owners.utility, NoTime.HOMEOWNER: owners.homeowner}.get(NoTime(why), "")
