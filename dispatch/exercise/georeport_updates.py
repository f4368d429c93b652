"""The updates extension: lines of the threads as updates, and updates of callers as acts on an issue."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.issue import Issue
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.script import Kind
from dispatch.records import Millis

NEEDED = ("update_id", "service_request_id", "status", "updated_datetime", "description")
SAYS = {"Open": "OPEN", "Acknowledged": "INVESTIGATING", "Closed": "CLOSED", "Archived": "CLOSED"}
_PUBLIC = "issue_id NOT IN (SELECT issue_id FROM private)"
_OPENING = ("open", "reopen")
_WORKING = ("in progress", "action scheduled", "investigating", "for triage")
_CLOSING = (
    "closed",
    "fixed",
    "cancelled",
    "duplicate",
    "no further action",
    "not councils responsibility",
    "internal referral",
)
STATUSES = frozenset((*_OPENING, *_WORKING, *_CLOSING, "unchanged"))


def plain(status: str) -> str:
    """Upper or lower case, blank or underscore: all of them are in use."""
    return status.replace("_", " ").strip().lower()


def act(issue: Issue, status: str) -> Kind:
    """What the status asks for, where the issue is not there already."""
    is_open = wire.COARSE[issue.status] == wire.OPEN
    if status in _CLOSING:
        kind = Kind.CLOSE
    elif status in (*_OPENING, *_WORKING) and not is_open:
        kind = Kind.OPEN
    elif status in _WORKING:
        kind = Kind.ACKNOWLEDGE
    else:
        kind = Kind.COMMENT
    return kind if issue.allows(kind) else Kind.COMMENT


def lines(ledger: Ledger, begin_at: Millis | None, end_at: Millis | None) -> list[Any]:
    """Number, issue, time, words, status and the caller's own id of every line in that time, oldest first."""
    bounds = [(term, at) for term, at in (("at >= ?", begin_at), ("at <= ?", end_at)) if at is not None]
    where = " AND ".join([_PUBLIC, *(term for term, _ in bounds)])
    return ledger.rows(
        "SELECT id, issue_id, at, text, status, update_id FROM comment"
        f" LEFT JOIN update_line ON comment_id = id WHERE {where} ORDER BY at, id",
        [at for _, at in bounds],
    )


def missing(sent: Mapping[str, str]) -> str | None:
    return next((name for name in NEEDED if not sent.get(name, "").strip()), None)
