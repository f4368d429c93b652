"""Reports of some weeks and the lines of their threads, as columns: what residents heard, and who told us.
Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, not_, or_, select

from dispatch.records import (
    SOURCES,
    STAFF_ROLES,
    CloseReason,
    CrmStatus,
    Lines,
    Millis,
    OutboxKind,
    Reports,
)
from dispatch.store.schema import assessment, membership, message, outbox, request, server, site

# A line of the city within the first minute is a rule's, which thanks every report alike.
AT_ONCE_MS = 60_000
# What a server writes when somebody presses a button, after the name: "assigned this issue to".
_BY_BUTTON = " this issue"
_DUPLICATE = "This is a duplicate of issue "
_ENDED = (CrmStatus.CLOSED, CrmStatus.ARCHIVED)
TYPED_HERE, STAFF, ACCOUNT, ANONYMOUS = range(len(SOURCES))


def reports(connection: Connection, activation_id: str, from_at: Millis, to_at: Millis) -> Reports:
    """Entered in that time, without spam."""
    typed = select(outbox.c.request_key).where(outbox.c.kind == OutboxKind.NEW_REQUEST)
    asked = (
        select(
            request.c.request_key,
            membership.c.site_id,
            request.c.created_at,
            case(
                (request.c.status.in_(_ENDED), func.coalesce(request.c.closed_at, request.c.updated_at)),
                else_=0,
            ),
            request.c.updated_at,
            # SeeClickFix names the account that has it, which may be a person's: no department is made of it.
            case((server.c.kind == "georeport", request.c.agency), else_=""),
            func.coalesce(assessment.c.category, ""),
            case(
                (request.c.request_key.in_(typed), TYPED_HERE),
                (request.c.reporter_role.in_(STAFF_ROLES), STAFF),
                (request.c.reporter_id.in_(("", "0")), ANONYMOUS),
                else_=ACCOUNT,
            ).label("source"),
            request.c.reporter_id,
        )
        .join(membership, membership.c.request_key == request.c.request_key)
        .join(site, site.c.site_id == membership.c.site_id)
        .join(server, server.c.server_id == request.c.server_id)
        .outerjoin(assessment, assessment.c.request_key == request.c.request_key)
        .where(*_of(activation_id, from_at, to_at))
        .order_by(request.c.request_key)
    )
    columns = _columns(connection, asked, 9)
    department, departments = _named(columns[5])
    category, categories = _named(columns[6])
    source = _whole(columns[7])
    people, _ = _named(columns[8])
    key, site_id, created_at, closed_at, updated_at = map(_whole, columns[:5])
    return Reports(
        key,
        site_id,
        created_at,
        closed_at,
        updated_at,
        department,
        departments,
        category,
        categories,
        source,
        np.where(source == ACCOUNT, people + 1, 0),
    )


def lines(connection: Connection, reports: Reports, fixed: Sequence[str]) -> Lines:
    """Of their threads, as far as the server's threads were read. A line that holds one of the `fixed` texts
    is written by rule."""
    if not len(reports.key):
        return Lines(reports.key, reports.key, reports.key)
    by_rule = or_(
        func.trim(message.c.text) == "",
        message.c.text.startswith(_DUPLICATE, autoescape=True),
        and_(
            func.substr(message.c.text, 1, func.length(message.c.author_name) + 1)
            == message.c.author_name.concat(" "),
            message.c.text.contains(_BY_BUTTON, autoescape=True),
        ),
        *(message.c.text.contains(each, autoescape=True) for each in fixed),
    )
    is_ours = and_(message.c.author_role.in_(STAFF_ROLES), message.c.is_internal == 0, not_(by_rule))
    # Between two keys and not by a join: of the lines in between nearly all are asked for.
    asked = select(message.c.request_key, message.c.at, case((is_ours, 1), else_=0)).where(
        message.c.request_key.between(int(reports.key[0]), int(reports.key[-1]))
    )
    key, at, ours = map(_whole, _columns(connection, asked, 3))
    place = np.searchsorted(reports.key, key).clip(0, len(reports.key) - 1)
    known = reports.key[place] == key
    is_late = at >= reports.created_at[place] + AT_ONCE_MS
    return Lines(key[known], at[known], (ours * is_late)[known])


def _of(activation_id: str, from_at: Millis, to_at: Millis) -> tuple[ColumnElement[bool], ...]:
    return (
        request.c.created_at >= from_at,
        request.c.created_at < to_at,
        site.c.activation_id == literal(activation_id),
        site.c.state_reason != CloseReason.SPAM.value,
    )


def _columns(connection: Connection, asked: Select[Any], width: int) -> list[Sequence[Any]]:
    """Rows as the driver gives them: for a hundred thousand, wrapping each costs more than reading it."""
    with connection.execute(asked) as rows:
        assert rows.cursor is not None
        found: list[Sequence[Any]] = list(zip(*rows.cursor.fetchall(), strict=True))
    return found or [()] * width


def _whole(values: Iterable[Any]) -> Any:
    return np.fromiter(values, np.int64)


def _named(values: Sequence[str]) -> tuple[Any, tuple[str, ...]]:
    """Numbers for the names, in their order."""
    names = tuple(sorted(set(values)))
    number = {name: at for at, name in enumerate(names)}
    return _whole(number[value] for value in values), names
