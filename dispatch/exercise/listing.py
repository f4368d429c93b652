"""GET /issues: what the query means, which rows answer it, how the page is put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson

from dispatch.exercise import wire
from dispatch.exercise.issue import STATUSES
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.times import to_millis

DEFAULT_STATUSES = ("Open", "Acknowledged", "Closed")
PER_PAGE, MOST_PER_PAGE, MOST_WITH_DETAILS = 20, 100, 20
REMEMBERED_LENGTHS = 64
TIME_FILTERS = {
    "after": "created_at >= ?",
    "before": "created_at < ?",
    "updated_at_after": "updated_at >= ?",
    "updated_at_before": "updated_at < ?",
}
SORTS = ("created_at", "updated_at", "rating", "distance")
BOX = ("min_lat", "max_lat", "min_lng", "max_lng")


class BadQuery(ValueError):
    """A parameter that is there and cannot be understood."""

    def __init__(self, name: str, complaint: str) -> None:
        super().__init__(f"{name} {complaint}")
        self.name, self.complaint = name, complaint


@dataclass(frozen=True, slots=True)
class Selection:
    """Which rows, in which order, as SQL."""

    where: str
    parameters: tuple[Any, ...]
    order: str


def select(query: Mapping[str, str]) -> Selection:
    """Parameters nobody knows are ignored, as the vendor ignores them."""
    wanted = {word.strip().capitalize() for word in query.get("status", "").split(",")}
    statuses = [status for status in STATUSES if status in wanted] or list(DEFAULT_STATUSES)
    terms: list[str] = ["1"]
    values: list[Any] = []
    if len(statuses) < len(STATUSES):
        terms.append(f"status IN ({', '.join('?' * len(statuses))})")
        values += statuses
    for name, term in TIME_FILTERS.items():
        if name in query:
            terms.append(term)
            values.append(_time(query, name))
    if query.get("request_types"):
        ids = [int(each) for each in query["request_types"].split(",") if each.strip().isdigit()]
        terms.append(f"type_id IN ({', '.join('?' * len(ids))})")
        values += ids
    if all(name in query for name in BOX):
        terms.append("lat BETWEEN ? AND ? AND lng BETWEEN ? AND ?")
        values += [_degrees(query, name) for name in BOX]
    if query.get("search"):
        terms.append(
            "instr(lower(json_extract(state, '$.summary') || ' ' || json_extract(state, '$.description')"
            " || ' ' || json_extract(state, '$.address')), lower(?)) > 0"
        )
        values.append(query["search"])
    return Selection(" AND ".join(terms), tuple(values), _order(query))


def _order(query: Mapping[str, str]) -> str:
    sort = query.get("sort", "created_at")
    direction = "ASC" if query.get("sort_direction", "").upper() == "ASC" else "DESC"
    if sort not in SORTS or (sort == "distance" and not ("lat" in query and "lng" in query)):
        sort = "created_at"
    if sort == "distance":
        lat, lng = _degrees(query, "lat"), _degrees(query, "lng")
        return f"(lat - {lat}) * (lat - {lat}) + (lng - {lng}) * (lng - {lng}) ASC NULLS LAST, id ASC"
    return f"{sort} {direction}, id {direction}"


def _time(query: Mapping[str, str], name: str) -> int:
    try:
        return to_millis(query[name])
    except ValueError:
        raise BadQuery(name, "is not a time") from None


def _degrees(query: Mapping[str, str], name: str) -> float:
    try:
        return float(query[name])
    except ValueError:
        raise BadQuery(name, "is not a number") from None


def _whole(query: Mapping[str, str], name: str, default: int) -> int:
    text = query.get(name, "")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else default


class Listing:
    """Pages over the ledger. How long a list is gets remembered until something changes; its rows come by
    an index, a page at a time: clients that move a bound ask for a new list with every page."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._version = -1
        self._lengths: dict[Selection, int] = {}

    def page(
        self, query: Mapping[str, str], path: str, *, is_staff: bool, is_inside: bool = False, slip: int = 0
    ) -> bytes:
        """`slip` rows of the page before come again, as when rows arrived between two reads. `is_inside`:
        by the organization's face, which alone shows private issues and the organization's actions."""
        has_details = query.get("details") == "true"
        most = MOST_WITH_DETAILS if has_details else MOST_PER_PAGE
        per_page = min(_whole(query, "per_page", PER_PAGE), most)
        number = _whole(query, "page", 1)
        selection = select(query)
        if not is_inside and self._ledger.public != "1":
            selection = replace(selection, where=f"{selection.where} AND {self._ledger.public}")
        first = (number - 1) * per_page
        shown = self._ids(selection, max(0, first - slip), first + per_page)
        objects = self._objects(shown, is_staff, is_inside)
        if fields := query.get("fields[issue]"):
            objects = [_only(each, fields.split(",")) for each in objects]
        elif has_details:
            objects = [
                self.with_details(each, issue_id, is_inside)
                for each, issue_id in zip(objects, shown, strict=True)
            ]
        pagination = _pagination(self._length(selection), number, per_page, path, query)
        return wire.page_of("issues", b",".join(objects), pagination)

    def one(
        self, issue_id: int, *, is_staff: bool, is_inside: bool = False, has_details: bool = False
    ) -> bytes | None:
        objects = self._objects([issue_id], is_staff, is_inside)
        if not objects:
            return None
        return self.with_details(objects[0], issue_id, is_inside) if has_details else objects[0]

    def comments(self, issue_id: int) -> list[bytes]:
        found = self._ledger.rows("SELECT body FROM comment WHERE issue_id = ? ORDER BY at, id", (issue_id,))
        return [row[0] + b"}" for row in found]

    def internal_comments(self, issue_id: int) -> list[bytes]:
        found = self._ledger.rows("SELECT body FROM internal WHERE issue_id = ? ORDER BY at, id", (issue_id,))
        return [row[0] + b"}" for row in found]

    def with_details(self, body: bytes, issue_id: int, is_inside: bool) -> bytes:
        comments = self.comments(issue_id)
        marks = {row[0] for row in self._ledger.rows("SELECT kind FROM mark WHERE issue_id = ?", (issue_id,))}
        relationship = {
            "assignee": False,
            "following": "follow" in marks,
            "reporter": False,
            "voted": "vote" in marks,
        }
        extra = (
            b',"assignee":null,"comments":[%s],"comment_count":%d,"vote_count":%d,"votes":[],"questions":[],'
            b'"integrations":[],"current_user_relationship":%s}'
        )
        votes = int("vote" in marks)
        whole = body[:-1] + extra % (b",".join(comments), len(comments), votes, orjson.dumps(relationship))
        if not is_inside:
            return whole
        # The organization's face has said who works on it.
        whole = whole.replace(b',"assignee":null,"comments":', b',"comments":')
        return b'%s,"internal_comments":[%s]}' % (whole[:-1], b",".join(self.internal_comments(issue_id)))

    def _length(self, selection: Selection) -> int:
        if self._version != self._ledger.version or len(self._lengths) > REMEMBERED_LENGTHS:
            self._lengths.clear()
            self._version = self._ledger.version
        if selection not in self._lengths:
            sql = f"SELECT count(*) FROM issue WHERE {selection.where}"
            self._lengths[selection] = self._ledger.rows(sql, selection.parameters)[0][0]
        return self._lengths[selection]

    def _ids(self, selection: Selection, first: int, end: int) -> list[int]:
        sql = f"SELECT id FROM issue WHERE {selection.where} ORDER BY {selection.order} LIMIT ? OFFSET ?"
        return [row[0] for row in self._ledger.rows(sql, (*selection.parameters, end - first, first))]

    def _objects(self, ids: list[int], is_staff: bool, is_inside: bool) -> list[bytes]:
        marks = ", ".join("?" * len(ids))
        seen = "1" if is_inside else self._ledger.public
        found = self._ledger.rows(
            f"SELECT id, status, type_id, head, tail FROM issue WHERE id IN ({marks}) AND {seen}", ids
        )
        bodies = {}
        for issue_id, status, type_id, head, tail in found:
            request_type = self._ledger.request_type(type_id)
            body = head + wire.transitions(issue_id, status, request_type, is_staff) + tail
            if is_inside and (issue := self._ledger.issue(issue_id)):
                body = body[:-1] + wire.inside(issue, request_type) + b"}"
            bodies[issue_id] = body
        return [bodies[issue_id] for issue_id in ids if issue_id in bodies]


def _only(body: bytes, fields: list[str]) -> bytes:
    """A subset keeps the object's own order and always adds the address of the issue."""
    # The placeholders of addresses are no JSON: they go through as escapes and come back.
    whole = orjson.loads(body.replace(wire.BASE, b"\\u0001").replace(wire.ORIGIN, b"\\u0002"))
    some = {name: value for name, value in whole.items() if name in fields or name == "url"}
    return orjson.dumps(some).replace(b"\\u0001", wire.BASE).replace(b"\\u0002", wire.ORIGIN)


def _pagination(
    entries: int, page: int, per_page: int, path: str, query: Mapping[str, str]
) -> dict[str, Any]:
    pages = -(-entries // per_page)
    following = page + 1 if page < pages else None
    previous = min(page - 1, pages) if page > 1 and pages else None
    own = dict(query)
    return {
        "entries": entries,
        "page": page,
        "per_page": per_page,
        "pages": pages,
        "next_page": following,
        "next_page_url": following and wire.page_url(path, own, following),
        "previous_page": previous,
        "previous_page_url": previous and wire.page_url(path, own, previous),
    }
