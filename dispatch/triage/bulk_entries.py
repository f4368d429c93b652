"""Who enters many reports in a row: a loaded table or a field survey lists different things, however alike.

An account is a person; where accounts are unknown, channel and desk stand for many persons at once, and only
a real flood of rows counts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from operator import attrgetter

from dispatch.records import Millis
from dispatch.triage.compared import Report

BULK_ROWS, BULK_MS = 20, 60_000
# A survey: three places or more, seconds apart; nobody takes calls as fast.
SURVEY_SPOTS, SURVEY_PAUSE_MS = 3, 60_000
# A list typed in at one place: every pothole of a street under the street's number.
LEDGER_ROWS, LEDGER_PAUSE_MS = 5, 180_000
# At two places within an hour: one person who saw two things, or one desk at its work.
IN_A_ROW_MS = 3_600_000

_opened_at = attrgetter("opened_at")
Entries = list[Report]


class BulkEntries:
    """Every source's reports in the order of time."""

    def __init__(self) -> None:
        self._by_source: dict[str, Entries] = defaultdict(list)

    def add(self, report: Report) -> None:
        if source := _source(report):
            insort(self._by_source[source], report, key=_opened_at)

    def remove(self, report: Report) -> None:
        entries = self._by_source.get(_source(report), [])
        start = bisect_left(entries, report.opened_at, key=_opened_at)
        for at in range(start, len(entries)):
            if entries[at].report_id == report.report_id:
                del entries[at]
                return

    def bulk_of(self, report: Report) -> Entries:
        """The flood of rows that a report came in with, itself among them; empty where it came by itself."""
        entries = self._by_source.get(_source(report), [])
        at = report.opened_at
        around = range(
            bisect_left(entries, at - BULK_MS, key=_opened_at), bisect_right(entries, at, key=_opened_at)
        )
        bulk: Entries = []
        for first in around:
            last = bisect_right(entries, entries[first].opened_at + BULK_MS, key=_opened_at)
            if last - first >= BULK_ROWS and last > first + len(bulk):
                bulk = entries[first:last]
        return bulk

    def are_listed(self, one: Report, other: Report) -> bool:
        """Both were entered in one go, as different things: not to be offered as duplicates."""
        gap_ms = abs(one.opened_at - other.opened_at)
        if gap_ms > IN_A_ROW_MS or not _are_of_one_source(one, other):
            return False
        if gap_ms <= BULK_MS and self._is_bulk(one, other):
            return True
        if not one.account or one.spot == other.spot:
            return False
        run = self._run(one, other, SURVEY_PAUSE_MS)
        return len({entry.spot for entry in run}) >= SURVEY_SPOTS

    def are_in_a_row(self, one: Report, other: Report, *, is_one_spot: bool) -> bool:
        """Both may have been entered as different things: an operator has to look."""
        if abs(one.opened_at - other.opened_at) > IN_A_ROW_MS or not _are_of_one_source(one, other):
            return False
        if not is_one_spot:
            return True
        run = self._run(one, other, LEDGER_PAUSE_MS)
        return sum(entry.spot == one.spot for entry in run) >= LEDGER_ROWS

    def _is_bulk(self, one: Report, other: Report) -> bool:
        entries = self._by_source.get(_source(one), [])
        first_at, last_at = sorted((one.opened_at, other.opened_at))
        return (
            max(_count(entries, first_at, first_at + BULK_MS), _count(entries, last_at - BULK_MS, last_at))
            >= BULK_ROWS
        )

    def _run(self, one: Report, other: Report, pause_ms: int) -> Entries:
        """The entries of their kind around both, pauses in between; none if a gap parts the two."""
        if one.kind != other.kind:
            return []
        entries = self._by_source.get(_source(one), [])
        first_at, last_at = sorted((one.opened_at, other.opened_at))
        at = bisect_left(entries, first_at, key=_opened_at)
        after = _chain(entries, range(at, len(entries)), one.kind, first_at, pause_ms)
        if not after or after[-1].opened_at < last_at:
            return []
        return _chain(entries, range(at - 1, -1, -1), one.kind, first_at, pause_ms) + after


def _chain(entries: Entries, steps: range, kind: str, start_at: Millis, pause_ms: int) -> Entries:
    chain, last_at = [], start_at
    for at in steps:
        entry = entries[at]
        if abs(entry.opened_at - last_at) > pause_ms:
            break
        if entry.kind == kind:
            last_at = entry.opened_at
            chain.append(entry)
    return chain


def _count(entries: Entries, from_at: Millis, to_at: Millis) -> int:
    return bisect_right(entries, to_at, key=_opened_at) - bisect_left(entries, from_at, key=_opened_at)


def _source(report: Report) -> str:
    return f"account {report.account}" if report.account else report.source


def _are_of_one_source(one: Report, other: Report) -> bool:
    source = _source(one)
    return bool(source) and source == _source(other)
