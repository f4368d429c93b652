"""The mirror of a 311 server: its requests and messages as it last said them. Only sync writes here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson
from sqlalchemy import Connection, Row, case, delete, func, insert, select, update

from dispatch.records import (
    BadRecord,
    CrmStatus,
    Message,
    Millis,
    Place,
    Reporter,
    ServiceRequest,
)
from dispatch.store import search
from dispatch.store.bulk import listed, upsert, write
from dispatch.store.schema import assessment, message, quarantine, request, server
from dispatch.store.transaction import Transaction

# A request under its key, with its digest.
Printed = tuple[int, ServiceRequest, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the mirror held of a request before this answer."""

    request_key: int
    site_id: int
    updated_at: Millis
    digest: str
    status: CrmStatus
    created_at: Millis


@dataclass(frozen=True, slots=True)
class ServerRow:
    """Who we are there and how far we have come."""

    account_id: str
    watermark_at: Millis | None
    backlog_before_at: Millis | None
    backlog_done: bool
    # What it can do, as TOML; how far windows and sweep have come, as JSON; when all was listed last.
    capabilities: str = ""
    progress: str = ""
    swept_at: Millis | None = None


def ensure_server(connection: Connection, address: str, kind: str) -> int:
    """The number of one server address; given at its first use (inside a transaction)."""
    found = connection.execute(select(server.c.server_id).where(server.c.address == address)).scalar()
    if found is not None:
        return int(found)
    next_id = int(connection.execute(select(func.coalesce(func.max(server.c.server_id), 0) + 1)).scalar_one())
    connection.execute(insert(server).values(server_id=next_id, address=address, kind=kind))
    return next_id


def server_row(connection: Connection, server_id: int) -> ServerRow:
    row = connection.execute(select(server).where(server.c.server_id == server_id)).one()
    return ServerRow(
        row.account_id,
        row.watermark_at,
        row.backlog_before_at,
        bool(row.backlog_done),
        row.capabilities,
        row.progress,
        row.swept_at,
    )


def make_current(connection: Connection, server_id: int) -> None:
    """This is the server we are in step with: what is typed in here goes there."""
    connection.execute(update(server).values(is_current=case((server.c.server_id == server_id, 1), else_=0)))


def current_server(connection: Connection) -> Row[Any] | None:
    """The stored columns of the server we are in step with."""
    return connection.execute(select(server).where(server.c.is_current == 1)).first()


def servers_of(connection: Connection, request_keys: Iterable[int]) -> dict[int, Any]:
    """What kind of server each request belongs to, and what that can do."""
    rows = connection.execute(
        select(request.c.request_key, server.c.kind, server.c.capabilities)
        .join(server, server.c.server_id == request.c.server_id)
        .where(request.c.request_key.in_(list(request_keys)))
    )
    return {row.request_key: row for row in rows}


def set_server(connection: Connection, server_id: int, **values: object) -> None:
    connection.execute(update(server).where(server.c.server_id == server_id).values(**values))


_KNOWN_IDS = "SELECT remote_id FROM request WHERE server_id = {} AND remote_id IN"
# In the order of `Known`.
_KNOWN = (
    "SELECT remote_id, request.request_key, site_id, updated_at, digest, status, created_at FROM request "
    "JOIN membership ON membership.request_key = request.request_key "
    "WHERE server_id = {} AND remote_id IN"
)


def known_ids(connection: Connection, server_id: int, request_ids: Iterable[str]) -> frozenset[str]:
    """Which of these ids of the server the mirror holds."""
    rows = listed(connection, _KNOWN_IDS, (server_id,), request_ids)
    return frozenset(request_id for (request_id,) in rows)


def known(connection: Connection, server_id: int, request_ids: Iterable[str]) -> dict[str, Known]:
    """What the mirror holds of these ids of the server."""
    return {
        remote_id: Known(request_key, site_id, updated_at, digest, CrmStatus(status), created_at)
        for remote_id, request_key, site_id, updated_at, digest, status, created_at in listed(
            connection, _KNOWN, (server_id,), request_ids
        )
    }


def unread(
    connection: Connection, server_id: int, settled_ms: Millis, within_ms: Millis
) -> list[tuple[str, int]]:
    """Open requests, last changed first, that changed a while after they came and whose thread, as we have
    it, is older than that; of those that changed within so long of the newest. With their bands."""
    newest = select(func.max(request.c.updated_at)).where(request.c.server_id == server_id).scalar_subquery()
    has_been_read = (
        select(message.c.message_id)
        .where(message.c.request_key == request.c.request_key, message.c.at >= request.c.updated_at)
        .exists()
    )
    rows = connection.execute(
        select(request.c.remote_id, assessment.c.band)
        .join(assessment, assessment.c.request_key == request.c.request_key)
        .where(
            request.c.server_id == server_id,
            request.c.status.in_((CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED)),
            request.c.updated_at > request.c.created_at + settled_ms,
            request.c.updated_at >= newest - within_ms,
            ~has_been_read,
        )
        .order_by(request.c.updated_at.desc())
    )
    return [(str(request_id), int(band)) for request_id, band in rows]


