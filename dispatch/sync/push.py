"""Carrying the outbox to the 311 server: in order for each request, once each, through any failure.

Where the server knows our keys a repeat is harmless. Where not, we note before the first try how many equal
lines of ours it already holds, and after a failure whose outcome is unknown we look again before trying once
more. What a moderator holds is never sent again: it is looked for until it shows.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable
from typing import Any

from dispatch.errors import (
    LandfallError,
    RateLimited,
    ServerFailed,
    ServerNonsense,
    ServerRefused,
    ServerUnreachable,
)
from dispatch.records import Changes, Millis, OutboxItem, OutboxKind, OutboxState, Page
from dispatch.servers import Outgoing, Posted
from dispatch.store import mirror, outbox
from dispatch.store.store import Store
from dispatch.sync.budget import Lane
from dispatch.sync.calls import Calls
from dispatch.sync.line import Line
from dispatch.sync.read_back import SAID, WISHED, ReadBack, holds
from dispatch.sync.take import Taker

log = logging.getLogger(__name__)

FIRST_WAIT_S, LONGEST_WAIT_S = 2.0, 60.0
# How soon, and how seldom at last, we look for what a moderator holds.
LOOK_S, SELDOM_LOOK_S = 60.0, 3600.0
# After this the outcome of a try is unknown: the read-back decides.
UNKNOWN = (ServerUnreachable, ServerFailed, ServerNonsense)
# Our token or the address is wrong: no message is at fault, all of them wait.
CONCERNS_ALL = (0, 401)
# Somebody else changed the same thing at the same time: it may go in a moment, or it never will.
CONFLICT, CONFLICT_TRIES = 409, 3
HELD = "held by the city for moderation"
# In the detail of a report that was brought in with many others.
BEHIND = "behind"
NOT_THERE = "The report it belongs to is not on the 311 server."


def wall_now() -> Millis:
    return time.time_ns() // 1_000_000


class Push:
    """`account_id` is our own id on the server: by it our messages are told from others' on reading back.
    `withdraw` takes back what a rule has put here and may not say any more."""

    def __init__(self, line: Line, *, account_id: str, withdraw: Callable[[], Changes] = Changes) -> None:
        self._line = line
        self._calls = Calls(line)
        self._read_back = ReadBack(line)
        self._withdraw = withdraw
        self.account_id = account_id

    async def once(self) -> Changes:
        """Try everything that is due. Raises the first error that concerns the whole server (down, slow, 429,
        our token); a refusal that concerns one row goes to its author and the others go on. Ends early where
        something came meanwhile that goes before the rest: the next round begins with it."""
        changes = Changes()
        for item in await self._line.workers.store(self._due):
            if item.lane and await self._line.workers.store(self._waits_behind, item.lane):
                break
            changes |= await self._take(item)
        return changes

    async def _take(self, item: OutboxItem) -> Changes:
        try:
            if item.state is OutboxState.HELD:
                return await self._look(item)
            return await self._send(item)
        except RateLimited:
            raise
        except ServerRefused as error:
            if error.status in CONCERNS_ALL:
                raise
            if item.state is OutboxState.HELD:
                return await self._look_later(item)
            return await self._after_no(item, error)
        except UNKNOWN as error:
            await self._wait(item, error)
            raise

    # -- sending ----------------------------------------------------------------------------------------

    async def _send(self, item: OutboxItem) -> Changes:
        is_call = item.kind is OutboxKind.NEW_REQUEST
        if is_call == bool(item.request_id):
            # A call that a pull has met is done; anything else needs a request the server knows.
            return await self._done(item) if is_call else await self._back(item, NOT_THERE)
        if outbox.BY in item.detail and item.equal_before is None:
            await self._look_before_a_rule(item)
            item = await self._line.workers.store(self._again, item)
            if item.state == OutboxState.TAKEN_BACK:
                return Changes()
        held = await self._line.workers.store(self._held_before, item)
        if held is not None:
            return await self._note(item, due_at=held.due_at)
        if item.equal_before is not None:
            changes = await self._arrived_before(item)
            if changes is not None:
                return changes
        else:
            changes = await self._begin(item)
            item = await self._line.workers.store(self._again, item)
            if item.state != OutboxState.SENDING:
                return changes  # taken back in the last moment
        await self._note(item, attempts=item.attempts + 1)
        outgoing = Outgoing(item.kind, item.request_id, item.text, key=item.outbox_id, detail=item.detail)
        posted = await self._line.ask(Lane.ACT, self._line.server.post, outgoing)
        return await self._posted(item, posted)

    async def _look_before_a_rule(self, item: OutboxItem) -> None:
        """What the server holds of the thread by now decides whether a rule may write there (S8)."""
        messages = await self._line.ask(Lane.ACT, self._line.server.messages, item.request_id)
        await self._line.workers.store(self._line.taker.thread, item.request_id, messages)
        await self._line.workers.store(self._withdraw)

    async def _begin(self, item: OutboxItem) -> Changes:
        """What the read-back must know of the time before the first try."""
        values: dict[str, Any] = {"state": OutboxState.SENDING.value, "equal_before": 0}
        if item.kind is OutboxKind.NEW_REQUEST:
            values["detail"] = outbox.to_text(await self._calls.before(item, self.account_id))
        else:
            values["equal_before"] = await self._read_back.count(item, self.account_id)
        return await self._note(item, **values)

    async def _arrived_before(self, item: OutboxItem) -> Changes | None:
        """What an earlier try of unknown outcome has done; None when it must be tried again."""
        if item.kind is OutboxKind.NEW_REQUEST:
            return await self._find_call(item)
        if item.kind in SAID and self._line.server.knows_keys:
            return None
        has_arrived = await self._read_back.has_arrived(item, self.account_id)
        return await self._done(item) if has_arrived else None

    async def _posted(self, item: OutboxItem, posted: Posted) -> Changes:
        log.info("sent %s for request %s", item.kind, item.request_id or item.request_key)
        if item.kind is OutboxKind.NEW_REQUEST and posted.request_id:
            return await self._line.workers.store(self._calls.adopt, item, posted.request_id)
        if posted.is_held or item.kind is OutboxKind.NEW_REQUEST:
            return await self._hold(item, posted.token)
        changes = await self._done(item)
        if posted.message:
            changes |= await self._line.workers.store(
                self._line.taker.thread, item.request_id, [posted.message]
            )
        return changes

    async def _find_call(self, item: OutboxItem) -> Changes | None:
        request = await self._calls.find(item, self.account_id)
        if request is None:
            return None
        return await self._line.workers.store(self._calls.adopt, item, request.request_id, request)

    # -- what a moderator holds ---------------------------------------------------------------------------

    async def _hold(self, item: OutboxItem, token: str) -> Changes:
        now = wall_now()
        detail = {**item.detail, "held_at": str(now)}
        if token and item.kind is OutboxKind.NEW_REQUEST:
            await self._line.workers.store(self._calls.keep_token, item, token)
        return await self._note(
            item,
            state=OutboxState.HELD.value,
            error=HELD,
            detail=outbox.to_text(detail),
            due_at=now + int(1000 * LOOK_S),
        )

    async def _look(self, item: OutboxItem) -> Changes:
        """Does it show by now? What showed later than others may stand behind them."""
        if item.kind is OutboxKind.NEW_REQUEST:
            changes = await self._look_for_call(item)
        else:
            beyond = await self._line.workers.store(self._sent_after, item)
            shows = await self._read_back.has_arrived(item, self.account_id, beyond=beyond)
            changes = await self._note(item, state=OutboxState.SENT.value) if shows else None
        return changes if changes is not None else await self._look_later(item)

    async def _look_for_call(self, item: OutboxItem) -> Changes | None:
        if item.request_id:
            return await self._done(item)
        if item.token:
            request_id = await self._line.ask(Lane.ACT, self._line.server.token_status, item.token)
            if request_id:
                return await self._line.workers.store(self._calls.adopt, item, request_id)
        return await self._find_call(item)

    async def _look_later(self, item: OutboxItem) -> Changes:
        """As long again as it has been held so far."""
        now = wall_now()
        age_s = (now - int(item.detail.get("held_at", now))) / 1000
        return await self._note(item, due_at=now + int(1000 * min(SELDOM_LOOK_S, max(LOOK_S, age_s))))

    # -- when the server says no ----------------------------------------------------------------------------

    async def _after_no(self, item: OutboxItem, error: ServerRefused) -> Changes:
        """Read the request again: what was wanted may be so already. Else back to the author."""
        try:
            return await self._read_again(item, error)
        except UNKNOWN as trouble:
            await self._wait(item, trouble)
            raise

    async def _read_again(self, item: OutboxItem, error: ServerRefused) -> Changes:
        changes, request = Changes(), None
        if item.request_id:
            try:
                request = await self._read_back.request(item)
            except ServerRefused as again:
                log.info("request %s cannot be read either: %s", item.request_id, again)
        if request is not None:
            changes = await self._line.workers.store(self._line.taker.page, Page((request,), (), None, None))
            if holds(item, request):
                return changes | await self._say_the_rest(item)
        if error.status == CONFLICT and item.attempts < CONFLICT_TRIES:
            await self._wait(item, error)
            return changes
        return changes | await self._back(item, str(error))

    async def _say_the_rest(self, item: OutboxItem) -> Changes:
        """It stands as wished, by somebody else: what is left of ours is the words for the resident."""
        if item.kind not in WISHED or not item.text:
            return await self._done(item)
        log.info("request %s needs no %s any more: the words go as a message", item.request_id, item.kind)
        detail = outbox.to_text({**item.detail, "was": item.kind.value})
        return await self._note(item, kind=OutboxKind.MESSAGE.value, detail=detail, due_at=wall_now())

    async def _back(self, item: OutboxItem, words: str) -> Changes:
        """It will not heal by itself: back to its author with the server's words."""
        log.info("the server refused %s for request %s", item.kind, item.request_id)
        return await self._note(item, state=OutboxState.FAILED.value, error=words, told=True)

    async def _wait(self, item: OutboxItem, error: LandfallError) -> None:
        pause_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(item.attempts, 10))
        due_at = wall_now() + int(1000 * pause_s * random.uniform(0.7, 1.3))
        await self._note(item, due_at=due_at, error=str(error))

    # -- the outbox's rows ------------------------------------------------------------------------------

    async def _done(self, item: OutboxItem) -> Changes:
        return await self._note(item, state=OutboxState.SENT.value, error="")

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
        """What operators send, or, while nothing of that is due, one of what goes behind it."""
        with self._line.store.reading() as connection:
            items = outbox.due(connection, wall_now())
        first = [item for item in items if BEHIND not in item.detail]
        return first or items[:1]

    def _waits_behind(self, lane: int) -> bool:
        with self._line.store.reading() as connection:
            return outbox.is_due_before(connection, lane, wall_now())

    def _again(self, item: OutboxItem) -> OutboxItem:
        with self._line.store.reading() as connection:
            return outbox.get(connection, [item.outbox_id])[0]

    def _held_before(self, item: OutboxItem) -> OutboxItem | None:
        with self._line.store.reading() as connection:
            return outbox.held_before(connection, item)

    def _sent_after(self, item: OutboxItem) -> int:
        with self._line.store.reading() as connection:
            return outbox.sent_after(connection, item)


def save_account(store: Store, taker: Taker, account_id: str) -> None:
    """Remember who we are on the server, so that a start without it can still read back."""
    with store.transaction(taker.actor) as tx:
        mirror.set_server(tx.connection, taker.server_id, account_id=account_id)
