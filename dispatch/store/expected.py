"""What the expected time is counted from, and what was told of it: rows and columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Select, and_, case, func, insert, or_, select

from dispatch.records import (
    STAFF_ROLES,
    CloseReason,
    Expectation,
    Flag,
    Millis,
    OutboxState,
    Told,
)
from dispatch.store.many import chunks
from dispatch.store.schema import activation, assessment, membership, outbox, request, site, told
from dispatch.store.sites import CLOSED
from dispatch.store.transaction import Transaction

OTHERS = "told"
FLAGS = site.c.flags.bitwise_or(site.c.own_flags)
_SERVER = CloseReason.SERVER.value
# Ends that say nothing of how long work takes.
_NO_WORK = tuple(
    each.value
    for each in (
        CloseReason.NOT_OURS,
        CloseReason.PASSED_TO_OWNER,
        CloseReason.CANNOT_ACT,
        CloseReason.NO_LONGER_NEEDED,
    )
)
# Of the server's closings its own time, of ours ours; by its last change where nobody knows better.
CLOSED_AT = case(
    (
        site.c.state == CLOSED,
        func.coalesce(
            case((site.c.state_reason == _SERVER, request.c.closed_at)),
            site.c.closed_at,
            request.c.closed_at,
            site.c.last_at,
        ),
    ),
    else_=0,
)
# Keeps which of these messages tells a time: the rows of their sites by number, the ids of the messages.
NoteTold = Callable[[Transaction, Mapping[int, Any], Iterable[str]], None]
NOT_TOLD = (OutboxState.TAKEN_BACK.value, OutboxState.FAILED.value)
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class SiteTimes:
    """One row a site: `closed_at` is 0 while open; `category` points into `categories`; `teaches` is 0 for
    bulk entries, what staff entered, and ends without work."""

    opened_at: Whole
    closed_at: Whole
    category: Whole
    teaches: Whole
    categories: tuple[str, ...]


def site_times(connection: Connection, since_at: Millis) -> SiteTimes:
    """Every site that is open, or was closed since then; without spam and what stands in another site."""
    teaches = case(
        (FLAGS.bitwise_and(int(Flag.BULK)) != 0, 0),
        (site.c.state_reason.in_(_NO_WORK), 0),
        (request.c.reporter_role.in_(STAFF_ROLES), 0),
        else_=1,
    )
    asked = (
        select(site.c.first_at, CLOSED_AT, site.c.category, teaches)
        .outerjoin(request, request.c.request_key == site.c.site_id)
        .where(
            site.c.first_at > 0,
            FLAGS.bitwise_and(int(Flag.MERGED)) == 0,
            or_(
                site.c.state != CLOSED,
                and_(site.c.state_reason != CloseReason.SPAM.value, since_at <= CLOSED_AT),
            ),
        )
    )
    opened_at, closed_at, names, teaching = _columns(connection, asked, 4)
    categories = tuple(sorted(set(names)))
    number = {name: at for at, name in enumerate(categories)}
    return SiteTimes(
        _whole(opened_at),
        _whole(closed_at),
        _whole(number[name] for name in names),
        _whole(teaching),
        categories,
    )


def record_told(
    tx: Transaction,
    request_keys: Sequence[int],
    expectation: Expectation,
    outbox_ids: Sequence[str],
    *,
    is_correction: bool = False,
    by_rule: str = "",
) -> None:
    """Keep that each of these reports was told this range, by the message that goes with it in order. Does
    nothing where no time was told; what the message's taking back takes back with it."""
    if not expectation.has_time or not request_keys:
        return
    category = _categories(tx.connection, request_keys)
    said = {
        "activation_id": tx.actor.activation_id,
        "at": tx.now,
        "low_days": expectation.low_days,
        "high_days": expectation.high_days,
        "normal_days": expectation.normal_days,
        "open": expectation.open,
        "closed_day": expectation.closed_day,
        "closed_week": expectation.closed_week,
        "is_correction": int(is_correction),
        "person": tx.actor.person,
        "position": tx.actor.position,
        "seat": tx.actor.seat,
        "by_rule": by_rule,
    }
    rows = [
        {
            "told_id": str(uuid4()),
            "request_key": key,
            "category": category.get(key, ""),
            "outbox_id": sent,
            **said,
        }
        for key, sent in zip(request_keys, outbox_ids, strict=True)
    ]
    tx.connection.execute(insert(told), rows)
    tx.others.add(OTHERS)


