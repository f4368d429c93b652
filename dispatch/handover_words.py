"""What a hand-over says before anybody mends it: whose matter it is, what it needs, why now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from dispatch.records import Band, Flag, OwnPlace
from dispatch.store import sites
from dispatch.triage.categories import Category

# What is asked for when the operator types nothing else, by family of category; a start to be mended.
EFFECTS: Mapping[str, str] = {
    "trees": "Clear one lane",
    "flooding": "Close the road to traffic",
    "wires": "Guard the scene and make the line safe",
    "signals": "Traffic control at the crossing",
    "structure": "Check the building and the people in it",
    "sewer_water": "Stop the flow",
    "medical": "Reach the person",
    "other": "Go and look",
}
LANGUAGES = {"en": "English", "es": "Spanish", "ht": "Haitian Creole"}
SUMMARY_CHARS = 140
DETAIL_REPORTS = 8
MOST_PLACES = 4


def family(row: Row[Any], category: Category) -> str:
    """Whose matter it is first: a life at risk comes before the wire or the water it was filed under."""
    is_life = row.band == Band.P1 and row.flags & Flag.PERSON
    return "medical" if is_life else category.family


def why(connection: Connection, rows: Sequence[Row[Any]]) -> str:
    """Why it goes now: what its words say, and how many say it."""
    members = sites.members(connection, [row.site_id for row in rows])
    said = [reason.text for each in members.values() for _, _, a in each for reason in a.reasons]
    cues = list(dict.fromkeys(text for text in said if text.startswith("Says")))[:3]
    reports = sum(row.reports for row in rows)
    count = f"{reports} reports" if reports > 1 else "1 report"
    return ". ".join([*cues, f"{count} of {len(rows)} places" if len(rows) > 1 else count])


def quality(row: Row[Any], own: OwnPlace | None) -> str:
    if own is not None:
        # Put there by somebody in the room: nobody at the place has confirmed it.
        return "street"
    if row.lat is None:
        return "street" if row.where_words else "none"
    return "street" if (row.flags | row.own_flags) & Flag.PLACE_DOUBT else "exact"


def language(connection: Connection, site_id: int) -> str:
    members = sites.members(connection, [site_id]).get(site_id, [])
    code = members[0][2].language if members else ""
    return LANGUAGES.get(code, code)


def details(connection: Connection, rows: Sequence[Row[Any]]) -> str:
    """What the reporters say, each in a line of its own; of several sites with the place before it."""
    members = sites.members(connection, [row.site_id for row in rows])
    if len(rows) == 1:
        said = [request.description or request.summary for _, request, _ in members[rows[0].site_id]]
        return "\n".join(list(dict.fromkeys(filter(None, said)))[:DETAIL_REPORTS])
    lines = []
    for number, row in enumerate(rows, 1):
        first = next(
            (
                words
                for _, request, _ in members[row.site_id]
                if (words := request.description or request.summary)
            ),
            row.what,
        )
        place = row.where_words or row.neighborhood or "no place"
        lines.append(f"{number}. {place}: {' '.join(first.split())[:SUMMARY_CHARS]}")
    return "\n".join(lines)


def streets(rows: Sequence[Row[Any]]) -> str:
    """Where several sites are: the places of the first few, and how many more."""
    places = list(dict.fromkeys(row.where_words or row.neighborhood for row in rows))
    places = [place for place in places if place]
    more = f" and {len(places) - MOST_PLACES} more places" if len(places) > MOST_PLACES else ""
    return "; ".join(places[:MOST_PLACES]) + more
