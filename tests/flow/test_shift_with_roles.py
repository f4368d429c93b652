"""The room handed over where people sign in: each at their own login of a real PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from dispatch.errors import ActRefused, NotAllowed
from dispatch.records import DUTY_OFFICER, PackRemarks, PackState
from tests.city import City
from tests.flow.test_room_with_roles import Seats, seat, seats  # noqa: F401  a fixture

WRITTEN = PackRemarks("Open 34th St S.", remarks="Maria at 12 Elm St calls at 22:00.")


def test_a_supervisor_hands_over_and_an_operator_confirms(
    seats: Seats,  # noqa: F811
    city: City,
    tmp_path: Path,
    clock: Any,
) -> None:
    syncer = seats.open("syncer")
    city.add_report("Mother on oxygen, no power, 727-555-0142", category="medical_power_dependent")
    syncer.sync()
    logins = ("ana", "sam", "emma", "wall", "adam")
    ana, sam, emma, wall, adam = (seat(seats, each, tmp_path / f"s-{each}", clock) for each in logins)
    sam.em_desk.take_desk(DUTY_OFFICER, "N. Ward")

    for other in (ana, emma):
        with pytest.raises(NotAllowed, match="Only a supervisor may make a shift's hand-over"):
            other.shift_desk.make()
    draft = sam.shift_desk.keep(sam.shift_desk.make(), WRITTEN)
    with pytest.raises(ActRefused, match="It is a draft still"):
        ana.shift_desk.confirm(draft)
    given = sam.shift_desk.hand_over(draft, WRITTEN, "Ana Diaz", "Operator")
    with pytest.raises(ActRefused, match="Sam Supervisor handed it over"):
        sam.shift_desk.confirm(given, "Ana Diaz", "Operator")
    with pytest.raises(NotAllowed, match="confirm a shift's hand-over"):
        emma.shift_desk.confirm(given)
    taken = ana.shift_desk.confirm(given, "Somebody Else", "Planning")

    # Where people sign in it is who signed in, whatever was typed.
    assert taken.confirmed.person == "Ana Diaz" and taken.state == PackState.CONFIRMED
    for masked in (wall, adam):
        seen = masked.shift_desk.newest()
        assert seen.is_masked and seen.totals == given.totals and seen.confirmed == taken.confirmed
        assert not seen.sections and seen.remarks == PackRemarks()
        with masked.store.reading() as connection:
            [(body, remarks)] = connection.execute(text("SELECT body, remarks FROM shift_pack"))
        assert body == "" and remarks == "", "the database itself shows them none of the words"
    for parts in (ana, sam, emma, wall, adam):
        parts.close()


def test_what_is_confirmed_the_database_itself_lets_nobody_change(
    seats: Seats,  # noqa: F811
    tmp_path: Path,
    clock: Any,
) -> None:
    # The first one opens the activation.
    sam, ana = (seat(seats, each, tmp_path / f"s-{each}", clock) for each in ("sam", "ana"))
    ana.shift_desk.confirm(sam.shift_desk.hand_over(sam.shift_desk.make(), WRITTEN, "Ana Diaz", "Operator"))

    for parts in (ana, sam):
        with parts.store.transaction(parts.actor) as tx:
            done = tx.connection.execute(text("UPDATE shift_pack SET in_person = 'Somebody'"))
        assert done.rowcount == 0
    with pytest.raises(NotAllowed), ana.store.transaction(ana.actor) as tx:
        tx.connection.execute(text("UPDATE shift_pack SET remarks = 'x'"))
    newest = sam.shift_desk.newest()
    assert newest.confirmed.person == "Ana Diaz" and newest.remarks == WRITTEN
    for parts in (ana, sam):
        parts.close()
