"""Carrying hand-overs down their channels: each tried until it is sent, nothing sent twice that can tell."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import replace

from dispatch import overdue
from dispatch.errors import ChannelFailed, ChannelRefused, StoreUnreachable
from dispatch.escalation.channel import Channel
from dispatch.escalation.channels import CHANNELS, ChannelSettings
from dispatch.escalation.states import Act, after
from dispatch.records import (
    Actor,
    Changes,
    Delivery,
    DeliveryState,
    Escalation,
    EscalationState,
    Millis,
    Receipt,
)
from dispatch.store import escalations
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from dispatch.sync.push import wall_now
from dispatch.workers import Workers

log = logging.getLogger(__name__)

# Between the tries of one delivery; after the last it is a dead letter.
WAITS_S = (5, 30, 120, 600, 3600)
# So that what failed together does not come back together.
JITTER = (0.8, 1.2)


class Deliver:
    """A crash between the hand-over and its receipt repeats the hand-over: channels are made for that, the
    escalation's id is the same on every try. `channels` are those a hand-over may go down by itself when
    another has given it up."""

    def __init__(
        self,
        *,
        store: Store,
        workers: Workers,
        actor: Actor,
        settings: ChannelSettings,
        channels: Callable[[], tuple[str, ...]],
        must_be_ours: Callable[[], None] = lambda: None,
    ) -> None:
        """`must_be_ours` raises StoreUnreachable where another process may be doing the same by now."""
        self._store = store
        self._workers = workers
        self._actor = actor
        self._settings = settings
        self._channels = channels
        self._must_be_ours = must_be_ours

    async def once(self) -> Changes:
        """Try every delivery that is due."""
        changes = Changes()
        for done in await asyncio.gather(*(self.by(name) for name in CHANNELS)):
            changes |= done
        return changes

    async def by(self, channel: str) -> Changes:
        """Try what is due on one channel, the most urgent first."""
        changes = Changes()
        for delivery_id in await self._workers.store(self._due, channel):
            # The one before may have taken long: words may be newer, somebody may have answered.
            found = await self._workers.store(self._as_it_stands, delivery_id)
            if found is not None:
                changes |= await self._hand_over(*found)
        return changes

    async def _hand_over(self, delivery: Delivery, escalation: Escalation) -> Changes:
        channel = CHANNELS[delivery.channel]
        try:
            receipt = await self._workers.channel(self._carry, channel, escalation)
        except ChannelFailed as error:
            if delivery.attempts == 0:
                log.info("%s failed for %s", delivery.channel, escalation.number)
            return await self._workers.store(self._failed, delivery, error)
        except StoreUnreachable:
            raise
        except Exception:
            # An edge of the program: one hand-over that cannot be drawn must not hold up the others.
            log.exception("%s failed for %s", delivery.channel, escalation.number)
            sentence = f"The {channel.label} channel failed where it should not: use another one and tell IT."
            return await self._workers.store(self._failed, delivery, ChannelFailed(sentence))
        return await self._workers.store(self._sent, delivery, receipt)

    def _carry(self, channel: Channel, escalation: Escalation) -> Receipt:
        self._must_be_ours()
        return channel.hand_over(escalation, self._settings)

    def _due(self, channel: str) -> list[str]:
        with self._store.reading() as connection:
            due = escalations.due_deliveries(connection, channel, wall_now())
            found = {key: escalations.get(connection, key) for key in {d.escalation_id for d in due}}
        ranked = [(int(item.band), d.at, d.delivery_id) for d in due if (item := found[d.escalation_id])]
        return [delivery_id for *_, delivery_id in sorted(ranked)]

    def _as_it_stands(self, delivery_id: str) -> tuple[Delivery, Escalation] | None:
        with self._store.reading() as connection:
            delivery = escalations.delivery_now(connection, delivery_id)
            if delivery is None or delivery.state not in escalations.TRIED:
                return None
            escalation = escalations.get(connection, delivery.escalation_id)
            return None if escalation is None else (delivery, escalation)

    def _sent(self, tried: Delivery, receipt: Receipt) -> Changes:
        with self._store.transaction(self._actor) as tx:
            delivery = escalations.delivery_now(tx.connection, tried.delivery_id)
            if delivery is None:
                return tx.changes
            # Answered there before this receipt came: that is the better proof.
            state = delivery.state if delivery.state == DeliveryState.DELIVERED else receipt.state
            attempts = delivery.attempts + 1
            had = replace(
                delivery, state=state, at=receipt.at, attempts=attempts, proof=receipt.proof, error=""
            )
            escalations.save_delivery(tx, had)
            item = escalations.get(tx.connection, delivery.escalation_id)
            if item is not None:
                self._note(tx, item, receipt)
        return tx.changes

    def _note(self, tx: Transaction, item: Escalation, receipt: Receipt) -> None:
        """The first channel that took it makes it sent, the first proof of the other side received; later
        ones move nothing."""
        tx.sites.update(item.site_ids)
        if item.sent_at is None:
            item = replace(item, sent_at=tx.now)
            escalations.save(tx, item)
            tx.log("sent", f"{item.number} sent", site_id=item.site_id, subject=item.escalation_id)
        if receipt.state == DeliveryState.DELIVERED and item.state == EscalationState.SENT:
            state = after(item.state, Act.RECEIVE)
            escalations.save(tx, replace(item, state=state, state_at=tx.now, received_at=tx.now))
            tx.log(
                "received",
                f"{item.number} received",
                site_id=item.site_id,
                subject=item.escalation_id,
                detail={"before": {"state": item.state}, "after": {"state": state}},
            )

    def _failed(self, tried: Delivery, error: ChannelFailed) -> Changes:
        with self._store.transaction(self._actor) as tx:
            delivery = escalations.delivery_now(tx.connection, tried.delivery_id)
            if delivery is None or delivery.state not in escalations.TRIED:
                return tx.changes
            attempts = delivery.attempts + 1
            is_over = isinstance(error, ChannelRefused) or attempts > len(WAITS_S)
            failed = replace(
                delivery,
                state=DeliveryState.DEAD_LETTER if is_over else DeliveryState.FAILED,
                at=tx.now,
                attempts=attempts,
                next_at=0 if is_over else _next_try(attempts, error.retry_after_s),
                error=str(error),
            )
            escalations.save_delivery(tx, failed)
            item = escalations.get(tx.connection, delivery.escalation_id)
            if item is not None:
                tx.sites.update(item.site_ids)
                if is_over and item.state.is_open:
                    overdue.not_handed_over(tx, item, delivery.channel, self._channels())
        return tx.changes


def _next_try(attempts: int, least_s: float) -> Millis:
    wait_s = WAITS_S[attempts - 1] * random.uniform(*JITTER)
    return wall_now() + round(1000 * max(wait_s, least_s))
