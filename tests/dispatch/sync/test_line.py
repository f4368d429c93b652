"""Every call that reaches the server has had its turn, also the second one of a question that takes two."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dispatch import assembly
from dispatch.records import CloseReason
from dispatch.sync.line import take_turn
from tests.city import TOKEN, City
from tests.rooms import Room

# So many that nothing has to wait, and few enough that the budget counts.
PLENTY = 100_000


def test_what_an_act_asks_beside_it_counts_as_well(
    room: Room, city: City, run: Callable[..., Any], wait_until: Callable[..., None]
) -> None:
    # Given three requests to be closed: the server says in each where that is done
    ids = [city.add_report(f"Limb number {n}", category="tree_private") for n in range(3)]
    work, _ = assembly.build_sync(room.parts, url=city.url, token=TOKEN, calls_per_minute=PLENTY, poll_s=60)
    calls: list[str] = []

    def before_call() -> None:
        take_turn()
        calls.append("call")

    room.parts.door.before_call = before_call

    async def go() -> None:
        work.start()

    run(go())
    wait_until(lambda: work.status.state == "in_step" and work.status.requests == len(ids))
    before = len(calls)
    for each in ids:
        room.desk.close(room.site(each), CloseReason.FIXED_CONFIRMED, message="It is done. This is not 911.")

    # When they are closed there
    work.nudge()
    wait_until(lambda: all(city.status(each) == "Closed" for each in ids))
    run(work.stop())

    # Then every single call has been counted
    assert len(calls) - before >= 2 * len(ids)
    # One that had its turn may still be on its way when we stop.
    assert 0 <= len(work._line.budget._calls) - len(calls) <= 1


def test_who_asks_out_of_turn_is_not_kept(room: Room, city: City) -> None:
    """The account is looked up by other parts of the program, too: without a budget nothing waits."""
    take_turn()

    assert room.parts.door.get_json(f"{city.control_url}/clock")[0] == 200
