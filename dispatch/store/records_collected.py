"""What a request for public records finds: reports, who called, threads, sites, notes, hand-overs with their
answers and forms, and the log lines about them. Reads only; all that says something, as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Table, or_, select

from dispatch.records import Flag, Millis, PublicRecord, RecordKind, RecordsQuery
from dispatch.store import schema as s

# Ids a statement may name at once.
CHUNK = 900
# Marks and keys of the program's own, which say nothing of a report.
_OF_THE_PROGRAM = frozenset({"request_key", "server_id", "digest", "token", "activation_id", "site_id"})
_OF_A_SITE = ("state_reason", "state_note", "own_band_reason", "own_band_who", "category", "neighborhood")
_SITE_WORDS = ("what", "where_words", "place_doubt")
_SEARCHED = ("summary", "description", "address", "status_notes")
# Of every message beside its text.
_THREAD = ("text", "first_text")


class _Home(NamedTuple):
    """The site a report stands in."""

    site_id: int
    activation_id: str
    is_restricted: bool


def collect(connection: Connection, query: RecordsQuery) -> list[PublicRecord]:
    """Every record of the reports asked for: in the order of their entry, each with its thread; then their
    sites, notes, hand-overs and the log."""
    reports = _reports(connection, query)
    threads = _by_key(connection, s.message, reports, s.message.c.at, s.message.c.message_id)
    wanted = query.words.casefold().split()
    kept = {key: row for key, row in reports.items() if _says(wanted, row, threads.get(key, ()))}
    numbers, homes = _numbers(kept.values()), _homes(kept.values())
    callers = _by_key(connection, s.caller, kept, s.caller.c.number)
    found: list[PublicRecord] = []
    for key, row in kept.items():
        number, home = numbers[key], homes[key]
        found.append(_record(RecordKind.REPORT, number, number, home, _said(s.request, row)))
        for each in callers.get(key, ()):
            found.append(_record(RecordKind.CALLER, number, number, home, _said(s.caller, each)))
        for each in threads.get(key, ()):
            of_line = f"{number}:{each.message_id}"
            found.append(_record(RecordKind.MESSAGE, of_line, number, home, _said(s.message, each)))
    return found + list(
        _of_sites(connection, {home.site_id: home for home in homes.values() if home.site_id})
    )


def _reports(connection: Connection, query: RecordsQuery) -> dict[int, Row[Any]]:
    asked = (
        select(s.request, s.site.c.site_id, s.site.c.activation_id, s.site.c.flags, s.site.c.own_flags)
        .outerjoin(s.membership, s.membership.c.request_key == s.request.c.request_key)
        .outerjoin(s.site, s.site.c.site_id == s.membership.c.site_id)
        .outerjoin(s.assessment, s.assessment.c.request_key == s.request.c.request_key)
        .order_by(s.request.c.created_at, s.request.c.request_key)
    )
    if query.from_at is not None:
        asked = asked.where(s.request.c.created_at >= query.from_at)
    if query.to_at is not None:
        asked = asked.where(s.request.c.created_at < query.to_at)
    if query.area:
        asked = asked.where(s.site.c.neighborhood == query.area)
    if query.category:
        asked = asked.where(
            or_(s.site.c.category == query.category, s.assessment.c.category == query.category)
        )
    if not query.request_numbers:
        return {row.request_key: row for row in connection.execute(asked)}
    found = [
        row
        for some in _chunks(query.request_numbers)
        for row in connection.execute(asked.where(_is_numbered(some)))
    ]
    return {row.request_key: row for row in sorted(found, key=lambda row: (row.created_at, row.request_key))}


def _is_numbered(numbers: Sequence[str]) -> ColumnElement[bool]:
    ours = [int(each[4:]) for each in numbers if each.startswith("new-") and each[4:].isdecimal()]
    return or_(s.request.c.remote_id.in_(numbers), s.request.c.request_key.in_(ours))


def _says(wanted: Sequence[str], row: Row[Any], thread: Iterable[Row[Any]]) -> bool:
    if not wanted:
        return True
    words = [str(row._mapping[name]) for name in _SEARCHED]
    words += [str(line._mapping[name]) for line in thread for name in _THREAD]
    text = "\n".join(words).casefold()
    return all(word in text for word in wanted)


def _numbers(rows: Iterable[Row[Any]]) -> dict[int, str]:
    """What the server calls each; ours by its key, and two servers' by the server besides."""
    numbers: dict[int, str] = {}
    taken: set[str] = set()
    for row in rows:
        number = f"new-{row.request_key}" if row.remote_id is None else str(row.remote_id)
        if number in taken:
            number = f"{number}@{row.server_id}"
        taken.add(number)
        numbers[row.request_key] = number
    return numbers


def _homes(rows: Iterable[Row[Any]]) -> dict[int, _Home]:
    return {
        row.request_key: _Home(
            row.site_id or 0,
            row.activation_id or "",
            bool(((row.flags or 0) | (row.own_flags or 0)) & int(Flag.RESTRICTED)),
        )
        for row in rows
    }


