"""What quirks do to single requests of the GeoReport face. Most bend a third of the rows, by their number, so
that lists hold bent and straight ones; where one knows several forms, they take turns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from math import log, pi, radians, tan
from typing import Any

from dispatch.exercise import georeport_names as names
from dispatch.exercise.georeport_wire import CLOSED, OPEN
from dispatch.records import Millis

SHARE = 3
EARTH_RADIUS_M = 6_378_137
HOUR_MS = 3_600_000
EPOCH = "1970-01-01T00:00:00Z"
Request = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Bent:
    """A row's own state beside what is shown of it."""

    state: Mapping[str, Any]
    zone: tzinfo
    origin: str
    # The request everybody's duplicates are filed under.
    eldest: str | int

    @property
    def number(self) -> int:
        return int(self.state["issue_id"])

    @property
    def turn(self) -> int:
        return self.number // SHARE

    def one_of(self, forms: Any) -> Any:
        return forms[self.turn % len(forms)]

    def local(self, at: Millis) -> datetime:
        return datetime.fromtimestamp(at // 1000, self.zone)


def is_bent(number: int, quirk: str) -> bool:
    return (number + int(quirk.removeprefix("Q"))) % SHARE == 0


def _without(row: Request, name: str, bent: Bent) -> None:
    form = bent.one_of((None, "", ...))
    row[name] = form
    if form is ...:
        del row[name]


# Identity


def _token_beside(row: Request, bent: Bent) -> None:
    row["token"] = names.token(bent.number)


def _no_service(row: Request, bent: Bent) -> None:
    row["service_code"] = row["service_name"] = None


def _a_duplicate(row: Request, bent: Bent) -> None:
    if row["status"] == CLOSED and row["service_request_id"] != bent.eldest:
        row["status_notes"] = f"Duplicate of {bent.eldest}"
        row["extended_attributes"] = {"duplicate": True, "parent_service_request_id": bent.eldest}


# Time


def _old_style(row: Request, bent: Bent) -> None:
    fraction = bent.one_of((".0", ".00", ".000"))
    for name in ("requested_datetime", "updated_datetime"):
        at = bent.state["created_at" if name == "requested_datetime" else "updated_at"]
        row[name] = f"{bent.local(at):%Y-%m-%d %H:%M:%S}{fraction}"
    row["expected_datetime"] = (
        f"{bent.local(bent.state['created_at']) + timedelta(days=7):%Y-%m-%dT08:30:00.0}"
    )


def _never_updated(row: Request, bent: Bent) -> None:
    _without(row, "updated_datetime", bent)


def _never_requested(row: Request, bent: Bent) -> None:
    _without(row, "requested_datetime", bent)


def _epoch(row: Request, bent: Bent) -> None:
    row["expected_datetime"] = EPOCH
    if row["status"] == OPEN:
        row["updated_datetime"] = EPOCH


def _updated_too_early(row: Request, bent: Bent) -> None:
    row["updated_datetime"] = bent.local(bent.state["created_at"] - HOUR_MS).isoformat()


def _update_stands_still(row: Request, bent: Bent) -> None:
    row["updated_datetime"] = row.get("requested_datetime")


def _other_offset(row: Request, bent: Bent) -> None:
    """The same instants, an hour further west: what a list across the change of clocks looks like."""
    for name, at in (("requested_datetime", "created_at"), ("updated_datetime", "updated_at")):
        moment = bent.local(bent.state[at])
        offset = moment.utcoffset() or timedelta()
        row[name] = moment.astimezone(timezone(offset - timedelta(hours=1))).isoformat()


# Place


def _at_zero(row: Request, bent: Bent) -> None:
    row["lat"], row["long"] = bent.one_of(((0, 0), ("0.0", "0.0")))


def _nowhere(row: Request, bent: Bent) -> None:
    for name in ("lat", "long"):
        _without(row, name, bent)


def _place_as_text(row: Request, bent: Bent) -> None:
    if row.get("lat") is not None and row.get("long") is not None:
        digits = bent.one_of((None, 2))
        for name in ("lat", "long"):
            row[name] = str(row[name]) if digits is None else f"{float(row[name]):.2f}"


def _place_swapped(row: Request, bent: Bent) -> None:
    row["lat"], row["long"] = row.get("long"), row.get("lat")


def _place_projected(row: Request, bent: Bent) -> None:
    """Easting and northing in metres, as a map of the web has them."""
    lat, lng = bent.state["lat"], bent.state["lng"]
    if lat is not None and lng is not None:
        row["long"] = EARTH_RADIUS_M * radians(lng)
        row["lat"] = EARTH_RADIUS_M * log(tan(pi / 4 + radians(lat) / 2))


def _odd_address(row: Request, bent: Bent) -> None:
    address = row.pop("address", None) or "Mirror Lake"
    name, text = bent.one_of(
        (
            ("address", f"{address}      "),
            ("address_string", address),
            ("address", "Mirror Lake"),
            ("address", f"{address}, الولايات المتحدة"),
        )
    )
    row[name] = text
    row[bent.one_of(("zipcode", "zip_code"))] = "0"
    row["adress_id"] = row.pop("address_id", None)


def _intersection(row: Request, bent: Bent) -> None:
    row["address"] = "INTERSECTION  of  HYDE ST  and  POST ST"


# Text and media


def _odd_text(row: Request, bent: Bent) -> None:
    text = row.get("description")
    form = bent.one_of((f"  {text}\r\n\r\nThanks.\n ", "", None, ...))
    if form is ...:
        row.pop("description", None)
    else:
        row["description"] = form


def _markup(row: Request, bent: Bent) -> None:
    row["description"] = f"<b>{row.get('description')}</b> &amp; <script>alert(311)</script>"
    row["media_url"] = "javascript:alert(311)"


def _personal(row: Request, bent: Bent) -> None:
    row["description"] = f"{row.get('description')} Call Maria at 555-010-0199 or maria@example.invalid."


def _odd_media(row: Request, bent: Bent) -> None:
    url = f"{bent.origin}/files/issue_images/{bent.number}.png"
    row["media_url"] = bent.one_of(
        (
            "",
            [url],
            [{"media_url": url, "title": "Submitted"}],
            {"media_url": url},
            "data:image/png;base64,iVBORw0KGgo=",
            f"{url}#spot=e8762677",
            f"{url} ",
            ...,
        )
    )
    if row["media_url"] is ...:
        del row["media_url"]


def _picture_elsewhere(row: Request, bent: Bent) -> None:
    row["media_url"] = bent.one_of(
        (
            f"{bent.origin}/files/moved/{bent.number}.png",
            f"{bent.origin}/files/expired/{bent.number}.png",
            f"{bent.origin}/assets/categories/{bent.state['type_id'] or 'other'}.png",
        )
    )


def _odd_agency(row: Request, bent: Bent) -> None:
    row["agency_responsible"] = bent.one_of(({"recipient": ["Public Works", "Parks"]}, 17, ""))


def _words_for_nothing(row: Request, bent: Bent) -> None:
    word = bent.one_of(("null", "None", "N/A"))
    for name in ("expected_datetime", "address_id", "media_url"):
        if row.get(name) is None:
            row[name] = word


def _title_and_detail(row: Request, bent: Bent) -> None:
    title, detail = bent.state["summary"], bent.state["description"]
    row |= {"title": title, "detail": detail, "description": f"{title}: {detail}"}


def _odd_note(row: Request, bent: Bent) -> None:
    row["status_notes"] = bent.one_of((7, "Closed", "IN_PROGRESS"))


# Status

_SPELLED = {
    OPEN: ("Open", "OPEN", "Received", "IN_PROGRESS", "in progress", "investigating", "Waiting for parts"),
    CLOSED: ("Closed", "CLOSED"),
}


def _odd_status(row: Request, bent: Bent) -> None:
    is_final = bent.state["status"] == "Archived" and bent.turn % 2 == 0
    row["status"] = "duplicate" if is_final else bent.one_of(_SPELLED[row["status"]])


# Drift


def _odd_number(row: Request, bent: Bent) -> None:
    if row.get("lat") is None or row.get("long") is None:
        row["lat"] = row["long"] = 0
    else:
        row["lat"] = str(row["lat"])


def _renamed(row: Request, bent: Bent) -> None:
    """All rows alike: from one day to the next a key has another name, one is new and one is gone."""
    row["address_string"] = row.pop("address", None)
    row["sla_state"] = "on_time"
    row.pop("zipcode", None)


# In the order of the table; later rows bend what earlier ones left.
SOME: dict[str, Callable[[Request, Bent], None]] = {
    "Q21": _token_beside,
    "Q22": _no_service,
    "Q29": _a_duplicate,
    "Q32": _never_updated,
    "Q33": _never_requested,
    "Q34": _epoch,
    "Q35": _updated_too_early,
    "Q39": _update_stands_still,
    "Q40": _other_offset,
    "Q41": _at_zero,
    "Q42": _nowhere,
    "Q43": _place_as_text,
    "Q44": _place_swapped,
    "Q45": _place_projected,
    "Q48": _odd_address,
    "Q49": _intersection,
    "Q51": _odd_text,
    "Q52": _markup,
    "Q53": _personal,
    "Q54": _odd_media,
    "Q55": _picture_elsewhere,
    "Q56": _odd_agency,
    "Q57": _words_for_nothing,
    "Q59": _odd_note,
    "Q61": _odd_status,
    "Q93": _odd_number,
}
ALL: dict[str, Callable[[Request, Bent], None]] = {
    "Q31": _old_style,
    "Q58": _title_and_detail,
    "Q91": _renamed,
}
