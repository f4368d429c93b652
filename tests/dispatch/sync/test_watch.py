"""What a seat looks after by itself while its syncing is gone: hand-overs in time, default pins known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dispatch import assembly
from dispatch.records import EscalationState, Place
from dispatch.sync import watch
from dispatch.sync.take import DEFAULT_PIN_REPORTS
from tests.city import City
from tests.rooms import Room

SOMEWHERE = {"lat": 27.76, "lng": -82.64}
Wait = Callable[..., None]


def begin(room: Room, run: Callable[..., Any]) -> Any:
    """The watch, going on beside the test until its loop closes."""
    import asyncio

    async def go() -> Any:
        return asyncio.ensure_future(assembly.build_watch(room.parts).go_on())

    return run(go())


def test_a_hand_over_nobody_accepts_comes_back_also_when_nothing_syncs(
    room: Room, city: City, clock: Any, run: Callable[..., Any], wait_until: Wait,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(watch, "LOOK_S", 0.02)
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    room.sync()
    room.escalate(request_id)
    room.sync()
    begin(room, run)

    clock.advance(hours=2)

    wait_until(lambda: room.view(request_id).escalations[-1].state is EscalationState.EXPIRED)
    assert room.log_acts().count("expired") == 1


def test_two_that_look_at_once_let_it_expire_once(room: Room, city: City, clock: Any) -> None:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    room.sync()
    room.escalate(request_id)
    clock.advance(hours=2)

    room.parts.em_desk.expire_overdue()
    room.parts.em_desk.expire_overdue()

    assert room.log_acts().count("expired") == 1


def test_the_seats_own_judge_learns_the_default_pins_that_the_syncing_found(
    room: Room, city: City, run: Callable[..., Any], wait_until: Wait
) -> None:
    for number in range(DEFAULT_PIN_REPORTS):
        city.add_report(f"Limb number {number}", address=f"{100 + number} 9th Ave N", **SOMEWHERE)
    room.sync()
    judge = assembly.build_judge(room.parts.jurisdiction)
    seat = watch.Watch(
        store=room.store,
        workers=room.parts.workers,
        em_desk=room.parts.em_desk,
        profile_desk=room.parts.profile_desk,
        judge=judge,
    )

    seat.learn()

    assert judge.places.learn([Place(SOMEWHERE["lat"], SOMEWHERE["lng"])]) == frozenset()
    assert judge.places.learn([Place(27.5, -82.5)]), "another point is news to it"
