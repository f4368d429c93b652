"""The assessor's work list: homes that residents speak of, each with the level that their words suggest and
why. Apart from the public summary: it carries addresses. Nobody assessed any of it (`domain.md` 10)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import orjson

from dispatch.errors import ActRefused
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import SITE_STATES, Band, Flag, SiteState, SurveyKind
from dispatch.records.reports import STAFF_ROLES
from dispatch.residents.private_words import IN_ADDRESS, Private, covered, private_words
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.home_columns import (
    BASIS_NO_WORDS,
    BASIS_WORDS,
    HOME_COLUMNS,
    HOMES_LIST,
    INSPECTED_LEVELS,
)
from dispatch.snapshot.home_levels import (
    NO_WORDS,
    ORDER,
    UNKNOWN,
    YES,
    HomeLevels,
    Level,
    Suggestion,
    load_once,
)
from dispatch.snapshot.kinds import HOMES, HOMES_WITH_WATER
from dispatch.snapshot.making import VERSION_SIGNS, head_of
from dispatch.snapshot.records import Cell, Head, Number, Rows
from dispatch.snapshot.rows import NO
from dispatch.snapshot.surveyed import NO_SURVEY, Surveyed, joined_now, surveyed
from dispatch.store import forms, home_rows, snapshot_rows, surveys
from dispatch.store.home_rows import StoredWords
from dispatch.store.snapshot_rows import StoredReport, StoredSite
from dispatch.store.store import Store
from dispatch.triage.categories import CategoryTable
from dispatch.triage.cues import CueList, load_cues
from dispatch.triage.phrases import Words
from dispatch.triage.score import PERSON

WORK_LIST = "Work list for assessors. Suggested from residents' words; nobody assessed."


@dataclass(frozen=True, slots=True)
class HomeList:
    """Each number is a filter over `rows`; `version` follows from head and rows, as a snapshot's does."""

    version: str
    head: Head
    rows: Rows
    numbers: tuple[Number, ...]


def make_homes(
    store: Store, asked: Asked, city: Jurisdiction, table: CategoryTable, levels: HomeLevels | None = None
) -> HomeList:
    """One row a site that is about a home: itself, or one of its reports. Reads only, in one transaction.
    Raises ActRefused where the period ends before it begins or the store holds no activation yet."""
    if asked.to_at <= asked.from_at:
        raise ActRefused("The period ends before it begins: turn the two times around.")
    span = asked.from_at, asked.to_at
    with store.reading() as connection:
        activation = snapshot_rows.current_activation(connection)
        words = home_rows.words(connection, *span, HOMES)
        sites = snapshot_rows.sites(connection, *span)
        reports = snapshot_rows.reports(connection, *span)
        as_of = snapshot_rows.as_of(connection)
        entered = snapshot_rows.heads(connection, activation)
        activation_id = forms.current_activation(connection)
        others = surveyed(
            joined_now(*surveys.standing_and_sites(connection, activation_id, HOMES)),
            has_county=any(
                each.kind is SurveyKind.COUNTY and not each.is_taken_back
                for each in surveys.surveys(connection, activation_id)
            ),
        )
    if activation is None:
        raise ActRefused("This store holds no activation yet: there is nothing to list.")
    maker = HomeMaker(levels or load_once(), load_cues(), table, asked)
    rows = maker.rows(words, sites, reports, others)
    return listed(head_of(asked, city, activation, as_of, entered), rows, table)


def listed(head: Head, rows: Rows, table: CategoryTable) -> HomeList:
    """The numbers over these rows."""
    proof = hashlib.sha256(orjson.dumps([head, rows.name, rows.values]))
    return HomeList(proof.hexdigest()[:VERSION_SIGNS], head, rows, _numbers(Counts(rows), table))


