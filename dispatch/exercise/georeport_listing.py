"""GET /requests: what the query means, which rows answer it, in which order and how many of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from dispatch.exercise import georeport_names as names
from dispatch.exercise.georeport_bends import SHARE, Request
from dispatch.exercise.georeport_rows import Rows, marks
from dispatch.exercise.georeport_wire import COARSE
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.quirk_settings import Order, Settings
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.script import DAY_MS, MINUTE_MS
from dispatch.exercise.times import to_millis
from dispatch.records import Millis

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
_PLAIN_TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d)?")


class BadQuery(ValueError):
    """A parameter that is there and cannot be understood: str() is the sentence to answer."""

    status = 400


class TooManyIds(BadQuery):
    """The address has grown too long."""

    status = 414


class Poisoned(BadQuery):
    """There is a row in that time that the server itself cannot read."""

    status = 500


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows, as SQL, and which part of them; `numbers` where they were asked for by their ids."""

    where: str
    parameters: tuple[Any, ...]
    order: str
    first: int
    most: int
    numbers: tuple[int, ...] | None = None


class Listing:
    def __init__(self, ledger: Ledger, quirks: Quirks) -> None:
        self._ledger = ledger
        self._quirks = quirks
        self._random = Random(1)
        self.rows = Rows(ledger, quirks)

    @property
    def settings(self) -> Settings:
        return self._quirks.settings

    def service(self, code: str) -> names.Service | None:
        return next((each for each in self.rows.services if each.code == code), None)

    def requests(
        self, query: Mapping[str, str], now: Millis, origin: str, *, is_doubled: bool = False
    ) -> list[Request]:
        """`is_doubled`: the last row of the page before comes again, and the first of this one twice."""
        asked = self._asked(query)
        has_more = asked.get("extensions") == "true"
        selection = self.select(asked, now)
        if selection.numbers is not None:
            states = self.rows.states(selection.numbers)[: selection.most]
            return self.rows.shown(states, origin, has_more=has_more)
        states = self.rows.with_strangers(self._states(self._moved(selection, is_doubled)))
        if is_doubled:
            states += states[:1]
        shown = self.rows.shown(states, origin, has_more=has_more)
        if self._quirks.has("Q21") and selection.first == 0:
            shown = self.rows.waiting(now, origin, next(iter(shown), None)) + shown
        return shown

    def _states(self, selection: Selection) -> list[dict[str, Any]]:
        if self._quirks.has("Q14"):
            self._refuse_poison(selection)
        # Numbers first: an index holds all that this asks for, and whole rows need not be sorted.
        sql = f"SELECT id FROM issue WHERE {selection.where} ORDER BY {selection.order} LIMIT ? OFFSET ?"
        found = self._ledger.rows(sql, (*selection.parameters, selection.most, selection.first))
        return self.rows.states([number for (number,) in found])

    def _refuse_poison(self, selection: Selection) -> None:
        """The minute of the eldest row, unless another is set."""
        said = self.settings.poison
        at = to_millis(said, self._ledger.storm.zone) if said else self._ledger.eldest_at
        sql = f"SELECT 1 FROM issue WHERE {selection.where} AND created_at BETWEEN ? AND ? LIMIT 1"
        if self._ledger.rows(sql, (*selection.parameters, at, at + MINUTE_MS)):
            raise Poisoned("Internal Server Error")

    def _moved(self, selection: Selection, is_doubled: bool) -> Selection:
        """Lists that move while they are read: rows again, rows left out, rows away for one reading."""
        moved = selection
        if self._quirks.has("Q71"):
            # No page grows by that: each begins one row earlier than the one before.
            moved = replace(moved, first=moved.first // moved.most * max(1, moved.most - 1))
        if moved.first and is_doubled:
            moved = replace(moved, first=moved.first - 1, most=moved.most + 1)
        if moved.first and self._quirks.has("Q72") and self._random.random() < 0.5:
            moved = replace(moved, first=moved.first + 1, most=moved.most - 1)
        if self._quirks.has("Q77") and self._random.random() < 0.5:
            away = f"(id + 77) % {SHARE} <> 0"
            moved = replace(moved, where=f"{moved.where} AND {away}")
        return moved

    # What the query means

    def _asked(self, query: Mapping[str, str]) -> dict[str, str]:
        """Empty arguments mean the same as absent ones; those nobody knows are ignored."""
        ignored = self.settings.ignored.split(",")
        return {
            name: text for name, value in query.items() if (text := value.strip()) and name not in ignored
        }

    def select(self, asked: Mapping[str, str], now: Millis) -> Selection:
        first, most = self._part(asked)
        order = ORDERS[Order(self.settings.order)]
        if "service_request_id" in asked:
            return Selection("0", (), order, first, most, self._numbers(asked["service_request_id"]))
        terms: list[str] = [self._ledger.public]
        values: list[Any] = []
        near, box = _near(asked), _box(asked)
        is_any_age = near[1] and self._quirks.has("Q78")
        times = [] if is_any_age else self._times(asked, now)
        for term, some in (*times, self._status(asked), self._codes(asked), near, box):
            terms.append(term)
            values += some
        return Selection(" AND ".join(terms), tuple(values), order, first, most)

    def _numbers(self, text: str) -> tuple[int, ...]:
        asked = self._several(text)
        if 0 < self.settings.most_ids < len(asked):
            raise TooManyIds(f"Ask for no more than {self.settings.most_ids} requests by their ids.")
        found = [names.issue_id(each, self.settings.ids) for each in asked]
        return tuple(dict.fromkeys(number for number in found if number is not None))

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

    def _window(self, asked: Mapping[str, str], now: Millis) -> tuple[Millis | None, Millis | None]:
        """Bounds further apart than allowed are cut to the latest days; one bound alone gets the other."""
        begin_at, end_at = self.time(asked, "start_date"), self.time(asked, "end_date")
        if self.settings.swapped_bounds:
            begin_at, end_at = end_at, begin_at
        if not self.settings.bounds:
            begin_at, end_at = None, None
        span = self.settings.latest_days * DAY_MS
        is_by_change = self.settings.updated_after and {"updated_after", "updated_before"} & set(asked)
        if not span or (is_by_change and begin_at is None and end_at is None):
            return begin_at, end_at
        if begin_at is None:
            return (now if end_at is None else end_at) - span, end_at
        if end_at is None:
            return begin_at, begin_at + span
        if end_at - begin_at > span and self.settings.long_spans == "refused":
            raise BadQuery(f"Ask for no more than {self.settings.latest_days} days at a time.")
        return max(begin_at, end_at - span), end_at

    def _times(self, asked: Mapping[str, str], now: Millis) -> list[tuple[str, list[Any]]]:
        begin_at, end_at = self._window(asked, now)
        last = "<" if self.settings.open_end else "<="
        bounds = [("created_at >= ?", begin_at), (f"created_at {last} ?", end_at)]
        if self.settings.updated_after:
            bounds.append(("updated_at >= ?", self.time(asked, "updated_after")))
            bounds.append(("updated_at <= ?", self.time(asked, "updated_before")))
        return [(term, [at]) for term, at in bounds if at is not None]

    def time(self, asked: Mapping[str, str], name: str) -> Millis | None:
        """A time in a filter, read the way this server reads them."""
        if name not in asked:
            return None
        how, text = self.settings.filter_times, asked[name]
        if how == "plain" and not _PLAIN_TIME.fullmatch(text):
            raise BadQuery(f"{name} is not a time; write it like 2017-09-11T10:30:00.")
        return self.moment(text[:10] if how == "days" else text, name)

    def moment(self, text: str, name: str) -> Millis:
        # A plus that nobody encoded arrives as a blank.
        for each in (text, text.replace(" ", "+")):
            with suppress(ValueError):
                return to_millis(each, self._ledger.storm.zone)
        raise BadQuery(f"{name} is not a time; write it like 2017-09-11T10:30:00-04:00.")

    def _status(self, asked: Mapping[str, str]) -> tuple[str, list[Any]]:
        said = asked.get("status", self.settings.default_status).lower()
        wanted = self._several(said) if said else sorted(set(COARSE.values()))
        fine = [each for each, coarse in COARSE.items() if coarse in wanted]
        if "status" not in asked and self._quirks.has("Q63"):
            fine = [each for each in fine if each != "Archived"]
        return ("1", []) if len(fine) == len(COARSE) else (f"status IN ({marks(fine)})", fine)

    def _codes(self, asked: Mapping[str, str]) -> tuple[str, list[Any]]:
        if "service_code" not in asked:
            return "1", []
        wanted = [self.service(each) for each in self._several(asked["service_code"])]
        types = [each.request_type.type_id for each in wanted if each and each.request_type]
        untyped = " OR type_id IS NULL" if any(each and not each.request_type for each in wanted) else ""
        return f"(type_id IN ({marks(types)}){untyped})", types


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
