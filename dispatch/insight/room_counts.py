"""How the console itself does: its channels and its seats, from plain rows."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

import numpy as np

from dispatch.insight.lasting import Lasting, lasting
from dispatch.records import DeliveryState, Millis, SeatActs, Way

_GONE = (DeliveryState.SENT, DeliveryState.DELIVERED)


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """Deliveries of one channel as they stand. `given_up` is a dead letter; `receipt` is from the hand-over
    to its receipt, with those that still wait counted in, None where no receipt ever came by it."""

    channel: str
    gone: int
    waiting: int
    retrying: int
    given_up: int
    last_at: Millis | None
    receipt: Lasting | None
    trouble: frozenset[int]  # sites whose hand-over did not leave by it


@dataclass(frozen=True, slots=True)
class SeatCounts:
    seat: str
    is_here: bool
    last_at: Millis | None
    last_hour: int
    acts: int


def channel_counts(ways: Iterable[Way], now: Millis) -> tuple[ChannelCounts, ...]:
    """By the name of the channel."""
    by_channel: dict[str, list[Way]] = {}
    for way in ways:
        by_channel.setdefault(way.channel, []).append(way)
    return tuple(_channel(name, by_channel[name], now) for name in sorted(by_channel))


def seat_counts(seats: Iterable[SeatActs], here: Collection[str]) -> tuple[SeatCounts, ...]:
    """By the name of the seat: nobody is ranked."""
    acted = {each.seat: each for each in seats}
    found = []
    for seat in sorted({*acted, *here}):
        each = acted.get(seat)
        counts = (each.last_at, each.last_hour, each.acts) if each else (None, 0, 0)
        found.append(SeatCounts(seat, seat in here, *counts))
    return tuple(found)


def _channel(name: str, ways: list[Way], now: Millis) -> ChannelCounts:
    def of(*states: DeliveryState) -> list[Way]:
        return [way for way in ways if way.state in states]

    gone, receipts = of(*_GONE), of(DeliveryState.DELIVERED)
    waiting = [way for way in ways if way.state != DeliveryState.DELIVERED and way.is_open]
    given_up, retrying = of(DeliveryState.DEAD_LETTER), of(DeliveryState.FAILED)
    return ChannelCounts(
        channel=name,
        gone=len(gone),
        waiting=len(of(DeliveryState.QUEUED)),
        retrying=len(retrying),
        given_up=len(given_up),
        last_at=max((way.at for way in gone), default=None),
        receipt=lasting(
            np.array([max(0, way.at - way.created_at) for way in receipts], np.int64),
            np.array([max(0, now - way.created_at) for way in waiting], np.int64),
        )
        if receipts
        else None,
        trouble=frozenset(way.site_id for way in (*retrying, *given_up)),
    )
