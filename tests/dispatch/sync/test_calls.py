"""A caller's report typed in here: on the board at once, on the server once, one site whoever was first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.errors import ActRefused, LandfallError
from dispatch.records import Band, Call, OutboxKind, OutboxState, Page, Place, ServiceRequest
from dispatch.servers import Newest, Outgoing, Posted
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.store import outbox, schema
from tests.city import City
from tests.dispatch.sync.test_push import try_until_sent
from tests.in_step import hurry, stored, truth
from tests.rooms import Room

WIRE = Call(
    text="Wire down, sparking on the sidewalk",
    service_code="5704",
    service_name="Storm: Power Line Down",
    address="22nd Ave S & 31st St S",
    place=Place(27.75, -82.65),
    caller="Ana",
    call_back="727-555-0100",
)
FAULTS = [
    *("429", "500", "503", "slow", "reset", "truncated", "nonsense", "html", "empty"),
    *("lose-answer-after-doing-it", "moderated"),
]


def call_state(room: Room, site_id: int) -> tuple[str, str]:
    """(state of its row, the server's id)"""
    with room.store.reading() as connection:
        [item] = [i for i in outbox.of_site(connection, site_id) if i.kind is OutboxKind.NEW_REQUEST]
    return item.state.value, item.request_id


def in_step(room: Room, city: City) -> None:
    """Rounds until what goes wrong has gone wrong."""
    for _ in range(40):
        hurry(room)
        with suppress(LandfallError):
            room.sync()
            if stored(room) == truth(city):
                return
    assert stored(room) == truth(city)


def test_a_call_stands_on_the_board_triaged_before_the_server_has_heard_of_it(room: Room, city: City) -> None:
    room.sync()

    site_id, changes = room.desk.take_call(WIRE)

    assert changes.sites == {site_id}
    view = room.parts.detail.view(site_id)
    assert view.row.band == Band.P1
    assert view.row.acted_at == 0, "nobody has looked after it yet"
    [line] = view.thread
    assert (line.kind, line.act, line.state) == ("report", "new_request", OutboxState.WAITING)
    assert view.fact("caller") and view.fact("call_back")
    assert city.truth()["requests"] == []


def test_the_server_gives_it_an_id_and_it_stays_the_same_site(room: Room, city: City) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)

    room.sync()
    room.sync()

    [entered] = city.truth()["requests"]
    assert call_state(room, site_id) == ("sent", str(entered["id"]))
    assert stored(room) == {str(entered["id"]): "open"}
    [request] = room.parts.detail.view(site_id).requests
    assert (request.description, request.service_name) == (WIRE.text, "Storm: Power Line Down")
    assert "Ana" not in str(entered) and "0100" not in str(entered)
    [line] = room.parts.detail.view(site_id).thread
    assert (line.kind, line.state) == ("report", "")


def test_what_is_said_to_a_caller_waits_for_the_report_and_arrives(room: Room, city: City) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)
    room.desk.message(site_id, "We have your report. This is not 911.")
    other = city.add_report("Oak down")

    city.set_rates({"503": 0.4, "lose-answer-after-doing-it": 0.3})
    with suppress(LandfallError):
        room.sync()
    city.set_rates({})
    try_until_sent(room)
    room.desk.message(room.site(other), "Nobody waits for it.")
    try_until_sent(room)

    [entered] = [each for each in city.truth()["requests"] if str(each["id"]) != other]
    assert city.messages(entered["id"]).count("We have your report. This is not 911.") == 1
    assert "Nobody waits for it." in city.messages(other)


@pytest.mark.parametrize("fault", FAULTS)
def test_two_calls_in_the_same_words_stay_two_through_any_fault(fault: str, room: Room, city: City) -> None:
    room.sync()
    first, second = (room.desk.take_call(WIRE)[0] for _ in range(2))

    city.set_rates({fault: 0.5}, **({"seconds": 0.05} if fault == "slow" else {}))
    for _ in range(8):
        hurry(room)
        with suppress(LandfallError):
            room.sync()
    met = city.played().get(fault, 0)
    city.set_rates({})
    city.clock(forward_s=301)
    try_until_sent(room)
    in_step(room, city)

    assert met, "it was not tried"
    entered = city.truth()["requests"]
    assert len(entered) == 2
    assert {call_state(room, first), call_state(room, second)} == {
        ("sent", str(each["id"])) for each in entered
    }


@pytest.mark.parametrize("is_pulled_first", [True, False])
def test_a_call_whose_answer_was_lost_is_found_again(
    is_pulled_first: bool, room: Room, city: City, run: Any
) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)

    # Not the looking before: that is no writing.
    city.fail_next("lose-answer-after-doing-it")
    with suppress(LandfallError):
        room.sync()
    assert call_state(room, site_id) == ("sending", "")
    if is_pulled_first:
        run(room.pull.until_in_step())
        assert call_state(room, site_id)[0] == "sent"
    try_until_sent(room)
    in_step(room, city)

    assert len(city.truth()["requests"]) == 1
    assert site_ids(room) == [site_id]


