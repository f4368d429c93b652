"""The live list of what the public can report under, and the switching of it, as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, and_, case, func, select, update

from dispatch.records import (
    Band,
    CategorySwitch,
    Millis,
    OfferedCategory,
    PublicPhase,
    SwitchState,
)
from dispatch.store.bulk import upsert
from dispatch.store.schema import (
    assessment,
    category_look,
    category_switch,
    offered_category,
    request,
)
from dispatch.store.transaction import Transaction

OTHERS = "public_mode"
UNDER_WAY = tuple(each.value for each in SwitchState if each.is_under_way)


class Look(NamedTuple):
    """When the live list was read (the storm's time), when that was tried and when it was last wanted (real
    time), and why it could not be read, in a sentence."""

    seen_at: Millis | None = None
    tried_at: Millis = 0
    wanted_at: Millis = 0
    error: str = ""


class Counted(NamedTuple):
    """Reports under a category; `grave` of them are P1 or P2."""

    reports: int
    grave: int


# -- the live list ----------------------------------------------------------------------------------------


def offered(connection: Connection, server_id: int) -> list[OfferedCategory]:
    rows = connection.execute(
        select(offered_category)
        .where(offered_category.c.server_id == server_id)
        .order_by(offered_category.c.place, offered_category.c.category_id)
    )
    return [OfferedCategory(r.category_id, r.title, bool(r.is_offered), bool(r.can_switch)) for r in rows]


def look(connection: Connection, server_id: int) -> Look:
    columns = (getattr(category_look.c, name) for name in Look._fields)
    row = connection.execute(select(*columns).where(category_look.c.server_id == server_id)).first()
    return Look(*row) if row else Look()


def keep_list(tx: Transaction, server_id: int, found: Sequence[OfferedCategory], wall_now: Millis) -> bool:
    """What the server lists now; what is on the list no more is not offered. True where it changed."""
    before = {each.category_id: each for each in offered(tx.connection, server_id)}
    now = {each.category_id: each for each in found}
    gone = [OfferedCategory(each, before[each].title, is_offered=False) for each in before if each not in now]
    rows = [
        {
            "server_id": server_id,
            "category_id": each.category_id,
            "title": each.title,
            "is_offered": int(each.is_offered),
            "can_switch": int(each.can_switch),
            "place": place,
        }
        for place, each in enumerate([*found, *gone])
    ]
    upsert(tx.connection, offered_category, rows, key=("server_id", "category_id"))
    _keep_look(tx, server_id, seen_at=tx.now, tried_at=wall_now, error="")
    return before != {**now, **{each.category_id: each for each in gone}}


def keep_one(tx: Transaction, server_id: int, category_id: str, is_offered: bool) -> None:
    """The server has just said so."""
    tx.connection.execute(
        update(offered_category)
        .where(offered_category.c.server_id == server_id, offered_category.c.category_id == category_id)
        .values(is_offered=int(is_offered))
    )


def keep_trouble(tx: Transaction, server_id: int, error: str, wall_now: Millis) -> None:
    """The list could not be read; what it said before stays, with its time."""
    before = look(tx.connection, server_id)
    _keep_look(tx, server_id, seen_at=before.seen_at, tried_at=wall_now, error=error)


def want_look(tx: Transaction, server_id: int, wall_now: Millis) -> None:
    tx.connection.execute(
        update(category_look).where(category_look.c.server_id == server_id).values(wanted_at=wall_now)
    )
    tx.others.add(OTHERS)


def _keep_look(tx: Transaction, server_id: int, **values: Any) -> None:
    upsert(tx.connection, category_look, [{"server_id": server_id, **values}], key=("server_id",))
    tx.others.add(OTHERS)


# -- what storm mode wants --------------------------------------------------------------------------------


def newest(connection: Connection, activation_id: str) -> int:
    """The number of the storm whose rows count; 0 while nothing was ever switched."""
    found = select(func.max(category_switch.c.number)).where(category_switch.c.activation_id == activation_id)
    return int(connection.execute(found).scalar() or 0)


def switches(connection: Connection, activation_id: str, number: int) -> list[CategorySwitch]:
    """In the order of the live list, each with what that says of it."""
    here = and_(
        offered_category.c.server_id == category_switch.c.server_id,
        offered_category.c.category_id == category_switch.c.category_id,
    )
    rows = connection.execute(
        select(category_switch, offered_category.c.is_offered)
        .join(offered_category, here, isouter=True)
        .where(category_switch.c.activation_id == activation_id, category_switch.c.number == number)
        .order_by(offered_category.c.place, category_switch.c.category_id)
    )
    return [_switch(row) for row in rows]


def of_now(connection: Connection, activation_id: str) -> list[CategorySwitch]:
    """Those of the newest storm; none where nothing was ever switched."""
    number = newest(connection, activation_id)
    return switches(connection, activation_id, number) if number else []


def put(tx: Transaction, number: int, server_id: int, rows: Iterable[CategorySwitch]) -> None:
    """As a person wants them now: what is on its way is tried at once."""
    values = [
        {
            "activation_id": tx.actor.activation_id,
            "number": number,
            "category_id": each.category_id,
            "server_id": server_id,
            "title": each.title,
            "phase": each.phase.value,
            "was_offered": int(each.was_offered),
            "wanted": int(each.wanted),
            "state": each.state.value,
            "error": each.error,
            "attempts": 0,
            "due_at": 0,
            "person": tx.actor.person,
            "position": tx.actor.position,
            "at": tx.now,
            "done_at": each.done_at,
            "ticked_by": each.ticked_by,
            "ticked_at": each.ticked_at,
        }
        for each in rows
    ]
    upsert(tx.connection, category_switch, values, key=("activation_id", "number", "category_id"))
    tx.others.add(OTHERS)


def change(
    tx: Transaction, number: int, category_id: str, *, wanted: bool, values: Mapping[str, Any]
) -> bool:
    """False where somebody wants it otherwise by now: then nothing is written."""
    done = tx.connection.execute(
        update(category_switch)
        .where(
            category_switch.c.activation_id == tx.actor.activation_id,
            category_switch.c.number == number,
            category_switch.c.category_id == category_id,
            category_switch.c.wanted == int(wanted),
        )
        .values(**values)
    )
    tx.others.add(OTHERS)
    return done.rowcount > 0


def due(connection: Connection, activation_id: str, wall_now: Millis) -> list[tuple[CategorySwitch, int]]:
    """What is to be sent to the server now, each with how often it was tried."""
    number = newest(connection, activation_id)
    tried = dict(
        connection.execute(
            select(category_switch.c.category_id, category_switch.c.attempts).where(
                category_switch.c.activation_id == activation_id,
                category_switch.c.number == number,
                category_switch.c.state.in_(UNDER_WAY),
                category_switch.c.due_at <= wall_now,
            )
        ).all()
    )
    return [
        (each, tried[each.category_id])
        for each in (switches(connection, activation_id, number) if tried else ())
        if each.category_id in tried
    ]


def _switch(row: Any) -> CategorySwitch:
    return CategorySwitch(
        category_id=row.category_id,
        title=row.title,
        phase=PublicPhase(row.phase),
        was_offered=bool(row.was_offered),
        wanted=bool(row.wanted),
        state=SwitchState(row.state),
        error=row.error,
        person=row.person,
        at=row.at,
        done_at=row.done_at,
        ticked_by=row.ticked_by,
        ticked_at=row.ticked_at,
        is_offered=None if row.is_offered is None else bool(row.is_offered),
    )


# -- what came in under each ------------------------------------------------------------------------------


def counted(connection: Connection, server_id: int, since_at: Millis) -> dict[str, Counted]:
    """Reports entered since, by the server's own category."""
    grave = func.sum(case((assessment.c.band <= int(Band.P2), 1), else_=0))
    rows = connection.execute(
        select(request.c.service_code, func.count(), grave)
        .join(assessment, assessment.c.request_key == request.c.request_key)
        .where(request.c.server_id == server_id, request.c.created_at >= since_at)
        .group_by(request.c.service_code)
    )
    return {code: Counted(int(reports), int(bad or 0)) for code, reports, bad in rows}
