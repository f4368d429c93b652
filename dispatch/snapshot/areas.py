"""The file of neighborhoods: what was reported in each against what was to be expected, counted as on the
console's screen of them.

Every area of the city's layer has its row, also where nobody reported. Where a filter leaves reports out
nothing is expected: all that it does not count would look like silence.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dispatch.geo.area_facts import AreaFacts, area_facts
from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_layer_if_there
from dispatch.insight.by_area import LEAST_RESIDENTS
from dispatch.insight.neighborhoods import Neighborhoods, Place, Seen, neighborhoods
from dispatch.insight.places import counted_places, pools_of
from dispatch.insight.quiet_areas import QUIET, Standing
from dispatch.records import Millis, Outreach
from dispatch.snapshot.columns import AREA_COLUMNS
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import AREAS, Cell, Rows
from dispatch.snapshot.rows import NO, YES
from dispatch.store.snapshot_rows import StoredVoice

FILTERED = "not told: the filter leaves reports out"
NOT_AN_AREA = "not an area"
RESIDENTS_NOT_KNOWN = "residents not known"
TOO_FEW_REPORTS = "too few reports yet"
# The words of the console's screen.
_SURE = {
    Standing.MAYBE_UNDER: "maybe under",
    Standing.AS_EXPECTED: "as expected",
    Standing.ABOVE: "above",
    Standing.TOO_FEW: "too few people to tell",
}
# Of these nobody can say whether they are quiet.
_UNTOLD = (Standing.TOO_FEW, Standing.NOT_KNOWN)
_NAN = float("nan")


@dataclass(frozen=True)
class Layer:
    """The city's areas with their residents, and the places in which they are judged; none without a file."""

    facts: AreaFacts
    places: tuple[Place, ...]

    @classmethod
    def read(cls, folder: GeoFolder) -> Layer:
        layer = read_layer_if_there(folder.neighborhoods)
        facts = area_facts(layer)
        return cls(facts, counted_places(folder, facts, pools_of(layer, facts)) if facts.names else ())

    @cached_property
    def residents(self) -> dict[str, float]:
        """Of each area; NaN where not known."""
        return dict(zip(self.facts.names, self.facts.residents.tolist(), strict=True))

    @cached_property
    def place_of(self) -> dict[str, int]:
        return {area: at for at, place in enumerate(self.places) for area in place.areas}


def judged(
    layer: Layer, voices: Sequence[StoredVoice], since_at: Millis, activated_at: Millis
) -> Neighborhoods | None:
    """`voices` are the reports up to the end of the period, also those before it: from ordinary times it is
    known what an area usually reports. None where there is no layer."""
    if not layer.places:
        return None
    return neighborhoods(_seen(voices), layer.places, since_at=since_at, activated_at=activated_at)


def begun(entries: Iterable[Outreach], until_at: Millis) -> dict[str, Millis]:
    """When outreach began in each area, before that time."""
    first: dict[str, Millis] = {}
    for each in entries:
        if each.said.at < until_at:
            first[each.said.area] = min(each.said.at, first.get(each.said.area, until_at))
    return first


def rows(
    layer: Layer,
    found: Neighborhoods | None,
    outreach: Mapping[str, Millis],
    sites: Counts,
    reports: Counts,
    *,
    only: str = "",
) -> Rows:
    """`found` is None where a filter leaves reports out; `only` is the one area that it lets through. What
    lies in no area comes last."""
    counted = {str(name) for counts in (sites, reports) for name in counts.values("neighborhood")}
    names = counted | ({only} if only else {*layer.residents})
    values = []
    for name in sorted(names, key=lambda each: (each == "", each)):
        here = ("neighborhood", (name,))
        people = _whole(layer.residents.get(name, _NAN))
        one_by_one = reports.count((here, ("bulk", (NO,))))
        began = [outreach[area] for area in _judged_with(layer, name) if area in outreach]
        values.append(
            (
                name,
                people,
                reports.count((here,)),
                one_by_one,
                sites.count((here,)),
                sites.count((here, ("open", (YES,)))),
                _rate(one_by_one, people),
                *_judgement(layer, found, name),
                min(began, default=None),
            )
        )
    return Rows(AREAS, AREA_COLUMNS, tuple(values))


def _rate(one_by_one: int, people: int | None) -> float | None:
    """For each 1,000 residents; where hardly anybody lives one report more or less makes or breaks it."""
    return None if people is None or people < LEAST_RESIDENTS else round(1000 * one_by_one / people, 1)


def _judgement(layer: Layer, found: Neighborhoods | None, name: str) -> tuple[Cell, ...]:
    """What it is judged as, how many were expected of it, whether it is quiet, how sure that is."""
    at = layer.place_of.get(name)
    if at is None:
        return name, None, "", RESIDENTS_NOT_KNOWN if name else NOT_AN_AREA
    place = layer.places[at]
    more = len(place.areas) - 1
    judged_as = f"{place.name} and {more} more" if more else place.name
    if found is None:
        return judged_as, None, "", FILTERED
    standing = Standing(found.judged.standing[at])
    # Of areas judged together each is expected to say its share by residents.
    due = (
        float(found.judged.expected[at]) * layer.residents[name] / place.residents
        if place.residents
        else _NAN
    )
    quiet = "" if standing in _UNTOLD else YES if standing in QUIET else NO
    return judged_as, round(due, 1) if due == due else None, quiet, _how_sure(found, at, standing)


def _how_sure(found: Neighborhoods, at: int, standing: Standing) -> str:
    if standing in QUIET:
        low, high = found.missing_share(at)
        return f"under by {low} to {high} %"
    if standing is Standing.NOT_KNOWN:
        return (
            TOO_FEW_REPORTS
            if found.places[at].residents == found.places[at].residents
            else RESIDENTS_NOT_KNOWN
        )
    return _SURE[standing]


def _judged_with(layer: Layer, name: str) -> tuple[str, ...]:
    at = layer.place_of.get(name)
    return (name,) if at is None else layer.places[at].areas


def _whole(people: float) -> int | None:
    return round(people) if people == people else None


def _seen(voices: Sequence[StoredVoice]) -> Seen:
    """As the board has them, each report with a row of its own."""
    hoods = list(dict.fromkeys(each.neighborhood for each in voices if each.neighborhood))
    code = {"": -1} | {name: at for at, name in enumerate(hoods)}
    return Seen(
        tuple(hoods),
        np.array([code[each.neighborhood] for each in voices], np.int16),
        np.array([each.flags for each in voices], np.uint32),
        np.array([0.0 if each.has_place else _NAN for each in voices], np.float64),
        np.array([each.created_at for each in voices], np.int64),
        np.arange(len(voices), dtype=np.int32),
    )