def digest(item: ServiceRequest) -> str:
    """A short print of everything we keep of a request: equal prints mean nothing to write."""
    return _print(_kept(item))


def _print(kept: tuple[object, ...]) -> str:
    return hashlib.blake2b(orjson.dumps(kept), digest_size=8).hexdigest()


def add(transaction: Transaction, server_id: int, rows: Sequence[tuple[int, ServiceRequest]]) -> None:
    """Write requests that were never here before, under new keys."""
    kept = [(key, item, _kept(item)) for key, item in rows]
    write(
        transaction.connection,
        request,
        _COLUMNS,
        [(key, server_id, item.request_id or None, _print(values), *values) for key, item, values in kept],
    )
    search.add(transaction.connection, [(key, _words(item)) for key, item in rows])


def save(transaction: Transaction, server_id: int, rows: Sequence[Printed]) -> None:
    """Write requests under their keys, new or changed."""
    write(
        transaction.connection,
        request,
        _COLUMNS,
        [(key, server_id, item.request_id or None, print_, *_kept(item)) for key, item, print_ in rows],
        key=("request_key",),
    )
    search.replace(transaction.connection, [(key, _words(item)) for key, item, _ in rows])


def enter(transaction: Transaction, server_id: int, rows: Sequence[tuple[int, ServiceRequest]]) -> None:
    """Write requests that were typed in here, under new keys: without an id of the server, and without a
    print, as the server's first answer differs from it in any case."""
    write(
        transaction.connection,
        request,
        tuple(name for name in _COLUMNS if name != "remote_id"),
        [(key, server_id, "", *_kept(item)) for key, item in rows],
    )
    search.add(transaction.connection, [(key, _words(item)) for key, item in rows])


def addresses(connection: Connection, *, after: int, at_most: int) -> list[tuple[int, str]]:
    """Of the reports past a key of ours, in the order of their keys; those without one are left out."""
    rows = connection.execute(
        select(request.c.request_key, request.c.address)
        .where(request.c.request_key > after, request.c.address != "")
        .order_by(request.c.request_key)
        .limit(at_most)
    )
    return [(int(key), address) for key, address in rows]


def id_of(connection: Connection, request_key: int) -> str:
    """The server's id of a report; empty until it has given one."""
    found = select(request.c.remote_id).where(request.c.request_key == request_key)
    return connection.execute(found).scalar() or ""


def save_messages(transaction: Transaction, request_key: int, messages: Sequence[Message]) -> int:
    """Write a request's thread as the server said it; how many lines are new or changed. What a line said at
    first is kept beside what it says now."""
    known = thread(transaction.connection, [request_key])[request_key]
    with_id = {line.text for line in (*known, *messages) if not line.is_note_of_row}
    _drop_notes(transaction, request_key, known, with_id)
    old = {line.message_id: line for line in known}
    fresh = [
        _with_first_text(line, old.get(line.message_id), transaction.now)
        for line in messages
        if not _is_same(line, old.get(line.message_id)) and not (line.is_note_of_row and line.text in with_id)
    ]
    upsert(
        transaction.connection,
        message,
        [
            {
                "request_key": request_key,
                "message_id": line.message_id,
                "author_id": line.author.reporter_id,
                "author_name": line.author.name,
                "author_role": line.author.role,
                "text": line.text,
                "at": line.at,
                "is_internal": int(line.is_internal),
                "is_moderated": int(line.is_moderated),
                "first_text": line.first_text,
                "edited_at": line.edited_at,
            }
            for line in fresh
        ],
        key=("request_key", "message_id"),
    )
    return len(fresh)


def _is_same(line: Message, before: Message | None) -> bool:
    return before is not None and (before.text, before.is_moderated) == (line.text, line.is_moderated)


def _with_first_text(line: Message, before: Message | None, now: Millis) -> Message:
    if before is None:
        return line
    first, at = before.first_text, before.edited_at
    if before.text != line.text:
        first, at = first or before.text, now
    return replace(line, first_text=first, edited_at=at)


def _drop_notes(
    transaction: Transaction, request_key: int, known: Sequence[Message], with_id: set[str]
) -> None:
    """What only the notes in its rows told has come as lines with ids: the words stand there once."""
    ids = [line.message_id for line in known if line.is_note_of_row and line.text in with_id]
    if ids:
        transaction.connection.execute(
            delete(message).where(message.c.request_key == request_key, message.c.message_id.in_(ids))
        )


