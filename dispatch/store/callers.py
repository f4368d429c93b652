"""Who called: rows of their own beside the reports, read by nobody but those who call back or hand over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

from dispatch.records import Call, Caller, Fact
from dispatch.store.bulk import write
from dispatch.store.schema import caller, membership
from dispatch.store.transaction import Transaction

_COLUMNS = (
    *("request_key", "activation_id", "number", "name", "phone", "language", "may_call", "note"),
    *("paste_id", "who", "at"),
)


def put(tx: Transaction, calls: Sequence[tuple[int, Call]], *, paste_id: str = "") -> list[int]:
    """Each call's number. The keys were reserved before: until this commits nobody else counts on."""
    activation_id = tx.actor.activation_id
    last = tx.connection.execute(
        select(func.coalesce(func.max(caller.c.number), 0)).where(caller.c.activation_id == activation_id)
    ).scalar_one()
    numbers = list(range(int(last) + 1, int(last) + 1 + len(calls)))
    rows = [
        (
            *(key, activation_id, number, call.caller.strip(), call.call_back.strip(), call.language.strip()),
            None if call.may_call is None else int(call.may_call),
            *(call.note.strip(), paste_id, tx.actor.person, tx.now),
        )
        for number, (key, call) in zip(numbers, calls, strict=True)
    ]
    write(tx.connection, caller, _COLUMNS, rows)
    return numbers


def of_site(connection: Connection, site_id: int) -> tuple[Caller, ...]:
    """Those whose reports stand in it, the first call first."""
    rows = connection.execute(
        select(caller)
        .join(membership, membership.c.request_key == caller.c.request_key)
        .where(membership.c.site_id == site_id)
        .order_by(caller.c.number)
    )
    return tuple(map(_caller, rows))


def facts_of(callers: Iterable[Caller]) -> tuple[Fact, ...]:
    """As the detail lists them, beside what was established."""
    return tuple(
        Fact(name, value, each.who, each.at)
        for each in callers
        for name, value in (("caller", each.name), ("call_back", _call_back(each)), ("call_note", each.note))
        if value
    )


def to_call(callers: Sequence[Caller]) -> Caller | None:
    """Whom to ask: the last who may be called and left a number."""
    return next((each for each in reversed(callers) if each.phone and each.may_call is not False), None)


def pasted(connection: Connection, paste_id: str) -> tuple[int, ...]:
    """The reports that were brought in together, by our keys."""
    keys = connection.execute(
        select(caller.c.request_key).where(caller.c.paste_id == paste_id).order_by(caller.c.number)
    )
    return tuple(int(key) for key in keys.scalars())


def _call_back(each: Caller) -> str:
    if each.phone and each.may_call is False:
        return f"{each.phone} (does not want to be called)"
    return each.phone


def _caller(row: Row[Any]) -> Caller:
    return Caller(
        request_key=row.request_key,
        number=row.number,
        name=row.name,
        phone=row.phone,
        language=row.language,
        may_call=None if row.may_call is None else bool(row.may_call),
        note=row.note,
        who=row.who,
        at=row.at,
    )
