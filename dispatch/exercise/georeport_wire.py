"""How requests look on the GeoReport v2 wire, and how values become JSON or XML. Knows no store, no HTTP."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any
from xml.sax.saxutils import escape

import orjson

from dispatch.records import Millis

# The specification's own limit.
LONGEST_DESCRIPTION = 4000
OPEN, CLOSED = "open", "closed"
# This face knows two statuses: what is finer stays hidden behind them.
COARSE = {"Open": OPEN, "Acknowledged": OPEN, "Closed": CLOSED, "Archived": CLOSED}
# What an element of a container is called; JSON has a bare array there.
ITEMS = {
    "service_requests": "request",
    "service_request_updates": "request_update",
    "services": "service",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
    "errors": "error",
}
HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'
# XML has no way to write these, escaped or not.
_UNSPEAKABLE = {code: None for code in (*range(32), 0xFFFE, 0xFFFF) if code not in (9, 10, 13)}
_AS_REFERENCE = {"\r": "&#13;"}


def local_time(at: Millis, zone: tzinfo) -> str:
    """Whole seconds with the zone's numeric offset, as the specification wants it."""
    return datetime.fromtimestamp(at // 1000, zone).isoformat()


def request(
    state: Mapping[str, Any],
    *,
    request_id: str | int,
    code: str,
    name: str,
    agency: str | None,
    note: str | None,
    zone: tzinfo,
    origin: str,
) -> dict[str, Any]:
    """One request, key by key, from the state the ledger keeps of it."""
    photo = f"{origin}/files/issue_images/{state['issue_id']}.png" if state["has_photo"] else None
    return {
        "service_request_id": request_id,
        "status": COARSE[state["status"]],
        "status_notes": note,
        "service_name": name,
        "service_code": code,
        "description": (state["description"] or state["summary"])[:LONGEST_DESCRIPTION],
        "agency_responsible": agency,
        "service_notice": None,
        "requested_datetime": local_time(state["created_at"], zone),
        "updated_datetime": local_time(state["updated_at"], zone),
        "expected_datetime": None,
        "address": state["address"] or None,
        "address_id": None,
        "zipcode": None,
        "lat": state["lat"],
        "long": state["lng"],
        "media_url": photo,
    }


def errors(code: int, description: str) -> list[dict[str, Any]]:
    return [{"code": code, "description": description}]


def to_json(value: Any) -> bytes:
    return orjson.dumps(value)


def to_xml(root: str, value: Any, *, attributes: str = "", nil: str = "") -> bytes:
    """The mechanical mapping of the specification: keys become elements, lists become named items. Some
    servers write attributes into the root, and `nil` into what has no value."""
    body = "".join(_element(root, value, nil))
    return f"{HEAD}<{root}{attributes}{body.removeprefix(f'<{root}')}".encode()


def _element(name: str, value: Any, nil: str) -> Iterator[str]:
    if value is None:
        yield f"<{name}{nil}/>"
    elif value == "" or value == []:
        yield f"<{name}/>"
    elif isinstance(value, Mapping):
        yield f"<{name}>"
        for key, each in value.items():
            yield from _element(key, each, nil)
        yield f"</{name}>"
    elif isinstance(value, list):
        item = ITEMS.get(name, "item")
        yield f"<{name}>"
        for each in value:
            yield from _element(item, each, nil)
        yield f"</{name}>"
    else:
        yield f"<{name}>{_text(value)}</{name}>"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value).translate(_UNSPEAKABLE), _AS_REFERENCE)
