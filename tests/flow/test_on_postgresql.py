"""The main story on a real PostgreSQL: the same schema, the same code, two seats on one store."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import EscalationState, WaitReason
from tests.rooms import Room


def test_two_seats_share_one_queue_on_postgresql(
    tmp_path: Path, city: Any, clock: Any, run: Callable[..., Any], postgres_url: str
) -> None:
    one = Room(tmp_path / "one", city, clock, run, store_url=postgres_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=postgres_url, seat="Seat 2")
    first = city.add_report("Oak blocks 5th Ave N", address="5th Ave N & 9th St N")
    second = city.add_report("Tree blocks both lanes of 5th Ave N", address="5th Ave N & 9th St N")
    one.sync()
    two.parts.follow.load()

    one.desk.claim(one.site(first))
    with pytest.raises(ActRefused, match="Seat 1"):
        two.desk.claim(two.site(first))
    one.desk.merge(one.site(first), [one.site(second)])
    two.desk.message(two.site(first), "We have your report. This is not 911.")
    sent = one.escalate(first)
    one.sync()
    two.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", by_position="Public works")
    two.desk.wait(two.site(first), WaitReason.OWNER)
    two.desk.undo()
    one.sync()
    run(two.parts.follow.catch_up())

    board = two.parts.board
    site_id = one.site(first)
    assert board.claims[site_id].seat == "Seat 1"
    assert board.hand_overs[site_id].state is EscalationState.ACCEPTED
    assert int(board.reports[board.row(site_id)]) == 2
    for request_id in (first, second):
        assert city.messages(request_id).count("We have your report. This is not 911.") == 1
    assert one.parts.detail.search("blocks lanes") == [site_id]
    one.log_acts()
    one.close()
    two.close()
