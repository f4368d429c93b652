"""What the form shows while a call is typed: category, band and why, places, and what it may repeat.

Reads on the store lane; nothing is kept of what is typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dispatch import intake
from dispatch.calls.address_layer import read_houses
from dispatch.calls.places import CallPlaces, KnownStreets, Spots
from dispatch.calls.suggest import suggest
from dispatch.geo.address import short_place
from dispatch.geo.imports.folder import LayerFolder
from dispatch.geo.lookup import Box
from dispatch.in_force import InForce
from dispatch.records import (
    SITE_STATES,
    Assessment,
    Band,
    Call,
    Flag,
    Millis,
    NearSite,
    Place,
    Reason,
    ServiceRequest,
)
from dispatch.store import mirror, own_places, sites
from dispatch.store.store import Store
from dispatch.triage.categories import OTHER, Category
from dispatch.triage.compared import Likeness, Report, compare, distance_m, is_strong, report_of
from dispatch.triage.families import load_families
from dispatch.triage.judge import Judge
from dispatch.triage.score import PERSON
from dispatch.triage.why import why

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

MOST_NEAR = 5
# Sites looked at for one call: those that lie nearest.
MOST_LOOKED_AT = 60
REACH_M = 300.0
# Whatever it is filed under, at the same spot somebody should look before there are two.
SAME_SPOT_M = 25.0
ADDRESSES_AT_ONCE = 2_000
MOST_ADDRESSES = 40_000
MOST_WHY = 3


@dataclass(frozen=True, slots=True)
class Service:
    """What a call can be filed under: our category, and the city's service for it where it has one."""

    key: str
    label: str
    code: str
    title: str
    band: Band


@dataclass(frozen=True, slots=True)
class CallLook:
    """What is made of a call as far as it is typed. `suggested` is a category's key and `keyword` the word
    that suggests it (S2: it moves nothing until it is accepted)."""

    band: Band
    why: tuple[str, ...] = ()
    suggested: str = ""
    keyword: str = ""
    place_doubt: str = ""
    area: str = ""
    near: tuple[NearSite, ...] = ()


