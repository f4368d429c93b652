"""Carrying hand-overs down their channels: each tried until it is sent, nothing sent twice that can tell."""

from __future__ import annotations

import logging
from dataclasses import replace

from dispatch.errors import ChannelFailed
from dispatch.escalation import CHANNELS, ChannelSettings
from dispatch.records import Actor, Changes, Delivery, DeliveryState, Escalation, Millis, Receipt
from dispatch.store import escalations
from dispatch.store.store import Store
from dispatch.sync.push import wall_now
from dispatch.workers import Workers

log = logging.getLogger(__name__)

WAITS_S = (5, 30, 120, 600, 3600)


class Deliver:
    """A crash between the hand-over and its receipt repeats the hand-over: channels are made for that, the
    escalation's id is the same on every try."""

    def __init__(self, *, store: Store, workers: Workers, actor: Actor, settings: ChannelSettings) -> None:
        self._store = store
        self._workers = workers
        self._actor = actor
        self._settings = settings

    async def once(self) -> Changes:
        """Try every delivery that is due."""
        changes = Changes()
        for delivery, escalation in await self._workers.store(self._due):
            changes |= await self._hand_over(delivery, escalation)
        return changes

    async def _hand_over(self, delivery: Delivery, escalation: Escalation) -> Changes:
        channel = CHANNELS[delivery.channel]
        try:
            receipt = await self._workers.network(channel.hand_over, escalation, self._settings)
        except ChannelFailed as error:
            if delivery.attempts == 0:
                log.info("%s failed for %s", delivery.channel, escalation.number)
            return await self._workers.store(self._failed, delivery, str(error))
        except Exception:
            # An edge of the program: one hand-over that cannot be drawn must not hold up the others.
            log.exception("%s failed for %s", delivery.channel, escalation.number)
            sentence = f"The {channel.label} channel failed where it should not: use another one and tell IT."
            return await self._workers.store(self._failed, delivery, sentence)
        return await self._workers.store(self._sent, delivery, receipt)

    def _due(self) -> list[tuple[Delivery, Escalation]]:
        with self._store.reading() as connection:
            due = escalations.due_deliveries(connection, wall_now())
            found = {key: escalations.get(connection, key) for key in {d.escalation_id for d in due}}
        return [(d, item) for d in due if (item := found[d.escalation_id]) is not None]

    def _sent(self, delivery: Delivery, receipt: Receipt) -> Changes:
        with self._store.transaction(self._actor) as tx:
            if not escalations.is_wanted(tx.connection, delivery):
                return tx.changes
            attempts = delivery.attempts + 1
            escalations.save_delivery(
                tx,
                replace(
                    delivery,
                    state=receipt.state,
                    at=receipt.at,
                    attempts=attempts,
                    proof=receipt.proof,
                    error="",
                ),
            )
            item = escalations.get(tx.connection, delivery.escalation_id)
            if item is not None and item.sent_at is None:
                escalations.save(tx, replace(item, sent_at=tx.now))
                tx.log("sent", f"{item.number} sent", site_id=item.site_id, subject=item.escalation_id)
        return tx.changes

    def _failed(self, delivery: Delivery, sentence: str) -> Changes:
        with self._store.transaction(self._actor) as tx:
            if not escalations.is_wanted(tx.connection, delivery):
                return tx.changes
            next_at: Millis = wall_now() + 1000 * WAITS_S[min(delivery.attempts, len(WAITS_S) - 1)]
            escalations.save_delivery(
                tx,
                replace(
                    delivery,
                    state=DeliveryState.FAILED,
                    at=tx.now,
                    attempts=delivery.attempts + 1,
                    next_at=next_at,
                    error=sentence,
                ),
            )
            item = escalations.get(tx.connection, delivery.escalation_id)
            if item is not None:
                tx.sites.add(item.site_id)
        return tx.changes
