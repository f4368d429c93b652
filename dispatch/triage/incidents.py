"""Reports grouped by incident where nobody looks: for tables; in the console merging is ours alone (S10)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from dispatch.records import Place
from dispatch.triage.compared import Report
from dispatch.triage.duplicates import DuplicateIndex


def clusters(reports: Iterable[Report], default_points: Collection[Place] = ()) -> dict[str, str]:
    """Each report's id with its incident's, which is that of the oldest report in it. Joined is what is alike
    enough, and what that is joined with, whatever order the reports come in."""
    index = DuplicateIndex(default_points)
    oldest_first = sorted(reports, key=lambda report: (report.opened_at, report.report_id))
    for report in oldest_first:
        index.add(report)
    return cluster_of(index, oldest_first)


def cluster_of(index: DuplicateIndex, oldest_first: Iterable[Report]) -> dict[str, str]:
    lead_of: dict[str, str] = {}
    for report in oldest_first:
        if report.report_id in lead_of:
            continue
        waiting = [report.report_id]
        while waiting:
            member = waiting.pop()
            if member not in lead_of:
                lead_of[member] = report.report_id
                waiting += index.strong(index[member])
    return lead_of
