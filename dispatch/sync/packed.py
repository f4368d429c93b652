"""Pages and errors as bytes and back, between two processes of ours; pickling takes five times as long."""

from __future__ import annotations

import marshal
from dataclasses import fields
from operator import attrgetter
from typing import Any

from dispatch import errors
from dispatch.errors import LandfallError
from dispatch.records import BadRecord, CrmStatus, Millis, Page, Place, Reporter, ServiceRequest

# A walk's number, and where on it the page stands: the bound and the page there.
At = tuple[int, Millis, int]

_NAMES = tuple(field.name for field in fields(ServiceRequest))
_row = attrgetter(*_NAMES)
_STATUS, _PLACE, _REPORTER = map(_NAMES.index, ("status", "place", "reporter"))
_STATUSES = {status.value: status for status in CrmStatus}


def pack(at: At, answer: Page | LandfallError | None) -> bytes:
    """None where there is nothing further to ask."""
    if isinstance(answer, LandfallError):
        return marshal.dumps((at, "error", (type(answer).__name__, answer.args, vars(answer))))
    if answer is None:
        return marshal.dumps((at, "nothing", ()))
    rows = tuple(map(_pack_row, answer.requests))
    bad = tuple((each.reason, each.raw, each.request_id) for each in answer.bad)
    counts = answer.next_page, answer.entries, answer.received, answer.pending, answer.fullest
    return marshal.dumps((at, "page", (rows, bad, counts)))


def unpack(packed: bytes) -> tuple[At, Page | LandfallError | None]:
    """Raises ValueError, EOFError or TypeError for what `pack` did not make."""
    at, kind, said = marshal.loads(packed)
    if kind == "error":
        return at, _error(*said)
    if kind == "nothing":
        return at, None
    rows, bad, counts = said
    return at, Page(tuple(map(_request, rows)), tuple(BadRecord(*each) for each in bad), *counts)


def _pack_row(item: ServiceRequest) -> list[Any]:
    row = list(_row(item))
    place, reporter = item.place, item.reporter
    row[_STATUS] = item.status.value
    row[_PLACE] = (place.lat, place.lng) if place else None
    row[_REPORTER] = (reporter.reporter_id, reporter.name, reporter.role)
    return row


def _request(row: list[Any]) -> ServiceRequest:
    place = row[_PLACE]
    row[_STATUS] = _STATUSES[row[_STATUS]]
    row[_PLACE] = Place(*place) if place else None
    row[_REPORTER] = Reporter(*row[_REPORTER])
    return ServiceRequest(*row)


def _error(name: str, args: tuple[Any, ...], said: dict[str, Any]) -> LandfallError:
    """As it was raised: what it carries beside its sentence decides how long nobody asks."""
    kind: type[LandfallError] = getattr(errors, name)
    error = kind.__new__(kind, *args)
    vars(error).update(said)
    return error
