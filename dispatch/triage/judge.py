"""What a site's reports come to together: words, place, band, marks; one call for each request and site."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import compress
from math import nan
from typing import NamedTuple

import numpy as np

from dispatch.geo.areas import OUTSIDE, Areas
from dispatch.geo.projection import to_mercator
from dispatch.records import (
    Assessment,
    Band,
    Flag,
    OwnPlace,
    Place,
    Reason,
    ServiceRequest,
    SiteSummary,
)
from dispatch.residents.private_words import covered
from dispatch.triage.by_hand import doubt_of, where_of
from dispatch.triage.categories import Category
from dispatch.triage.context import Context
from dispatch.triage.offers import OFFER
from dispatch.triage.places import Places
from dispatch.triage.rules import Rules
from dispatch.triage.score import SiteAssessment, assess, assess_site, own_words

Member = tuple[int, ServiceRequest, Assessment]

# Reasons that nobody looks for: nearly every site has them, or a list of its own.
SAID_OF_MOST = frozenset({"category", "place", "points", "suggestion", "text_model", "unknown_category"})
OTHER_REASONS = {
    "reporters": "Several reporters",
    "not_assessed": "Language not assessed",
    "photo_not_looked_at": "Photo nobody has looked at",
    OFFER: "A neighbor offers help",
}
NUMBER_CHARS = 40
WHAT_CHARS = 90
LABEL_CHARS = 26
# In the order of `_flags`; as plain numbers, since adding up flags takes longer than finding them.
_MARKS = tuple(
    map(
        int,
        (
            *(Flag.WIRE, Flag.PERSON, Flag.RESTRICTED, Flag.PLACE_DOUBT, Flag.NOT_ASSESSED, Flag.SET_ASIDE),
            *(Flag.SEND_911, Flag.CALLER_911, Flag.OUTSIDE_CITY, Flag.OFFER),
        ),
    )
)


class _Area(NamedTuple):
    neighborhood: str
    is_outside: bool


class Judge:
    """Holds what judging needs, read once. `city` is the city's outline, empty where none is loaded."""

    def __init__(
        self,
        *,
        rules: Rules,
        neighborhoods: Areas,
        city: Areas,
        places: Places,
        context: Context | None = None,
    ) -> None:
        self.rules = rules
        self._context = context or Context()
        self._neighborhoods = neighborhoods
        self._city = city
        self.places = places

    def look_around(self, context: Context) -> None:
        """From here on judge by other surroundings: a layer was imported or removed."""
        self._context = context

    def assess(self, request: ServiceRequest, *, later: Sequence[str] = ()) -> Assessment:
        """One request by itself; `later` is what residents wrote in its thread since."""
        return self.assess_by(self.rules, request, later=later)

    def assess_by(self, rules: Rules, request: ServiceRequest, *, later: Sequence[str] = ()) -> Assessment:
        """The same by other rules than those in force: what a profile would do."""
        assessment = assess(request, rules, later=later)
        if rules.offers.is_in((own_words(request, rules), *later)):
            assessment = replace(assessment, cues=assessment.cues | {OFFER})
        # A pin that is nobody's place has nothing around it.
        place = None if self.places.is_default_pin(request.place) else request.place
        around = self._context.reasons(place)
        if not around:
            return assessment
        return replace(
            assessment,
            score=assessment.score + sum(reason.points for reason in around),
            reasons=(*assessment.reasons, *around),
        )

    def offers_help(self, request: ServiceRequest) -> bool:
        """Whether the report itself offers help; what it is filed under is nobody's words."""
        return self.says_offer(own_words(request, self.rules))

    def says_offer(self, text: str) -> bool:
        return self.rules.offers.is_offer(text)

    def reason_labels(self) -> dict[str, str]:
        """Each reason that a site can be looked for by, in words."""
        cues = {name: _sentence(cue.say) for name, cue in self.rules.cues.cues.items()}
        together = {each.cue.name: _sentence(each.cue.say) for each in self.rules.cues.combinations}
        return cues | together | self._context.labels() | OTHER_REASONS

    def summarize(self, members: Sequence[Member], own: OwnPlace | None = None) -> SiteSummary:
        """One site out of its reports, oldest first: its place is the first one given, its words are the
        words of the report that speaks worst. Where a person put it by hand, that is its place (S11)."""
        return self._summarize([members], [own])[0]

    def summarize_all(self, sites: Sequence[Sequence[Member]]) -> list[SiteSummary]:
        """Many at once: a page's places are looked up in the areas together."""
        return self._summarize(sites, [None] * len(sites))

    def _summarize(
        self, sites: Sequence[Sequence[Member]], owns: Sequence[OwnPlace | None]
    ) -> list[SiteSummary]:
        placed = [_placed(members) for members in sites]
        places = [own.place if own else each.place for own, each in zip(owns, placed, strict=True)]
        areas = self._areas(places)
        return [self._summary(*each) for each in zip(sites, placed, areas, owns, strict=True)]

    def _summary(
        self, members: Sequence[Member], placed: ServiceRequest, area: _Area, own: OwnPlace | None
    ) -> SiteSummary:
        members = self._moved(members, own)
        requests = [request for _, request, _ in members]
        entered = [request.created_at for request in requests]
        together = assess_site([a for _, _, a in members], _reporters(requests), self.rules)
        category = self.rules.table[together.category]
        telling = min(members, key=_how_it_speaks)[1] if len(members) > 1 else placed
        words = placed.description or placed.summary
        doubt = (
            doubt_of(own, placed, self.places)
            if own
            else self.places.doubt(placed.place, placed.address, words)
        )
        flags = self._flags(
            together,
            category,
            is_private=any(request.is_private for request in requests),
            is_doubtful=bool(doubt),
            is_outside=area.is_outside,
        )
        return SiteSummary(
            band=together.band,
            score=round(together.score, 2),
            reasons=together.reasons,
            first_at=min(entered),
            last_at=max(entered),
            reports=len(requests),
            category=together.category,
            neighborhood=area.neighborhood,
            place=own.place if own else placed.place,
            flags=flags,
            what=_what(telling, category),
            where=where_of(own, placed, self.places) if own else self.places.short(placed.address),
            place_doubt=doubt,
            why=_why(together),
        )

    def _areas(self, places: Sequence[Place | None]) -> list[_Area]:
        """The neighborhood of each place, and whether it lies outside the city; of none nothing is said."""
        degrees = [(place.lng, place.lat) if place else (nan, nan) for place in places]
        lng, lat = np.array(degrees, np.float64).reshape(-1, 2).T
        x, y = to_mercator(lng, lat)
        hoods = self._neighborhoods.locate(x, y).tolist()
        cities = self._city.locate(x, y).tolist() if len(self._city) else [0] * len(places)
        return [
            _Area(
                self._neighborhoods.names[hood] if hood != OUTSIDE else "",
                place is not None and city == OUTSIDE,
            )
            for place, hood, city in zip(places, hoods, cities, strict=True)
        ]

    def area_of(self, place: Place) -> str:
        """The neighborhood of a place; that it lies outside the city where it does."""
        [area] = self._areas([place])
        return area.neighborhood or ("outside the city" if area.is_outside else "")

    def area_names(self) -> tuple[str, ...]:
        """Of the neighborhoods."""
        return self._neighborhoods.names

    def reasons(self, members: Sequence[Member], own: OwnPlace | None = None) -> tuple[Reason, ...]:
        """Why the site stands where it stands, for the detail."""
        members = self._moved(members, own)
        requests = [request for _, request, _ in members]
        return assess_site([a for _, _, a in members], _reporters(requests), self.rules).reasons

    def _moved(self, members: Sequence[Member], own: OwnPlace | None) -> Sequence[Member]:
        """The reports as if they had been entered where a person put their site: what lies around there
        counts, what lay around the pin does not."""
        if own is None:
            return members
        around = self._context.reasons(own.place)
        given = Reason("place", f"Placed by hand, {own.who}", self.rules.points.place)
        of_place = self._of_place()

        def moved(assessment: Assessment) -> Assessment:
            kept = [reason for reason in assessment.reasons if reason.part not in of_place]
            gone = sum(reason.points for reason in assessment.reasons if reason.part in of_place)
            come = sum(reason.points for reason in (given, *around))
            return replace(assessment, score=assessment.score - gone + come, reasons=(*kept, given, *around))

        return [(key, request, moved(assessment)) for key, request, assessment in members]

    def _of_place(self) -> frozenset[str]:
        """The reasons that follow from where something is."""
        labels: Mapping[str, str] = self._context.labels()
        return frozenset({"place", *labels})

    def hidden_categories(self) -> frozenset[str]:
        """What storm mode sets aside, where nothing in a report speaks against it (S1)."""
        return frozenset(category.key for category in self.rules.table if not category.is_essential)

    def promises(self) -> dict[str, int]:
        """The promised time of each category in milliseconds, for the board's waiting points."""
        return {category.key: category.promised_ms() or 0 for category in self.rules.table}

    def _flags(
        self,
        together: SiteAssessment,
        category: Category,
        *,
        is_private: bool,
        is_doubtful: bool,
        is_outside: bool,
    ) -> Flag:
        is_set = (
            together.has_wire,
            together.is_about_person,
            # What the server shows to the city alone, nobody may see by us.
            category.is_restricted or is_private,
            is_doubtful,
            not together.is_assessed,
            together.is_set_aside,
            # Whatever it was filed under: a life at risk is told to 911 first (S3).
            together.band == Band.P1,
            category.send_to_911 == "always",
            is_outside,
            OFFER in together.cues,
        )
        return Flag(sum(compress(_MARKS, is_set)))


