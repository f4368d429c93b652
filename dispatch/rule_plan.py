"""What a rule would send now, to whom, and who is left out by why. Reads only: a dry run and the rule itself
ask the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from dispatch.in_force import InForce
from dispatch.insight.told_times import MOST_DAYS
from dispatch.records import (
    SITE_STATES,
    Assessment,
    CrmStatus,
    DryRun,
    Flag,
    Message,
    Millis,
    NoTime,
    OutboxKind,
    Rule,
    RuleKind,
    RuleMessage,
    ServiceRequest,
    SiteState,
    Told,
    WaitReason,
)
from dispatch.residents import answers, danger, rules
from dispatch.residents.once import read_elsewhere
from dispatch.residents.rules import Report
from dispatch.servers.capabilities import Capabilities, from_text
from dispatch.servers.offers import why_not
from dispatch.site_texts import Ground, SiteTexts
from dispatch.store import expected, many, mirror, own_places, sites
from dispatch.store import rules as stored
from dispatch.store.sites import CLOSED

Member = tuple[int, ServiceRequest, Assessment]
Mark = tuple[Millis, int]  # entry and report
BEGIN: Mark = (0, 0)
NOT_THE_CITYS = (NoTime.UTILITY, NoTime.HOMEOWNER, NoTime.WIRE)
FOR_OTHERS = (WaitReason.OWNER, WaitReason.UTILITY_FIRST)
# Reports looked at together: an act of a person waits for one such page at most.
PAGE = 200
# Messages that a dry run lists; the others are a number.
MOST_SHOWN = 5_000


@dataclass(slots=True)
class Planned:
    """`messages` in the order of entry, each with its reporter; `rounds` where a report was asked before."""

    messages: list[tuple[RuleMessage, str]] = field(default_factory=list)
    rounds: dict[int, int] = field(default_factory=dict)
    left_out: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    more: int = 0
    # The last report that was looked at, for whoever goes on from there; None: there was none.
    last: Mark | None = None

    def dry_run(self, kind: RuleKind) -> DryRun:
        left_out = {why: tuple(ids) for why, ids in self.left_out.items()}
        return DryRun(kind, tuple(message for message, _ in self.messages), left_out, self.more)


class RulePlan:
    def __init__(self, *, in_force: InForce, texts: SiteTexts) -> None:
        self._in_force = in_force
        self._texts = texts

    def plan(
        self,
        connection: Connection,
        activation_id: str,
        rule: Rule,
        *,
        now: Millis,
        from_at: Millis | None = None,
        most: int = MOST_SHOWN,
        after: Mark = BEGIN,
        pages: int | None = None,
    ) -> Planned:
        """What `rule` sends `now`, as if it were on: to reports entered since `from_at`, else since when it
        counts from. Beyond `most` messages they are only counted. `after` and `pages` are for who goes on
        piece by piece."""
        self._in_force.look(connection)
        made = Planned()
        heard = stored.heard_after(connection, activation_id, now - rules.DAY_MS)
        told = self._told(connection, activation_id, rule.kind)
        for page in islice(self._pages(connection, activation_id, rule, now, from_at, after), pages):
            self._look_at(connection, activation_id, rule, page, now, heard, told, made, most)
            made.last = page[-1][:2]
        return made

    def why_withdrawn(
        self, connection: Connection, activation_id: str, rule: Rule, keys: Collection[int], *, now: Millis
    ) -> dict[int, str]:
        """Of reports whose message has not left yet those that must not have it any more, and why."""
        self._in_force.look(connection)
        if not rule.is_on:
            return dict.fromkeys(keys, "The rule is off.")
        wanted, found = set(keys), {}
        told = self._told(connection, activation_id, rule.kind)
        batch = _Batch(connection, activation_id, self, stored.sites_of(connection, wanted), told)
        for member, row in batch.of(wanted):
            report = batch.report(member, row, rule.kind)
            why = "" if rules.concerns(rule.kind, rule.settings, report) else rules.CLOSED
            # That it was said, or heard of, is this very message.
            found[member[0]] = why or rules.why_not(
                rule.kind, rule.settings, report, now=now, is_suspended=batch.ground.is_suspended
            )
        return {key: why for key, why in found.items() if why}

    # -- inside -----------------------------------------------------------------------------------------

    def _told(self, connection: Connection, activation_id: str, kind: RuleKind) -> dict[int, Told]:
        """The time that each report was told last, for a rule that waits for its end."""
        if kind not in rules.AGAIN:
            return {}
        return expected.standing(expected.tellings(connection, activation_id))

    def _pages(
        self,
        connection: Connection,
        activation_id: str,
        rule: Rule,
        now: Millis,
        from_at: Millis | None,
        after: Mark,
    ) -> Iterator[list[tuple[Millis, int, int]]]:
        kind, settings = rule.kind, rule.settings
        begins_at = rules.begins_at(kind, settings, rule.at or now, now)
        said_after = now - settings.days * rules.DAY_MS if kind in rules.AGAIN else None
        least = after
        while True:
            found = stored.concerned(
                connection,
                activation_id,
                kind,
                from_at=begins_at if from_at is None else from_at,
                until_at=rules.ends_at(kind, settings, now),
                said_after=said_after,
                categories=settings.categories,
                least=least,
                most=PAGE,
            )
            if not found:
                return
            least = found[-1][:2]
            yield found

    def _look_at(
        self,
        connection: Connection,
        activation_id: str,
        rule: Rule,
        page: list[tuple[Millis, int, int]],
        now: Millis,
        heard: tuple[dict[str, Millis], dict[int, Millis]],
        told: dict[int, Told],
        made: Planned,
        most: int,
    ) -> None:
        batch = _Batch(connection, activation_id, self, {site_id for _, _, site_id in page}, told)
        rounds = stored.said_at(connection, activation_id, rule.kind, [key for _, key, _ in page])
        by_reporter, by_report = heard
        for member, row in batch.of({key for _, key, _ in page}):
            key, request, _ = member
            reporter = "" if request.reporter.is_anonymous else request.reporter.reporter_id
            heard_at = by_reporter.get(reporter) if reporter else by_report.get(key)
            said_at, round_ = rounds.get(key, (None, 0))
            report = batch.report(
                member, row, rule.kind, heard_at=heard_at, said_at=said_at, said_times=round_
            )
            if not rules.concerns(rule.kind, rule.settings, report):
                continue
            why = rules.why_not(
                rule.kind, rule.settings, report, now=now, is_suspended=batch.ground.is_suspended
            )
            said = None
            if not why:
                said, why = batch.words(rule.kind, member, row)
            if said is None:
                made.left_out[why].append(row.site_id)
                continue
            # Told here they are told today, whatever else they have reported.
            by_reporter[reporter], by_report[key] = now, now
            if len(made.messages) >= most:
                made.more += 1
                continue
            made.messages.append((said, reporter))
            made.rounds[key] = round_


class _Batch:
    """Some sites with all that a rule asks of them, read together."""

    def __init__(
        self,
        connection: Connection,
        activation_id: str,
        of: RulePlan,
        site_ids: Collection[int],
        told: dict[int, Told],
    ) -> None:
        self._told = told
        self._judge = of._in_force.judge
        self._members = sites.members(connection, site_ids)
        self._rows = many.rows(connection, site_ids)
        keys = [key for each in self._members.values() for key, _, _ in each]
        self._threads: dict[int, list[Message]] = {}
        self._servers: dict[int, Any] = {}
        for chunk in many.chunks(keys):
            self._threads |= mirror.thread(connection, chunk)
            self._servers |= mirror.servers_of(connection, chunk)
        self._by_people = stored.by_people(connection, keys)
        self._owns = own_places.of_sites(connection, site_ids)
        self.ground: Ground = of._texts.ground(connection, activation_id, site_ids)
        self._twice = {
            site_id: read_elsewhere((key, request) for key, request, _ in members if request.is_open)
            for site_id, members in self._members.items()
        }

    def of(self, keys: Collection[int]) -> Iterator[tuple[Member, Any]]:
        """These reports with their sites, in the order of entry."""
        found = [
            (member, self._rows[site_id])
            for site_id, members in self._members.items()
            for member in members
            if member[0] in keys
        ]
        return iter(sorted(found, key=lambda each: (each[0][1].created_at, each[0][0])))

    def report(
        self,
        member: Member,
        row: Any,
        kind: RuleKind,
        *,
        heard_at: Millis | None = None,
        said_at: Millis | None = None,
        said_times: int = 0,
    ) -> Report:
        key, request, assessment = member
        flags = row.flags | row.own_flags
        category = self._judge.rules.table[row.category]
        written = [(line.at, line.text) for line in self._of_residents(key)]
        return Report(
            request_key=key,
            site_id=row.site_id,
            status=request.status,
            created_at=request.created_at,
            band=min(row.band, assessment.band),
            category=category.key,
            family=category.family,
            is_restricted=bool(flags & Flag.RESTRICTED) or category.is_restricted or request.is_private,
            has_wire=bool(flags & Flag.WIRE),
            is_site_closed=row.state == CLOSED or not request.is_open,
            is_placed=self._is_placed(request, row),
            has_photo=bool(request.photo_url),
            is_acknowledged=self._is_acknowledged(key, request),
            is_answered=self._is_answered(key, request),
            is_with_em=bool(self.ground.handed_over.get(row.site_id)),
            is_taken=bool(request.request_id) and not self._refusal(key, request),
            is_read_elsewhere=key in self._twice[row.site_id],
            is_of_staff=request.reporter.is_staff,
            is_in_sweep=row.site_id in self.ground.swept,
            is_theirs=self._is_theirs(member, row),
            has_said_gone=answers.read_all(text for _, text in written) is answers.StillNeeded.GONE,
            heard_at=heard_at,
            said_at=said_at,
            said_times=said_times,
            spoken_at=max([self._by_people.get(key, 0), *(line.at for line in self._of_city(key))]),
            wrote_at=max((at for at, _ in written), default=0),
            told_until=self._told_until(key),
        )

    def words(self, kind: RuleKind, member: Member, row: Any) -> tuple[RuleMessage | None, str]:
        """What to say, or why nothing can be said."""
        key, request, _ = member
        reports = len(self._members[row.site_id])
        said = self.ground.words(rules.INTENTS[kind], row, member, reports=reports, is_approved=True)
        if said.no:
            return None, said.no
        category = self._judge.rules.table[row.category]
        no = danger.refusal(
            said.text,
            category=category.key,
            family=category.family,
            has_wire=bool((row.flags | row.own_flags) & Flag.WIRE),
            is_suspended=self.ground.is_suspended,
        )
        if no:
            return None, no
        return RuleMessage(key, request.request_id, row.site_id, said.language, said.text), ""

    def _is_theirs(self, member: Member, row: Any) -> bool:
        if SITE_STATES[row.state] is SiteState.WAITING and row.state_reason in FOR_OTHERS:
            return True
        known = self.ground.known(row, member, reports=1)
        return known.is_live_wire or known.no_time_why in NOT_THE_CITYS

    def _told_until(self, key: int) -> Millis:
        """“Longer than two weeks” is over in two weeks: then somebody may ask."""
        told = self._told.get(key)
        if told is None:
            return 0
        return told.end_at if told.end_at is not None else told.at + MOST_DAYS * rules.DAY_MS

    def _is_placed(self, request: ServiceRequest, row: Any) -> bool:
        if row.site_id in self._owns:
            return True
        is_default = self._judge.places.is_default_pin(request.place)
        return request.place is not None and not is_default and not row.place_doubt

    def _is_answered(self, key: int, request: ServiceRequest) -> bool:
        """By the city's staff, or by a person here."""
        until = request.created_at + rules.BY_SERVER_MS
        return key in self._by_people or any(line.at > until for line in self._of_city(key))

    def _is_acknowledged(self, key: int, request: ServiceRequest) -> bool:
        """By the server's own rule (S8): the reporter hears of a change of status also without words."""
        is_said = self._of_city(key) or request.status_notes.strip() or request.acknowledged_at is not None
        return bool(is_said) or request.status is CrmStatus.ACKNOWLEDGED

    def _of_city(self, key: int) -> list[Message]:
        """What the city wrote there; not what the server says of itself."""
        return [
            line
            for line in self._threads[key]
            if line.author.is_staff and not line.is_internal and not line.text.startswith(line.author.name)
        ]

    def _of_residents(self, key: int) -> list[Message]:
        return [line for line in self._threads[key] if not line.author.is_staff and not line.is_internal]

    def _refusal(self, key: int, request: ServiceRequest) -> str:
        server = self._servers[key]
        can, _ = from_text(server.capabilities, Capabilities())
        return why_not(OutboxKind.MESSAGE, request, server_kind=server.kind, can=can)
