"""What residents heard of us, by week and department, never by person: counted over plain columns.

A report belongs to the week in which it was entered. Threads are read from the server only where somebody may
have written; of a report whose thread is not known up to its last change nobody can say that nobody answered,
so that it counts in no share but `read`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dispatch.insight.lasting import lasting
from dispatch.insight.shares import share
from dispatch.records import SOURCES, Heard, Lines, Millis, Reports, Share

Mask = npt.NDArray[np.bool_]
Whole = npt.NDArray[np.int64]

# A server touches a fresh report several times by itself (acknowledgement, pictures).
SETTLED_MS = 90_000
# Whoever closes a report writes just before or just after: both tell of the end.
AT_THE_CLOSE_MS = 10 * 60_000
# From so great a share of reports on that name one, departments are those the server names.
NAMED_SHARE = 0.5

Week = tuple[Millis, Millis]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = np.iinfo(np.int64).max


def weeks(last_of: Millis, count: int, zone: tzinfo) -> tuple[Week, ...]:
    """That many weeks from Monday to Monday in the city's zone, the one that holds `last_of` last."""
    day = (_EPOCH + timedelta(milliseconds=last_of)).astimezone(zone).date()
    monday = day - timedelta(days=day.weekday())
    starts = [monday - timedelta(weeks=back) for back in range(count - 1, -2, -1)]
    at = [round(datetime(each.year, each.month, each.day, tzinfo=zone).timestamp() * 1000) for each in starts]
    return tuple(pairwise(at))


@dataclass(frozen=True, slots=True)
class HeardByWeek:
    """`of_all` and each of `departments` go with `weeks`. `is_named_by_server`: departments as the server has
    them; else families of categories stand in for them."""

    weeks: tuple[Week, ...]
    of_all: tuple[Heard, ...]
    departments: Mapping[str, tuple[Heard, ...]]
    is_named_by_server: bool


@dataclass(frozen=True, slots=True)
class _Told:
    """Of each report: is its thread read, first answer (`_NEVER`: none), how many lines on the way and at the
    end, and of the time it was told: is it decided, and did it hold."""

    is_read: Mask
    first: Whole
    along: Whole
    done: Whole
    is_decided: Mask
    is_kept: Mask


def heard(
    reports: Reports,
    lines: Lines,
    weeks: Sequence[Week],
    now: Millis,
    families: Sequence[str],
    promises: Mapping[int, bool] | None = None,
) -> HeardByWeek:
    """`families` has the family of each of the reports' categories; `promises` says of each report whose told
    range is decided whether it held."""
    told = _told(reports, lines, promises or {})
    number, names, is_named = _departments(reports, families)
    in_week = [(reports.created_at >= start) & (reports.created_at < end) for start, end in weeks]
    by_name = {
        name: tuple(_measured(reports, told, mask & (number == at), now) for mask in in_week)
        for at, name in enumerate(names)
    }
    return HeardByWeek(
        weeks=tuple(weeks),
        of_all=tuple(_measured(reports, told, mask, now) for mask in in_week),
        departments={name: found for name, found in by_name.items() if any(each.reports for each in found)},
        is_named_by_server=is_named,
    )


def _told(reports: Reports, lines: Lines, promises: Mapping[int, bool]) -> _Told:
    count = len(reports.key)
    decided = np.array(list(promises), np.int64)
    kept = np.array([key for key, held in promises.items() if held], np.int64)
    at = np.searchsorted(reports.key, lines.key)
    last, first = reports.created_at + SETTLED_MS, np.full(count, _NEVER)
    np.maximum.at(last, at, lines.at)
    ours = lines.is_ours > 0
    at, said_at = at[ours], lines.at[ours]
    np.minimum.at(first, at, said_at)
    is_closed = reports.closed_at[at] > 0
    is_done = is_closed & (said_at >= reports.closed_at[at] - AT_THE_CLOSE_MS)
    is_along = is_closed & ~is_done & (said_at > first[at])
    return _Told(
        is_read=last >= reports.updated_at,
        first=first,
        along=np.bincount(at[is_along], minlength=count),
        done=np.bincount(at[is_done], minlength=count),
        is_decided=np.isin(reports.key, decided),
        is_kept=np.isin(reports.key, kept),
    )


def _departments(reports: Reports, families: Sequence[str]) -> tuple[Whole, tuple[str, ...], bool]:
    named = np.array([bool(name) for name in reports.departments] or [False])
    # One name for all is the city's own.
    if named.sum() > 1 and named[reports.department].mean() >= NAMED_SHARE:
        return reports.department, reports.departments, True
    names = tuple(sorted(set(families)))
    of_category = np.array([names.index(family) for family in families] or [0], np.int64)
    return of_category[reports.category], names, False


def _measured(reports: Reports, told: _Told, mask: Mask, now: Millis) -> Heard:
    read = mask & told.is_read
    closed = read & (reports.closed_at > 0)
    answered, along, done = told.first < _NEVER, told.along > 0, told.done > 0
    took = lasting(
        (told.first - reports.created_at)[read & answered].clip(0),
        (np.where(closed, reports.closed_at, now) - reports.created_at)[read & ~answered].clip(0),
    )
    lacking = {
        "read": mask & ~told.is_read,
        "answered": read & ~answered,
        "along": closed & ~along,
        "done": closed & ~done,
        "silent": closed & ~answered,
        "kept": mask & told.is_decided & ~told.is_kept,
        "reports": mask,
    }
    people = reports.reporter[mask]
    return Heard(
        reports=int(mask.sum()),
        read=_of(read, mask),
        answered=_of(read & answered, read),
        along=_of(closed & along, closed),
        done=_of(closed & done, closed),
        silent=_of(closed & ~answered, closed),
        half=took.half,
        nine_in_ten=took.nine_in_ten,
        sources=tuple(np.bincount(reports.source[mask], minlength=len(SOURCES)).tolist()),
        reporters=len(np.unique(people[people > 0])),
        sites={name: frozenset(reports.site_id[each].tolist()) for name, each in lacking.items()},
        kept=_of(mask & told.is_decided & told.is_kept, mask & told.is_decided),
    )


def _of(those: Mask, among: Mask) -> Share:
    return share(int(those.sum()), int(among.sum()))
