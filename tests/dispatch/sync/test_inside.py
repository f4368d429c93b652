"""What only the organization may do and read: offered where the server offers it, and never made public."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from dispatch import assembly
from dispatch.errors import ActRefused, LandfallError
from dispatch.masking import HIDDEN, mask_row, mask_view
from dispatch.records import Band, CloseReason, Flag, OutboxKind, SiteState
from dispatch.servers import Outgoing
from dispatch.store import outbox
from dispatch.sync.budget import Lane
from tests.city import TOKEN, City
from tests.dispatch.sync.test_push import ours, try_until_sent
from tests.in_step import hurry
from tests.rooms import Room

ORGANIZATION = "276"
TREE_CREW, WATER_CREW = "1200001", "1200002"
FAULTS = [
    "429",
    "500",
    "503",
    "reset",
    "truncated",
    "nonsense",
    "html",
    "empty",
    "lose-answer-after-doing-it",
]


@pytest.fixture
def inside(tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]) -> Iterator[Room]:
    """A seat that syncs by the organization's face."""
    seat = Room(tmp_path / "inside", city, clock, run)
    seat.work, seat.pull = assembly.build_sync(
        seat.parts, url=city.url, token=TOKEN, organization=ORGANIZATION, calls_per_minute=0, poll_s=0.05
    )
    yield seat
    seat.close()


def internal(city: City, request_id: str) -> list[str]:
    return [line["text"] for line in city.request(request_id).get("internal", [])]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_note_goes_to_the_citys_internal_comments_once_and_nowhere_else(
    fault: str, inside: Room, city: City
) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    for words in ("Gate code 4711", "Gate code 4711", "Dog in the yard"):
        inside.desk.internal_note(inside.site(request_id), words)

    city.set_rates({fault: 0.4})
    for _ in range(6):
        hurry(inside)
        with suppress(LandfallError):
            inside.sync()
    city.set_rates({})
    try_until_sent(inside)

    assert internal(city, request_id) == ["Gate code 4711", "Gate code 4711", "Dog in the yard"]
    assert city.messages(request_id) == []


