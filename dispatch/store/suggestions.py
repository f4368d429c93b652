"""Which sites may be about the same thing: found by the syncing, decided by a person, told both ways."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from dispatch.records import CloseReason, Flag, Millis, ServiceRequest, Suggestion
from dispatch.store import mirror
from dispatch.store.bulk import upsert, write
from dispatch.store.schema import assessment, membership, request, rescoring, site, suggestion
from dispatch.store.sites import CLOSED, set_flags
from dispatch.store.transaction import Transaction

AT_MOST = 3
DISMISSED = "not the same"


@dataclass(frozen=True, slots=True)
class Compared:
    """A report as it is compared with others, and the site it stands in now."""

    request_key: int
    site_id: int
    request: ServiceRequest
    category: str
    cues: frozenset[str]


@dataclass(frozen=True, slots=True)
class Found:
    site_id: int
    other_id: int
    likeness: float
    why: str
    is_link: bool


# -- what the syncing asks and writes -----------------------------------------------------------------------


def suggested_key(connection: Connection, activation_id: str) -> int:
    """Up to which request it was looked what it may repeat."""
    row = connection.execute(
        select(rescoring.c.suggested_key).where(rescoring.c.activation_id == activation_id)
    ).first()
    return row.suggested_key if row else 0


def note_suggested(tx: Transaction, key: int) -> None:
    tx.connection.execute(
        update(rescoring).where(rescoring.c.activation_id == tx.actor.activation_id).values(suggested_key=key)
    )


def reports(
    connection: Connection, *, after: int, up_to: int | None = None, since_at: Millis = 0, at_most: int
) -> list[Compared]:
    """Reports with keys past `after`, in the order of their keys."""
    statement = (
        select(request, membership.c.site_id, assessment.c.category, assessment.c.cues)
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(assessment, assessment.c.request_key == request.c.request_key)
        .where(request.c.request_key > after, request.c.created_at >= since_at)
        .order_by(request.c.request_key)
        .limit(at_most)
    )
    if up_to is not None:
        statement = statement.where(request.c.request_key <= up_to)
    return [
        Compared(
            row.request_key,
            row.site_id,
            mirror.request_of(row),
            row.category,
            frozenset(filter(None, row.cues.split(","))),
        )
        for row in connection.execute(statement)
    ]


def sites_of(connection: Connection, request_keys: Sequence[int]) -> dict[int, tuple[int, bool]]:
    """In which site these reports stand now, and whether it is open."""
    if not request_keys:
        return {}
    rows = connection.execute(
        select(membership.c.request_key, membership.c.site_id, site.c.state)
        .join(site, site.c.site_id == membership.c.site_id)
        .where(membership.c.request_key.in_(request_keys))
    )
    return {row.request_key: (row.site_id, row.state != CLOSED) for row in rows}


def put(tx: Transaction, found: Iterable[Found]) -> None:
    """Proposals that nobody has decided on yet; what was decided before stays decided."""
    fresh = {tuple(sorted((each.site_id, each.other_id))): each for each in found}
    decided = _decided(tx.connection, {site_id for pair in fresh for site_id in pair})
    rows = [
        (each.site_id, each.other_id, each.likeness, int(each.is_link), each.why, tx.now)
        for pair, each in fresh.items()
        if pair not in decided
    ]
    write(
        tx.connection,
        suggestion,
        ("site_id", "other_id", "likeness", "is_link", "why", "at"),
        rows,
        key=("site_id", "other_id"),
    )
    for site_id in {row[0] for row in rows}:
        set_flags(tx, site_id, add=Flag.MAY_REPEAT)


def _decided(connection: Connection, site_ids: set[int]) -> set[tuple[int, int]]:
    rows = connection.execute(
        select(suggestion.c.site_id, suggestion.c.other_id).where(
            suggestion.c.decided != "",
            suggestion.c.site_id.in_(site_ids) | suggestion.c.other_id.in_(site_ids),
        )
    )
    return {(min(row), max(row)) for row in rows}


# -- what a person sees and decides -------------------------------------------------------------------------


def of_site(connection: Connection, site_id: int, at_most: int = AT_MOST) -> tuple[Suggestion, ...]:
    """What a site may repeat or be repeated by, the likest first; each by the site it stands in by now."""
    best: dict[int, Suggestion] = {}
    for row in connection.execute(_open_ones(site_id)):
        other_id = row.other_now if row.site_now == site_id else row.site_now
        known = best.get(other_id)
        if other_id != site_id and (known is None or row.likeness > known.likeness):
            best[other_id] = Suggestion(other_id, row.why, row.likeness, bool(row.is_link))
    ranked = sorted(best.values(), key=lambda each: (-each.likeness, each.site_id))
    return tuple(ranked[:at_most])


def dismiss(tx: Transaction, site_id: int, other_ids: Iterable[int]) -> list[list[int]]:
    """Not the same: the pairs, for taking it back."""
    wanted = set(other_ids)
    pairs = [
        [row.site_id, row.other_id]
        for row in tx.connection.execute(_open_ones(site_id))
        if {row.site_now, row.other_now} & wanted
    ]
    decide(tx, pairs, DISMISSED)
    return pairs


def decide(tx: Transaction, pairs: Iterable[Sequence[int]], words: str) -> None:
    """`words` empty: open again."""
    for site_id, other_id in pairs:
        tx.connection.execute(
            update(suggestion)
            .where(suggestion.c.site_id == site_id, suggestion.c.other_id == other_id)
            .values(decided=words, who=tx.actor.person, at=tx.now)
        )
        tx.sites.update((site_id, other_id))


def keep_apart(tx: Transaction, site_id: int, other_id: int) -> None:
    """A person has split them: they are not offered to each other again, whichever was proposed for which."""
    decide(tx, [(other_id, site_id)], DISMISSED)
    row = {
        "site_id": site_id,
        "other_id": other_id,
        "likeness": 0.0,
        "why": "",
        "decided": DISMISSED,
        "who": tx.actor.person,
        "at": tx.now,
    }
    upsert(tx.connection, suggestion, [row], key=("site_id", "other_id"))


def mark(tx: Transaction, site_id: int) -> None:
    """The mark of a site says whether something is left to decide; only what was proposed for it counts."""
    is_open = any(row.site_now == site_id for row in tx.connection.execute(_open_ones(site_id)))
    if is_open:
        set_flags(tx, site_id, add=Flag.MAY_REPEAT)
    else:
        set_flags(tx, site_id, drop=Flag.MAY_REPEAT)


def _open_ones(site_id: int) -> Select[Any]:
    """Undecided pairs that concern a site, each with the sites their reports stand in now. A closed one
    counts: that it was there says what has been done; spam does not."""
    here, there = membership.alias("here"), membership.alias("there")
    ours, others = site.alias("ours"), site.alias("others")
    return (
        select(
            suggestion.c.site_id,
            suggestion.c.other_id,
            suggestion.c.likeness,
            suggestion.c.is_link,
            suggestion.c.why,
            here.c.site_id.label("site_now"),
            there.c.site_id.label("other_now"),
        )
        # A site's id is the key of the report that opened it: that report leads to where it stands now.
        .join(here, here.c.request_key == suggestion.c.site_id)
        .join(there, there.c.request_key == suggestion.c.other_id)
        .join(ours, ours.c.site_id == here.c.site_id)
        .join(others, others.c.site_id == there.c.site_id)
        .where(
            suggestion.c.decided == "",
            here.c.site_id != there.c.site_id,
            or_(here.c.site_id == site_id, there.c.site_id == site_id),
            ours.c.state_reason != CloseReason.SPAM.value,
            others.c.state_reason != CloseReason.SPAM.value,
        )
    )