class HomeMaker:
    """Makes the rows; what is about a person's health or safety keeps its neighborhood only (S15)."""

    def __init__(self, levels: HomeLevels, cues: CueList, table: CategoryTable, asked: Asked) -> None:
        self._levels, self._cues, self._table, self._wanted = levels, cues, table, asked.wanted

    def rows(
        self,
        words: Iterable[StoredWords],
        sites: Iterable[StoredSite],
        reports: Iterable[StoredReport],
        others: Surveyed = NO_SURVEY,
    ) -> Rows:
        of_site: dict[int, list[StoredWords]] = defaultdict(list)
        for each in words:
            of_site[each.site_id].append(each)
        stored = {each.site_id: each for each in sites if each.site_id in of_site}
        told = {each.request_key: each for each in reports if each.site_id in of_site}
        found = [
            self._row(stored[site_id], kept, [told[each.request_key] for each in kept], others)
            for site_id, said in of_site.items()
            if site_id in stored and (kept := self._kept(stored[site_id], said))
        ]
        return Rows(HOMES_LIST, HOME_COLUMNS, tuple(sorted(found, key=_in_order)))

    def _kept(self, site: StoredSite, said: Sequence[StoredWords]) -> list[StoredWords]:
        """As the snapshot's filter has it, report by report."""
        return [each for each in said if not self._wanted.why_not(site, self._table[each.category])]

    def _row(
        self, site: StoredSite, said: Sequence[StoredWords], told: Sequence[StoredReport], others: Surveyed
    ) -> tuple[Cell, ...]:
        is_bulk = Flag.BULK in Flag(site.flags)
        texts = {
            each.request_key: _words_of(each, self._table[each.category].label, is_bulk=is_bulk)
            for each in said
        }
        suggested = self._worst(said, texts)
        is_kept_back = self._is_about_person(site, said, texts)
        return (
            site.opened_by if site.opened_by is not None else f"new-{site.site_id}",
            suggested.level.value,
            suggested.rule if is_kept_back else suggested.why,
            BASIS_WORDS if any(texts.values()) else BASIS_NO_WORDS,
            others.inspected.get(site.site_id, ""),
            others.county(site.site_id),
            None if suggested.water_in is None else round(suggested.water_in),
            YES if suggested.is_mobile else UNKNOWN,
            YES if suggested.is_unreachable else UNKNOWN,
            suggested.primary_home,
            suggested.insured,
            Band(site.band).name,
            self._table[site.category].label,
            NO if SITE_STATES[site.state] is SiteState.CLOSED else YES,
            len(said),
            told[0].created_at,
            YES if any(each.photo_url for each in told) else NO,
            YES if is_bulk else NO,
            *_place(site, said, is_kept_back=is_kept_back),
            site.neighborhood,
            YES if is_kept_back else NO,
        )

    def _worst(self, said: Sequence[StoredWords], texts: Mapping[int, str]) -> Suggestion:
        """The worst of the reports; of what is told of who lives there, what any of them tells."""
        found = [
            self._levels.suggest(texts[each.request_key], is_of_water=each.category in HOMES_WITH_WATER)
            for each in said
            if texts[each.request_key]
        ]
        if not found:
            return NO_WORDS
        worst = min(found, key=lambda each: (ORDER[each.level], -(each.water_in or 0)))
        return Suggestion(
            worst.level,
            worst.rule,
            worst.quoted,
            max((each.water_in for each in found if each.water_in is not None), default=None),
            any(each.is_mobile for each in found),
            any(each.is_unreachable for each in found),
            _agreed([each.primary_home for each in found]),
            _agreed([each.insured for each in found]),
        )

    def _is_about_person(
        self, site: StoredSite, said: Sequence[StoredWords], texts: Mapping[int, str]
    ) -> bool:
        """Also by the words. That homes are a restricted category does not count: the list is of them."""
        if any(each.is_private for each in said):
            return True
        categories = {site.category, *(each.category for each in said)} - set(HOMES)
        if any(self._table[key].is_restricted for key in categories):
            return True
        return any(self._speaks_of_person(text) for text in texts.values() if text)

    def _speaks_of_person(self, text: str) -> bool:
        hits = self._cues.find(Words.of(text))
        return any(PERSON in hit.cue.marks for hit in hits) or Private.MEDICAL in private_words(text)


def _words_of(each: StoredWords, label: str, *, is_bulk: bool) -> str:
    """What somebody wrote; a title that is the category's own is nobody's words, nor is that of a row which
    staff entered in bulk."""
    summary = each.summary.strip()
    is_title = summary.casefold() in (each.service_name.strip().casefold(), label.casefold(), "")
    if is_title or (is_bulk and each.reporter_role in STAFF_ROLES):
        return each.description.strip()
    return f"{summary}. {each.description}".strip() if each.description.strip() else summary


def _agreed(said: Sequence[str]) -> str:
    """Unknown where nobody says, or reports contradict each other."""
    found = {each for each in said if each != UNKNOWN}
    return found.pop() if len(found) == 1 else UNKNOWN


def _place(site: StoredSite, said: Sequence[StoredWords], *, is_kept_back: bool) -> tuple[Cell, ...]:
    """With the unit, which an assessor has to find, and without anybody's phone. Where a person put the site
    by hand, that is its place (S11)."""
    if is_kept_back:
        return "", None, None
    own = [each.address for each in said if (each.lat, each.lng) == (site.lat, site.lng) and each.address]
    address = covered(own[0] if own else site.where_words, IN_ADDRESS)
    if site.lat is None or site.lng is None:
        return address, None, None
    return address, round(site.lat, 6), round(site.lng, 6)


def _in_order(row: tuple[Cell, ...]) -> tuple[int, str, str]:
    """The worst first, then area by area: as assessors go."""
    at = {column.name: n for n, column in enumerate(HOME_COLUMNS)}
    level = ORDER[Level(str(row[at["suggested_level"]]))]
    return level, str(row[at["neighborhood"]]), str(row[at["site"]])


def _numbers(homes: Counts, table: CategoryTable) -> tuple[Number, ...]:
    labels = tuple(table[key].label for key in HOMES)
    return (
        homes.number(
            "homes_listed", "homes listed", "Sites of which a report speaks of a home, or themselves do."
        ),
        homes.number(
            "homes",
            "homes in the public summary",
            "Of them, sites whose own category is water inside a home or harm to a building.",
            ("category", labels),
        ),
        *(
            homes.number(
                f"homes.{level.value}",
                f"suggested: {level.value}",
                _SAYS.get(level, f"Homes whose words suggest {level.value}; nobody assessed them."),
                ("suggested_level", (level.value,)),
            )
            for level in Level
        ),
        *(
            homes.number(
                f"homes_in_county_survey.{said}",
                f"in the county's survey: {said}",
                f"Homes that the county's own survey has: {said}; unknown until one was imported.",
                ("in_county_survey", (said,)),
            )
            for said in (YES, NO, UNKNOWN)
        ),
        homes.number(
            "homes_inspected",
            "inspected by crew",
            "Homes for which a crew wrote down a level.",
            ("inspected_level", INSPECTED_LEVELS),
        ),
        homes.number(
            "homes_without_words",
            "without words",
            "Homes of which only category and place were sent: nothing is suggested.",
            ("basis", (BASIS_NO_WORDS,)),
        ),
        homes.number(
            "homes_kept_back",
            "without their address",
            "Homes whose reports speak of a person's health or safety: ask the emergency operations center.",
            ("restricted", (YES,)),
        ),
    )


_SAYS = {
    Level.INACCESSIBLE: "Homes that residents cannot reach and whose harm nobody tells: counted apart.",
    Level.UNKNOWN: "Homes whose words suggest no level.",
}
