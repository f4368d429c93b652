"""A month around a storm, played by a plain operator over the exercise's server and a real store: what
residents would have heard.

The clock goes in steps and nobody waits. Nothing of it is random: of equal rows come equal messages.
"""

from __future__ import annotations

import asyncio
import re
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.errors import ActRefused
from dispatch.exercise.command import FILE, Wish
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.office import wall_now
from dispatch.exercise.script import Kind, Row, Storm
from dispatch.records import (
    SITE_STATES,
    Band,
    CloseReason,
    EscalationState,
    Flag,
    Intent,
    RuleKind,
    SiteState,
    SweepArea,
    SweepDraft,
    Told911,
    WaitReason,
)
from dispatch.residents.rules import DEFAULTS
from dispatch.residents.slots import PRIVATE, UTILITYS, site_slots
from dispatch.residents.templates import Templates, fill, marked
from dispatch.store import many, schema, sites, suggestions
from tests.city import MEMBER_ID, City
from tests.rooms import Room

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
SERVICES = ("police", "fire", "public works")
SWEPT = ("Historic Old Northeast", "Greater Pinellas Point")
LOOKED_AT_H = 3  # hours until the operator writes to the reporters of a P3
_SELDOM = re.compile(
    r"\b(?:calle|árbol|agua|luz|hay|está|trapped|oxygen|no power|power (?:is )?out)\b", re.IGNORECASE
)
# What the program says by itself beside the texts of the city.
OF_EM = {"passed to EM": "passed_to_em", "crew there": "crew_there", "EM ended": "em_ended"}


@dataclass(frozen=True, slots=True)
class Said:
    """One line of a thread as a resident reads it. `who`: rule, console (by an act that tells by itself),
    person, server (the city's own closing) or resident."""

    at: int
    who: str
    what: str
    text: str
    language: str = ""

    @property
    def is_automatic(self) -> bool:
        return self.who in ("rule", "console")


@dataclass(slots=True)
class Report:
    """A report with all that was said at it; `category` and the other marks as they stood in the end."""

    key: int
    request_id: str
    at: int
    site_id: int
    category: str
    family: str
    band: int
    is_wire: bool
    is_restricted: bool
    language: str
    reporter: str
    is_staff: bool
    is_merged: bool
    words: str
    closed_at: int = 0
    had_em: bool = False
    is_swept: bool = False
    thread: list[Said] = field(default_factory=list)

    @property
    def heard(self) -> list[Said]:
        return [each for each in self.thread if each.who != "resident"]


def millis(text: str, zone: Any) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def part(storm: Storm, share: float, *, silent: float = 0.33) -> Storm:
    """Every row of so many of the city's cells of half a kilometer, so that duplicates and areas stay whole,
    and of each account that wrote twice. Of `silent` of them the server acknowledges nothing."""
    twice = {
        who for who, count in Counter(row.reporter.person_id for row in storm.rows).items() if count > 1
    } - {0}
    rows = [
        row
        for row in storm.rows
        if _chance("cell", round((row.lat or 0) / 0.005), round((row.lng or 0) / 0.005)) < share
        or (row.reporter.person_id in twice and row.reporter.person_id > 3_000_000)
        or _SELDOM.search(row.description)
    ]
    return replace(
        storm,
        rows=tuple(_unanswered(row) if _chance("ack", row.request_id) < silent else row for row in rows),
    )


def _unanswered(row: Row) -> Row:
    return replace(row, steps=tuple(step for step in row.steps if step.kind is not Kind.ACKNOWLEDGE))


def _chance(*what: object) -> float:
    return zlib.crc32(repr(what).encode()) / 2**32


class KeptCity(City):
    """The exercise's server over rows that were put in before it starts."""

    def __init__(self, folder: Path, storm: Storm, at: int) -> None:
        super().__init__(folder, storm.name)
        folder.mkdir(parents=True, exist_ok=True)
        ledger = Ledger(folder / FILE)
        ledger.fill(storm, at)
        ledger.say_about("wish", asdict(Wish(storm.name, 1, None, None, None, None, all_at_once=False)))
        ledger.say_about("clock", {"now": at, "speed": 0, "paused": False, "wall": wall_now()})
        ledger.close()


