"""The storm plan over a store: a person sets hour 0, items are ticked once, everything can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused, NotAllowed
from dispatch.plan.standing import HOUR_MS
from dispatch.records import PlanLine, PlanState, Role
from dispatch.store import log
from tests.city import City
from tests.conftest import LANDFALL
from tests.rooms import Room

WORDS = "The Martins were told by telephone"


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], store_url: str
) -> Iterator[tuple[Room, Room]]:
    one = Room(tmp_path / "one", city, clock, run, store_url=store_url, seat="Seat 1")
    two = Room(tmp_path / "two", city, clock, run, store_url=store_url, seat="Seat 2", person="B. Second")
    yield one, two
    one.close()
    two.close()


def line(room: Room, key: str) -> PlanLine:
    return next(each for each in room.parts.plan_desk.plan().lines if each.item.key == key)


def acts(room: Room) -> list[str]:
    with room.store.reading() as connection:
        assert log.verify(connection).is_intact
        rows = list(log.every_row(connection))
    assert WORDS not in str(rows), "what was typed stays out of the log"
    return [row["act"] for row in rows if row["act"].startswith("plan_")]


def test_hour_0_gives_each_item_its_time_at_every_seat(seats: tuple[Room, Room]) -> None:
    one, two = seats

    changes = one.parts.plan_desk.set_zero(LANDFALL + 10 * HOUR_MS)

    assert changes.others == {"plan"}
    plan = two.parts.plan_desk.plan()
    assert (plan.zero.at, plan.zero.person) == (LANDFALL + 10 * HOUR_MS, "A. Operator")
    assert line(two, "switch_suspend").due_at == LANDFALL + 10 * HOUR_MS
    assert line(two, "check_walk_list").state is PlanState.EARLIER
    assert acts(one) == ["plan_zero"]


def test_an_item_is_settled_once_and_its_note_stays_out_of_the_log(seats: tuple[Room, Room]) -> None:
    one, two = seats
    one.parts.plan_desk.set_zero(LANDFALL + 10 * HOUR_MS)
    one.parts.plan_desk.done("check_holds", WORDS)

    with pytest.raises(ActRefused, match=r"A\. Operator has settled this item already"):
        two.parts.plan_desk.skip("check_holds", "no time")

    done = line(two, "check_holds")
    assert (done.state, done.last.person, done.last.note) == (PlanState.DONE, "A. Operator", WORDS)
    two.parts.plan_desk.reopen("check_holds")
    assert line(one, "check_holds").state is PlanState.OPEN
    assert acts(one) == ["plan_zero", "plan_done", "plan_reopened"]


def test_hour_0_moves_what_is_open_and_undo_moves_it_back(seats: tuple[Room, Room]) -> None:
    room, _ = seats
    desk, at = room.parts.plan_desk, LANDFALL + 10 * HOUR_MS
    desk.set_zero(at)
    desk.done("check_holds")
    desk.set_zero(at + 6 * HOUR_MS, "46")

    assert line(room, "switch_suspend").due_at == at + 6 * HOUR_MS
    assert line(room, "check_holds").due_at == at - 6 * HOUR_MS
    said, changes = room.desk.undo()

    assert "hour 0 set by advisory 46" in said
    assert changes.others == {"plan"}
    assert line(room, "switch_suspend").due_at == at
    room.desk.undo()
    assert line(room, "check_holds").state is PlanState.OPEN


def test_skipping_needs_a_reason_and_an_edit_an_owner(seats: tuple[Room, Room]) -> None:
    desk = seats[0].parts.plan_desk

    with pytest.raises(ActRefused, match="Say why it is skipped"):
        desk.skip("send_reentry", " ")
    with pytest.raises(ActRefused, match="Name the position"):
        desk.edit("send_reentry", hours=40, owner="")
    with pytest.raises(ActRefused, match=r"between -96 and \+336"):
        desk.edit("send_reentry", hours=400, owner="Planning")
    with pytest.raises(ActRefused, match="within 30 days"):
        desk.set_zero(LANDFALL + 31 * 24 * HOUR_MS)
    desk.skip("send_reentry", "nobody was out")
    desk.edit("send_thanks", hours=200, owner="Planning")

    assert line(seats[0], "send_reentry").state is PlanState.SKIPPED
    assert (line(seats[0], "send_thanks").item.hours, line(seats[0], "send_thanks").item.owner) == (
        200,
        "Planning",
    )


def test_an_operator_ticks_what_the_own_position_owns(seats: tuple[Room, Room]) -> None:
    room, _ = seats
    desk, actor = room.parts.plan_desk, room.parts.plan_desk._actor
    desk._actor = lambda: replace(actor(), role=Role.OPERATOR, position="Operator")

    with pytest.raises(NotAllowed, match="This item is Supervisor's"):
        desk.done("check_holds")
    with pytest.raises(NotAllowed, match="Only a supervisor or the emergency manager may set hour 0"):
        desk.set_zero(LANDFALL)
    with pytest.raises(NotAllowed, match="may change the storm plan"):
        desk.edit("send_thanks", hours=1, owner="Operator")
    desk.done("send_report_damage")

    assert line(room, "send_report_damage").state is PlanState.DONE
