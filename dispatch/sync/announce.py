"""Notices on the 311 server, where it has them: put there once, down when they end, through any failure.

Before each try the server's list is read: what stands there by our id is done, whoever lost the answer. What
is over by its time is marked so here too, for a room where nobody looks.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import tzinfo
from typing import Any

from dispatch.errors import LandfallError, RateLimited, ServerRefused
from dispatch.notices import public_words
from dispatch.records import ENDED, Actor, Changes, Notice, NoticePlace, NoticeState
from dispatch.rights import may
from dispatch.store import notices
from dispatch.store.forms import incident
from dispatch.store.notices import DONE, END, FAILED, SENDING, STOPPED
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.push import CONCERNS_ALL, FIRST_WAIT_S, LONGEST_WAIT_S, UNKNOWN, wall_now

NO_NOTICES = "It takes no notices: use the hand-off sheet."


class Announce:
    def __init__(self, line: Line, *, actor: Actor, zone: tzinfo) -> None:
        self._line = line
        self._actor = actor
        self._zone = zone

    async def once(self) -> Changes:
        """Everything that is due. Raises what concerns the whole server; a refusal stays with its notice."""
        store = self._line.workers.store
        changes = await store(self._expire)
        due, is_exercise = await store(self._due)
        if not due:
            return changes
        there = await self._line.ask(Lane.ACT, self._line.server.notices)
        for item, place in due:
            changes |= await self._take(item, place, there, is_exercise)
        return changes

    async def _take(
        self, item: Notice, place: NoticePlace, there: Mapping[str, str] | None, is_exercise: bool
    ) -> Changes:
        if there is None:
            return await self._note(item, place, state=FAILED, error=NO_NOTICES)
        link = there.get(item.notice_id, "")
        is_over = item.state in ENDED or not item.is_live(self._line.store.clock.now())
        try:
            if is_over:
                if link:
                    await self._line.ask(Lane.ACT, self._line.server.end_notice, link)
                is_there = bool(link) or place.state == DONE
                return await self._note(item, place, state=END if is_there else STOPPED)
            if link:
                return await self._note(item, place, state=DONE, link=link, error="")
            trying = replace(place, state=SENDING, attempts=place.attempts + 1)
            if not await self._line.workers.store(self._begin, item, trying):
                return Changes()  # taken back in the last moment
            body: dict[str, Any] = public_words.for_server(item, zone=self._zone, is_exercise=is_exercise)
            link = await self._line.ask(Lane.ACT, self._line.server.post_notice, body)
            return await self._note(item, trying, state=DONE, link=link, error="")
        except RateLimited:
            raise
        except ServerRefused as error:
            if error.status in CONCERNS_ALL:
                raise
            return await self._note(item, place, state=FAILED, error=str(error))
        except UNKNOWN as error:
            await self._wait(item, error)
            raise

    # -- the store's side -----------------------------------------------------------------------------

    def _due(self) -> tuple[tuple[tuple[Notice, NoticePlace], ...], bool]:
        with self._line.store.reading() as connection:
            due = notices.for_server(connection, wall_now())
            return due, bool(due) and incident(connection, self._actor.activation_id).is_exercise

    def _expire(self) -> Changes:
        if not may(self._actor.role, "notice_expired"):
            return Changes()
        return notices.expire(self._line.store, self._actor)

    def _begin(self, item: Notice, trying: NoticePlace) -> bool:
        """Whether it may still go: it may have been cancelled since it was read."""
        with self._line.store.transaction(self._actor) as tx:
            now = notices.get(tx.connection, item.notice_id)
            if now is None or now.state is not NoticeState.LIVE:
                return False
            notices.put_place(tx, trying)
        return True

    async def _note(self, item: Notice, place: NoticePlace, **values: Any) -> Changes:
        return await self._line.workers.store(self._write, item, place, values)

    def _write(self, item: Notice, place: NoticePlace, values: dict[str, Any]) -> Changes:
        with self._line.store.transaction(self._actor) as tx:
            after = replace(place, **values, at=tx.now)
            notices.put_place(tx, after)
            said = {DONE: "stands on", END: "taken off", FAILED: "refused by", STOPPED: "kept off"}
            tx.log(
                "notice_on_server",
                f"{item.number} {said[after.state]} the 311 server",
                subject=item.notice_id,
            )
        return tx.changes

    async def _wait(self, item: Notice, error: LandfallError) -> None:
        await self._line.workers.store(self._put_off, item, error)

    def _put_off(self, item: Notice, error: LandfallError) -> None:
        with self._line.store.transaction(self._actor) as tx:
            for place in notices.places(tx.connection, [item.notice_id]):
                if place.place == notices.SERVER:
                    pause_s = min(LONGEST_WAIT_S, FIRST_WAIT_S * 2 ** min(place.attempts, 10))
                    due_at = wall_now() + int(1000 * pause_s * random.uniform(0.7, 1.3))
                    notices.put_place(tx, replace(place, due_at=due_at, error=str(error)))
