"""How long a category takes now, open ones counted in: a range of whole days that four of five reports keep.

Of the last weeks it is counted how many were closed at each age, and how many stood open at that age: the
one by the other is the share that is closed on each day of waiting (a life table of the period). Who still
waits counts for as long as they have waited, and a backlog that grows makes the shares smaller by itself. The
share of the last two weeks leans on that of the last eight, that on the share of the category's family, and
that on all, each as if it had seen so many more closings.

Closings by the score within a minute are somebody clearing a list: until then those reports have waited, and
of their end nothing is learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from dispatch.records import Expectation, Millis, NoTime

DAY_MS = 24 * 3_600_000
MINUTE_MS = 60_000
NEVER = int(np.iinfo(np.int64).max)

Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

# Of ranges told, the share that shall hold.
HOLDS = 0.8
# Beyond this many days it is said to be longer than two weeks.
MOST_DAYS = 14
# Below so many closings in the longer window the city's own time for storms is told at least.
LEAST_CLOSED = 20
RECENT_DAYS, LONG_DAYS = 14.0, 56.0
# So many closings at each age does a pace take from the one it leans on.
LEANS = 5.0
# A day's share of closings where nothing at all is known.
UNKNOWN_SHARE = 0.03
MOST_SHARE = 1 - 1e-9
SWEPT = 20
# Ages in days, and how long each lasts; the last one for ever, counted by so many days.
AGES = np.array([*range(MOST_DAYS + 1), 21.0, 28, 42, 60, 90, 180, np.inf])
SPANS = np.minimum(np.diff(AGES), 180.0)


@dataclass(frozen=True, slots=True)
class Work:
    """One row for each site. `ended_at` is `NEVER` while open; `category` numbers the categories; where
    `teaches` is False (bulk entries, staff's own) a row counts as open and closed, and nothing is learned of
    how long a resident's report takes."""

    opened_at: Whole
    ended_at: Whole
    category: Whole
    teaches: Mask


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the city says of each of the categories: its family, and its days in quiet times and in storms (0
    where it says nothing)."""

    families: Sequence[str]
    normal_days: Sequence[int]
    storm_days: Sequence[int]


@dataclass(frozen=True, slots=True)
class Paces:
    """`a_day` is the pace in a day of waiting (minus the logarithm of the share that goes on waiting), by
    category and age (categories x ages); `closed` the closings of the longer window it rests on."""

    a_day: Floats
    closed: Whole


class _Counted(NamedTuple):
    """By category and age: closings, and how many stood open, those for a part of it counted by that part."""

    closed: Floats
    stood: Floats


def swept(work: Work) -> Mask:
    """Which were closed with so many others of their category within a minute that nobody did that work."""
    found = np.zeros(len(work.ended_at), bool)
    for category in np.unique(work.category).tolist():
        rows = np.flatnonzero((work.category == category) & (work.ended_at < NEVER))
        rows = rows[np.argsort(work.ended_at[rows], kind="stable")]
        at = work.ended_at[rows]
        # A minute that begins with each of them, and how many fall into it.
        until = np.searchsorted(at, at + MINUTE_MS, "left")
        begins = np.flatnonzero(until - np.arange(len(at)) >= SWEPT)
        edges = np.zeros(len(at) + 1, np.int64)
        np.add.at(edges, begins, 1)
        np.add.at(edges, until[begins], -1)
        found[rows] = np.cumsum(edges[:-1]) > 0
    return found


def paces(work: Work, families: Sequence[str], now: Millis) -> Paces:
    """As of `now`: what was opened or closed later is not looked at."""
    by_hand = ~swept(_as_of(work, now))
    long = _counted(work, by_hand, now, LONG_DAYS, len(families))
    recent = _counted(work, by_hand, now, RECENT_DAYS, len(families))
    names = sorted(set(families))
    of_family = np.array([names.index(each) for each in families], np.int64)
    everything = _leaning(
        _summed(long, np.zeros(len(families), np.int64), 1),
        UNKNOWN_SHARE * SPANS / (1 + UNKNOWN_SHARE * SPANS),
        1.0,
    )
    family = _leaning(_summed(long, of_family, len(names)), everything, LEANS)
    category = _leaning(long, family[of_family], LEANS)
    shares = _leaning(recent, category, LEANS).clip(0, MOST_SHARE)
    return Paces(-np.log1p(-shares) / SPANS, long.closed.sum(axis=1).astype(np.int64))


def share_done(a_day: Floats, age_days: float = 0.0) -> Floats:
    """Of reports that have waited `age_days`: the share closed within 0, 1, ... 14 days from now."""
    ends = age_days + np.arange(MOST_DAYS + 1)
    width = np.clip(ends[:, None], AGES[:-1], AGES[1:]) - np.clip(age_days, AGES[:-1], AGES[1:])
    shares: Floats = 1 - np.exp(-(width * a_day).sum(axis=1))
    return shares


def days_of(done: Floats) -> tuple[int, int | None]:
    """The range that holds for so many: up to the day by which they are done, from the latest day on that
    still holds for enough. Whole days, rounded up; 0: from now on; None: longer than two weeks."""
    high = int(np.searchsorted(done, HOLDS - 1e-9))
    if high > MOST_DAYS:
        # The first day of those by which more than a fifth is done.
        low = int(np.searchsorted(done, 1 - HOLDS + 1e-9, "right"))
        return (min(low, MOST_DAYS) if low > 1 else 0), None
    low = int(np.searchsorted(done, done[high] - HOLDS + 1e-9, "right"))
    return (low if low > 1 else 0), high


def floored(days: tuple[int, int | None], *, normal_days: int, least_high: int = 0) -> tuple[int, int | None]:
    """Neither end under what the city says of quiet times, the later one not under `least_high`."""
    low, high = days
    low = min(max(low, normal_days), MOST_DAYS)
    if high is None or max(high, normal_days, least_high) > MOST_DAYS:
        return low, None
    return low, max(high, normal_days, least_high)


def expected(
    work: Work, names: Sequence[str], known: Known, now: Millis, *, in_storm: bool
) -> dict[str, Expectation]:
    """For a report of each category that comes in now."""
    found = paces(work, known.families, now)
    volume = volumes(work, now, len(names))
    return {
        name: remaining(found, volume, known, at, 0.0, in_storm=in_storm) for at, name in enumerate(names)
    }


def remaining(
    paces: Paces, volume: Mapping[str, Whole], known: Known, at: int, age_days: float, *, in_storm: bool
) -> Expectation:
    """For one of category number `at` that has waited so long already. No time where hardly anything was
    closed at all and the city says nothing of its own."""
    low, high = _range(paces, at, age_days, known, in_storm)
    return Expectation(
        low_days=low,
        high_days=high,
        normal_days=known.normal_days[at],
        closed=int(paces.closed[at]),
        open=int(volume["open"][at]),
        closed_day=int(volume["day"][at]),
        closed_week=int(volume["week"][at]),
        no_time_why=NoTime.NOT_KNOWN if high == 0 else "",
    )


def _range(paces: Paces, at: int, age_days: float, known: Known, in_storm: bool) -> tuple[int, int | None]:
    normal, storm = known.normal_days[at], known.storm_days[at] if in_storm else 0
    if paces.closed.sum() < LEAST_CLOSED:
        return floored((0, 0), normal_days=normal, least_high=storm)
    least = storm if paces.closed[at] < LEAST_CLOSED else 0
    done = share_done(paces.a_day[at], age_days)
    return floored(days_of(done), normal_days=normal, least_high=least)


def volumes(work: Work, now: Millis, categories: int) -> dict[str, Whole]:
    """Open, and closed by hand in the last day and week, by category."""
    by_hand = ~swept(_as_of(work, now)) & (work.ended_at <= now)
    masks = {
        "open": (work.opened_at <= now) & (work.ended_at > now),
        "day": by_hand & (work.ended_at > now - DAY_MS),
        "week": by_hand & (work.ended_at > now - 7 * DAY_MS),
    }
    return {name: np.bincount(work.category[mask], minlength=categories) for name, mask in masks.items()}


def _as_of(work: Work, now: Millis) -> Work:
    ended_at = np.where(work.ended_at <= now, work.ended_at, NEVER)
    return Work(work.opened_at, ended_at, work.category, work.teaches)


def _counted(work: Work, by_hand: Mask, now: Millis, window_days: float, categories: int) -> _Counted:
    """Closings, and how many stood open, of the last days by category and age.

    One that was closed counts in that age to its end: it was there to be closed for the whole of it.
    """
    mask = work.teaches & (work.opened_at < now) & (work.ended_at > now - window_days * DAY_MS)
    opened, ended_at, category = work.opened_at[mask], work.ended_at[mask], work.category[mask]
    ended = (ended_at <= now) & by_hand[mask]
    until = (np.minimum(ended_at, now) - opened).clip(0) / DAY_MS
    since = ((now - opened) / DAY_MS - window_days).clip(0)
    ages = len(AGES) - 1
    age = np.searchsorted(AGES, until[ended], "right") - 1
    closed = np.bincount(category[ended] * ages + age, minlength=categories * ages)
    until[ended] = (AGES[:-1] + SPANS)[age]
    stood = np.zeros((categories, ages))
    for at, (start, end) in enumerate(pairwise(AGES)):
        days = (np.minimum(until, end) - np.maximum(since, start)).clip(0)
        stood[:, at] = np.bincount(category, days, minlength=categories) / SPANS[at]
    return _Counted(closed.reshape(categories, ages).astype(np.float64), stood)


def _summed(counted: _Counted, groups: Whole, many: int) -> _Counted:
    closed, stood = (np.zeros((many, each.shape[1])) for each in counted)
    np.add.at(closed, groups, counted.closed)
    np.add.at(stood, groups, counted.stood)
    return _Counted(closed, stood)


def _leaning(counted: _Counted, on: Floats, leans: float) -> Floats:
    """The shares closed, as if at each age `leans` closings more had come at the share it leans on."""
    shares: Floats = (counted.closed + leans) / (counted.stood + leans / on.clip(1e-9))
    return shares