def thread(connection: Connection, request_keys: Iterable[int]) -> dict[int, list[Message]]:
    """The threads of these requests, oldest first; what is internal is marked."""
    threads: dict[int, list[Message]] = {key: [] for key in request_keys}
    rows = connection.execute(
        select(message).where(message.c.request_key.in_(list(threads))).order_by(message.c.at)
    )
    for row in rows:
        author = Reporter(row.author_id, row.author_name, row.author_role)
        line = Message(
            row.message_id,
            author,
            row.text,
            row.at,
            is_moderated=bool(row.is_moderated),
            is_internal=bool(row.is_internal),
            first_text=row.first_text,
            edited_at=row.edited_at,
        )
        threads[row.request_key].append(line)
    return threads


def said_later(thread: Iterable[Message]) -> list[str]:
    """What residents wrote after their report."""
    return [line.text for line in thread if not line.author.is_staff and not line.is_internal]


def put_in_quarantine(connection: Connection, server_id: int, bad: Sequence[BadRecord], at: Millis) -> None:
    """Keep rows nobody could read, raw and with the reason; the same row met again is one entry."""
    upsert(
        connection,
        quarantine,
        [
            {
                "digest": hashlib.sha256(row.raw).hexdigest(),
                "server_id": server_id,
                "at": at,
                "remote_id": row.request_id,
                "reason": row.reason,
                "raw": row.raw,
            }
            for row in bad
        ],
        key=("digest",),
    )


def counts(connection: Connection) -> tuple[int, int]:
    """(requests, quarantined) in the store."""
    requests = connection.execute(select(func.count()).select_from(request)).scalar_one()
    bad = connection.execute(select(func.count()).select_from(quarantine)).scalar_one()
    return int(requests), int(bad)


def request_of(row: Row[Any]) -> ServiceRequest:
    """A stored row as the record it came from."""
    return ServiceRequest(
        request_id=row.remote_id or "",
        status=CrmStatus(row.status),
        raw_status=row.raw_status,
        summary=row.summary,
        description=row.description,
        service_code=row.service_code,
        service_name=row.service_name,
        address=row.address,
        place=None if row.lat is None or row.lng is None else Place(row.lat, row.lng),
        created_at=row.created_at,
        updated_at=row.updated_at,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at,
        reopened_at=row.reopened_at,
        reporter=Reporter(row.reporter_id, row.reporter_name, row.reporter_role),
        photo_url=row.photo_url,
        page_url=row.page_url,
        transitions=frozenset(filter(None, row.transitions.split(","))),
        followers=row.followers,
        expected_at=row.expected_at,
        agency=row.agency,
        status_notes=row.status_notes,
        duplicate_of=row.duplicate_of,
        assignee_id=row.assignee_id,
        is_private=bool(row.is_private),
        doubts=frozenset(filter(None, row.doubts.split(","))),
    )


# In the order of `_kept`.
_KEPT = (
    *("status", "raw_status", "summary", "description", "service_code", "service_name"),
    *("address", "lat", "lng", "created_at", "updated_at", "acknowledged_at", "closed_at", "reopened_at"),
    *("reporter_id", "reporter_name", "reporter_role", "photo_url", "page_url", "transitions", "followers"),
    *("expected_at", "agency", "status_notes", "duplicate_of", "assignee_id", "is_private", "doubts"),
)
# As the table has them: so they need not be put in order.
_COLUMNS = ("request_key", "server_id", "remote_id", "digest", *_KEPT)


def _kept(item: ServiceRequest) -> tuple[Any, ...]:
    """Everything we keep of a request beside its id, as it is stored."""
    place, reporter = item.place, item.reporter
    return (
        item.status.value,
        item.raw_status,
        item.summary,
        item.description,
        item.service_code,
        item.service_name,
        item.address,
        place.lat if place else None,
        place.lng if place else None,
        item.created_at,
        item.updated_at,
        item.acknowledged_at,
        item.closed_at,
        item.reopened_at,
        reporter.reporter_id,
        reporter.name,
        reporter.role,
        item.photo_url,
        item.page_url,
        # Sets have no order of their own between two runs.
        ",".join(sorted(item.transitions)) if item.transitions else "",
        item.followers,
        item.expected_at,
        item.agency,
        item.status_notes,
        item.duplicate_of,
        item.assignee_id,
        int(item.is_private),
        ",".join(sorted(item.doubts)) if item.doubts else "",
    )


def _words(item: ServiceRequest) -> str:
    return f"{item.summary} {item.description} {item.address} {item.request_id}"
