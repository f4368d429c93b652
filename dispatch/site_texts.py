"""The city's texts filled for many reports at once, each by its own site and in its resident's language."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from dispatch.records import (
    SITE_STATES,
    Assessment,
    Band,
    CloseReason,
    Escalation,
    Expectation,
    Flag,
    Intent,
    ServiceRequest,
    Template,
)
from dispatch.residents.slots import Known, site_slots, why_not_offered
from dispatch.residents.templates import ENGLISH, Templates, fill, marked
from dispatch.store import escalations, many, sites
from dispatch.triage.categories import CategoryTable

NO_TEXT = "There is no text for it."
NOT_APPROVED = "No text for it is approved by the city."
UNFILLED = "What its text says is not known here: {}."

# By site: what its residents may be told of a time, as of now.
Expectations = Callable[[Connection, Mapping[int, Any]], Mapping[int, Expectation]]
Swept = Callable[[Connection], Collection[int]]
TemplatesOf = Callable[[Connection], Templates]


@dataclass(frozen=True, slots=True)
class Said:
    """The words for one report, in which language, or why there are none."""

    text: str = ""
    language: str = ""
    no: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What is the same for all of them, read once."""

    templates: Templates
    table: CategoryTable
    expectations: Mapping[int, Expectation]
    swept: Collection[int]
    told_a_time: Collection[int]
    handed_over: Mapping[int, tuple[Escalation, ...]]
    is_suspended: bool
    is_exercise: bool

    def words(
        self,
        intent: Intent,
        row: Any,
        member: tuple[int, ServiceRequest, Assessment],
        *,
        reports: int,
        is_approved: bool,
    ) -> Said:
        """`row`: the site as stored. With `is_approved` only words that the city has approved: in the
        resident's language, else in English."""
        _, _, assessment = member
        known = self.known(row, member, reports=reports)
        if no := why_not_offered(intent, known):
            return Said(no=no)
        template = self._template(intent, known, assessment.language, is_approved=is_approved)
        if template is None:
            return Said(no=NOT_APPROVED if is_approved else NO_TEXT)
        filled = fill(template.text, site_slots(known, self.templates.language(template.language)))
        if filled.missing:
            return Said(no=UNFILLED.format(", ".join(filled.missing)))
        return Said(marked(filled.text, is_exercise=self.is_exercise), template.language)

    def _template(self, intent: Intent, known: Known, language: str, *, is_approved: bool) -> Template | None:
        wanted = language if language in self.templates.languages else ENGLISH
        for each in (wanted, ENGLISH):
            found = self.templates.choose(
                intent, category=known.text_category, band=known.band, language=each
            )
            if found is not None and (found.is_approved or not is_approved):
                return found
        return None

    def known(self, row: Any, member: tuple[int, ServiceRequest, Assessment], *, reports: int) -> Known:
        """What the slots of one report's text are filled from; `reports`: how many stand in its site."""
        key, request, _ = member
        category, flags = self.table[row.category], row.flags | row.own_flags
        return Known(
            category=category.key,
            label=category.label,
            family=category.family,
            band=row.band,
            number=request.request_id,
            name="" if request.reporter.is_anonymous else request.reporter.name,
            reports=reports,
            normal_days=category.normal_days,
            expectation=self.expectations.get(row.site_id),
            state=SITE_STATES[row.state],
            state_reason=row.state_reason,
            escalations=self.handed_over.get(row.site_id, ()),
            has_wire=bool(flags & Flag.WIRE),
            is_utility_told=bool(flags & Flag.UTILITY_TOLD),
            is_made_safe=bool(flags & Flag.MADE_SAFE),
            is_suspended=self.is_suspended,
            is_in_sweep=row.site_id in self.swept or row.state_reason == CloseReason.AREA_SWEEP,
            was_told_time=key in self.told_a_time,
        )


class SiteTexts:
    """`templates` gives them as they stand in the store, `swept` the sites that a sweep covers, `told_a_time`
    the reports whose residents were told one."""

    def __init__(
        self,
        *,
        templates: TemplatesOf,
        expectations: Expectations,
        swept: Swept,
        told_a_time: Swept,
        table: Callable[[], CategoryTable],
        is_exercise: bool,
    ) -> None:
        self.templates = templates
        self._expectations = expectations
        self._swept = swept
        self._told_a_time = told_a_time
        self._table = table
        self._is_exercise = is_exercise

    def ground(self, connection: Connection, activation_id: str, site_ids: Collection[int]) -> Ground:
        handed_over: dict[int, list[Escalation]] = defaultdict(list)
        wanted = set(site_ids)
        for chunk in many.chunks(wanted):
            for item in escalations.open_ones(connection, chunk):
                for site_id in item.site_ids:
                    if site_id in wanted:
                        handed_over[site_id].append(item)
        return Ground(
            templates=self.templates(connection),
            table=self._table(),
            expectations=self._expectations(connection, many.rows(connection, list(wanted))),
            swept=self._swept(connection),
            told_a_time=self._told_a_time(connection),
            handed_over={site_id: tuple(items) for site_id, items in handed_over.items()},
            is_suspended=many.is_response_suspended(connection, activation_id),
            is_exercise=self._is_exercise,
        )

    def in_the_wind(
        self, connection: Connection, activation_id: str, site_ids: Collection[int]
    ) -> dict[int, str]:
        """While response is suspended, by report of a P1: the approved stay-safe words that its resident
        hears in the place of any other (S7), empty where the city has approved none."""
        if not many.is_response_suspended(connection, activation_id):
            return {}
        ground = self.ground(connection, activation_id, site_ids)
        rows, members = many.rows(connection, list(site_ids)), sites.members(connection, site_ids)
        return {
            member[0]: ground.words(
                Intent.STAY_SAFE, rows[site_id], member, reports=len(of_site), is_approved=True
            ).text
            for site_id, of_site in members.items()
            for member in of_site
            if rows[site_id].band == Band.P1
        }
