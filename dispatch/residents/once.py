"""Who reads a message to a site where: a person who reported the same place twice reads it once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from dispatch.records import ServiceRequest

Report = tuple[int, ServiceRequest]


def read_elsewhere(reports: Iterable[Report], told: Collection[int] = ()) -> frozenset[int]:
    """Of the reports of one site those that get no message, as their reporter reads it at another one of
    them: at the newest that is open, or where they have been `told` already.

    Only residents the server names by an account of their own: anonymous reports share a number, and staff
    report for many. A report that others follow too keeps its message: they would read it nowhere else.
    """
    of_person: dict[str, list[Report]] = defaultdict(list)
    for key, request in reports:
        if not (request.reporter.is_anonymous or request.reporter.is_staff):
            of_person[request.reporter.reporter_id].append((key, request))
    left_out: set[int] = set()
    for own in of_person.values():
        newest = max(own, key=lambda each: (each[0] in told, each[1].is_open, each[1].created_at, each[0]))
        left_out |= {key for key, request in own if key != newest[0] and request.followers <= 1}
    return frozenset(left_out - set(told))
