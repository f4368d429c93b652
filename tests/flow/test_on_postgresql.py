"""The main stories on a real PostgreSQL: the same schema, the same code, two seats on one store."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.errors import ActRefused
from dispatch.form_desk import FormDesk
from dispatch.records import CloseReason, EscalationState, SiteState, WaitReason
from tests.city import City
from tests.dispatch.reports.read_pdf import pages_of
from tests.rooms import Room

REPLY = "We have your report. This is not 911."


@pytest.fixture
def seats(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str
) -> Iterator[tuple[Room, Room]]:
    """The first one syncs, the second follows."""
    one, two = (
        Room(tmp_path / name, city, clock, run, store_url=postgres_url, seat=name)
        for name in ("Seat 1", "Seat 2")
    )
    two.parts.follow.load()
    yield one, two
    one.log_acts()
    one.close()
    two.close()


@pytest.fixture
def catch_up(seats: tuple[Room, Room], run: Callable[..., Any]) -> Callable[[], Any]:
    """The second seat's board, as it hears of what was done."""

    def board() -> Any:
        run(seats[1].parts.follow.catch_up())
        return seats[1].parts.board

    return board


def test_two_seats_share_one_queue(seats: tuple[Room, Room], city: City, catch_up: Callable[[], Any]) -> None:
    one, two = seats
    first = city.add_report("Oak blocks 5th Ave N", address="5th Ave N & 9th St N")
    second = city.add_report("Tree blocks both lanes of 5th Ave N", address="5th Ave N & 9th St N")
    one.sync()

    one.desk.claim(one.site(first))
    with pytest.raises(ActRefused, match="Seat 1"):
        two.desk.claim(two.site(first))
    one.desk.merge(one.site(first), [one.site(second)])
    two.desk.message(two.site(first), REPLY)
    sent = one.escalate(first)
    one.sync()
    two.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", by_position="Public works")
    two.desk.wait(two.site(first), WaitReason.OWNER)
    two.desk.undo()
    one.sync()

    board, site_id = catch_up(), one.site(first)
    assert board.claims[site_id].seat == "Seat 1"
    assert board.hand_overs[site_id].state is EscalationState.ACCEPTED
    assert int(board.reports[board.row(site_id)]) == 2
    for request_id in (first, second):
        assert city.messages(request_id).count(REPLY) == 1
    assert one.parts.detail.search("blocks lanes") == [site_id]


def test_from_a_report_to_its_end_with_a_reply(seats: tuple[Room, Room], city: City) -> None:
    one, two = seats
    request_id = city.add_report("Branch in the yard", category="tree_private")
    one.sync()
    two.desk.claim(two.site(request_id))
    two.desk.message(two.site(request_id), REPLY)
    one.sync()

    two.desk.close(two.site(request_id), CloseReason.NO_LONGER_NEEDED)
    one.sync()

    assert city.messages(request_id).count(REPLY) == 1
    for seat in seats:
        row = seat.view(request_id).row
        assert list(SiteState)[row.state] is SiteState.CLOSED
        assert row.state_reason == CloseReason.NO_LONGER_NEEDED
    one.desk.reopen(one.site(request_id))
    assert two.view(request_id).row.state_reason == ""


def test_a_merge_of_one_seat_is_split_at_the_other(
    seats: tuple[Room, Room], city: City, catch_up: Callable[[], Any]
) -> None:
    one, two = seats
    a, b = (city.add_report(words, address="5th Ave N & 9th St N") for words in ("Oak down", "Tree down"))
    one.sync()
    lead, other = one.site(a), one.site(b)

    one.desk.merge(lead, [other])
    assert two.site(b) == lead
    one.desk.undo()
    assert (two.site(a), two.site(b)) == (lead, other)
    one.desk.merge(lead, [other])
    two.desk.split(lead, b)

    board = catch_up()
    assert (one.site(a), one.site(b)) == (lead, other)
    assert [int(board.reports[board.row(site_id)]) for site_id in (lead, other)] == [1, 1]


def test_a_hand_over_is_answered_by_the_folder(
    seats: tuple[Room, Room], city: City, catch_up: Callable[[], Any]
) -> None:
    one, two = seats
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    one.sync()
    sent = two.escalate(request_id, channels=("folder",))
    one.sync()
    [path] = (one.parts.folder / "hand-overs").glob("*.json")
    told = json.loads(path.read_text())
    answer = {
        "schema": "landfall/answer",
        "version": 1,
        "exercise": told["exercise"],
        "escalation_id": told["escalation_id"],
        "token": told["token"],
        "by": {"name": "M. Diaz", "position": "County EM"},
        "answer": "resource",
        "resource": "Engine 4",
        "eta_at": "2017-09-11T15:00:00-04:00",
    }
    answers = path.parent / "answers"
    answers.mkdir(exist_ok=True)
    (answers / "answer.json").write_text(json.dumps(answer))
    os.utime(answers / "answer.json", (1, 1))  # not while somebody still writes it
    one.sync()

    [held] = [each for each in two.em_desk.cards(two.parts.clock.now()) if each.number == sent.number]
    assert (held.state, held.resource, len(held.answers)) == (EscalationState.UNDER_WAY, "Engine 4", 1)
    assert catch_up().hand_overs[two.site(request_id)].state is EscalationState.UNDER_WAY


def test_an_act_at_many_sites_is_seen_and_taken_back(
    seats: tuple[Room, Room], city: City, catch_up: Callable[[], Any]
) -> None:
    one, two = seats
    streets = ("5th Ave N & 9th St N", "30th Ave N & 16th St N", "62nd Ave S & 4th St S")
    requests = [city.add_report(f"Branch in the yard, {at}", address=at) for at in streets]
    one.sync()
    ids = [one.site(request_id) for request_id in requests]

    one.parts.bulk.act(ids, BulkOrder(BulkKind.CLAIM))
    one.parts.bulk.act(ids, BulkOrder(BulkKind.MESSAGE, text=REPLY))
    assert {catch_up().claims[site_id].seat for site_id in ids} == {"Seat 1"}
    with pytest.raises(ActRefused, match="Seat 1"):
        two.desk.claim(ids[0])
    one.desk.undo()
    one.desk.undo()
    one.sync()

    assert not set(catch_up().claims) & set(ids)
    assert [city.messages(request_id).count(REPLY) for request_id in requests] == [0, 0, 0]
    two.desk.claim(ids[0])


def test_forms_of_two_seats_have_one_count_and_print(seats: tuple[Room, Room], city: City) -> None:
    sent = []
    for seat, street in zip(seats, ("5th Ave N", "30th Ave N"), strict=True):
        request_id = city.add_report(f"Oak across {street}, nobody gets through", address=street)
        seats[0].sync()
        sent.append(seat.escalate(request_id, effect_needed="Clear one lane"))
    desks = [
        FormDesk(
            store=seat.store,
            actor=lambda seat=seat: replace(seat.parts.actor, position="Logistics", person="J. Rivera"),
            jurisdiction=seat.parts.jurisdiction,
            folder=seat.parts.folder,
        )
        for seat in seats
    ]

    kept = [
        desk.keep(desk.resource_request(item.escalation_id), {"notes": "Call Ana first"})
        for desk, item in zip(desks, sent, strict=True)
    ]
    seen = desks[0].resource_request(sent[1].escalation_id)
    printed = desks[0].print_out(seen)

    assert [each.form.number for each in kept] == ["RR-0001", "RR-0002"]
    assert (seen.form.number, seen.form.notes) == ("RR-0002", "Call Ana first")
    assert "RR-0002" in "".join(pages_of(printed))
