"""How issues, comments and people look on the wire in 2026, key by key. Knows no store and no HTTP."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import orjson

from dispatch.exercise.issue import QUIET_DAYS, Issue, Line
from dispatch.exercise.script import DAY_MS, Person, RequestType
from dispatch.exercise.times import wire_time
from dispatch.records import Millis

DOCUMENTATION_URL = "http://dev.seeclickfix.com"
# Bodies are made once per change and kept as bytes. Where an address of this server belongs they hold a
# control character, which JSON text can never contain unescaped: the port may differ after a restart.
BASE, ORIGIN = b"\x01", b"\x02"

_ISSUE = (
    b'{"id":%d,"status":"%s","summary":%s,"description":%s,"rating":%d,"lat":%s,"lng":%s,"address":%s,'
    b'"created_at":"%s","acknowledged_at":%s,"closed_at":%s,"reopened_at":%s,"updated_at":"%s",'
    b'"url":"\x01/issues/%d","point":%s,"private_visibility":false,"html_url":"\x02/issues/%d",'
    b'"show_blocked_issue_text":false,"request_type":%s,"comment_url":"\x01/issues/%d/comments",'
    b'"flag_url":"\x01/issues/%d/flag","transitions":'
)
_TYPE = (
    b'{"id":%d,"title":%s,"organization":%s,"url":"\x01/request_types/%d",'
    b'"related_issues_url":"\x01/issues?%srequest_types=%d&sort=distance"}'
)
_PERSON = (
    b'{"id":%d,"name":%s,"role":%s,"avatar":{"full":"\x02/assets/no-avatar-100.png",'
    b'"square_100x100":"\x02/assets/no-avatar-100.png"},"html_url":"\x02/users/%s",'
    b'"witty_title":"","civic_points":0}'
)
_COMMENT = (
    b'{"comment":%s,"created_at":"%s","updated_at":"%s","editable_until":%s,"last_edited_at":null,'
    b'"commenter":%s,"issue_url":"\x01/issues/%d","flag_url":"\x01/comments/%d/flag",'
    b'"media":{"video_url":null,"image_full":null,"image_square_100x100":null},'
    b'"show_blocked_comment_text":false'
)


# Worked on in a system of its own: nobody is given such an issue, files it elsewhere or notes on it here.
INTEGRATED = ("street_light_out", "traffic_signal_out")
# The county's: its status is not changed by hand.
COUNTYS = ("animal",)
INSIDE = ("internal_comments", "assignment", "recategorize", "mark_as_duplicate")


def _maybe(at: Millis | None) -> bytes:
    return b"null" if at is None else b'"%s"' % wire_time(at).encode()


def issue_head(issue: Issue, request_type: RequestType | None, organization: str) -> bytes:
    """The object up to its transitions, which depend on who reads."""
    lat, lng = orjson.dumps(issue.lat), orjson.dumps(issue.lng)
    point = b"null"
    if issue.lat is not None and issue.lng is not None:
        point = b'{"type":"Point","coordinates":[%s,%s]}' % (lng, lat)
    number = issue.issue_id
    return _ISSUE % (
        number,
        issue.status.encode(),
        orjson.dumps(issue.summary),
        orjson.dumps(issue.description),
        issue.rating,
        lat,
        lng,
        orjson.dumps(issue.address),
        wire_time(issue.created_at).encode(),
        _maybe(issue.acknowledged_at),
        _maybe(issue.closed_at),
        _maybe(issue.reopened_at),
        wire_time(issue.updated_at).encode(),
        number,
        point,
        number,
        _request_type(issue, request_type, organization),
        number,
        number,
    )


def _request_type(issue: Issue, request_type: RequestType | None, organization: str) -> bytes:
    if request_type is None:
        return b"{}"
    near = f"lat={issue.lat}&lng={issue.lng}&" if issue.lat is not None else ""
    number = request_type.type_id
    title, owner = orjson.dumps(request_type.title), orjson.dumps(organization)
    return _TYPE % (number, title, owner, number, near.encode(), number)


def issue_tail(issue: Issue, request_type: RequestType | None) -> bytes:
    media = b'"image_full":null,"image_square_100x100":null'
    shown = b"\x02/assets/categories/%s.png" % (
        str(request_type.type_id).encode() if request_type else b"other"
    )
    if issue.has_photo:
        shown = b"\x02/files/issue_images/%d.png" % issue.issue_id
        media = b'"image_full":"%s","image_square_100x100":"%s"' % (shown, shown)
    reporter = person(issue.reporter)
    return b',"reporter":%s,"media":{"video_url":null,%s,"representative_image_url":"%s"}}' % (
        reporter,
        media,
        shown,
    )


def transitions(issue_id: int, status: str, request_type: RequestType | None, is_staff: bool) -> bytes:
    """What the reader may do. The public may close about half of the open rows, and open most closed."""
    if not is_worked_on(request_type):
        acts = {}
    elif is_staff:
        acts = {"Open": ("close", "acknowledge"), "Acknowledged": ("close", "open"), "Closed": ("open",)}
    else:
        acts = {"Open": ("close",) * (issue_id % 2), "Closed": ("open",) * (issue_id % 3 > 0)}
    links = (
        b'"%s_url":"\x01/issues/%d/%s"' % (a.encode(), issue_id, a.encode()) for a in acts.get(status, ())
    )
    return b"{%s}" % b",".join(links)


def is_worked_on(request_type: RequestType | None) -> bool:
    """May its status be changed by hand?"""
    return request_type is None or request_type.key not in COUNTYS


def offered_inside(request_type: RequestType | None) -> tuple[str, ...]:
    """The organization's own actions: none on what is tied to no type or worked on elsewhere."""
    is_ours = request_type is not None and request_type.key not in INTEGRATED
    return INSIDE if is_ours else ()


