"""Which of two answers about one request says more: lists tell less than a look at the request itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from sqlalchemy import Connection, select

from dispatch.records import CrmStatus, ServiceRequest
from dispatch.store import mirror, schema
from dispatch.store.mirror import Known

# What a face with two words for a status makes of the vendor's four.
COARSE = {CrmStatus.ACKNOWLEDGED: CrmStatus.OPEN, CrmStatus.ARCHIVED: CrmStatus.CLOSED}
# Told apart by the status they belong to, or by how the row was read.
BESIDE = ("status", "raw_status", "doubts", "followers")

Changed = tuple[Known, ServiceRequest, str]


def that_say_more(connection: Connection, changed: Sequence[Changed]) -> list[Changed]:
    """Without those that tell of the very same state, by the server's own time, but less of it."""
    doubtful = {known.request_key for known, item, _ in changed if item.updated_at == known.updated_at}
    if not doubtful:
        return list(changed)
    rows = connection.execute(select(schema.request).where(schema.request.c.request_key.in_(doubtful)))
    before = {row.request_key: mirror.request_of(row) for row in rows}
    return [
        each
        for each in changed
        if each[0].request_key not in before or not is_coarser(each[1], before[each[0].request_key])
    ]


def is_coarser(said: ServiceRequest, known: ServiceRequest) -> bool:
    """Nothing in it differs from what is known, but something is left out or told in fewer words."""
    if said.status not in (known.status, COARSE.get(known.status)):
        return False
    is_less = said.status is not known.status
    for each in fields(ServiceRequest):
        new, old = getattr(said, each.name), getattr(known, each.name)
        if each.name in BESIDE or new == old:
            continue
        if not _is_blank(new):
            return False
        is_less = True
    return is_less


def _is_blank(value: object) -> bool:
    return value in ("", None) or value == frozenset() or getattr(value, "is_anonymous", False)
