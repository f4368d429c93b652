"""What SeeClickFix's issues and comments mean, row by row. Raw dictionaries end here."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from typing import Any

from dispatch.errors import ServerNonsense
from dispatch.records import (
    BadRecord,
    CrmStatus,
    Message,
    Millis,
    Page,
    Reporter,
    ServiceRequest,
)
from dispatch.servers import shapes
from dispatch.servers.shapes import ANYWHERE, Where

# What only the organization's members may do, by the names of the members that carry the addresses.
ASSIGNMENT, INTERNAL_COMMENTS = "assignment", "internal_comments"
ORGANIZATION = {
    f"{name}_url": name for name in (ASSIGNMENT, INTERNAL_COMMENTS, "recategorize", "mark_as_duplicate")
}

_COMMENT_ID = re.compile(r"/comments/(\d+)/flag")


def read_page(rows: list[Any], metadata: Any, where: Where = ANYWHERE) -> Page:
    """Take in what can be read; the rest stands apart with its raw body and the reason."""
    requests: list[ServiceRequest] = []
    bad: list[BadRecord] = []
    for row in rows:
        if not isinstance(row, dict):
            bad.append(BadRecord("the row is not an object", shapes.raw(row)))
            continue
        try:
            requests.append(read_request(row, where))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            bad.append(BadRecord(_why(error), shapes.raw(row), shapes.name(row.get("id"))))
    pagination = metadata.get("pagination", {}) if isinstance(metadata, dict) else {}
    next_page = pagination.get("next_page")
    entries = pagination.get("entries")
    return Page(
        tuple(requests),
        tuple(bad),
        next_page if isinstance(next_page, int) else None,
        entries if isinstance(entries, int) else None,
        len(rows),
    )


def read_request(row: dict[str, Any], where: Where = ANYWHERE) -> ServiceRequest:
    """One issue. Raises KeyError, TypeError or ValueError when it lacks an id, a status or a time."""
    created_at, is_assumed = shapes.moment(row["created_at"], where.zone)
    if created_at is None:
        raise ValueError("no time of entry")
    request_id = shapes.key(row["id"])
    if not request_id:
        raise ValueError("no id")
    request_type, media = _object(row.get("request_type")), _object(row.get("media"))
    summary = shapes.name(row.get("summary"))
    raw_status = shapes.name(row["status"])
    assignee = _reporter(row["assignee"]) if isinstance(row.get("assignee"), dict) else None
    place, doubts = shapes.place(row.get("lat"), row.get("lng"), where.box)
    if is_assumed:
        doubts |= {shapes.ZONE_ASSUMED}
    return ServiceRequest(
        request_id=request_id,
        status=shapes.status(raw_status) or CrmStatus.OPEN,
        raw_status=raw_status,
        summary=summary,
        description=shapes.text(row.get("description")),
        service_code=shapes.name(request_type.get("id")),
        # An issue tied to no type carries {}: its own title is all there is.
        service_name=shapes.name(request_type.get("title")) or summary,
        address=shapes.name(row.get("address")),
        place=place,
        created_at=created_at,
        updated_at=_time(row.get("updated_at"), where) or created_at,
        acknowledged_at=_time(row.get("acknowledged_at"), where),
        closed_at=_time(row.get("closed_at"), where),
        reopened_at=_time(row.get("reopened_at"), where),
        reporter=_reporter(row.get("reporter")),
        photo_url=next(iter(shapes.urls(media.get("image_full"))), ""),
        page_url=next(iter(shapes.urls(row.get("html_url"))), ""),
        agency=assignee.name if assignee else "",
        transitions=_offered(row),
        followers=max(1, shapes.count(row.get("rating"))),
        assignee_id=assignee.reporter_id if assignee else "",
        is_private=_is_private(row),
        doubts=doubts,
    )


def _object(value: Any) -> dict[str, Any]:
    """A part that has another shape costs no report its place in the queue."""
    return value if isinstance(value, dict) else {}


def _time(value: Any, where: Where) -> Millis | None:
    """Words that are no time are as good as none; only without a time of entry a row is none."""
    try:
        return None if value is None else shapes.moment(value, where.zone)[0]
    except ValueError:
        return None


def _is_private(row: dict[str, Any]) -> bool:
    """By whichever of its marks: one that is there for no reason hides too much, which is the safe way."""
    is_marked = row.get("is_private") is True or row.get("private_visibility") is True
    return is_marked or shapes.text(row.get("visibility")).lower() == "private"


def _offered(row: dict[str, Any]) -> frozenset[str]:
    """What may be done with an issue: the changes of status it lists, and the organization's own actions
    whose addresses it carries. An address of null is no offer."""
    listed = row.get("transitions")
    named = [name for name, url in listed.items() if url] if isinstance(listed, dict) else []
    return frozenset(named + [name for member, name in ORGANIZATION.items() if row.get(member)])


def read_messages(rows: Any, *, is_internal: bool = False) -> list[Message]:
    if not isinstance(rows, list):
        raise ServerNonsense("The 311 server answered without a list of comments.")
    return [read_message(row, is_internal=is_internal) for row in rows if isinstance(row, dict)]


def read_message(row: dict[str, Any], *, is_internal: bool = False) -> Message:
    """One comment. It has no id of its own: the flag address holds one, else a print of it stands in."""
    at = shapes.moment(row.get("created_at"), UTC)[0] or 0
    author = _reporter(row.get("commenter"))
    text = shapes.text(row.get("comment"))
    found = _COMMENT_ID.search(shapes.text(row.get("flag_url")))
    if found:
        message_id = found.group(1)
    else:
        message_id = hashlib.sha256(f"{at}|{author.reporter_id}|{text}".encode()).hexdigest()[:24]
    # The two kinds may well be counted apart.
    message_id = f"internal {message_id}" if is_internal else message_id
    return Message(message_id, author, text, at, bool(row.get("moderated")), is_internal)


def _reporter(value: Any) -> Reporter:
    if not isinstance(value, dict):
        return Reporter("0", "")
    return Reporter(
        shapes.name(value.get("id")) or "0", shapes.name(value.get("name")), shapes.name(value.get("role"))
    )


def _why(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"the row has no {error.args[0]}"
    return shapes.text(f"the row cannot be read: {error}")