def tellings(connection: Connection, activation_id: str, *, since_at: Millis = 0) -> list[Told]:
    """Every range that was told and not taken back, oldest first; of an equal time in the order of writing
    nothing is known."""
    asked = (
        select(
            told.c.request_key,
            membership.c.site_id,
            told.c.category,
            told.c.at,
            told.c.low_days,
            told.c.high_days,
            told.c.is_correction,
            request.c.reporter_id,
            case((CLOSED_AT > 0, CLOSED_AT), else_=func.coalesce(request.c.closed_at, 0)),
        )
        .join(request, request.c.request_key == told.c.request_key)
        .join(membership, membership.c.request_key == told.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .outerjoin(outbox, outbox.c.outbox_id == told.c.outbox_id)
        .where(
            told.c.activation_id == activation_id,
            told.c.at >= since_at,
            or_(outbox.c.state.is_(None), outbox.c.state.not_in(NOT_TOLD)),
        )
        .order_by(told.c.at, told.c.is_correction, told.c.told_id)
    )
    return [
        Told(
            request_key=int(key),
            site_id=int(site_id),
            category=category,
            at=int(at),
            low_days=int(low),
            high_days=None if high is None else int(high),
            is_correction=bool(is_correction),
            # Who reports without an account is told report by report.
            reporter=f"account {reporter}" if reporter not in ("", "0") else f"report {key}",
            closed_at=int(closed_at),
        )
        for key, site_id, category, at, low, high, is_correction, reporter, closed_at in connection.execute(
            asked
        )
    ]


def standing(found: Iterable[Told]) -> dict[int, Told]:
    """The newest of each report."""
    return {each.request_key: each for each in found}


def due(connection: Connection, activation_id: str, from_at: Millis, to_at: Millis) -> dict[int, Millis]:
    """Open sites with a told range that ends in between: the first of them."""
    ends: dict[int, Millis] = {}
    for each in standing(tellings(connection, activation_id)).values():
        if not each.closed_at and each.end_at is not None and from_at < each.end_at <= to_at:
            ends[each.site_id] = min(each.end_at, ends.get(each.site_id, each.end_at))
    return ends


def languages(connection: Connection, request_keys: Iterable[int]) -> dict[int, str]:
    """In which each report is written, as it was assessed."""
    found: dict[int, str] = {}
    for chunk in chunks(request_keys):
        asked = select(assessment.c.request_key, assessment.c.language).where(
            assessment.c.request_key.in_(chunk)
        )
        found |= {int(key): language for key, language in connection.execute(asked)}
    return found


def is_in_storm(connection: Connection, activation_id: str) -> bool:
    asked = select(activation.c.storm_mode).where(activation.c.activation_id == activation_id)
    return bool(connection.execute(asked).scalar())


def sites_of_category(connection: Connection, categories: Collection[str]) -> frozenset[int]:
    """Open ones."""
    asked = select(site.c.site_id).where(
        site.c.category.in_(list(categories)),
        site.c.state != CLOSED,
        FLAGS.bitwise_and(int(Flag.MERGED)) == 0,
    )
    return frozenset(connection.execute(asked).scalars())


def _categories(connection: Connection, request_keys: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks(request_keys):
        asked = (
            select(membership.c.request_key, site.c.category)
            .join(site, site.c.site_id == membership.c.site_id)
            .where(membership.c.request_key.in_(chunk))
        )
        found |= {int(key): category for key, category in connection.execute(asked)}
    return found


def _columns(connection: Connection, asked: Select[Any], width: int) -> list[Sequence[Any]]:
    """Rows as the driver gives them: for a hundred thousand, wrapping each costs more than reading it."""
    with connection.execute(asked) as rows:
        assert rows.cursor is not None
        found: list[Sequence[Any]] = list(zip(*rows.cursor.fetchall(), strict=True))
    return found or [()] * width


def _whole(values: Iterable[Any]) -> Whole:
    return np.fromiter(values, np.int64)
