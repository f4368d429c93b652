"""What a server lets us do with a request, by what it has said of itself and of the request."""

from __future__ import annotations

from dispatch.records import CrmStatus, OutboxKind, ServiceRequest
from dispatch.servers.capabilities import Capabilities
from dispatch.servers.seeclickfix import TRANSITIONS
from dispatch.servers.seeclickfix_rows import ASSIGNMENT, INTERNAL_COMMENTS

WORDS = {
    OutboxKind.MESSAGE: "messages",
    OutboxKind.ACKNOWLEDGE: "acknowledging",
    OutboxKind.CLOSE: "closing",
    OutboxKind.REOPEN: "reopening",
    OutboxKind.ASSIGN: "assigning",
    OutboxKind.INTERNAL_NOTE: "internal comments",
}
NEEDED = {**TRANSITIONS, OutboxKind.ASSIGN: ASSIGNMENT, OutboxKind.INTERNAL_NOTE: INTERNAL_COMMENTS}
INSIDE = (OutboxKind.ASSIGN, OutboxKind.INTERNAL_NOTE)


def why_not(kind: OutboxKind, request: ServiceRequest, *, server_kind: str, can: Capabilities) -> str:
    """Why the server would not take this, in a sentence; empty where it may well.

    Archived is final on every server that knows the word: no status, no message.
    """
    if request.status is CrmStatus.ARCHIVED:
        return f"Report {request.request_id} is archived on the 311 server, and that is final."
    if not request.request_id:
        # Of a call on its way nobody knows yet what its request will offer.
        return "The 311 server does not have this report yet." if kind in INSIDE else ""
    if server_kind == "seeclickfix":
        is_offered = NEEDED.get(kind) is None or NEEDED[kind] in request.transitions
    elif kind in INSIDE:
        is_offered = False
    else:
        # Until it was asked what it can do, it may.
        is_offered = can.can_post_updates or can.probed_at is None
    if is_offered:
        return ""
    return f"The 311 server offers no {WORDS[kind]} on report {request.request_id}."