class CallReader:
    def __init__(self, *, store: Store, in_force: InForce, layers: LayerFolder, box: Box) -> None:
        self._store = store
        self._in_force = in_force
        self._layers = layers
        self._families = load_families()
        self._streets = KnownStreets()
        self._learned_key = 0
        self._learned = 0
        self._stamp = -1
        self._places = CallPlaces(
            by_grid=lambda typed: in_force.judge.places.find(typed, box),
            streets=self._streets,
            areas=in_force.judge.area_names(),
        )

    # -- what there is to choose from ----------------------------------------------------------------

    def services(self) -> tuple[Service, ...]:
        """Every category, the gravest first; of the city's services for it the one for storms."""
        rules = self._in_force.judge.rules
        city = rules.categories.services()
        found = []
        for category in rules.table:
            code, title = city.get(category.key, ("", category.label))
            found.append(Service(category.key, category.label, code, title, category.default_band))
        return tuple(sorted(found, key=lambda each: (each.band, each.label)))

    def learn(self) -> bool:
        """Read on which streets reports lie, a piece at a time; whether there is more."""
        with self._store.reading() as connection:
            rows = mirror.addresses(connection, after=self._learned_key, at_most=ADDRESSES_AT_ONCE)
        self._streets.learn(address for _, address in rows)
        self._learned += len(rows)
        if rows:
            self._learned_key = rows[-1][0]
        return len(rows) == ADDRESSES_AT_ONCE and self._learned < MOST_ADDRESSES

    def read_layers(self) -> None:
        """House numbers of imported layers, where they have changed; off the store lane, it may take long."""
        stamp = self._layers.stamp()
        if stamp != self._stamp:
            self._places.houses = read_houses(self._layers)
            self._stamp = stamp

    # -- while it is typed -----------------------------------------------------------------------------

    def find_place(self, typed: str) -> Spots:
        with self._store.reading() as connection:
            told = own_places.of_address(connection, typed, at_most=MOST_NEAR)
        found = self._places.find(typed, [] if len(typed.split()) < 2 else told)
        judge = self._in_force.judge
        spots = [
            replace(spot, area=judge.area_of(spot.place)) if spot.place else spot
            for spot in found.spots
            if not judge.places.is_default_pin(spot.place)
        ]
        return replace(found, spots=tuple(spots))

    def find_known(self, typed: str) -> Spots:
        """The same without other reports, for many at once."""
        return self._places.find(typed)

    def repeated_by(self, call: Call, now: Millis) -> NearSite | None:
        """The open site that says the same of the same place, so surely that nobody need look (S10: never of
        persons)."""
        with self._store.reading() as connection:
            near = self._near(connection, self._in_force.judge, call, now)
        return next((each for each in near if each.is_strong), None)

    def area_of(self, place: Place) -> str:
        return self._in_force.judge.area_of(place)

    def look(self, call: Call, now: Millis) -> CallLook:
        """`now` is the storm's. Nothing of it is an act: a keyword suggests, a cue shows its band at once."""
        with self._store.reading() as connection:
            self._in_force.look(connection)
            judge = self._in_force.judge
            if not call.text.strip():
                near = self._near(connection, judge, replace(call, text="-"), now)
                return CallLook(Band.P4, near=near)
            request = intake.request_of(call, now)
            assessment = judge.assess(request)
            own = intake.own_band(judge, call, assessment)
            suggestion = suggest(
                call.text, [each.part for each in assessment.reasons], judge.rules.table, self._families
            )
            band = min(assessment.band, own[0]) if own else assessment.band
            said = ([own[1]] if own else []) + [each.text for each in _telling(assessment.reasons)]
            return CallLook(
                band,
                why=tuple(said[:MOST_WHY]),
                suggested=suggestion.key if suggestion else "",
                keyword=suggestion.keyword if suggestion else "",
                place_doubt=judge.places.doubt(call.place, call.address, call.text),
                area=judge.area_of(call.place) if call.place else "",
                near=self._near(connection, judge, call, now),
            )

    def server_id(self, request_key: int) -> str:
        """The server's number for a call; empty until it has given one."""
        with self._store.reading() as connection:
            return mirror.id_of(connection, request_key)

    # -- what it may repeat ------------------------------------------------------------------------------

    def _near(self, connection: Connection, judge: Judge, call: Call, now: Millis) -> tuple[NearSite, ...]:
        request = intake.request_of(call, now)
        rows = sites.around(
            connection, call.place, short_place(call.address), REACH_M, at_most=MOST_LOOKED_AT
        )
        if not rows:
            return ()
        mine = self._report(judge, request, judge.assess(request))
        members = sites.members(connection, [row.site_id for row in rows])
        found: list[tuple[float, NearSite]] = []
        for row in rows:
            likes = [
                (likeness, other)
                for _, each, assessment in members.get(row.site_id, [])
                if (likeness := compare(mine, other := self._report(judge, each, assessment)))
            ]
            place = Place(row.lat, row.lng) if row.lat is not None else None
            apart_m = distance_m(call.place, place) if call.place and place else None
            if not likes and (apart_m is None or apart_m > SAME_SPOT_M):
                continue
            found.append((_rank(likes, apart_m), _near_site(row, mine, likes, apart_m)))
        found.sort(key=lambda each: (each[0], each[1].site_id))
        return tuple(near for _, near in found[:MOST_NEAR])

    def _report(self, judge: Judge, request: ServiceRequest, assessment: Assessment) -> Report:
        category: Category = judge.rules.table[assessment.category]
        is_person = PERSON in assessment.cues
        report = report_of(request, category, is_person=is_person, families=self._families)
        if category.key == OTHER and report.also:
            # Nothing is chosen yet: it is compared as what its words speak of.
            report = replace(report, family=min(report.also))
        return report


def _telling(reasons: Sequence[Reason]) -> list[Reason]:
    """What raises, in the order of weight; what suggests is said apart."""
    telling = [each for each in reasons if each.part not in ("place", "suggestion", "unknown_category")]
    return sorted(telling, key=lambda each: ("raised to" not in each.text, -each.points))


def _rank(likes: Sequence[tuple[Likeness, Report]], apart_m: float | None) -> float:
    """Likest first: one kind before one family before one spot, then by distance."""
    if not likes:
        return 2_000.0 + (apart_m or 0.0)
    best = min(likes, key=_order)[0]
    return (0.0 if best.is_same_kind else 1_000.0) + (best.distance_m or 0.0)


def _order(each: tuple[Likeness, Report]) -> tuple[bool, float]:
    return not each[0].is_same_kind, each[0].distance_m or 0.0


def _near_site(
    row: Row[Any], mine: Report, likes: Sequence[tuple[Likeness, Report]], apart_m: float | None
) -> NearSite:
    said, is_link, is_sure = "the same spot, another kind", False, False
    if likes:
        likeness, other = min(likes, key=_order)
        is_sure = any(is_strong(mine, each) for each, _ in likes)
        shared = [word for word in mine.words if word in other.words]
        said, is_link = why(mine, other, likeness, shared), likeness.is_link
    return NearSite(
        site_id=row.site_id,
        band=row.band,
        what=row.what,
        where=row.where_words,
        state=SITE_STATES[row.state].value,
        first_at=row.first_at,
        reports=row.reports,
        why=said,
        distance_m=apart_m,
        is_strong=is_sure,
        is_link=is_link or bool((row.flags | row.own_flags) & Flag.PERSON),
    )
