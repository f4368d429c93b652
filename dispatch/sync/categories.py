"""The public's categories at the 311 server: the live list read now and then, and brought to what is wanted.

Setting a state is done as often as one likes with the same outcome; still the live list is read before each
round of it, so that after a crash, or an answer that was lost, nothing is sent that is so already.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence

from dispatch.errors import LandfallError, RateLimited, ServerForbids, ServerNonsense, ServerRefused
from dispatch.records import CategorySwitch, Changes, Millis, OfferedCategory, SwitchState
from dispatch.store import categories
from dispatch.store.transaction import Transaction
from dispatch.sync.budget import Lane
from dispatch.sync.line import Line
from dispatch.sync.push import CONCERNS_ALL, UNKNOWN, wall_now

log = logging.getLogger(__name__)

# Somebody at the city may change the list at any time.
LOOK_EVERY_MS = 600_000
FIRST_WAIT_MS, LONGEST_WAIT_MS = 2_000, 60_000
Due = Sequence[tuple[CategorySwitch, int]]


class Categories:
    def __init__(self, line: Line) -> None:
        self._line = line
        # Of the wish that the list be read, the last that was answered: no two machines' clocks are compared.
        self._answered: Millis = 0

    async def step(self, *, is_looking: bool = True) -> Changes:
        """Send what is due; else read the list where it is time, or only where somebody wants it.

        Raises what concerns the whole server; what it refuses of one category goes to whoever wants it.
        """
        due, is_time, wanted_at = await self._line.workers.store(self._due, is_looking)
        if not due and not is_time:
            return Changes()
        live, changes = await self._look(Lane.ACT if due else Lane.BACKFILL)
        self._answered = wanted_at
        if live is None:
            return changes
        for row, attempts in due:
            changes |= await self._bring(row, attempts, live)
        return changes | await self._line.workers.store(self._say, due)

    # -- the live list ----------------------------------------------------------------------------------

    async def _look(self, lane: Lane) -> tuple[dict[str, OfferedCategory] | None, Changes]:
        server = self._line.server
        try:
            found = await self._line.ask(lane, server.categories)
        except (ServerForbids, RateLimited):
            raise
        except (ServerRefused, ServerNonsense) as error:
            if isinstance(error, ServerRefused) and error.status in CONCERNS_ALL:
                raise
            log.info("the list of categories cannot be read: %s", error)
            return None, await self._line.workers.store(self._keep_trouble, str(error))
        can = server.capabilities
        if "can_switch_categories" in can.corrected and not can.can_switch_categories:
            found = [OfferedCategory(each.category_id, each.title, each.is_offered) for each in found]
        changes = await self._line.workers.store(self._keep, found)
        return {each.category_id: each for each in found}, changes

    def _keep(self, found: list[OfferedCategory]) -> Changes:
        """The list, and with it what turns out to be done: by us, by a person who forgot to tick it, by
        anybody else at the city."""
        live = {each.category_id: each.is_offered for each in found}
        with self._line.store.transaction(self._line.taker.actor) as tx:
            categories.keep_list(tx, self._line.taker.server_id, found, wall_now())
            number = categories.newest(tx.connection, tx.actor.activation_id)
            open_ones = (SwitchState.BY_HAND, SwitchState.REFUSED)
            for row in categories.switches(tx.connection, tx.actor.activation_id, number) if number else ():
                if row.state in open_ones and live.get(row.category_id, False) is row.wanted:
                    _change(tx, number, row, state=SwitchState.DONE.value, error="", done_at=tx.now)
        return tx.changes

    def _keep_trouble(self, error: str) -> Changes:
        with self._line.store.transaction(self._line.taker.actor) as tx:
            categories.keep_trouble(tx, self._line.taker.server_id, error, wall_now())
        return tx.changes

    # -- switching --------------------------------------------------------------------------------------

    async def _bring(self, row: CategorySwitch, attempts: int, live: dict[str, OfferedCategory]) -> Changes:
        there = live.get(row.category_id)
        if (there.is_offered if there else False) is row.wanted:
            return await self._note(row, done=True)
        if not await self._line.workers.store(self._is_still_wanted, row):
            return Changes()  # a person has thought again since: the next round does what they want now
        changes = await self._note(row, state=SwitchState.SENDING.value, attempts=attempts + 1)
        try:
            await self._line.ask(Lane.ACT, self._line.server.offer, row.category_id, row.wanted)
        except RateLimited:
            raise
        except ServerRefused as error:
            if error.status in CONCERNS_ALL:
                raise
            log.info("the server refused to switch category %s", row.category_id)
            return changes | await self._note(row, state=SwitchState.REFUSED.value, error=str(error))
        except UNKNOWN as error:
            await self._wait(row, attempts, error)
            raise
        log.info("category %s is %s for the public", row.category_id, "on" if row.wanted else "off")
        return changes | await self._note(row, done=True)

    async def _wait(self, row: CategorySwitch, attempts: int, error: LandfallError) -> None:
        pause_ms = min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** min(attempts, 10))
        await self._note(row, due_at=wall_now() + pause_ms, error=str(error))

    async def _note(self, row: CategorySwitch, *, done: bool = False, **values: object) -> Changes:
        return await self._line.workers.store(self._write, row, done, values)

    def _write(self, row: CategorySwitch, done: bool, values: dict[str, object]) -> Changes:
        with self._line.store.transaction(self._line.taker.actor) as tx:
            number = categories.newest(tx.connection, tx.actor.activation_id)
            if done:
                values = {**values, "state": SwitchState.DONE.value, "error": "", "done_at": tx.now}
                categories.keep_one(tx, self._line.taker.server_id, row.category_id, row.wanted)
            _change(tx, number, row, **values)
        return tx.changes

    # -- the store's rows -------------------------------------------------------------------------------

    def _due(self, is_looking: bool) -> tuple[Due, bool, Millis]:
        """What is to be sent, whether it is time to read the list, and the wish that this answers."""
        now = wall_now()
        with self._line.store.reading() as connection:
            activation_id, server_id = self._line.taker.actor.activation_id, self._line.taker.server_id
            due = categories.due(connection, activation_id, now)
            look = categories.look(connection, server_id)
            is_wanted = look.wanted_at not in (0, self._answered)
            is_old = (is_looking or bool(categories.newest(connection, activation_id))) and _is_old(look, now)
        return due, is_wanted or is_old, look.wanted_at

    def _is_still_wanted(self, row: CategorySwitch) -> bool:
        with self._line.store.reading() as connection:
            activation_id = self._line.taker.actor.activation_id
            number = categories.newest(connection, activation_id)
            rows = categories.switches(connection, activation_id, number)
        return any(
            each.category_id == row.category_id and each.wanted is row.wanted and each.state.is_under_way
            for each in rows
        )

    def _say(self, due: Due) -> Changes:
        """One line for all that came to its end in this round."""
        sent = {row.category_id for row, _ in due}
        if not sent:
            return Changes()
        with self._line.store.transaction(self._line.taker.actor) as tx:
            number = categories.newest(tx.connection, tx.actor.activation_id)
            rows = categories.switches(tx.connection, tx.actor.activation_id, number)
            states = [each.state for each in rows if each.category_id in sent]
            done, refused = states.count(SwitchState.DONE), states.count(SwitchState.REFUSED)
            if done or refused:
                words = f"the 311 server's list for the public: {done} switched"
                tx.log("category_switched", words + (f", {refused} refused" if refused else ""))
        return tx.changes


def _is_old(look: categories.Look, now: Millis) -> bool:
    return not 0 <= now - look.tried_at < LOOK_EVERY_MS


def _change(tx: Transaction, number: int, row: CategorySwitch, **values: object) -> None:
    categories.change(tx, number, row.category_id, wanted=row.wanted, values=values)
