"""Where people sign in the custodian alone keeps records back: each at their own login of a PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import NotAllowed
from dispatch.records import RecordsQuery
from tests.city import City
from tests.flow.test_room_with_roles import Seats, seat, seats  # noqa: F401  a fixture


def test_a_supervisor_answers_a_request_and_nobody_else_sees_it(
    seats: Seats,  # noqa: F811
    city: City,
    tmp_path: Path,
    clock: Any,
) -> None:
    syncer = seats.open("syncer")
    number = city.add_report("Oak across both lanes, call 727-555-0142", address="5th Ave N & 9th St N")
    syncer.sync()
    ana, sam, emma, wall, adam = (
        seat(seats, each, tmp_path / f"s-{each}", clock) for each in ("ana", "sam", "emma", "wall", "adam")
    )
    asked = RecordsQuery(request_numbers=(number,))
    made, _ = sam.records_desk.collect(asked, received_at=clock.now())
    mark, _ = sam.records_desk.redact(
        *(made.number, f"report:{number}", "description", (24, 36)), "119.071(5)(j)", "telephone number"
    )
    hold, _ = sam.hold_desk.place("Hurricane Test", "a suit", since_at=clock.now())

    for other in (ana, emma, wall, adam, syncer.parts):
        desk = other.records_desk
        with pytest.raises(NotAllowed):
            desk.collect(asked, received_at=clock.now())
        with pytest.raises(NotAllowed):
            desk.requests()
        with pytest.raises(NotAllowed):
            desk.pack(made.number, all_is_read=True)
        with pytest.raises(NotAllowed):
            other.hold_desk.lift(hold.hold_id, "over")
    # The hold is for all who work here; a viewer sees nothing of it.
    assert [each.hold_id for each in ana.hold_desk.holds()] == [hold.hold_id]
    assert wall.hold_desk.holds() == ()

    packed, _ = sam.records_desk.pack(made.number, all_is_read=True)
    assert b"727-555-0142" not in packed.requester
    sam.records_desk.withdraw(made.number, mark.redaction_id, "the city's own number")
    sam.hold_desk.lift(hold.hold_id, "over")
    assert [each.withdrawn_by for each in sam.records_desk.open(made.number).redactions] == ["Sam Supervisor"]
    for parts in (ana, sam, emma, wall, adam):
        parts.close()
