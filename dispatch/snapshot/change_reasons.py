"""Why a row differs between two snapshots, as far as the two tell it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from dispatch.snapshot.records import Cell, Head, Rows, Snapshot

LATE, NEW, MERGED, SPLIT, MOVED = "late", "new", "merged", "split", "moved"
WORKED_ON, LEFT_OUT, WAS_LEFT_OUT = "worked on", "left out", "was left out"
UNKNOWN = ""
# What people and their answers change, not the reports that come.
OF_REPORT = frozenset({"status", "closed_at"})
OF_SITE = frozenset({"open", "state", "closed_reason", "handed_over", "outcome_known", "wire", "closed_at"})

Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Of one row: as it was, None where it was not there; as it is; the columns that differ."""

    which: str
    before: Row | None
    after: Row | None
    fields: frozenset[str] = frozenset()


class Reasons:
    """A merge and a split are seen by the reports that lie at another site than before."""

    def __init__(self, new: Snapshot, old: Snapshot) -> None:
        self._new, self._old = new, old
        self._sites, self._sites_before = (_cells(each.sites, "site") for each in (new, old))
        self._left_out, self._left_out_before = (_cells(each.left_out, "report") for each in (new, old))
        # By site whence its reports came, whither they went, and why it has others now.
        self._came: defaultdict[Cell, set[Cell]] = defaultdict(set)
        self._went: defaultdict[Cell, set[Cell]] = defaultdict(set)
        self._others: defaultdict[Cell, set[str]] = defaultdict(set)
        before = {row[old.reports.position["report"]]: row for row in old.reports.values}
        at = new.reports.position
        for row in new.reports.values:
            site = row[at["site"]]
            if (was := before.get(row[at["report"]])) is None:
                self._others[site].add(self._why_added(row))
            elif (left := was[old.reports.position["site"]]) != site:
                self._came[site].add(left)
                self._went[left].add(site)

    def of_report(self, found: Difference) -> str:
        if found.after is None:
            return LEFT_OUT if found.which in self._left_out else UNKNOWN
        if found.before is None:
            return self._why_added(found.after)
        if "site" in found.fields:
            before = found.before[self._old.reports.position["site"]]
            return self._moved({before}, {found.after[self._new.reports.position["site"]]})
        return WORKED_ON if found.fields & OF_REPORT else UNKNOWN

    def of_site(self, found: Difference) -> str:
        came, went = self._came.get(found.which, set()), self._went.get(found.which, set())
        if found.after is None:
            return MERGED if went else UNKNOWN
        if came or went:
            return self._moved(came | {found.which}, went | {found.which})
        if found.fields & OF_SITE:
            return WORKED_ON
        others = self._others.get(found.which, set())
        return LATE if LATE in others else next(iter(sorted(others)), UNKNOWN)

    def of_hand_over(self, found: Difference) -> str:
        if found.after is None:
            return UNKNOWN
        return NEW if found.before is None else WORKED_ON

    def _moved(self, before: set[Cell], after: set[Cell]) -> str:
        if before - self._sites:
            return MERGED
        return SPLIT if after - self._sites_before else MOVED

    def _why_added(self, report: Row) -> str:
        at = self._new.reports.position
        if report[at["report"]] in self._left_out_before:
            return WAS_LEFT_OUT
        return (
            LATE
            if self._old.head.from_at <= int(report[at["entered_at"]] or 0) < _ends(self._old.head)
            else NEW
        )


def _ends(head: Head) -> int:
    """Until when it has everything that was there: its period's end, or its last good sync before that."""
    return head.to_at if head.as_of is None else min(head.as_of, head.to_at)


def _cells(rows: Rows, name: str) -> frozenset[Cell]:
    at = rows.position[name]
    return frozenset(row[at] for row in rows.values)
