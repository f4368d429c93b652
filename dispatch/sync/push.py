"""Carrying the outbox to the 311 server: in order for each request, once each, through any failure.

The server knows no idempotency key. So before the first try we note how many equal messages of ours it
already holds, and after a failure whose outcome is unknown we count again before trying once more.
"""

from __future__ import annotations

import logging
import random
import time

from dispatch.errors import (
    LandfallError,
    RateLimited,
    ServerFailed,
    ServerNonsense,
    ServerRefused,
    ServerUnreachable,
)
from dispatch.records import Changes, Message, Millis, OutboxItem, OutboxState
from dispatch.servers import Outgoing
from dispatch.store import mirror, outbox
from dispatch.store.store import Store
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.take import Taker

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 60.0
# After this the outcome of a try is unknown: the read-back decides.
UNKNOWN = (ServerUnreachable, ServerFailed, ServerNonsense)
# Our token or the address is wrong: no message is at fault, all of them wait.
CONCERNS_ALL = (0, 401)


def wall_now() -> Millis:
    return time.time_ns() // 1_000_000


class Push:
    """`account_id` is our own id on the server: by it our messages are told from others' on reading back."""

    def __init__(self, line: Line, *, account_id: str) -> None:
        self._line = line
        self.account_id = account_id

    async def once(self) -> Changes:
        """Try everything that is due. Raises the first error that concerns the whole server (down, slow, 429,
        our token); a refusal that concerns one row goes to its author and the others go on."""
        changes = Changes()
        for item in await self._line.workers.store(self._due):
            changes |= await self._send(item)
        return changes

    async def _send(self, item: OutboxItem) -> Changes:
        try:
            if item.equal_before is None:
                before = self._count(await self._thread(item), item)
                changes = await self._note(item, state=OutboxState.SENDING.value, equal_before=before)
                item = await self._line.workers.store(self._again, item)
                if item.state != OutboxState.SENDING:
                    return changes  # taken back in the last moment
            elif await self._has_happened(item):
                return await self._done(item)
            await self._note(item, attempts=item.attempts + 1)
            outgoing = Outgoing(item.kind, item.request_id, item.text, key=item.outbox_id)
            posted = await self._line.ask(Lane.ACT, self._line.server.post, outgoing)
        except RateLimited:
            raise
        except ServerRefused as error:
            if error.status in CONCERNS_ALL:
                raise
            return await self._refused(item, error)
        except UNKNOWN as error:
            await self._wait(item, error)
            raise
        log.info("sent %s for request %s", item.kind, item.request_id)
        changes = await self._done(item, error="held by the city for moderation" if posted.is_held else "")
        if posted.message:
            changes |= await self._line.workers.store(
                self._line.taker.thread, item.request_id, [posted.message]
            )
        return changes

    async def _has_happened(self, item: OutboxItem) -> bool:
        """Did an earlier try of unknown outcome arrive? Never asked before a first try.

        A change of status always leaves its words in the thread, so they are the proof of it, too: the
        status alone may be somebody else's doing, and the resident would never have had our words.
        """
        return self._count(await self._thread(item), item) > (item.equal_before or 0)

    async def _thread(self, item: OutboxItem) -> list[Message]:
        return await self._line.ask(Lane.ACT, self._line.server.messages, item.request_id)

    def _count(self, thread: list[Message], item: OutboxItem) -> int:
        words = item.text.split()  # servers change spaces and line ends
        return sum(m.text.split() == words and m.author.reporter_id == self.account_id for m in thread)

    async def _done(self, item: OutboxItem, error: str = "") -> Changes:
        return await self._note(item, state=OutboxState.SENT.value, error=error)

    async def _refused(self, item: OutboxItem, error: ServerRefused) -> Changes:
        """It will not heal by itself: back to its author with the server's words."""
        log.info("the server refused %s for request %s", item.kind, item.request_id)
        return await self._note(item, state=OutboxState.FAILED.value, error=str(error), told=True)

    async def _wait(self, item: OutboxItem, error: LandfallError) -> None:
        pause_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(item.attempts, 10))
        due_at = wall_now() + int(1000 * pause_s * random.uniform(0.7, 1.3))
        await self._note(item, due_at=due_at, error=str(error))

    async def _note(self, item: OutboxItem, *, told: bool = False, **values: object) -> Changes:
        return await self._line.workers.store(self._write, item, values, told)

    def _write(self, item: OutboxItem, values: dict[str, object], told: bool) -> Changes:
        with self._line.store.transaction(self._line.taker.actor) as tx:
            current = outbox.get(tx.connection, [item.outbox_id])[0]
            if current.state == OutboxState.TAKEN_BACK:
                return tx.changes
            outbox.change(tx, item, **values)
            if told:
                tx.log(
                    "refused", f"the 311 server refused the {item.kind}", site_id=item.site_id,
                    subject=item.outbox_id,
                )  # fmt: skip
        return tx.changes

    def _due(self) -> list[OutboxItem]:
        with self._line.store.reading() as connection:
            return outbox.due(connection, wall_now())

    def _again(self, item: OutboxItem) -> OutboxItem:
        with self._line.store.reading() as connection:
            return outbox.get(connection, [item.outbox_id])[0]


def save_account(store: Store, taker: Taker, account_id: str) -> None:
    """Remember who we are on the server, so that a start without it can still read back."""
    with store.transaction(taker.actor) as tx:
        mirror.set_server(tx.connection, taker.server_id, account_id=account_id)
