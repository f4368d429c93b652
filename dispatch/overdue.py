"""What nobody took: it comes back to the top of the queue and goes down the next channel as well.

`channels` are those that the city has set up and that carry by themselves, in their order; each re-sending
is of the same escalation, under its one id.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dispatch.escalation.states import Act, after, can
from dispatch.escalation.timers import TimerKind, has_expired, running
from dispatch.records import Delivery, DeliveryState, Escalation, EscalationState, Flag, Millis
from dispatch.store import escalations, sites
from dispatch.store.transaction import Transaction

_ALIVE = (DeliveryState.QUEUED, DeliveryState.FAILED, DeliveryState.SENT, DeliveryState.DELIVERED)


def is_due(item: Escalation, ways: Sequence[Delivery], channels: Sequence[str], now: Millis) -> bool:
    """Its time has run out, for the first time or once more while a channel is left to try."""
    if has_expired(item, now):
        return True
    if item.state != EscalationState.EXPIRED or not _next(item, ways, channels):
        return False
    added = sum(way.channel not in item.channels for way in ways)
    return any(t.rounds > added for t in running(item, now) if t.kind == TimerKind.ACCEPT)


def come_back(tx: Transaction, item: Escalation, channels: Sequence[str]) -> None:
    """Nobody accepted it in time."""
    ways = escalations.deliveries(tx.connection, [item.escalation_id])[item.escalation_id]
    if is_due(item, ways, channels, tx.now):
        _on_top(tx, item, ways, channels, "expired", "nobody accepted it in time")


def not_handed_over(tx: Transaction, item: Escalation, failed: str, channels: Sequence[str]) -> None:
    """A channel has given it up. Where no other has it, that is said on top of the queue at once: nobody
    would answer by the end of its time. What was handed over before, and now only lacks newer words, keeps
    its state and has the mark of a new fact."""
    ways = escalations.deliveries(tx.connection, [item.escalation_id])[item.escalation_id]
    others = [way.state for way in ways if way.channel != failed]
    if item.state == EscalationState.EXPIRED or not any(state in _ALIVE for state in others):
        # Somebody may have taken it by voice before it left at all.
        nobody_has_it = item.sent_at is None and can(item.state, Act.EXPIRE)
        if item.state == EscalationState.EXPIRED or nobody_has_it:
            _on_top(tx, item, ways, channels, "not_handed_over", f"could not be handed over by {failed}")
            return
        sites.set_flags(tx, item.site_id, add=Flag.NEW_FACT)
    tx.log(
        "not_handed_over",
        f"{item.number} could not be handed over by {failed}",
        site_id=item.site_id,
        subject=item.escalation_id,
    )


def _on_top(
    tx: Transaction,
    item: Escalation,
    ways: Sequence[Delivery],
    channels: Sequence[str],
    act: str,
    why: str,
) -> None:
    before, state = item.state, EscalationState.EXPIRED
    if before != state:
        state = after(before, Act.EXPIRE)
        escalations.save(tx, replace(item, state=state, state_at=tx.now))
    name = _next(item, ways, channels)
    if name:
        escalations.queue_delivery(tx, item.escalation_id, name)
    tx.sites.update(item.site_ids)
    tx.log(
        act,
        f"{item.number}: {why}" + (f"; it goes by {name} as well" if name else ""),
        site_id=item.site_id,
        subject=item.escalation_id,
        detail={"before": {"state": before}, "after": {"state": state}},
    )


def _next(item: Escalation, ways: Sequence[Delivery], channels: Sequence[str]) -> str:
    used = {*item.channels, *(way.channel for way in ways)}
    return next((name for name in channels if name not in used), "")