def _why(together: SiteAssessment) -> str:
    """What a site is looked for by; an offer of help is none of its reasons, and is looked for as well."""
    parts = {reason.part for reason in together.reasons} | (together.cues & {OFFER})
    return ",".join(sorted(parts - SAID_OF_MOST))


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _placed(members: Sequence[Member]) -> ServiceRequest:
    """The first report that gives a place; the first one where none does."""
    return next((request for _, request, _ in members if request.place), members[0][1])


def _how_it_speaks(member: Member) -> tuple[int, float]:
    """Worst first."""
    return member[2].band, -member[2].score


def _reporters(requests: Sequence[ServiceRequest]) -> int:
    """How many different people reported: an anonymous one and each caller a staff account typed in for
    count by themselves."""
    if len(requests) == 1:
        return 1
    people = {
        f"request {request.request_id}"
        if request.reporter.is_anonymous or request.reporter.is_staff
        else request.reporter.reporter_id
        for request in requests
    }
    return len(people)


def _what(request: ServiceRequest, category: Category) -> str:
    """Category and first words, on one line: "Power line: sparking on the wet sidewalk"."""
    # Room for a number that stands across the end: half of one tells too much as well (S15).
    words = covered(" ".join(request.description.split())[: WHAT_CHARS + NUMBER_CHARS])
    if not words:
        return category.label
    label = category.label.split(" or ")[0].split(",")[0]
    if len(label) > LABEL_CHARS:
        label = category.family.replace("_", " and ").capitalize()
    return f"{label}: {words}"[:WHAT_CHARS]
