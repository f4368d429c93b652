"""The rules' versions, and what each has sent: added and never changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import orjson
from sqlalchemy import Connection, Row, func, insert, select

from dispatch.records import (
    CrmStatus,
    Millis,
    OutboxItem,
    OutboxKind,
    OutboxState,
    Rule,
    RuleKind,
    RuleSettings,
)
from dispatch.store import many, outbox
from dispatch.store.schema import membership, message, request, rule, rule_sent, site
from dispatch.store.schema import outbox as outbox_rows
from dispatch.store.sites import CLOSED
from dispatch.store.transaction import Transaction

OPEN = (CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED)


def newest(connection: Connection, activation_id: str) -> dict[RuleKind, Rule]:
    """Those that somebody has touched, as they stand now."""
    rows = connection.execute(
        select(rule).where(rule.c.activation_id == activation_id).order_by(rule.c.kind, rule.c.version)
    )
    return {each.kind: each for each in map(_rule, rows)}


def put(tx: Transaction, kind: RuleKind, *, is_on: bool, settings: RuleSettings) -> Rule:
    """A new version."""
    last = newest(tx.connection, tx.actor.activation_id).get(kind)
    made = Rule(
        kind=kind,
        version=last.version + 1 if last else 1,
        is_on=is_on,
        settings=settings,
        person=tx.actor.person,
        position=tx.actor.position,
        at=tx.now,
    )
    row = {
        "activation_id": tx.actor.activation_id,
        "kind": kind.value,
        "version": made.version,
        "is_on": int(is_on),
        "settings": _to_text(settings),
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "at": tx.now,
    }
    tx.connection.execute(insert(rule).values(**row))
    tx.others.add("rule")
    return made


def concerned(
    connection: Connection,
    activation_id: str,
    kind: RuleKind,
    *,
    from_at: Millis,
    until_at: Millis,
    said_after: Millis | None,
    categories: Collection[str],
    least: tuple[Millis, int],
    most: int,
) -> list[tuple[Millis, int, int]]:
    """(entry, report, site) of open reports in sites that are not closed, entered in this time, oldest first,
    beyond `least` (entry, report). Those to which the rule has written after `said_after` (None: ever) are
    left out."""
    said = (
        select(rule_sent.c.request_key)
        .where(
            rule_sent.c.activation_id == activation_id,
            rule_sent.c.kind == kind.value,
            rule_sent.c.request_key == request.c.request_key,
            *([] if said_after is None else [rule_sent.c.at > said_after]),
        )
        .exists()
    )
    beyond = (request.c.created_at > least[0]) | (
        (request.c.created_at == least[0]) & (request.c.request_key > least[1])
    )
    asked = (
        select(request.c.created_at, request.c.request_key, site.c.site_id)
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(
            site.c.activation_id == activation_id,
            site.c.state != CLOSED,
            request.c.status.in_([each.value for each in OPEN]),
            request.c.created_at.between(from_at, until_at),
            beyond,
            ~said,
        )
        .order_by(request.c.created_at, request.c.request_key)
        .limit(most)
    )
    if categories:
        asked = asked.where(site.c.category.in_(list(categories)))
    return [(row[0], row[1], row[2]) for row in connection.execute(asked)]


def send(
    tx: Transaction,
    of: Rule,
    texts: Iterable[tuple[int, str, str]],
    *,
    rounds: Mapping[int, int],
    due_at: Millis,
) -> list[str]:
    """Keep (report, reporter, words) to once, and put the words on their way behind everything a person
    writes: both or neither."""
    said = list(texts)
    ids = [f"{outbox.BY}:{of.kind}:{tx.actor.activation_id}:{key}:{rounds.get(key, 0)}" for key, _, _ in said]
    rows = [
        {
            "activation_id": tx.actor.activation_id,
            "kind": of.kind.value,
            "request_key": key,
            "round": rounds.get(key, 0),
            "version": of.version,
            "outbox_id": outbox_id,
            "reporter_id": reporter,
            "at": tx.now,
        }
        for (key, reporter, _), outbox_id in zip(said, ids, strict=True)
    ]
    if not rows:
        return []
    tx.connection.execute(insert(rule_sent), rows)
    texts_of = [(key, text) for key, _, text in said]
    detail = {outbox.BY: of.kind.value}
    return outbox.put_texts(
        tx, OutboxKind.MESSAGE, texts_of, due_at=due_at, ids=ids, detail=detail, lane=outbox.BY_RULE
    )


def said_at(
    connection: Connection, activation_id: str, kind: RuleKind, keys: Collection[int]
) -> dict[int, tuple[Millis, int]]:
    """When a rule last wrote to each of these reports, and in how many rounds so far."""
    found: dict[int, tuple[Millis, int]] = {}
    for chunk in many.chunks(keys):
        rows = connection.execute(
            select(rule_sent.c.request_key, func.max(rule_sent.c.at), func.count())
            .where(
                rule_sent.c.activation_id == activation_id,
                rule_sent.c.kind == kind.value,
                rule_sent.c.request_key.in_(chunk),
            )
            .group_by(rule_sent.c.request_key)
        )
        found |= {row[0]: (row[1], row[2]) for row in rows}
    return found


def heard_after(
    connection: Connection, activation_id: str, after: Millis
) -> tuple[dict[str, Millis], dict[int, Millis]]:
    """When each reporter, and each report, last heard from any rule. What was withdrawn before it left
    counts too: rather one message too few."""
    by_reporter: dict[str, Millis] = {}
    by_report: dict[int, Millis] = {}
    rows = connection.execute(
        select(rule_sent.c.request_key, rule_sent.c.reporter_id, rule_sent.c.at)
        .where(rule_sent.c.activation_id == activation_id, rule_sent.c.at > after)
        .order_by(rule_sent.c.at)
    )
    for key, reporter, at in rows:
        by_report[key] = at
        if reporter:
            by_reporter[reporter] = at
    return by_reporter, by_report


def unsent(connection: Connection, activation_id: str) -> list[tuple[RuleKind, OutboxItem]]:
    """What the rules have put on its way and nobody has tried to send yet."""
    ids = connection.execute(
        select(rule_sent.c.kind, rule_sent.c.outbox_id)
        .join(outbox_rows, outbox_rows.c.outbox_id == rule_sent.c.outbox_id)
        .where(rule_sent.c.activation_id == activation_id, outbox_rows.c.state == OutboxState.WAITING.value)
    ).all()
    kinds = {row.outbox_id: RuleKind(row.kind) for row in ids}
    found: list[OutboxItem] = []
    for chunk in many.chunks(kinds):
        found += outbox.get(connection, chunk)
    return [(kinds[item.outbox_id], item) for item in found]


def states(connection: Connection, activation_id: str) -> dict[RuleKind, dict[str, int]]:
    """How many messages of each rule stand in each state of the outbox."""
    rows = connection.execute(
        select(rule_sent.c.kind, outbox_rows.c.state, func.count())
        .join(outbox_rows, outbox_rows.c.outbox_id == rule_sent.c.outbox_id)
        .where(rule_sent.c.activation_id == activation_id)
        .group_by(rule_sent.c.kind, outbox_rows.c.state)
    )
    found: dict[RuleKind, dict[str, int]] = defaultdict(dict)
    for kind, state, count in rows:
        found[RuleKind(kind)][state] = int(count)
    return found


def asked(connection: Connection, activation_id: str, kind: RuleKind) -> list[tuple[int, int, Millis]]:
    """(report, site, when) of those in open sites that have the rule's words, the newest time of each."""
    rows = connection.execute(
        select(rule_sent.c.request_key, membership.c.site_id, func.max(rule_sent.c.at))
        .join(outbox_rows, outbox_rows.c.outbox_id == rule_sent.c.outbox_id)
        .join(membership, membership.c.request_key == rule_sent.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(
            rule_sent.c.activation_id == activation_id,
            rule_sent.c.kind == kind.value,
            outbox_rows.c.state == OutboxState.SENT.value,
            site.c.state != CLOSED,
        )
        .group_by(rule_sent.c.request_key, membership.c.site_id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def residents_words(
    connection: Connection, since: Mapping[int, Millis], staff: Collection[str]
) -> dict[int, list[str]]:
    """What residents wrote to each report after that time, oldest first."""
    found: dict[int, list[str]] = defaultdict(list)
    for chunk in many.chunks(since):
        rows = connection.execute(
            select(message.c.request_key, message.c.text, message.c.at)
            .where(
                message.c.request_key.in_(chunk),
                message.c.is_internal == 0,
                message.c.author_role.not_in(list(staff)),
            )
            .order_by(message.c.at)
        )
        for key, text, at in rows:
            if at >= since[key]:
                found[key].append(text)
    return found


def sites_of(connection: Connection, keys: Collection[int]) -> set[int]:
    found: set[int] = set()
    for chunk in many.chunks(keys):
        asked = select(membership.c.site_id).where(membership.c.request_key.in_(chunk))
        found |= {int(site_id) for site_id in connection.execute(asked).scalars()}
    return found


def by_people(connection: Connection, keys: Collection[int]) -> dict[int, Millis]:
    """Of these reports the ones to which a person here has written, or is about to, and when last."""
    found: dict[int, Millis] = {}
    for chunk in many.chunks(keys):
        rows = connection.execute(
            select(outbox_rows.c.request_key, func.max(outbox_rows.c.at))
            .where(
                outbox_rows.c.request_key.in_(chunk),
                outbox_rows.c.lane < outbox.BY_RULE,
                outbox_rows.c.kind.in_(
                    [OutboxKind.MESSAGE, OutboxKind.ACKNOWLEDGE, OutboxKind.CLOSE, OutboxKind.REOPEN]
                ),
                outbox_rows.c.state.not_in([OutboxState.TAKEN_BACK.value, OutboxState.FAILED.value]),
            )
            .group_by(outbox_rows.c.request_key)
        )
        found |= {int(key): int(at) for key, at in rows}
    return found


def _to_text(settings: RuleSettings) -> str:
    said = {
        "wait_min": settings.wait_min,
        "back_h": settings.back_h,
        "days": settings.days,
        "categories": sorted(settings.categories),
    }
    return orjson.dumps(said).decode()


def _rule(row: Row[Any]) -> Rule:
    said = orjson.loads(row.settings)
    return Rule(
        kind=RuleKind(row.kind),
        version=row.version,
        is_on=bool(row.is_on),
        settings=RuleSettings(**{**said, "categories": frozenset(said.get("categories", ()))}),
        person=row.person,
        position=row.position,
        at=row.at,
    )