def inside(issue: Issue, request_type: RequestType | None) -> bytes:
    """What only the organization's face shows, to go before the closing brace of an issue."""
    known = {
        "report_method": "direct",
        "is_private": issue.is_private,
        "visibility": "private" if issue.is_private else "public",
        "canonical_issue": None if issue.canonical_id is None else {"id": issue.canonical_id},
    }
    assignee = b"null" if issue.assignee is None else person(issue.assignee)
    links = b"".join(
        b',"%s_url":"\x01/issues/%d/%s"' % (name.encode(), issue.issue_id, name.encode())
        for name in offered_inside(request_type)
    )
    return b',%s,"assignee":%s%s' % (orjson.dumps(known)[1:-1], assignee, links)


def person(who: Person) -> bytes:
    page = str(who.person_id).encode() if who.person_id else b"anonymous"
    return _PERSON % (who.person_id, orjson.dumps(who.name), orjson.dumps(who.role), page)


def comment(comment_id: int, issue_id: int, line: Line, office: Person) -> bytes:
    """The object without its closing brace: the answer to a POST says more. flag_url alone has the id."""
    is_staff = line.author.role == "Verified Official" and line.author != office
    until = line.at + QUIET_DAYS * DAY_MS if is_staff else None
    at = wire_time(line.at).encode()
    text = orjson.dumps(line.text)
    return _COMMENT % (text, at, at, _maybe(until), person(line.author), issue_id, comment_id)


def written(comment_body: bytes, text: str, status: str, rating: int) -> bytes:
    extra = b',"moderated":false,"issue":{"status":"%s","rating":%d},"body":%s}'
    return comment_body + extra % (status.encode(), rating, orjson.dumps(text))


def page_of(key: str, rows: bytes, pagination: dict[str, Any]) -> bytes:
    return b'{"%s":[%s],"metadata":{"pagination":%s},"errors":{}}' % (
        key.encode(),
        rows,
        orjson.dumps(pagination),
    )


def page_url(path: str, parameters: dict[str, str], page: int) -> str:
    """Sorted and percent-encoded, as the vendor's own links are."""
    return f"{path}?{urlencode(sorted({**parameters, 'page': str(page)}.items()))}"


def refusal(message: str) -> bytes:
    return orjson.dumps({"message": message, "documentation_url": DOCUMENTATION_URL})
