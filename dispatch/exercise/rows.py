"""Storms from a file: real rows as a city exported them, made to happen again in their own time."""

from __future__ import annotations

import csv
import gzip
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dispatch.exercise.issue import STATUSES, born
from dispatch.exercise.script import (
    ANONYMOUS,
    ANONYMOUS_SHARE,
    STAFF,
    Kind,
    Person,
    RequestType,
    Row,
    Step,
    first_minute,
    some_resident,
    whole_second,
)
from dispatch.exercise.times import to_millis
from dispatch.records import Millis

COLUMNS = (
    "source_id",
    "created_at",
    "updated_at",
    "closed_at",
    "status",
    "category",
    "summary",
    "description",
    "address",
    "lat",
    "lng",
)
FIRST_TYPE_ID = 9001
FIRST_NUMBERED_ID = 20_000_001
BIGGEST_ID = 2**63 - 1
TYPED_CHANNELS = frozenset({"voice in", "face2face", "e-mail in", "sms in"})
_WHOLE = re.compile(r"0|[1-9][0-9]*")


class BadRows(ValueError):
    """The file cannot be played: str() says where and why."""


def read(path: Path, seed: int, zone: ZoneInfo) -> tuple[list[Row], tuple[RequestType, ...]]:
    """Rows in the order of their creation, and the categories they are filed under."""
    records = _records(path)
    titles = sorted({record["category"] for record in records if record["category"]})
    types = tuple(RequestType(FIRST_TYPE_ID + n, title) for n, title in enumerate(titles))
    type_ids = {each.title: each.type_id for each in types}
    ids = _ids([record["source_id"] for record in records])
    random = Random(seed)
    rows = []
    for line, (record, issue_id) in enumerate(zip(records, ids, strict=True), start=2):
        try:
            rows.append(_row(record, issue_id, type_ids.get(record["category"]), random, zone))
        except ValueError as error:
            raise BadRows(f"Line {line} of {path.name} cannot be played: {error}.") from None
    rows.sort(key=lambda row: (row.created_at, row.request_id))
    return rows, types


def latest(rows: Iterable[Row]) -> Millis:
    """The last moment anything happens in these rows."""
    return max(
        (step.at for row in rows for step in (*row.steps, Step(row.created_at, Kind.TOUCH))), default=0
    )


def _records(path: Path) -> list[dict[str, str]]:
    try:
        raw = path.read_bytes()
        content = gzip.decompress(raw) if path.suffix == ".gz" else raw
        file = io.StringIO(content.decode("utf-8-sig"), newline="")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadRows(f"{path} cannot be read: {error}.") from None
    reader = csv.DictReader(file, strict=True)
    if missing := [name for name in COLUMNS if name not in (reader.fieldnames or ())]:
        raise BadRows(f"{path.name} has no column {', '.join(missing)}.")
    try:
        return [{name: value or "" for name, value in record.items() if name} for record in reader]
    except csv.Error as error:
        raise BadRows(f"Line {reader.line_num} of {path.name} cannot be read: {error}.") from None


def _ids(source_ids: list[str]) -> list[int]:
    """Whole numbers stay; the rest, and what came twice, is numbered around them."""
    taken: set[int] = set()
    kept: list[int | None] = []
    for source_id in source_ids:
        number = int(source_id) if _WHOLE.fullmatch(source_id) else BIGGEST_ID + 1
        is_kept = number <= BIGGEST_ID and number not in taken
        kept.append(number if is_kept else None)
        taken.update([number] if is_kept else [])
    numbers = (n for n in range(FIRST_NUMBERED_ID, FIRST_NUMBERED_ID + 2 * len(kept) + 1) if n not in taken)
    return [next(numbers) if number is None else number for number in kept]


def _row(
    record: Mapping[str, str], issue_id: int, type_id: int | None, random: Random, zone: ZoneInfo
) -> Row:
    extra = _extra(record.get("extra", ""))
    created_at = _moment(record["created_at"], zone)
    if created_at is None:
        raise ValueError("created_at is missing")
    status = record["status"].strip().capitalize()
    row = Row(
        request_id=issue_id,
        created_at=created_at,
        summary=record["summary"] or record["category"],
        description=record["description"],
        address=record["address"],
        lat=_degrees(record["lat"]),
        lng=_degrees(record["lng"]),
        type_id=type_id,
        reporter=_reporter(extra, random),
        source_id=record["source_id"] or None,
        raw_status=None if status in STATUSES else record["status"],
        rating=int(votes) if (votes := record.get("votes", "")).isdigit() else 1,
        is_record=True,
    )
    final = status if status in STATUSES else "Open"
    return replace(row, steps=_steps(row, record, extra, final, random, zone))


def _steps(
    row: Row,
    record: Mapping[str, str],
    extra: Mapping[str, Any],
    final: str,
    random: Random,
    zone: ZoneInfo,
) -> tuple[Step, ...]:
    """What the file says happened, so that the row ends in the state the file gives it."""
    written_at = _moment(record["updated_at"], zone)
    closed_at = _moment(record["closed_at"], zone)
    acknowledged_at = _moment(extra.get("acknowledged_at"), zone)
    reopened_at = _moment(extra.get("reopened_at"), zone)
    steps = []
    if written_at is None:
        # The file does not say when the row was written last: then it lives as a fresh row does.
        touch, acknowledge = first_minute(random, row.created_at)
        steps += [touch] if final == "Open" else [touch, acknowledge]
    known = ((acknowledged_at, Kind.ACKNOWLEDGE), (closed_at, Kind.CLOSE), (reopened_at, Kind.OPEN))
    steps += [Step(max(at, row.created_at), kind) for at, kind in known if at is not None]
    if closed_at is not None:
        steps = [step for step in steps if step.at <= closed_at or step.kind is Kind.OPEN]
    steps.sort(key=lambda step: step.at)
    issue = born(row)
    for step in steps:
        issue.take(step)
    end = max([row.created_at, written_at or 0, *(step.at for step in steps)])
    for kind in _to_end_in(final, issue.status):
        steps.append(Step(end, kind))
    return tuple(steps) if end == issue.updated_at else (*steps, Step(end, Kind.TOUCH))


def _to_end_in(final: str, status: str) -> tuple[Kind, ...]:
    if final == status:
        return ()
    if final in ("Closed", "Archived"):
        return (Kind.CLOSE if final == "Closed" else Kind.ARCHIVE,)
    back = (Kind.OPEN,) if status != "Open" else ()
    return back if final == "Open" else (*back, Kind.ACKNOWLEDGE)


def _reporter(extra: Mapping[str, Any], random: Random) -> Person:
    kind, channel = str(extra.get("reporter_kind", "")), str(extra.get("channel", "")).lower()
    account, resident, is_shy = random.choice(STAFF), some_resident(random), random.random()
    if kind == "staff" or channel in TYPED_CHANNELS:
        return account
    if kind == "anonymous" or (kind != "registered" and is_shy < ANONYMOUS_SHARE):
        return ANONYMOUS
    return resident


def _moment(text: Any, zone: ZoneInfo) -> Millis | None:
    return whole_second(to_millis(text, zone)) if text else None


def _degrees(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _extra(text: str) -> dict[str, Any]:
    try:
        found = orjson.loads(text or "{}")
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}
