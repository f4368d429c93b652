"""GET /requests: what the query means and which rows answer it, in which order and how many."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dispatch.exercise import georeport_names as names
from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.georeport_wire import COARSE
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.quirk_settings import Order, Settings
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.script import DAY_MS, STAFF
from dispatch.exercise.times import to_millis
from dispatch.records import Millis

_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d)?")
METRES_PER_DEGREE = 111_320
NEAR_M = 1000.0
ORDERS = {
    Order.ENTERED_DOWN: "created_at DESC, id DESC",
    Order.ENTERED_UP: "created_at, id",
    Order.UPDATED_DOWN: "updated_at DESC, id DESC",
    Order.UPDATED_UP: "updated_at, id",
    # As a table without an index comes: any, but the same each time.
    Order.NONE: "(id * 7919) % 10007, id",
}


class BadQuery(ValueError):
    """A parameter that is there and cannot be understood: str() is the sentence to answer."""

    status = 400


class TooManyIds(BadQuery):
    """The address has grown too long."""

    status = 414


@dataclass(frozen=True, slots=True)
class Window:
    """Times of entry, both ends included; None is open."""

    begin_at: Millis | None = None
    end_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows, as SQL, and which part of them."""

    where: str
    parameters: tuple[Any, ...]
    order: str
    first: int
    most: int


