"""Where people sign in the custodian alone keeps records back: each at their own login of a PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dispatch.commands.seat_parts import hold_desk, records_desk
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
    made, _ = records_desk(sam).collect(asked, received_at=clock.now())
    mark, _ = records_desk(sam).redact(
        *(made.number, f"report:{number}", "description", (24, 36)), "119.071(5)(j)", "telephone number"
    )
    hold, _ = hold_desk(sam).place("Hurricane Test", "a suit", since_at=clock.now())

    for other in (ana, emma, wall, adam, syncer.parts):
        desk = records_desk(other)
        with pytest.raises(NotAllowed):
            desk.collect(asked, received_at=clock.now())
        with pytest.raises(NotAllowed):
            desk.requests()
        with pytest.raises(NotAllowed):
            desk.pack(made.number, all_is_read=True)
        with pytest.raises(NotAllowed):
            hold_desk(other).lift(hold.hold_id, "over")
    # The hold is for all who work here; a viewer sees nothing of it.
    assert [each.hold_id for each in hold_desk(ana).holds()] == [hold.hold_id]
    assert hold_desk(wall).holds() == ()

    packed, _ = records_desk(sam).pack(made.number, all_is_read=True)
    assert b"727-555-0142" not in packed.requester
    records_desk(sam).withdraw(made.number, mark.redaction_id, "the city's own number")
    hold_desk(sam).lift(hold.hold_id, "over")
    assert [each.withdrawn_by for each in records_desk(sam).open(made.number).redactions] == [
        "Sam Supervisor"
    ]
    for parts in (ana, sam, emma, wall, adam):
        parts.close()