def test_a_row_a_pull_took_for_a_strangers_is_folded_into_the_call(
    any_room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server put other words into it: only its answer to us tells whose it is."""
    room = any_room
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)
    post = SeeClickFix.post

    def and_meanwhile(server: SeeClickFix, item: Outgoing) -> Posted:
        posted = post(server, item)
        room.work._line.taker.page(in_other_words(server.page(Newest(), 1).requests[0]))
        assert len(site_ids(room)) == 2
        return posted

    monkeypatch.setattr(SeeClickFix, "post", and_meanwhile)
    room.sync()
    monkeypatch.undo()
    in_step(room, city)

    assert len(city.truth()["requests"]) == 1
    assert site_ids(room) == [site_id]
    assert call_state(room, site_id)[0] == "sent"


def test_of_two_sites_of_one_call_the_one_people_worked_on_stays(
    any_room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = any_room
    room.sync()
    room.desk.take_call(WIRE)
    post, worked_on = SeeClickFix.post, []

    def and_meanwhile(server: SeeClickFix, item: Outgoing) -> Posted:
        posted = post(server, item)
        row = server.page(Newest(), 1).requests[0]
        room.work._line.taker.page(in_other_words(row))
        worked_on.append(room.site(row.request_id))
        room.desk.claim(worked_on[0])
        return posted

    monkeypatch.setattr(SeeClickFix, "post", and_meanwhile)
    room.sync()
    monkeypatch.undo()
    in_step(room, city)

    assert site_ids(room) == worked_on
    assert room.parts.detail.view(worked_on[0]).row.claimed_by == "A. Operator"


def test_a_residents_report_in_the_same_words_is_not_taken_for_the_call(room: Room, city: City) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)
    city.fail_next("lose-answer-after-doing-it")
    with suppress(LandfallError):
        room.sync()

    resident = city.add_report(WIRE.text, category="5704", reporter="resident")
    try_until_sent(room)
    in_step(room, city)

    assert len(city.truth()["requests"]) == 2
    assert room.site(resident) != site_id


def test_a_held_call_is_not_sent_again_and_is_adopted_when_it_shows(room: Room, city: City) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(WIRE)

    city.fail_next("moderated")
    for _ in range(3):
        hurry(room)
        room.sync()
    assert call_state(room, site_id) == ("held", "")
    assert room.parts.detail.view(site_id).thread[0].state == OutboxState.HELD
    city.clock(forward_s=301)
    in_step(room, city)

    assert len(city.truth()["requests"]) == 1
    assert call_state(room, site_id)[0] == "sent"
    assert site_ids(room) == [site_id]


@pytest.fixture
def any_room(
    store_url: str, tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> Iterator[Room]:
    """A seat on a database of each kind."""
    seat = Room(tmp_path / "any", city, clock, run, store_url=store_url)
    yield seat
    seat.close()


@pytest.fixture
def geo_room(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    """A seat that syncs by GeoReport."""
    seat = Room(tmp_path / "georeport", city, clock, run, kind="georeport")
    yield seat
    seat.close()


@pytest.mark.parametrize("fault", ["429", "503", "reset", "truncated", "html", "lose-answer-after-doing-it"])
def test_two_equal_calls_stay_two_by_georeport_which_names_no_account(
    fault: str, geo_room: Room, city: City
) -> None:
    geo_room.sync()
    first, second = (geo_room.desk.take_call(WIRE)[0] for _ in range(2))

    city.set_rates({fault: 0.4})
    for _ in range(8):
        hurry(geo_room)
        with suppress(LandfallError):
            geo_room.sync()
    city.set_rates({})
    try_until_sent(geo_room)

    ids = {str(each["id"]) for each in city.truth()["requests"]}
    assert {call_state(geo_room, site_id)[1] for site_id in (first, second)} == ids
    assert len(ids) == 2 and site_ids(geo_room) == [first, second]


def test_a_token_is_asked_about_until_it_has_become_an_id(geo_room: Room, city: City) -> None:
    city.quirks(token_delay_s=300)
    geo_room.sync()
    site_id, _ = geo_room.desk.take_call(WIRE)
    geo_room.desk.message(site_id, "We have your report.")

    for _ in range(3):
        hurry(geo_room)
        geo_room.sync()
    assert call_state(geo_room, site_id) == ("held", "")
    city.clock(forward_s=301)
    hurry(geo_room)
    geo_room.sync()

    [entered] = city.truth()["requests"]
    assert call_state(geo_room, site_id) == ("sent", str(entered["id"]))
    assert site_ids(geo_room) == [site_id]


def test_a_call_the_server_refuses_stays_on_the_board_with_its_words(room: Room, city: City) -> None:
    room.sync()
    site_id, _ = room.desk.take_call(Call("Tree on my car", service_code="9999", place=Place(27.75, -82.65)))
    room.desk.message(site_id, "We have your report.")

    for _ in range(2):
        hurry(room)
        room.sync()

    lines = room.parts.detail.view(site_id).thread
    assert [line.state for line in lines] == ["failed", "failed"]
    assert "not known here" in lines[0].error and "not on the 311 server" in lines[1].error
    assert site_ids(room) == [site_id]


def test_nothing_is_entered_without_words_or_before_a_server_is_known(room: Room, city: City) -> None:
    with pytest.raises(ActRefused, match="Write what the caller says"):
        room.desk.take_call(Call("  "))
    with room.store.engine.begin() as connection:
        connection.execute(schema.server.update().values(is_current=0))
    with pytest.raises(ActRefused, match="No 311 server"):
        room.desk.take_call(WIRE)


def site_ids(room: Room) -> list[int]:
    """Sites with a report in them."""
    with room.store.reading() as connection:
        return sorted(connection.execute(select(schema.membership.c.site_id).distinct()).scalars())


def in_other_words(row: ServiceRequest) -> Page:
    """As a list of the server might hold it: words that were changed there."""
    return Page((replace(row, description="WIRE DOWN (by phone)"),), (), None, None)