class Listing:
    def __init__(self, ledger: Ledger, quirks: Quirks) -> None:
        self._ledger = ledger
        self._quirks = quirks

    @property
    def settings(self) -> Settings:
        return self._quirks.settings

    @property
    def zone(self) -> tzinfo:
        """Whose time is written."""
        return ZoneInfo(self.settings.zone) if self.settings.zone else self._ledger.storm.zone

    @property
    def services(self) -> list[names.Service]:
        return names.services(self._ledger.storm.types)

    def service(self, code: str) -> names.Service | None:
        return next((each for each in self.services if each.code == code), None)

    def requests(self, query: Mapping[str, str], now: Millis, origin: str) -> list[dict[str, Any]]:
        selection = self.select(query, now)
        sql = f"SELECT state FROM issue WHERE {selection.where} ORDER BY {selection.order} LIMIT ? OFFSET ?"
        found = self._ledger.rows(sql, (*selection.parameters, selection.most, selection.first))
        return self._shown([orjson.loads(state) for (state,) in found], origin)

    def one(self, issue_id: int, origin: str) -> dict[str, Any] | None:
        found = self._ledger.rows("SELECT state FROM issue WHERE id = ?", (issue_id,))
        shown = self._shown([orjson.loads(state) for (state,) in found], origin)
        return shown[0] if shown else None

    def _shown(self, states: list[dict[str, Any]], origin: str) -> list[dict[str, Any]]:
        storm, notes = self._ledger.storm, self._notes([state["issue_id"] for state in states])
        by_type = {each.request_type and each.request_type.type_id: each for each in self.services}
        other = by_type[None]
        zone = self.zone
        shown = []
        for state in states:
            service = by_type.get(state["type_id"], other)
            shown.append(
                wire.request(
                    state,
                    request_id=str(state["issue_id"]),
                    code=service.code,
                    name=service.name,
                    agency=storm.organization if service.request_type else None,
                    note=notes.get(state["issue_id"]),
                    zone=zone,
                    origin=origin,
                )
            )
        return shown

    def _notes(self, ids: list[int]) -> dict[int, str]:
        """The city's last words on each: what a resident says is no note on the status."""
        storm = self._ledger.storm
        city = [person.person_id for person in (storm.office, storm.member, *STAFF)]
        sql = (
            f"SELECT issue_id, text FROM comment WHERE issue_id IN ({_marks(ids)})"
            f" AND author_id IN ({_marks(city)}) AND text <> '' ORDER BY at, id"
        )
        return dict(self._ledger.rows(sql, (*ids, *city)))

    # What the query means

    def select(self, query: Mapping[str, str], now: Millis) -> Selection:
        """Empty arguments mean the same as absent ones; those nobody knows are ignored."""
        ignored = self.settings.ignored.split(",")
        asked = {
            name: value.strip() for name, value in query.items() if value.strip() and name not in ignored
        }
        first, most = self._part(asked)
        order = ORDERS[Order(self.settings.order)]
        if "service_request_id" in asked:
            ids = [names.issue_id(each) for each in self._several(asked["service_request_id"])]
            if 0 < self.settings.most_ids < len(ids):
                raise TooManyIds(f"Ask for no more than {self.settings.most_ids} requests by their ids.")
            return Selection(f"id IN ({_marks(ids)})", tuple(ids), order, first, most)
        terms, values = ["1"], []
        for term, some in (
            *self._times(asked, now),
            self._status(asked),
            self._codes(asked),
            _near(asked),
            _box(asked),
        ):
            terms.append(term)
            values += some
        return Selection(" AND ".join(terms), tuple(values), order, first, most)

    def _several(self, text: str) -> list[str]:
        return [each.strip() for each in text.split(",")] if self.settings.lists else [text]

    def _part(self, asked: Mapping[str, str]) -> tuple[int, int]:
        settings = self.settings
        if not settings.pages:
            return 0, settings.cap
        size = _whole(asked, "page_size", _whole(asked, "per_page", settings.page_size))
        size = min(max(1, size), settings.cap)
        page = max(0, _whole(asked, "page", settings.first_page) - settings.first_page)
        return page * size, size

    def window(self, asked: Mapping[str, str], now: Millis) -> Window:
        """Bounds further apart than allowed are cut to the latest days; one bound alone gets the other."""
        begin_at, end_at = self._time(asked, "start_date"), self._time(asked, "end_date")
        if self.settings.swapped_bounds:
            begin_at, end_at = end_at, begin_at
        if not self.settings.bounds:
            begin_at, end_at = None, None
        span = self.settings.latest_days * DAY_MS
        is_by_change = self.settings.updated_after and {"updated_after", "updated_before"} & set(asked)
        if not span or (is_by_change and begin_at is None and end_at is None):
            return Window(begin_at, end_at)
        if begin_at is None:
            return Window((now if end_at is None else end_at) - span, end_at)
        if end_at is None:
            return Window(begin_at, begin_at + span)
        if end_at - begin_at > span and self.settings.long_spans == "refused":
            raise BadQuery(f"Ask for no more than {self.settings.latest_days} days at a time.")
        return Window(max(begin_at, end_at - span), end_at)

    def _times(self, asked: Mapping[str, str], now: Millis) -> list[tuple[str, list[Any]]]:
        window = self.window(asked, now)
        last = "<" if self.settings.open_end else "<="
        bounds = [("created_at >= ?", window.begin_at), (f"created_at {last} ?", window.end_at)]
        if self.settings.updated_after:
            bounds.append(("updated_at >= ?", self._time(asked, "updated_after")))
            bounds.append(("updated_at <= ?", self._time(asked, "updated_before")))
        return [(term, [at]) for term, at in bounds if at is not None]

    def _time(self, asked: Mapping[str, str], name: str) -> Millis | None:
        if name not in asked:
            return None
        how, zone = self.settings.filter_times, self._ledger.storm.zone
        if how == "plain" and not _PLAIN_TIME.fullmatch(asked[name]):
            raise BadQuery(f"{name} is not a time; write it like 2017-09-11T10:30:00.")
        if how == "days":
            return to_millis(asked[name][:10], zone)
        # A plus that nobody encoded arrives as a blank.
        for text in (asked[name], asked[name].replace(" ", "+")):
            with suppress(ValueError):
                return to_millis(text, zone)
        raise BadQuery(f"{name} is not a time; write it like 2017-09-11T10:30:00-04:00.")

    def _status(self, asked: Mapping[str, str]) -> tuple[str, list[Any]]:
        wanted = self._several(asked.get("status", self.settings.default_status).lower())
        if wanted == [""]:
            return "1", []
        fine = [each for each, coarse in COARSE.items() if coarse in wanted]
        return f"status IN ({_marks(fine)})", fine

    def _codes(self, asked: Mapping[str, str]) -> tuple[str, list[Any]]:
        if "service_code" not in asked:
            return "1", []
        wanted = [self.service(each) for each in self._several(asked["service_code"])]
        types = [each.request_type.type_id for each in wanted if each and each.request_type]
        untyped = " OR type_id IS NULL" if any(each and not each.request_type for each in wanted) else ""
        return f"(type_id IN ({_marks(types)}){untyped})", types


def _near(asked: Mapping[str, str]) -> tuple[str, list[Any]]:
    """Within so many metres: a square is near enough."""
    if "lat" not in asked or "long" not in asked:
        return "1", []
    lat, long = _number(asked, "lat"), _number(asked, "long")
    far = (_number(asked, "radius") if "radius" in asked else NEAR_M) / METRES_PER_DEGREE
    return "lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?", [lat - far, lat + far, long - far, long + far]


def _box(asked: Mapping[str, str]) -> tuple[str, list[Any]]:
    if "bbox" not in asked:
        return "1", []
    try:
        west, south, east, north = (float(each) for each in asked["bbox"].split(","))
    except ValueError:
        raise BadQuery("bbox is four numbers: west, south, east, north.") from None
    return "lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?", [south, north, west, east]


def _number(asked: Mapping[str, str], name: str) -> float:
    try:
        return float(asked[name])
    except ValueError:
        raise BadQuery(f"{name} is not a number.") from None


def _whole(asked: Mapping[str, str], name: str, default: int) -> int:
    text = asked.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else default


def _marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))