def test_a_note_shows_once_with_how_far_it_is(inside: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    inside.desk.internal_note(inside.site(request_id), "Gate code 4711")

    def notes() -> list[tuple[str, str]]:
        return [(line.kind, line.state) for line in inside.view(request_id).thread if line.kind != "report"]

    assert notes() == [("note", "waiting")]
    for _ in range(2):
        inside.sync()
    assert notes() == [("note", "sent")]


def test_where_the_server_takes_no_internal_comments_a_note_stays_ours(
    inside: Room, room: Room, city: City
) -> None:
    lamp, oak = city.add_report("Lamp out", category="street_light_out"), city.add_report("Oak down")
    for seat, request_id in ((inside, lamp), (room, oak)):
        seat.sync()
        seat.desk.internal_note(seat.site(request_id), "Gate code 4711")
        seat.sync()

        assert ours(seat, request_id) == []
        assert internal(city, request_id) == city.messages(request_id) == []
        [line] = [line for line in seat.view(request_id).thread if line.kind == "note"]
        assert (line.text, line.act) == ("Gate code 4711", "")


def test_what_others_say_inside_shows_as_internal_and_raises_nothing(
    inside: Room, city: City, run: Any
) -> None:
    request_id = city.add_report("Limb down")
    inside.sync()
    before = inside.view(request_id).row.band
    words = "A man is trapped, they said, but that was wrong"
    # As another system of the city would.
    inside.work._line.server.post(Outgoing(OutboxKind.INTERNAL_NOTE, request_id, words))
    run(inside.work._fetch_thread(request_id, Lane.LIVE))

    [line] = [line for line in inside.view(request_id).thread if line.kind == "internal"]
    assert "trapped" in line.text
    assert inside.view(request_id).row.band == before


@pytest.mark.parametrize("fault", FAULTS)
def test_an_assignment_ends_as_the_last_one_said_through_any_fault(
    fault: str, inside: Room, city: City
) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    inside.desk.assign(inside.site(request_id), TREE_CREW)
    inside.desk.assign(inside.site(request_id), WATER_CREW)

    city.set_rates({fault: 0.4})
    for _ in range(6):
        hurry(inside)
        with suppress(LandfallError):
            inside.sync()
    city.set_rates({})
    try_until_sent(inside)
    inside.sync()

    [request] = inside.view(request_id).requests
    assert (request.assignee_id, request.agency) == (WATER_CREW, "Call Taker 2")
    assert [state for _, state in ours(inside, request_id)] == ["sent", "sent"]


def test_an_assignment_to_nobody_known_goes_back_to_its_author(inside: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    inside.desk.assign(inside.site(request_id), "5", "Bring the big saw")
    inside.sync()

    [line] = [line for line in inside.view(request_id).thread if line.kind == "ours"]
    assert (line.act, line.state, line.text) == ("assign", "failed", "5 · Bring the big saw")
    assert "not a member" in line.error
    assert city.messages(request_id) == [] and internal(city, request_id) == []


def test_what_the_server_does_not_offer_is_refused_at_the_desk(inside: Room, room: Room, city: City) -> None:
    lamp = city.add_report("Lamp out", category="street_light_out")
    animal = city.add_report("Dog in the road", category="animal")
    for seat in (inside, room):
        seat.sync()

    with pytest.raises(ActRefused, match="offers no assigning on report"):
        inside.desk.assign(inside.site(lamp), TREE_CREW)
    with pytest.raises(ActRefused, match="offers no assigning on report"):
        room.desk.assign(room.site(animal), TREE_CREW)
    with pytest.raises(ActRefused, match="offers no closing on report"):
        inside.desk.close(
            inside.site(animal), CloseReason.NOT_OURS, note="the county's", message="Passed on."
        )
    with pytest.raises(ActRefused, match="whom"):
        inside.desk.assign(inside.site(lamp), " ")
    inside.desk.close(inside.site(animal), CloseReason.NOT_OURS, note="the county's")
    assert outbox_is_empty(inside) and outbox_is_empty(room)


def test_what_is_no_longer_offered_when_it_leaves_goes_back_to_its_author(
    inside: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    inside.desk.internal_note(inside.site(request_id), "Gate code 4711")
    server = inside.work._line.server
    get = server._get  # type: ignore[attr-defined]

    def without(url: str, *more: Any) -> Any:
        return {**get(url, *more), "internal_comments_url": None}

    monkeypatch.setattr(server, "_get", without)
    inside.sync()

    assert ours(inside, request_id) == [("Gate code 4711", "failed")]
    assert city.messages(request_id) == [] and internal(city, request_id) == []


def test_archived_is_final_for_every_act(inside: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    city.elsewhere(request_id, "archive")
    inside.sync()
    site_id = inside.site(request_id)

    for act in (
        lambda: inside.desk.message(site_id, "Too late."),
        lambda: inside.desk.close(site_id, CloseReason.NO_LONGER_NEEDED, message="Too late."),
        lambda: inside.desk.assign(site_id, TREE_CREW),
    ):
        with pytest.raises(ActRefused, match="archived on the 311 server, and that is final"):
            act()
    inside.desk.internal_note(site_id, "Seen")
    assert outbox_is_empty(inside)


def test_a_closing_of_what_the_city_has_closed_brings_the_words_alone(inside: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    inside.sync()
    inside.desk.claim(inside.site(request_id))
    city.elsewhere(request_id, "close", "Done by the parks department.")
    inside.sync()

    inside.desk.close(inside.site(request_id), CloseReason.FIXED_UNCONFIRMED, message="The oak is gone.")
    inside.sync()

    assert city.messages(request_id).count("The oak is gone.") == 1
    assert ours(inside, request_id) == [("The oak is gone.", "sent")]


def test_s15_a_private_issue_is_masked_wherever_the_public_could_look(inside: Room, city: City) -> None:
    request_id = city.add_report("Old man alone in the dark house", is_private=True)
    inside.sync()

    view = inside.view(request_id)

    assert view.requests[0].is_private
    assert view.row.flags & Flag.RESTRICTED
    assert "dark house" not in mask_row(view.row).what
    masked = mask_view(view)
    assert masked.requests == () and {line.text for line in masked.thread} == {HIDDEN}


def test_a_private_issue_never_comes_by_the_public_face(room: Room, city: City) -> None:
    hidden, shown = city.add_report("Inside a home", is_private=True), city.add_report("Oak down")
    room.sync()

    assert room.parts.detail.find(shown) and not room.parts.detail.find(hidden)


def test_an_acknowledgement_by_rule_is_no_act_of_a_person(inside: Room, city: City) -> None:
    request_id = city.add_report("Oak down")
    city.clock(forward_s=61)
    inside.sync()

    view = inside.view(request_id)

    assert city.status(request_id) == "Acknowledged" == view.requests[0].raw_status
    assert view.row.state == list(SiteState).index(SiteState.NEW)
    assert view.row.acted_at == 0 and view.row.band <= Band.P3


def test_what_a_rule_of_the_city_says_at_once_is_shown_as_such(inside: Room, city: City, run: Any) -> None:
    request_id = city.add_report("Oak down")
    city.elsewhere(request_id, "comment", "Thank you, we have your report.", author="city")
    inside.sync()
    run(inside.work._fetch_thread(request_id, Lane.LIVE))

    [line] = [line for line in inside.view(request_id).thread if line.kind != "report"]
    assert (line.kind, line.text) == ("rule", "Thank you, we have your report.")


def outbox_is_empty(room: Room) -> bool:
    with room.store.reading() as connection:
        return outbox.counts(connection) == (0, 0)
