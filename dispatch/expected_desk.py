"""Expected times: what a resident may be told now, by category and by site, and what was told. Counted anew
each hour of the storm's time; whether it may be told at all is looked at each time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dispatch.act_rules import why_not_say
from dispatch.errors import ActRefused
from dispatch.in_force import InForce
from dispatch.insight import expected as counting
from dispatch.insight import told_times
from dispatch.insight.expected import DAY_MS, LONG_DAYS, NEVER, Known, Paces, Whole, Work
from dispatch.jurisdiction import Jurisdiction
from dispatch.records import (
    Actor,
    Band,
    Changes,
    CrmStatus,
    DateMoved,
    Expectation,
    Flag,
    Intent,
    Millis,
    NoTime,
    OutboxKind,
    Told,
    ToldCounts,
)
from dispatch.residents import slots
from dispatch.residents.owners import contact_of, no_time_of
from dispatch.residents.range_words import languages, range_words
from dispatch.residents.templates import ENGLISH, Templates, fill, marked
from dispatch.servers.capabilities import Capabilities, from_text
from dispatch.servers.offers import why_not
from dispatch.store import expected as rows
from dispatch.store import forms, many, mirror, outbox, sites
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.triage.categories import OTHER, Category

HOUR_MS = 3_600_000
HOLD_BACK_MS = 10_000
WEEK_MS = 7 * DAY_MS
NOT_FOR_RULES = "Nobody has approved this text yet: a rule does not send it."
NO_TEXT = "There is no text for a date that moved."
ARCHIVED = "It is archived on the 311 server: nobody reads what is written to it."


@dataclass(frozen=True, slots=True)
class CategoryTimes:
    """One row of the page: `expectation` is what a report of now is told, `owner` whose work it is."""

    category: str
    label: str
    owner: str
    expectation: Expectation
    told: ToldCounts


@dataclass(frozen=True, slots=True)
class Times:
    """As of `at`, counted at `counted_at`. `weeks` are the last ones, oldest first, each from its first
    moment."""

    at: Millis
    counted_at: Millis
    categories: tuple[CategoryTimes, ...]
    told: ToldCounts
    weeks: tuple[tuple[Millis, ToldCounts], ...]
    due: tuple[DateMoved, ...]


@dataclass(frozen=True, slots=True)
class _Counted:
    """What one hour's count holds; `at` is the first moment of that hour's count."""

    at: Millis
    paces: Paces
    volume: Mapping[str, Whole]
    known: Known
    number: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _State:
    counted: _Counted
    is_suspended: bool
    in_storm: bool


class ExpectedDesk:
    """`now` is the storm's time, `wall_now` real time, by which messages wait to leave. Counting reads every
    open site: on the caller's thread, which is not the one that draws."""

    def __init__(
        self,
        *,
        store: Store,
        in_force: InForce,
        actor: Callable[[], Actor],
        now: Callable[[], Millis],
        wall_now: Callable[[], Millis],
        jurisdiction: Jurisdiction,
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._actor = actor
        self._now = now
        self._wall_now = wall_now
        self._jurisdiction = jurisdiction
        self._kept: _Counted | None = None

    # -- what may be told -----------------------------------------------------------------------------

    def expectations(self) -> Mapping[str, Expectation]:
        """For a report of each category that comes in now."""
        with self._store.reading() as connection:
            return self._of_categories(connection)

    def for_site(self, site_id: int) -> Expectation:
        """For one that has waited so long already; none for what concerns life, a live wire or a restricted
        address (S7, S8, S13)."""
        with self._store.reading() as connection:
            row = many.rows(connection, [site_id]).get(site_id)
            if row is None:
                raise ActRefused("This site stands in another one now.")
            return self._of_site(row, self._now(), self._state(connection))

    def at_sites(self, connection: Any, found: Mapping[int, Any]) -> dict[int, Expectation]:
        """The same for many, by their rows as stored, as a transaction sees them."""
        now, state = self._now(), self._state(connection)
        return {site_id: self._of_site(row, now, state) for site_id, row in found.items()}

    def note_told(self, tx: Transaction, found: Mapping[int, Any], outbox_ids: Iterable[str]) -> None:
        """Keep which of these messages tells the time that holds for its site now: by its own words, whoever
        wrote them. Sites are given by their rows."""
        expected = self.at_sites(tx.connection, found)
        for item in outbox.get(tx.connection, outbox_ids):
            said = expected.get(item.site_id)
            if said is not None and any(
                words and words in item.text
                for words in (range_words(said, language) for language in languages())
            ):
                rows.record_told(tx, [item.request_key], said, [item.outbox_id])

    def told_a_time(self, connection: Any) -> frozenset[int]:
        """The reports that stand with a time they were told."""
        return frozenset(rows.standing(rows.tellings(connection, self._actor().activation_id)))

    def times(self) -> Times:
        """Everything that the page shows."""
        now = self._now()
        with self._store.reading() as connection:
            said = self._of_categories(connection)
            tellings = rows.tellings(connection, self._actor().activation_id)
            due = self._due(connection, now)
        by_category = told_times.counted_by(told_times.by_category(tellings), now)
        starts = [now - back * WEEK_MS for back in range(4, 0, -1)]
        return Times(
            at=now,
            counted_at=self._kept.at if self._kept else now,
            categories=tuple(
                CategoryTimes(
                    each.key,
                    each.label,
                    each.usual_owner,
                    said[each.key],
                    by_category.get(each.key, ToldCounts()),
                )
                for each in self._table
            ),
            told=told_times.counted(tellings, now),
            weeks=tuple(
                (
                    start,
                    told_times.counted([t for t in tellings if start < t.at <= start + WEEK_MS], now),
                )
                for start in starts
            ),
            due=due,
        )

    def open_sites(self, category: str) -> frozenset[int]:
        with self._store.reading() as connection:
            return rows.sites_of_category(connection, [category])

    # -- corrections ----------------------------------------------------------------------------------

    def due_corrections(self) -> tuple[DateMoved, ...]:
        """Whose told range has moved by more than two days and who was told nothing within the last day, with
        the words they would read: a dry run, nothing is written."""
        with self._store.reading() as connection:
            return self._due(connection, self._now())

    def correct(self, request_keys: Iterable[int], *, by_rule: str = "") -> Changes:
        """Tell them the new range, each reporter once; the messages leave after ten seconds (S8)."""
        keys = set(request_keys)
        if not keys:
            raise ActRefused("Nobody has to be told of a new time now.")
        with self._store.transaction(self._actor()) as tx:
            tx.must_be_allowed("date_moved")
            due = [
                each for each in self._due(tx.connection, tx.now, by_rule) if each.told.request_key in keys
            ]
            going = [each for each in due if not each.no]
            if not going:
                raise ActRefused(
                    due[0].no if due else "These times have not moved any more since you looked."
                )
            sent: dict[int, list[str]] = {}
            due_at = self._wall_now() + HOLD_BACK_MS
            for each in going:
                key = each.told.request_key
                ids = outbox.put(tx, OutboxKind.MESSAGE, [key], each.text, due_at=due_at)
                rows.record_told(tx, [key], each.now_said, ids, is_correction=True, by_rule=by_rule)
                sent.setdefault(each.told.site_id, []).extend(ids)
            for site_id, ids in sent.items():
                tx.log("date_moved", "told the new time", site_id=site_id, detail={"part": {"sent": ids}})
            many_words = "reporter" if len(going) == 1 else "reporters"
            tx.log(
                "date_moved",
                f"new time told to {len(going)} {many_words}" + (f", by rule {by_rule}" if by_rule else ""),
                detail={"undo": {"lines": len(sent)}},
            )
        return tx.changes

    # -- inside ---------------------------------------------------------------------------------------

    @property
    def _table(self) -> Any:
        return self._in_force.judge.rules.table

    def _state(self, connection: Any) -> _State:
        activation_id = self._actor().activation_id
        return _State(
            self._count(connection),
            is_suspended=many.is_response_suspended(connection, activation_id),
            in_storm=rows.is_in_storm(connection, activation_id),
        )

    def _of_categories(self, connection: Any) -> dict[str, Expectation]:
        state = self._state(connection)
        return {each.key: self._told_of(each, 0.0, state) for each in self._table}

    def _of_site(self, row: Any, now: Millis, state: _State) -> Expectation:
        age_days = max(0, now - row.first_at) / DAY_MS
        said = self._told_of(self._table[row.category], age_days, state)
        return replace(said, no_time_why=why) if (why := _no_time_at(row)) else said

    def _told_of(self, category: Category, age_days: float, state: _State) -> Expectation:
        counted = state.counted
        said = counting.remaining(
            counted.paces,
            counted.volume,
            counted.known,
            counted.number[category.key],
            age_days,
            in_storm=state.in_storm,
        )
        owners = self._jurisdiction.owners
        if why := _no_time_of(category) or no_time_of(category.usual_owner, owners):
            return replace(said, no_time_why=why, owner=contact_of(why, owners))
        return replace(said, no_time_why=NoTime.SUSPENDED) if state.is_suspended else said

    def _count(self, connection: Any) -> _Counted:
        now = self._now()
        kept = self._kept
        if kept is None or not 0 <= now - kept.at < HOUR_MS or len(kept.number) != len(self._table):
            self._kept = kept = self._counted(connection, now)
        return kept

    def _counted(self, connection: Any, now: Millis) -> _Counted:
        categories = tuple(self._table)
        number = {each.key: at for at, each in enumerate(categories)}
        known = Known(
            families=[each.family for each in categories],
            normal_days=[each.normal_days or 0 for each in categories],
            storm_days=[each.storm_days or 0 for each in categories],
        )
        work = work_of(
            rows.site_times(connection, now - round(LONG_DAYS * DAY_MS)),
            lambda name: number[name if name in number else OTHER],
        )
        paces = counting.paces(work, known.families, now)
        return _Counted(now, paces, counting.volumes(work, now, len(categories)), known, number)

    def _due(self, connection: Any, now: Millis, by_rule: str = "") -> tuple[DateMoved, ...]:
        activation_id = self._actor().activation_id
        tellings = rows.tellings(connection, activation_id)
        is_open = [each for each in rows.standing(tellings).values() if not each.closed_at]
        if not is_open or many.is_response_suspended(connection, activation_id):
            return ()
        state = self._state(connection)
        free = told_times.may_be_corrected(tellings, now)
        found = many.rows(connection, {each.site_id for each in is_open})
        said = {site_id: self._of_site(row, now, state) for site_id, row in found.items()}
        moved = told_times.one_a_reporter(
            each
            for each in is_open
            if each.reporter in free
            and said[each.site_id].has_time
            and told_times.has_moved(each, said[each.site_id], now)
        )
        is_exercise = forms.incident(connection, activation_id).is_exercise
        reports, templates = _reports(connection, moved), self._in_force.templates(connection)
        return tuple(
            self._date_moved(
                each, found[each.site_id], said[each.site_id], reports, templates, is_exercise, by_rule
            )
            for each in moved
            if each.request_key in reports
        )

    def _date_moved(
        self,
        told: Told,
        row: Any,
        said: Expectation,
        reports: Mapping[int, _Report],
        templates: Templates,
        is_exercise: bool,
        by_rule: str,
    ) -> DateMoved:
        report, category = reports[told.request_key], self._table[row.category]
        language = report.language if report.language in templates.languages else ENGLISH
        template = templates.choose(
            Intent.DATE_MOVED, category=category.key, band=row.band, language=language
        )
        moved = DateMoved(told=told, number=report.number, now_said=said)
        if template is None:
            return replace(moved, no=NO_TEXT)
        flags = row.flags | row.own_flags
        known = slots.Known(
            category=category.key,
            label=category.label,
            family=category.family,
            band=row.band,
            number=report.number,
            normal_days=category.normal_days,
            expectation=said,
            has_wire=bool(flags & Flag.WIRE),
            is_made_safe=bool(flags & Flag.MADE_SAFE),
            was_told_time=True,
        )
        words = slots.site_slots(known, templates.language(template.language))
        filled = fill(template.text, words)
        text = marked(filled.text, is_exercise=is_exercise)
        no = report.no or why_not_say(row, text, category=category, is_suspended=False, stay_safe=frozenset())
        if filled.missing:
            no = f"The text has no words for {', '.join(filled.missing)}."
        if by_rule and not template.is_approved:
            no = NOT_FOR_RULES
        return replace(moved, text=text, no=no)


@dataclass(frozen=True, slots=True)
class _Report:
    """`no` says why nothing written reaches its reporter; empty where it does."""

    number: str
    language: str
    no: str


def work_of(times: rows.SiteTimes, number_of: Callable[[str], int]) -> Work:
    """As the counting has it; `number_of` gives a category's number."""
    numbers = np.array([number_of(name) for name in times.categories] or [0], np.int64)
    return Work(
        opened_at=times.opened_at,
        ended_at=np.where(times.closed_at > 0, times.closed_at, NEVER),
        category=numbers[times.category],
        teaches=times.teaches > 0,
    )


def _no_time_of(category: Category) -> NoTime | str:
    if category.default_band is Band.P1 or category.send_to_911 == "always":
        return NoTime.LIFE_SAFETY
    if category.is_restricted:
        return NoTime.RESTRICTED
    return NoTime.NOT_KNOWN if category.normal_days is None and category.storm_days is None else ""


def _no_time_at(row: Any) -> NoTime | str:
    flags = row.flags | row.own_flags
    if row.band == Band.P1 or flags & (Flag.SEND_911 | Flag.CALLER_911):
        return NoTime.LIFE_SAFETY
    if flags & Flag.RESTRICTED:
        return NoTime.RESTRICTED
    return NoTime.WIRE if flags & Flag.WIRE and not flags & Flag.MADE_SAFE else ""


def _reports(connection: Any, tellings: Iterable[Told]) -> dict[int, _Report]:
    keys = {each.request_key for each in tellings}
    found: dict[int, _Report] = {}
    languages = rows.languages(connection, keys)
    for chunk in many.chunks(keys):
        servers = mirror.servers_of(connection, chunk)
        members = sites.members(connection, {each.site_id for each in tellings if each.request_key in chunk})
        for key, request, _ in (entry for each in members.values() for entry in each):
            if key in servers:
                can, _ = from_text(servers[key].capabilities, Capabilities())
                no = why_not(OutboxKind.MESSAGE, request, server_kind=servers[key].kind, can=can)
                archived = ARCHIVED if request.status is CrmStatus.ARCHIVED else ""
                found[key] = _Report(request.request_id or "", languages.get(key, ""), archived or no)
    return found
