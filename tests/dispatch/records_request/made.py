"""Records and redactions as a test needs them."""

from __future__ import annotations

from dispatch.records import PublicRecord, RecordKind, RecordsQuery, RecordsRequest, Redaction
from dispatch.records_request.packing import Contents, StormOfPack
from dispatch.records_request.statutes import load_once

PHONES = "119.071(5)(j)"


def record(
    record_id: str = "report:4411",
    kind: RecordKind = RecordKind.REPORT,
    *,
    is_restricted: bool = False,
    **fields: str,
) -> PublicRecord:
    return PublicRecord(record_id, kind, "4411", "a", is_restricted, tuple(fields.items()))


def request(query: RecordsQuery | None = None, requester: str = "") -> RecordsRequest:
    asked = query or RecordsQuery(request_numbers=("4411",))
    return RecordsRequest("r", 1, "a", requester, 1, asked, "Sam", "Supervisor", 2, 1)


def redaction(
    start: int = 0,
    end: int = 0,
    *,
    field: str = "description",
    record_id: str = "report:4411",
    statute: str = PHONES,
    reason: str = "telephone number",
    withdrawn_at: int | None = None,
) -> Redaction:
    return Redaction(
        f"{record_id}-{field}-{start}-{end}-{statute}",
        "r",
        record_id,
        field,
        start,
        end,
        statute,
        reason,
        "Sam",
        "Supervisor",
        3,
        withdrawn_at,
    )


def contents(
    records: tuple[PublicRecord, ...],
    redactions: tuple[Redaction, ...] = (),
    *,
    storm: StormOfPack | None = None,
) -> Contents:
    storms = (storm or StormOfPack("Hurricane Irma", False, None),)
    return Contents(request(), records, redactions, storms, load_once())