class Clock:
    def __init__(self, now: int) -> None:
        self.at = now

    def now(self) -> int:
        return self.at


class Month:
    """`play(until_at)` goes on in steps; `reports()` is what came of it. Between the two times of `suspended`
    no service drives."""

    def __init__(self, folder: Path, city: City, at: int, run: Callable[..., Any] | None = None) -> None:
        self._loop = None if run else asyncio.new_event_loop()
        self._run = run or (lambda work: self._loop.run_until_complete(work))
        self.city, self.clock, self.begun_at = city, Clock(at), at
        self.room = Room(folder, city, self.clock, self._run, person="A. Cole")
        self.zone = self.room.parts.jurisdiction.zone
        self.suspended = (millis("2017-09-10T18:30", self.zone), millis("2017-09-11T07:00", self.zone))
        self.refused: Counter[str] = Counter()
        self.had_em: set[int] = set()
        self.swept: set[int] = set()
        self._answered: set[tuple[int, int]] = set()
        self._listed: set[int] = set()
        self._merged: set[int] = set()
        self._days: set[str] = set()
        self._prepare()

    def close(self) -> None:
        self.room.close()
        if self._loop:
            self._loop.close()

    def _prepare(self) -> None:
        """A supervisor approves every text in both languages and switches every rule on."""
        parts = self.room.parts
        for each in parts.template_desk.templates():
            parts.template_desk.approve(each.template_id, each.version)
        for kind in RuleKind:
            parts.rule_desk.turn_on(kind, DEFAULTS[kind])

    # -- the clock --------------------------------------------------------------------------------------

    def play(self, until_at: int, *, step_ms: int = HOUR) -> None:
        while self.clock.at < until_at:
            self.clock.at += step_ms
            self.city.clock(forward_s=step_ms / 1000)
            self.room.sync()
            self.work()
            self._run(self._send())

    async def _send(self) -> None:
        """What the operator has just written leaves before the next step."""
        while await self.room.work._push_once() == 0.0:
            pass

    @property
    def hour(self) -> int:
        return datetime.fromtimestamp(self.clock.at / 1000, self.zone).hour

    @property
    def is_suspended(self) -> bool:
        return self.suspended[0] <= self.clock.at < self.suspended[1]

    def once_a_day(self, what: str, hour: int) -> bool:
        day = datetime.fromtimestamp(self.clock.at / 1000, self.zone)
        name = f"{what} {day:%m-%d}"
        if day.hour < hour or name in self._days:
            return False
        self._days.add(name)
        return True

    def try_(self, act: Callable[..., Any], *args: Any, **more: Any) -> Any:
        """What the desk refuses is counted by its sentence: an operator reads it and goes on."""
        try:
            return act(*args, **more)
        except ActRefused as error:
            self.refused[f"{act.__name__}: {error}"] += 1
            return None

    # -- what the operator does -------------------------------------------------------------------------

    def work(self) -> None:
        self._suspend_or_resume()
        self._em()
        rows = self._open()
        self._grave(rows)
        if 7 <= self.hour < 21:
            self._merge(rows)
            self._others(self._open())
            self._sweeps()
            self._end(self._open())
            if not self.is_suspended and self.once_a_day("corrections", 9):
                self._correct()
        self._residents_answer()

    def _open(self) -> list[Any]:
        with self.room.store.reading() as connection:
            ids = connection.execute(select(schema.site.c.site_id)).scalars().all()
            rows = many.rows(connection, ids).values()
        return [
            row for row in rows
            if SITE_STATES[row.state] is not SiteState.CLOSED and not row.own_flags & Flag.MERGED
        ]  # fmt: skip

    def _suspend_or_resume(self) -> None:
        desk = self.room.desk
        if self.is_suspended and "suspended" not in self._days:
            self._days.add("suspended")
            for service in SERVICES:
                desk.suspend(service, self.clock.at, "Sustained wind of 45 mph.", self.suspended[1])
        elif self.clock.at >= self.suspended[1] and "suspended" in self._days and "resumed" not in self._days:
            self._days.add("resumed")
            for service in SERVICES:
                desk.resume_service(service)

    def _grave(self, rows: Iterable[Any]) -> None:
        """P1 and P2: 911, then emergency management; a wire goes to the utility."""
        desk = self.room.desk
        for row in rows:
            site_id, flags = row.site_id, row.flags | row.own_flags
            if row.band > Band.P2 or site_id in self.had_em or SITE_STATES[row.state] is not SiteState.NEW:
                continue
            if row.band == Band.P2 and flags & Flag.WIRE:
                self.try_(desk.tell_utility, site_id, f"DE-{site_id}")
                self.try_(desk.wait, site_id, WaitReason.UTILITY_FIRST)
                self._say([site_id], Intent.WITH_OWNER)
                continue
            draft = desk.draft(site_id)
            told = Told911(True, self.clock.at, "Ana", f"17-{site_id}") if draft.needs_911 else None
            if self.try_(
                desk.escalate, replace(draft, told_911=told, effect_needed=draft.effect_needed or "Clear it")
            ):
                self.had_em.add(site_id)
            if row.band == Band.P1 and self.is_suspended:
                self._say([site_id], Intent.STAY_SAFE)

    def _em(self) -> None:
        """Emergency management accepts at its next look, has a crew there six hours later and ends it the day
        after; it holds what comes in the wind."""
        em = self.room.em_desk
        for item in em.cards(self.clock.at):
            if not item.state.is_open:
                continue
            if item.state is EscalationState.HELD:
                if not self.is_suspended:
                    self.try_(em.still_needed, item.escalation_id)
            elif item.accepted_at is None:
                self.try_(em.hold if self.is_suspended else em.accept, item.escalation_id)
            elif (
                not self.is_suspended
                and not item.on_scene_at
                and self.clock.at >= item.accepted_at + 6 * HOUR
            ):
                self.try_(em.resource, item.escalation_id, "Crew 7", None)
                self.try_(em.on_scene, item.escalation_id, tell=True)
            elif item.on_scene_at and self.clock.at >= item.on_scene_at + DAY:
                # Of a P2 the residents hear by the console's own closing, in the city's words.
                self.try_(em.close, item.escalation_id, "Done", "Crew 7", tell=item.band == Band.P1)
                if item.band > Band.P1:
                    for site_id in item.site_ids:
                        self._close(site_id)

    def _merge(self, rows: Iterable[Any]) -> None:
        for row in rows:
            if row.site_id in self._merged or not (row.flags | row.own_flags) & Flag.MAY_REPEAT:
                continue
            with self.room.store.reading() as connection:
                found = suggestions.of_site(connection, row.site_id)
            likest = next(
                (each for each in found if not each.is_link and each.site_id not in self._merged), None
            )
            if likest is None:
                continue
            lead, other = sorted((row.site_id, likest.site_id))
            self._merged.add(other)
            self.try_(self.room.desk.merge, lead, [other])

    def _others(self, rows: Iterable[Any]) -> None:
        """P3 some hours after they came in: its time for the city's own work, whose it is for other work."""
        by_intent: dict[Intent, list[int]] = defaultdict(list)
        for row in rows:
            if row.band != Band.P3 or row.site_id in self._listed or self.is_suspended:
                continue
            if self.clock.at < row.first_at + LOOKED_AT_H * HOUR or row.first_at < self.clock.at - 3 * DAY:
                continue
            self._listed.add(row.site_id)
            is_theirs = row.category in UTILITYS | PRIVATE
            by_intent[Intent.WITH_OWNER if is_theirs else Intent.ON_THE_LIST].append(row.site_id)
        for intent, ids in by_intent.items():
            self._say(ids, intent)

    def _say(self, ids: list[int], intent: Intent) -> None:
        effect = self.try_(self.room.parts.bulk.act, ids, BulkOrder(BulkKind.MESSAGE, intent=intent))
        if effect is not None:
            self.refused.update(f"{intent}: {why}" for why in effect.left.values())

    def _correct(self) -> None:
        desk = self.room.parts.expected_desk
        due = desk.due_corrections()
        self.refused.update(f"correction: {each.no}" for each in due if each.no)
        if keys := [each.told.request_key for each in due if not each.no]:
            self.try_(desk.correct, keys)

    def _sweeps(self) -> None:
        """Trees in two neighborhoods, from the third day after the storm for three days."""
        desk = self.room.parts.sweep_desk
        start = millis("2017-09-13T08:00", self.zone)
        if self.clock.at < start - 18 * HOUR:
            return
        if not desk.entries():
            for name in SWEPT:
                self.try_(desk.plan, SweepDraft(
                    area=SweepArea(name, neighborhoods=(name,)), families=("trees",), crew="Crew 4",
                    from_at=start, until_at=start + 3 * DAY, who="L. Ortiz",
                ))  # fmt: skip
        for each in desk.entries():
            if each.state == "planned" and self.clock.at >= start:
                desk.start(each.sweep_id, each.version)
            elif each.state == "running" and self.clock.at >= start + 3 * DAY:
                desk.done(each.sweep_id, each.version)
                found = desk.coverage(each.sweep_id).sites
                self.swept.update(found)
                if found:
                    self.try_(desk.close, each.sweep_id, found)
        if self.once_a_day("sweeps", 14):
            for each in desk.entries():
                if each.state.is_open:
                    found = desk.coverage(each.sweep_id).sites
                    self.swept.update(found)
                    if found:
                        self.try_(desk.tell, each.sweep_id, found)

    def _end(self, rows: Iterable[Any]) -> None:
        """The city's crews end P3 and P4 within one to twenty-five days; a quarter stays open."""
        for row in rows:
            if row.band in (Band.P1, Band.P2) or self.is_suspended or row.site_id in self.swept:
                continue
            if row.category in UTILITYS | PRIVATE or (row.flags | row.own_flags) & Flag.WIRE:
                continue
            days = 1 + 32 * _chance("end", row.site_id)
            if days < 25 and self.clock.at >= row.first_at + days * DAY:
                self._close(row.site_id)

    def _close(self, site_id: int) -> None:
        """As done, with the city's words of it in its residents' language."""
        texts = self.room.parts.template_desk.at_site(site_id)
        with self.room.store.reading() as connection:
            members = sites.members(connection, [site_id])[site_id]
        key, _, assessment = members[0]
        known = replace(
            texts.known[key], state=SiteState.CLOSED, state_reason=CloseReason.FIXED_UNCONFIRMED.value
        )
        template = texts.templates.choose(
            Intent.DONE, category=known.category, band=known.band, language=assessment.language
        )
        assert template is not None
        filled = fill(template.text, site_slots(known, texts.templates.language(template.language)))
        words = marked(filled.text, is_exercise=True)
        if self.try_(self.room.desk.close, site_id, CloseReason.FIXED_UNCONFIRMED, message=words) is None:
            self.try_(self.room.desk.close, site_id, CloseReason.FIXED_UNCONFIRMED)

    def _residents_answer(self) -> None:
        """Of those who were asked whether it is still needed a third says yes, a sixth no."""
        with self.room.store.reading() as connection:
            sent = connection.execute(
                select(schema.rule_sent.c.request_key, schema.rule_sent.c.round, schema.request.c.remote_id)
                .join(schema.request, schema.request.c.request_key == schema.rule_sent.c.request_key)
                .where(schema.rule_sent.c.kind == RuleKind.STILL_NEEDED.value)
            ).all()
        for key, round_, request_id in sent:
            if (key, round_) in self._answered:
                continue
            self._answered.add((key, round_))
            chance = _chance("answer", key)
            if chance < 0.5:
                words = "Yes, it is still there" if chance < 0.33 else "No longer needed, thank you"
                self.city.elsewhere(request_id, "comment", words)

    # -- what came of it --------------------------------------------------------------------------------

    @property
    def _texts(self) -> Templates:
        return self.room.parts.template_desk.templates()

    def reports(self) -> list[Report]:
        table = self.room.parts.judge.rules.table
        with self.room.store.reading() as connection:
            asked = select(schema.membership.c.request_key, schema.membership.c.site_id)
            homes = {row.request_key: row.site_id for row in connection.execute(asked)}
            rows = many.rows(connection, set(homes.values()))
            made: dict[int, Report] = {}
            for site_id, members in sites.members(connection, set(homes.values())).items():
                row = rows[site_id]
                flags = row.flags | row.own_flags
                for key, request, assessment in members:
                    who = request.reporter
                    made[key] = Report(
                        key=key, request_id=str(request.request_id), at=request.created_at, site_id=site_id,
                        category=row.category, family=table[row.category].family, band=row.band,
                        is_wire=bool(flags & Flag.WIRE), is_restricted=bool(flags & Flag.RESTRICTED),
                        language=assessment.language,
                        reporter="" if who.is_anonymous else str(who.reporter_id), is_staff=who.is_staff,
                        is_merged=len(members) > 1 and key != site_id,
                        words=" ".join(request.description.split()[:5]),
                        closed_at=row.closed_at or 0, had_em=site_id in self.had_em,
                        is_swept=site_id in self.swept,
                    )  # fmt: skip
            box = schema.outbox
            sent = connection.execute(select(box).where(box.c.state == "sent").order_by(box.c.position)).all()
            moved = set(
                connection.execute(
                    select(schema.told.c.outbox_id).where(schema.told.c.is_correction == 1)
                ).scalars()
            )
        for each in sent:
            if each.request_key in made and each.text:
                made[each.request_key].thread.append(self._said(each, moved))
        self._of_others(made)
        for report in made.values():
            report.thread.sort(key=lambda said: said.at)
        return sorted(made.values(), key=lambda report: (report.at, report.key))

    def _said(self, row: Any, moved: set[str]) -> Said:
        intent, language = intent_of(self._texts, row.text)
        if row.outbox_id.startswith("rule:"):
            who = "rule"
        elif intent in OF_EM or row.outbox_id in moved:
            who = "console"
        else:
            who = "person"
        return Said(row.at, who, intent, row.text, language)

    def _of_others(self, made: Mapping[int, Report]) -> None:
        """What residents and the city's own staff wrote at the server."""
        by_id = {report.request_id: report for report in made.values()}
        for request in self.city.truth()["requests"]:
            report = by_id.get(str(request["id"]))
            for line in request["messages"] if report else ():
                if report is not None and line["author_id"] != MEMBER_ID:
                    at = round(datetime.fromisoformat(line["at"].replace("Z", "+00:00")).timestamp() * 1000)
                    is_city = line["author_id"] == 1_354_845
                    who, what = ("server", "closed by the city") if is_city else ("resident", "writes")
                    report.thread.append(Said(at, who, what, line["text"]))


def intent_of(texts: Templates, text: str) -> tuple[str, str]:
    """Which text of the city these words are, and in which language; by the words around the slots."""
    bare = text.removeprefix("EXERCISE. ")
    for name, step in OF_EM.items():
        for language in texts.languages.values():
            if bare.startswith(language.next[step]):
                return name, language.code
    for each in texts:
        if _pattern(each.text).fullmatch(bare):
            return each.intent.value, each.language
    return "free words", ""


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _pattern(text: str) -> re.Pattern[str]:
    if text not in _PATTERNS:
        parts = re.split(r"\{\w+\}", text)
        _PATTERNS[text] = re.compile(".*".join(re.escape(each) for each in parts), re.DOTALL)
    return _PATTERNS[text]