def _of_sites(connection: Connection, homes: Mapping[int, _Home]) -> Iterator[PublicRecord]:
    columns = [s.site.c[name] for name in (*_OF_A_SITE, *_SITE_WORDS)]
    for row in _rows(connection, select(s.site.c.site_id, *columns), s.site.c.site_id, homes):
        said = {name: _words(row._mapping[name]) for name in (*_OF_A_SITE, *_SITE_WORDS)}
        yield _of_site(RecordKind.SITE, str(row.site_id), homes[row.site_id], said)
    for row in _rows(
        connection, select(s.fact).order_by(s.fact.c.at, s.fact.c.fact_id), s.fact.c.site_id, homes
    ):
        yield _of_site(RecordKind.NOTE, row.fact_id, homes[row.site_id], _said(s.fact, row))
    yield from _hand_overs(connection, homes)
    log = select(s.activity_log).order_by(s.activity_log.c.number)
    for row in _rows(connection, log, s.activity_log.c.site_id, homes):
        said = _said(s.activity_log, row, but=("previous_hash", "hash"))
        yield _of_site(RecordKind.LOG, str(row.number), homes[row.site_id], said)


def _hand_overs(connection: Connection, homes: Mapping[int, _Home]) -> Iterator[PublicRecord]:
    asked = (
        select(s.escalation, s.escalation_of_site.c.site_id.label("of_site"))
        .join(s.escalation_of_site, s.escalation_of_site.c.escalation_id == s.escalation.c.escalation_id)
        .order_by(s.escalation.c.created_at, s.escalation.c.escalation_id, s.escalation_of_site.c.site_id)
    )
    mine: dict[str, _Home] = {}
    for row in _rows(connection, asked, s.escalation_of_site.c.site_id, homes):
        if row.escalation_id in mine:
            continue
        mine[row.escalation_id] = home = homes[row.of_site]
        yield _of_site(RecordKind.HAND_OVER, row.number, home, _opened(row.body))
    for row in _rows(
        connection,
        select(s.incoming).order_by(s.incoming.c.at, s.incoming.c.incoming_key),
        s.incoming.c.escalation_id,
        mine,
    ):
        said = {"at": _time(row.at), "who": row.who, **_opened(row.body)}
        yield _of_site(RecordKind.ANSWER, row.incoming_key, mine[row.escalation_id], said)
    forms = select(s.form).order_by(s.form.c.form_id, s.form.c.version)
    for row in _rows(connection, forms, s.form.c.subject, mine):
        said = {name: _words(row._mapping[name]) for name in ("kind", "number", "person", "position")}
        said = {**said, "at": _time(row.at), **_opened(row.body)}
        yield _of_site(RecordKind.FORM, f"{row.form_id}:{row.version}", mine[row.subject], said)


def _record(kind: RecordKind, key: str, about: str, home: _Home, said: Mapping[str, str]) -> PublicRecord:
    fields = tuple((name, words) for name, words in said.items() if words)
    return PublicRecord(f"{kind.value}:{key}", kind, about, home.activation_id, home.is_restricted, fields)


def _of_site(kind: RecordKind, key: str, home: _Home, said: Mapping[str, str]) -> PublicRecord:
    return _record(kind, key, f"site {home.site_id}", home, said)


def _said(table: Table, row: Row[Any], but: Iterable[str] = ()) -> dict[str, str]:
    """Every column that says something; times in UTC."""
    left_out = _OF_THE_PROGRAM | set(but)
    said = {}
    for column in table.c:
        value = row._mapping[column.name]
        if column.name not in left_out and value is not None:
            is_time = column.name == "at" or column.name.endswith("_at")
            said[column.name] = (_time(value) if value else "") if is_time else _words(value)
    return said


def _opened(body: str) -> dict[str, str]:
    """A record that is kept as JSON, by its fields; words that are no JSON stand as one."""
    try:
        read = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {"body": body}
    if not isinstance(read, dict):
        return {"body": body}
    return {str(name): _value(str(name), value) for name, value in sorted(read.items())}


def _value(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None or value == []:
        return ""
    if name.endswith("_at") and isinstance(value, int):
        return _time(value) if value else ""
    return orjson.dumps(value).decode()


def _words(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _time(at: Millis) -> str:
    try:
        return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, OSError, ValueError):
        return str(at)


def _by_key(
    connection: Connection, table: Table, keys: Iterable[int], *order: ColumnElement[Any]
) -> dict[int, list[Row[Any]]]:
    found: dict[int, list[Row[Any]]] = {}
    for row in _rows(connection, select(table).order_by(*order), table.c.request_key, keys):
        found.setdefault(row.request_key, []).append(row)
    return found


def _rows(
    connection: Connection, asked: Any, column: ColumnElement[Any], ids: Iterable[Any]
) -> Iterator[Row[Any]]:
    for some in _chunks(sorted(ids)):
        yield from connection.execute(asked.where(column.in_(some)))


def _chunks(ids: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
