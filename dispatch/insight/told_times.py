"""Of the ranges that residents were told: how many held, and which hold no more. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

from dispatch.records import Expectation, Millis, Told, ToldCounts

DAY_MS = 24 * 3_600_000
# A correction is sent only when the range has moved by more than this, and at most once in a day.
MOVED_DAYS = 2
EVERY_MS = DAY_MS
MOST_DAYS = 14
K = TypeVar("K", bound=Hashable)


def counted(tellings: Iterable[Told], now: Millis) -> ToldCounts:
    """A range held when the report was closed by its end; sooner than told is no fault. What is open is
    decided only once the end is over; "longer than two weeks" promises nothing."""
    kept = broken = waiting = longer = 0
    for each in tellings:
        if each.end_at is None:
            longer += 1
        elif 0 < each.closed_at <= each.end_at:
            kept += 1
        elif each.closed_at or now > each.end_at:
            broken += 1
        else:
            waiting += 1
    return ToldCounts(kept=kept, broken=broken, waiting=waiting, longer=longer)


def decided(tellings: Iterable[Told], now: Millis) -> dict[int, bool]:
    """Of each report whose first told range is decided: whether it held. A later correction mends none."""
    first: dict[int, Told] = {}
    for each in tellings:
        first.setdefault(each.request_key, each)
    counts = {key: counted([each], now) for key, each in first.items()}
    return {key: bool(each.kept) for key, each in counts.items() if each.kept or each.broken}


def counted_by(of: Mapping[K, Sequence[Told]], now: Millis) -> dict[K, ToldCounts]:
    return {key: counted(found, now) for key, found in of.items()}


def by_category(tellings: Iterable[Told]) -> dict[str, list[Told]]:
    found: dict[str, list[Told]] = defaultdict(list)
    for each in tellings:
        found[each.category].append(each)
    return found


def has_moved(told: Told, now_said: Expectation, now: Millis) -> bool:
    """Whether its end is now more than two days away from where it was told to be. Two ranges without an end
    have not moved, and neither has one that ended before it was "longer than two weeks" in any case."""
    longer_from = told.at + MOST_DAYS * DAY_MS
    if told.end_at is None:
        new_end = None if now_said.high_days is None else now + now_said.high_days * DAY_MS
        return new_end is not None and new_end < longer_from - MOVED_DAYS * DAY_MS
    new_high = MOST_DAYS if now_said.high_days is None else now_said.high_days
    return abs(now + new_high * DAY_MS - told.end_at) > MOVED_DAYS * DAY_MS


def may_be_corrected(tellings: Iterable[Told], now: Millis) -> frozenset[str]:
    """The reporters who were told no time, of any report of theirs, within the last day."""
    last: dict[str, Millis] = {}
    for each in tellings:
        last[each.reporter] = max(each.at, last.get(each.reporter, 0))
    return frozenset(reporter for reporter, at in last.items() if now - at >= EVERY_MS)


def one_a_reporter(moved: Iterable[Told]) -> list[Told]:
    """Of several reports of one reporter the one that was told first: the others have their turn on the next
    day."""
    first: dict[str, Told] = {}
    for each in sorted(moved, key=lambda told: (told.at, told.request_key)):
        first.setdefault(each.reporter, each)
    return list(first.values())
