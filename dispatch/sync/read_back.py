"""Has an earlier try of unknown outcome arrived? Asked before each second try of what must happen once."""

from __future__ import annotations

from collections.abc import Iterable

from dispatch.records import CrmStatus, Message, OutboxItem, OutboxKind, ServiceRequest
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line

# A change of status always leaves its words in the thread, so they are the proof of it, too: the status
# alone may be somebody else's doing, and the resident would never have had our words.
SAID = (
    OutboxKind.MESSAGE,
    OutboxKind.ACKNOWLEDGE,
    OutboxKind.CLOSE,
    OutboxKind.REOPEN,
    OutboxKind.INTERNAL_NOTE,
)
# What each act wants of the status.
WISHED = {
    OutboxKind.ACKNOWLEDGE: (CrmStatus.ACKNOWLEDGED, CrmStatus.CLOSED),
    OutboxKind.CLOSE: (CrmStatus.CLOSED,),
    OutboxKind.REOPEN: (CrmStatus.OPEN, CrmStatus.ACKNOWLEDGED),
}


class ReadBack:
    def __init__(self, line: Line) -> None:
        self._line = line

    async def count(self, item: OutboxItem, account_id: str) -> int:
        """How many equal lines of ours the server holds: 0 for what leaves none or may be repeated."""
        if item.kind not in SAID or self._line.server.knows_keys:
            return 0
        return equal_lines(await self._thread(item), item, account_id)

    async def has_arrived(self, item: OutboxItem, account_id: str, *, beyond: int = 0) -> bool:
        """Beyond what was there before the first try, and `beyond` others."""
        if item.kind is OutboxKind.ASSIGN:
            request = await self.request(item)
            return request is not None and holds(item, request)
        thread = await self._thread(item)
        if self._line.server.knows_keys:
            return any(line.message_id == item.outbox_id for line in thread)
        there = equal_lines(thread, item, account_id)
        return there > (item.equal_before or 0) + beyond

    async def request(self, item: OutboxItem) -> ServiceRequest | None:
        return await self._line.ask(Lane.ACT, self._line.server.request, item.request_id)

    async def _thread(self, item: OutboxItem) -> list[Message]:
        return await self._line.ask(Lane.ACT, self._line.server.messages, item.request_id)


def equal_lines(thread: Iterable[Message], item: OutboxItem, account_id: str) -> int:
    words = item.text.split()  # servers change spaces and line ends
    is_internal = item.kind is OutboxKind.INTERNAL_NOTE
    return sum(
        line.is_internal is is_internal
        and line.text.split() == words
        and line.author.reporter_id == account_id
        for line in thread
    )


def holds(item: OutboxItem, request: ServiceRequest) -> bool:
    """Does the request stand as the act wants it, whoever did it?"""
    if item.kind is OutboxKind.ASSIGN:
        return request.assignee_id == item.detail.get("assignee_id")
    return request.status in WISHED.get(item.kind, ())
