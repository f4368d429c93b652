"""At which of many sites an order may be done, and whom its words reach. Reads only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row

from dispatch.act_rules import why_not_close, why_not_say
from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder, Effect, SaidTo
from dispatch.in_force import InForce
from dispatch.records import (
    SITE_STATES,
    Actor,
    Band,
    CrmStatus,
    Flag,
    Intent,
    OutboxKind,
    ServiceRequest,
    SiteState,
)
from dispatch.residents.once import read_elsewhere
from dispatch.servers.capabilities import Capabilities, from_text
from dispatch.servers.offers import why_not
from dispatch.site_texts import Said, SiteTexts
from dispatch.store import escalations, many, mirror, sites
from dispatch.triage.categories import CategoryTable

CLOSED = SITE_STATES.index(SiteState.CLOSED)

GONE = "It stands in another site now."
IS_P1 = "A P1 is acted on by itself."
IS_RESTRICTED = "Its words are restricted: it is answered by itself."
IS_CLOSED = "It is closed."
NOBODY = "Nobody can be answered: every report is archived on the 311 server."
NO_CLOSING = "The 311 server lets nobody close a report of it: close it here without a message."
ARCHIVED = "archived on the 311 server"
NOT_TAKEN = "the 311 server takes no message on it"
ELSEWHERE = "its reporter reads it at another report of the site"
# Each of these is an act by which a P1 would count as looked at, or leave the eye: S5 wants a person at each.
NOT_FOR_P1 = (BulkKind.WAIT, BulkKind.SNOOZE, BulkKind.CLAIM, BulkKind.CLOSE)
NOT_WHEN_CLOSED = (*NOT_FOR_P1, BulkKind.RAISE)


@dataclass(frozen=True, slots=True)
class Words:
    """Whom the words of a site reach: the reports that get them, and why others do not."""

    sends: tuple[tuple[int, OutboxKind], ...] = ()
    readers: frozenset[str] = frozenset()
    unwritten: tuple[str, ...] = ()
    no: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    rows: dict[int, Row[Any]] = field(default_factory=dict)
    words: dict[int, Words] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)
    # By report, where each has a text of its own.
    texts: dict[int, Said] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)

    def effect(self) -> Effect:
        going = [self.words[site_id] for site_id in self.rows if site_id in self.words]
        return Effect(
            site_ids=tuple(self.rows),
            left=self.left,
            messages=sum(len(words.sends) for words in going),
            people=len(frozenset().union(*(words.readers for words in going))),
            unwritten=Counter(why for words in self.words.values() for why in words.unwritten),
            texts=self._texts_of() if self.texts else (),
        )

    def _texts_of(self) -> tuple[SaidTo, ...]:
        alike: dict[tuple[str, str], list[tuple[int, str]]] = {}
        for site_id in self.rows:
            for key, _ in self.words[site_id].sends:
                said = self.texts[key]
                bare = said.text.replace(self.numbers[key], "…")
                alike.setdefault((said.language, bare), []).append((site_id, said.text))
        found = [
            SaidTo(language, said[0][1], len(said), len({site_id for site_id, _ in said}))
            for (language, _), said in alike.items()
        ]
        return tuple(sorted(found, key=lambda each: (-each.messages, each.language, each.text)))


def plan(
    connection: Connection,
    site_ids: Iterable[int],
    order: BulkOrder,
    *,
    actor: Actor,
    in_force: InForce,
    texts: SiteTexts,
) -> Plan:
    """Every rule of the single acts, for each site by itself; in the order in which they were named."""
    ids = list(dict.fromkeys(site_ids))
    rows = many.rows(connection, ids)
    holders = many.claims(connection, ids)
    with_em = _with_em(connection, ids)
    table = in_force.judge.rules.table
    is_suspended = many.is_response_suspended(connection, actor.activation_id)
    stay_safe = in_force.templates(connection).stay_safe_sentences() if is_suspended else frozenset()
    members = sites.members(connection, rows) if speaks(order) or order.kind is BulkKind.NOTE else {}
    said: dict[int, Said] = {}
    if order.kind is BulkKind.MESSAGE and order.intent is not None:
        said = _said(connection, rows, members, order.intent, actor, texts)
    words = _words(connection, members, order, said)
    numbers = {key: request.request_id for each in members.values() for key, request, _ in each}
    made = Plan(words=words, texts=said, numbers=numbers)

    def refusal(site_id: int) -> str:
        row = rows.get(site_id)
        if row is None or row.own_flags & Flag.MERGED:
            return GONE
        return (
            _by_state(row, order)
            or _by_holder(holders.get(site_id), order, actor)
            or _by_closing(row, order, with_em.get(site_id, ()))
            or _by_words(
                row,
                _texts_at(order, words.get(site_id), said),
                words.get(site_id),
                table,
                is_suspended,
                stay_safe,
            )
        )

    for site_id in ids:
        if no := refusal(site_id):
            made.left[site_id] = no
        else:
            made.rows[site_id] = rows[site_id]
    return made


def speaks(order: BulkOrder) -> bool:
    """Whether residents read something of it."""
    return order.kind is BulkKind.MESSAGE or (order.kind is BulkKind.CLOSE and bool(order.text.strip()))


# -- one site -------------------------------------------------------------------------------------------


def _by_state(row: Any, order: BulkOrder) -> str:
    if row.band == Band.P1 and order.kind in NOT_FOR_P1:
        return IS_P1
    if row.state == CLOSED and order.kind in NOT_WHEN_CLOSED:
        return IS_CLOSED
    if order.kind is BulkKind.RAISE and order.band is not None and row.band <= order.band:
        return f"It is {Band(row.band).name} already."
    return ""


def _by_holder(holder: many.Holder | None, order: BulkOrder, actor: Actor) -> str:
    is_mine = holder == (actor.person, actor.seat)
    if order.kind is BulkKind.CLAIM and holder is not None:
        return "You have it already." if is_mine else f"{holder[0]} ({holder[1]}) has it."
    if order.kind is BulkKind.LET_GO and not is_mine:
        return "Nobody has claimed it." if holder is None else f"{holder[0]} ({holder[1]}) has it."
    return ""


def _by_closing(row: Any, order: BulkOrder, with_em: Iterable[str]) -> str:
    if order.kind is not BulkKind.CLOSE or order.close is None:
        return ""
    return why_not_close(row, order.close, note=order.note, confirmed_by="", with_em=with_em)


def _texts_at(order: BulkOrder, words: Words | None, said: Mapping[int, Said]) -> tuple[str, ...]:
    """What residents of one site read, each text once; none where nobody reads anything of it."""
    if not speaks(order):
        return ()
    if order.intent is None:
        return (order.text,)
    return tuple({said[key].text: None for key, _ in words.sends}) if words else ("",)


def _by_words(
    row: Any,
    texts: tuple[str, ...],
    words: Words | None,
    table: CategoryTable,
    is_suspended: bool,
    stay_safe: frozenset[str],
) -> str:
    if not texts and not (words and words.no):
        return ""
    if (row.flags | row.own_flags) & Flag.RESTRICTED:
        return IS_RESTRICTED
    if words is None or words.no:
        return NOBODY if words is None else words.no
    category = table[row.category]
    whys = (
        why_not_say(row, text, category=category, is_suspended=is_suspended, stay_safe=stay_safe)
        for text in texts
    )
    return next(filter(None, whys), "")


# -- whom words reach -----------------------------------------------------------------------------------


def _said(
    connection: Connection,
    rows: Mapping[int, Any],
    members: Mapping[int, list[sites.Member]],
    intent: Intent,
    actor: Actor,
    texts: SiteTexts,
) -> dict[int, Said]:
    """The text of each report, or why it has none. A person looks at them before they go: also those that
    nobody has approved yet."""
    ground = texts.ground(connection, actor.activation_id, rows)
    return {
        member[0]: ground.words(intent, rows[site_id], member, reports=len(reports), is_approved=False)
        for site_id, reports in members.items()
        for member in reports
    }


def _words(
    connection: Connection,
    members: Mapping[int, list[sites.Member]],
    order: BulkOrder,
    said: Mapping[int, Said],
) -> dict[int, Words]:
    if not members:
        return {}
    keys = [key for each in members.values() for key, _, _ in each]
    servers: dict[int, Any] = {}
    for chunk in many.chunks(keys):
        servers |= mirror.servers_of(connection, chunk)

    # One server said it for a thousand reports.
    can = {said: from_text(said, Capabilities())[0] for said in {s.capabilities for s in servers.values()}}

    def no_of(kind: OutboxKind, key: int, request: ServiceRequest) -> str:
        server = servers[key]
        return why_not(kind, request, server_kind=server.kind, can=can[server.capabilities])

    into: dict[BulkKind, Callable[[_Reports, _No], Words]] = {
        BulkKind.NOTE: _note_words,
        BulkKind.MESSAGE: partial(_message_words, said=said),
        BulkKind.CLOSE: _close_words,
    }
    read = into[order.kind]
    return {site_id: read([(k, r) for k, r, _ in each], no_of) for site_id, each in members.items()}


_Reports = list[tuple[int, ServiceRequest]]
_No = Callable[[OutboxKind, int, ServiceRequest], str]


def _note_words(reports: _Reports, no_of: _No) -> Words:
    """Inside the city only: where its server takes internal comments."""
    kind = OutboxKind.INTERNAL_NOTE
    return Words(tuple((key, kind) for key, request in reports if not no_of(kind, key, request)))


def _message_words(reports: _Reports, no_of: _No, said: Mapping[int, Said]) -> Words:
    sends, readers, unwritten, no_text = [], set(), [], ""
    taken = [
        (key, request)
        for key, request in reports
        if request.status is not CrmStatus.ARCHIVED
        and not no_of(OutboxKind.MESSAGE, key, request)
        and not (key in said and said[key].no)
    ]
    twice = read_elsewhere(taken)
    for key, request in reports:
        if request.status is CrmStatus.ARCHIVED:
            unwritten.append(ARCHIVED)
        elif no_of(OutboxKind.MESSAGE, key, request):
            unwritten.append(NOT_TAKEN)
        elif key in said and said[key].no:
            no_text = said[key].no
            unwritten.append(no_text)
        elif key in twice:
            unwritten.append(ELSEWHERE)
        else:
            sends.append((key, OutboxKind.MESSAGE))
            readers.add(_reader(key, request))
    no = (
        "" if sends else no_text or (NOBODY if set(unwritten) == {ARCHIVED} else NOT_TAKEN.capitalize() + ".")
    )
    return Words(tuple(sends), frozenset(readers), tuple(unwritten), no)


def _close_words(reports: _Reports, no_of: _No) -> Words:
    """One that the city has closed already gets the words alone, as with a single closing."""
    sends, readers, unwritten, no = [], set(), [], ""
    for key, request in reports:
        if request.status is CrmStatus.ARCHIVED:
            unwritten.append(ARCHIVED)
            continue
        kind = OutboxKind.MESSAGE if request.status is CrmStatus.CLOSED else OutboxKind.CLOSE
        if kind is OutboxKind.CLOSE and no_of(kind, key, request):
            no = NO_CLOSING
            continue
        sends.append((key, kind))
        readers.add(_reader(key, request))
    return Words(tuple(sends), frozenset(readers), tuple(unwritten), no or ("" if sends else NOBODY))


def _reader(key: int, request: ServiceRequest) -> str:
    """Who reads it: a resident with an account once, one without as often as they reported."""
    return f"report {key}" if request.reporter.is_anonymous else f"account {request.reporter.reporter_id}"


def _with_em(connection: Connection, ids: list[int]) -> dict[int, list[str]]:
    held: dict[int, list[str]] = {}
    for chunk in many.chunks(ids):
        for site_id, (_, number, _, _) in escalations.open_by_site(connection, chunk).items():
            held.setdefault(site_id, []).append(number)
    return held
