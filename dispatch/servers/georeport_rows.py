"""One row of a GeoReport list as a service request, by its shape and not by who sent it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from dispatch.records import BadRecord, CrmStatus, Millis, ServiceRequest
from dispatch.servers import shapes
from dispatch.servers.shapes import Where

log = logging.getLogger(__name__)

DAY_MS = 86_400_000
MOST_KEYS, LONGEST_KEY = 20, 40

NO_ENTRY_TIME = "no time of entry"
NO_CHANGE_TIME = "no time of change"
CHANGED_EARLY = "changed before entered"
NO_STATUS = "no status"
UNKNOWN_STATUS = "unknown status"

ID_KEYS = ("service_request_id", "request_id", "id")
ADDRESS_KEYS = ("address", "address_string", "adress")
ZIP_KEYS = ("zipcode", "zip_code")
LNG_KEYS = ("long", "lng", "lon")
DUPLICATE_KEYS = ("duplicate_of", "duplicate_parent_service_request_id", "parent_service_request_id")
# What any family is known to send; a key beyond these is told once a day.
KNOWN_KEYS = frozenset(
    {
        *ID_KEYS,
        *ADDRESS_KEYS,
        *ZIP_KEYS,
        *LNG_KEYS,
        *DUPLICATE_KEYS,
        *("token", "status", "status_notes", "detailed_status", "service_name", "service_code"),
        *("title", "detail", "description", "agency_responsible", "service_notice", "lat", "media_url"),
        *("requested_datetime", "updated_datetime", "expected_datetime", "address_id", "adress_id"),
        *("extended_attributes", "attributes", "notes", "account_id"),
        # FixMyStreet's own.
        *("interface_used", "comment_count", "agency_sent_datetime", "requestor_name"),
    }
)


@dataclass(frozen=True, slots=True)
class RowReader:
    where: Where
    # When a row without a time of entry was met first: asked again, it must not look new.
    met_at: dict[str, Millis] = field(default_factory=dict)

    def read_all(self, rows: Iterable[Any]) -> tuple[list[ServiceRequest], list[BadRecord], int]:
        """What could be read, what could not, and how many still wait for their id."""
        requests: list[ServiceRequest] = []
        bad: list[BadRecord] = []
        pending = 0
        for row in rows:
            if not isinstance(row, dict):
                bad.append(BadRecord("the row is not an object", shapes.raw(row)))
            elif request_id := id_of(row):
                requests.append(self.read(request_id, row))
            elif shapes.name(row.get("token")):
                pending += 1
            else:
                bad.append(BadRecord("the row has neither an id nor a token", shapes.raw(row)))
        return requests, bad, pending

    def read(self, request_id: str, row: dict[str, Any]) -> ServiceRequest:
        extended = row.get("extended_attributes")
        more = extended if isinstance(extended, dict) else {}
        doubts: set[str] = set()
        raw_status, status = _status(row, more, doubts)
        place, place_doubts = shapes.place(row.get("lat"), _first(row, LNG_KEYS), self.where.box)
        created_at, updated_at = self._times(request_id, row, doubts)
        summary, description = _words(row)
        service_name = shapes.name(row.get("service_name"))
        return ServiceRequest(
            request_id=request_id,
            status=status,
            raw_status=raw_status,
            summary=summary or service_name,
            description=description,
            service_code=shapes.name(row.get("service_code")),
            service_name=service_name,
            address=_address(row),
            place=place,
            created_at=created_at,
            updated_at=updated_at,
            # Of a closed request the last change is the closing, where its time is said.
            closed_at=None if status.is_open or NO_CHANGE_TIME in doubts else updated_at,
            expected_at=self._time(row.get("expected_datetime"), doubts),
            agency=shapes.name(row.get("agency_responsible")),
            status_notes=shapes.text(row.get("status_notes")) or shapes.text(row.get("service_notice")),
            photo_url=next(iter(shapes.urls(row.get("media_url"))), ""),
            duplicate_of=shapes.name(_first(row, DUPLICATE_KEYS) or _first(more, DUPLICATE_KEYS)),
            doubts=frozenset(doubts | place_doubts),
        )

    def _times(self, request_id: str, row: dict[str, Any], doubts: set[str]) -> tuple[Millis, Millis]:
        """Entered and last changed; the latter never before the former."""
        created_at = self._time(row.get("requested_datetime"), doubts)
        updated_at = self._time(row.get("updated_datetime"), doubts)
        if created_at is None:
            doubts.add(NO_ENTRY_TIME)
            created_at = self.met_at.setdefault(request_id, updated_at or self.where.now())
        if updated_at is None:
            doubts.add(NO_CHANGE_TIME)
            updated_at = created_at
        elif updated_at < created_at:
            doubts.add(CHANGED_EARLY)
        return created_at, max(created_at, updated_at)

    def _time(self, value: Any, doubts: set[str]) -> Millis | None:
        """Words that are no time are as good as none."""
        try:
            at, is_assumed = shapes.moment(value, self.where.zone)
        except ValueError:
            return None
        if is_assumed:
            doubts.add(shapes.ZONE_ASSUMED)
        return at


class Drift:
    """Keys nobody knows, told once a day with how often they came."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._told_at: Millis | None = None
        self.counts: Counter[str] = Counter()

    def note(self, rows: Iterable[Any], now: Millis) -> None:
        unknown = (key for row in rows if isinstance(row, dict) for key in row if key not in KNOWN_KEYS)
        self.counts.update(key[:LONGEST_KEY] for key in unknown)
        if not self.counts or (self._told_at is not None and now < self._told_at + DAY_MS):
            return
        self._told_at = now
        told = ", ".join(f"{key!r} ({n})" for key, n in self.counts.most_common(MOST_KEYS))
        log.warning("%s sends keys nobody knows here: %s", self._who, told)
        self.counts.clear()


def _status(row: dict[str, Any], more: dict[str, Any], doubts: set[str]) -> tuple[str, CrmStatus]:
    """The server's word and what it means; a finer word beside it counts where the two agree."""
    words = shapes.name(row.get("status"))
    status = shapes.status(words)
    if status is None:
        doubts.add(UNKNOWN_STATUS if words else NO_STATUS)
        status = CrmStatus.OPEN
    finer_words = shapes.name(row.get("detailed_status") or more.get("detailed_status"))
    finer = shapes.status(finer_words)
    if finer is not None and finer.is_open == status.is_open:
        return finer_words, finer
    return words, status


def _words(row: dict[str, Any]) -> tuple[str, str]:
    """Title and description; where the description repeats the title, without it."""
    title, description = shapes.name(row.get("title")), shapes.text(row.get("description"))
    if detail := shapes.text(row.get("detail")):
        return title, detail
    if title and description.startswith(f"{title}:"):
        return title, description.removeprefix(f"{title}:").strip()
    return title, description


def _address(row: dict[str, Any]) -> str:
    if address := shapes.name(_first(row, ADDRESS_KEYS)):
        return address
    zip_code = shapes.name(_first(row, ZIP_KEYS))
    return f"ZIP {zip_code}" if zip_code.strip("0") else ""


def _first(row: dict[str, Any], keys: Iterable[str]) -> Any:
    """The first of several spellings that holds something; 0 does."""
    return next((row[key] for key in keys if row.get(key) not in (None, "", [], {})), None)


def id_of(row: dict[str, Any]) -> str:
    """As text; 0 is an id. One that is too long to be told whole is none."""
    try:
        return shapes.key(_first(row, ID_KEYS))
    except ValueError:
        return ""
