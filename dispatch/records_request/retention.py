"""What of a storm could be disposed of, and when, by the proposed table; what a legal hold keeps. It only
lists: the records officer decides, and whoever keeps the databases disposes.

What the program deletes is held to the list of `tests/dispatch/records_request/test_nothing_is_deleted.py`.
By itself: who looks at which site just now (`presence`); claims that went stale; a message where the server's
thread has the same words under their own id; the second row of a report that came in twice; tiles, weather
answers beyond what may be kept, half-written and draft files; before a new exercise the one before the last,
unless it is held. By a person's act, with its line in the log: a claim let go, a shelf or a suspension ended,
a site taken out of a hand-over, a draft's way that is not set up, the facts of a bulk act that is undone. The
log, the quarantine, backups, forms and published files are never deleted; logs are not rotated.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path

from dispatch.records import KeptRecords, LegalHold, Millis
from dispatch.resources import resource
from dispatch.store.legal_holds import StoredStorm

# Of Florida's cities: 30 September (s. 166.241, F.S.).
_YEAR_ENDS = (9, 30)


class Standing(StrEnum):
    HELD = "held"
    GOES_ON = "the storm goes on"
    NOT_YET = "not yet"
    COULD = "could be disposed of"
    NO_LINE = "no line: ask the records officer"


@dataclass(frozen=True, slots=True)
class RetentionLine:
    kind: str
    title: str
    years: int
    counted_from: str
    item: str = ""


@dataclass(frozen=True, slots=True)
class Schedule:
    as_of: str
    check: str
    lines: dict[str, RetentionLine]


@dataclass(frozen=True, slots=True)
class Kept:
    """`from_day` is the first day on which the line would let it go; None where there is no line."""

    storm: str
    activation_id: str
    kind: str
    count: int
    newest: date | None
    line: RetentionLine | None
    from_day: date | None
    standing: Standing


@cache
def load_once() -> Schedule:
    return load(resource("records", "retention.toml"))


def load(path: Path) -> Schedule:
    read = tomllib.loads(path.read_text("utf-8"))
    return Schedule(
        read["as_of"], read["check"], {each["kind"]: RetentionLine(**each) for each in read["line"]}
    )


def listed(
    kept: Iterable[KeptRecords],
    storms: Sequence[StoredStorm],
    holds: Iterable[LegalHold],
    schedule: Schedule,
    today: date,
) -> tuple[Kept, ...]:
    """One line for each storm and kind, storms oldest first."""
    held = {each.activation_id for each in holds if each.stands}
    by_storm: dict[str, list[KeptRecords]] = {}
    for each in kept:
        by_storm.setdefault(each.activation_id, []).append(each)
    return tuple(
        _kept(storm, each, schedule.lines.get(each.kind), storm.activation_id in held, today)
        for storm in storms
        for each in by_storm.get(storm.activation_id, ())
    )


def first_day(line: RetentionLine, newest: date) -> date:
    """The day after the last on which it must be kept."""
    if line.counted_from == "fiscal_year_end":
        ends = newest.year if (newest.month, newest.day) <= _YEAR_ENDS else newest.year + 1
        return date(ends + line.years, 10, 1)
    try:
        return newest.replace(year=newest.year + line.years)
    except ValueError:  # 29 February
        return date(newest.year + line.years, 3, 1)


def _kept(
    storm: StoredStorm, kept: KeptRecords, line: RetentionLine | None, is_held: bool, today: date
) -> Kept:
    newest = None if kept.newest_at is None else _day(kept.newest_at)
    from_day = first_day(line, newest) if line and newest else None
    if is_held:
        standing = Standing.HELD
    elif storm.is_current:
        standing = Standing.GOES_ON
    elif from_day is None:
        standing = Standing.NO_LINE
    else:
        standing = Standing.COULD if today >= from_day else Standing.NOT_YET
    return Kept(storm.name, storm.activation_id, kept.kind, kept.count, newest, line, from_day, standing)


def _day(at: Millis) -> date:
    return datetime.fromtimestamp(at / 1000, UTC).date()
