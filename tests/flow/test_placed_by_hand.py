"""Sites that a person puts on the map: their own place, kept through syncs, asked about, taken back (S11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import ActRefused
from dispatch.forms import ics213
from dispatch.records import Flag, Page, Place, ServiceRequest
from dispatch.reports import pdf
from dispatch.store import mirror
from dispatch.sync.take import Taker
from dispatch.triage.compared import distance_m
from tests.rooms import Room

# Beside the hospital on 7th Ave S, which counts as something around a place.
HOSPITAL = Place(27.7634, -82.6415)
FAR = Place(27.8200, -82.6400)


def homeless(room: Room, city, words: str = "Oak across the road", **more) -> str:
    request_id = city.add_report(words, lat=None, lng=None, **more)
    room.sync()
    assert room.view(request_id).row.lat is None
    return request_id


def server_says(room: Room, request_id: str, place: Place) -> None:
    """The city's server gives the report another place, and a sync takes it in."""
    known: ServiceRequest = room.view(request_id).requests[0]
    moved = replace(known, place=place, updated_at=known.updated_at + 1000)
    with room.store.reading() as connection:
        server = mirror.current_server(connection)
    assert server is not None
    taker = Taker(room.store, room.parts.in_force, room.parts.actor, server.server_id)
    taker.page(Page((moved,), (), None, None))


def test_s11_a_site_put_by_hand_is_on_the_map_and_says_who_put_it(room: Room, city) -> None:
    request_id = homeless(room, city)

    room.desk.place_by_hand(room.site(request_id), HOSPITAL, "700 6th St S")

    view = room.view(request_id)
    assert (view.row.lat, view.row.lng) == (HOSPITAL.lat, HOSPITAL.lng)
    assert view.row.where == "700 6th St S"
    assert view.own_place is not None and view.own_place.who == "A. Operator"
    assert view.requests[0].place is None, "what the resident and the server say is never changed"
    assert view.log[-1].act == "place_by_hand"


def test_what_lies_around_the_place_counts_as_if_the_resident_had_given_it(room: Room, city) -> None:
    request_id = homeless(room, city)
    there = city.add_report("Oak across the road", lat=HOSPITAL.lat, lng=HOSPITAL.lng)
    room.sync()

    room.desk.place_by_hand(room.site(request_id), HOSPITAL)

    by_hand, given = room.view(request_id), room.view(there)
    assert by_hand.row.score == given.row.score
    assert by_hand.row.neighborhood == given.row.neighborhood
    parts = {reason.part for reason in by_hand.reasons}
    assert parts == {reason.part for reason in given.reasons}
    assert any("Placed by hand" in reason.text for reason in by_hand.reasons)


def test_undo_takes_the_place_away_again_with_all_that_followed(room: Room, city) -> None:
    request_id = homeless(room, city)
    before = room.view(request_id)

    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    sentence, _ = room.desk.undo()

    after = room.view(request_id)
    assert sentence.startswith("Undone: placed by hand")
    assert after.row == before.row
    assert after.reasons == before.reasons
    assert after.own_place is None


def test_undo_of_a_second_placing_brings_the_first_back(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    room.desk.place_by_hand(room.site(request_id), FAR)

    room.desk.undo()

    assert room.view(request_id).row.lat == HOSPITAL.lat


def test_a_later_sync_leaves_a_place_put_by_hand_where_it_is(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)

    city.elsewhere(request_id, "comment", "It is still there, and now it leans on the wires")
    room.sync()
    room.sync()

    assert room.view(request_id).row.lat == HOSPITAL.lat


def test_s11_another_place_from_the_server_is_asked_about_and_never_taken_in_silence(
    room: Room, city
) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)

    server_says(room, request_id, FAR)

    view = room.view(request_id)
    assert view.row.lat == HOSPITAL.lat
    assert view.row.flags & Flag.PLACE_DOUBT
    assert "6.3 km from where A. Operator put it by hand: ask which" in view.place_doubt
    assert view.requests[0].place == FAR


def test_keeping_it_by_hand_answers_the_question(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    server_says(room, request_id, FAR)

    room.desk.place_by_hand(room.site(request_id), HOSPITAL)

    assert not room.view(request_id).place_doubt


def test_taking_the_servers_place_answers_it_too(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    server_says(room, request_id, FAR)

    room.desk.place_as_reported(room.site(request_id))

    view = room.view(request_id)
    assert (view.row.lat, view.place_doubt, view.own_place) == (FAR.lat, "", None)
    with pytest.raises(ActRefused, match="Nobody has placed it"):
        room.desk.place_as_reported(room.site(request_id))


def test_a_place_from_the_server_that_agrees_needs_no_question(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    near = Place(HOSPITAL.lat + 0.0005, HOSPITAL.lng)
    assert distance_m(near, HOSPITAL) < 150

    server_says(room, request_id, near)

    assert not room.view(request_id).place_doubt


def test_s11_the_hand_over_says_that_it_was_placed_by_hand_and_is_not_confirmed(room: Room, city) -> None:
    request_id = homeless(room, city)
    room.desk.place_by_hand(room.site(request_id), HOSPITAL, "700 6th St S")

    item = room.escalate(request_id)

    zone = room.parts.jurisdiction.zone
    said = {line.label: line.text for line in ics213.fill(item, zone).message}
    assert said["Where"].startswith("700 6th St S")
    assert said["Placed"].startswith("by hand by A. Operator")
    assert said["Place"].startswith("PLACE NOT CONFIRMED")
    assert pdf.ics213(ics213.fill(item, zone)).startswith(b"%PDF")


def test_s11_an_open_hand_over_hears_of_the_place_and_of_its_undo(room: Room, city) -> None:
    request_id = homeless(room, city)
    number = room.escalate(request_id).number

    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    [told] = room.view(request_id).escalations
    assert (told.number, told.place, told.placed_by) == (number, HOSPITAL, "A. Operator")

    room.desk.undo()
    [told] = room.view(request_id).escalations
    assert (told.place, told.placed_by) == (None, "")


def test_a_site_keeps_its_place_through_merge_and_split(room: Room, city) -> None:
    lead, other = homeless(room, city), homeless(room, city, "Same oak, I think")
    lead_id, other_id = room.site(lead), room.site(other)
    room.desk.place_by_hand(other_id, HOSPITAL)

    room.desk.merge(lead_id, [other_id])
    assert room.view(lead).row.lat == HOSPITAL.lat, "the one place that is known counts for both"

    room.desk.split(lead_id, other)
    assert room.view(lead).row.lat is None
    assert room.view(other).row.lat == HOSPITAL.lat


def test_s15_the_log_holds_the_area_and_neither_spot_nor_words(room: Room, city) -> None:
    request_id = homeless(room, city, "Oak across the road at Maria's house")

    room.desk.place_by_hand(room.site(request_id), HOSPITAL, "700 6th St S")

    line = room.view(request_id).log[-1]
    assert line.text == f"placed by hand, {room.view(request_id).row.neighborhood}"
    assert room.view(request_id).row.neighborhood
    assert "place_by_hand" in room.log_acts()


def test_a_merged_site_cannot_be_placed(room: Room, city) -> None:
    lead, other = homeless(room, city), homeless(room, city)
    other_id = room.site(other)
    room.desk.merge(room.site(lead), [other_id])

    with pytest.raises(ActRefused, match="stands in another one"):
        room.desk.place_by_hand(other_id, HOSPITAL)


def test_nothing_is_sent_to_the_server_for_it(room: Room, city) -> None:
    request_id = homeless(room, city)

    room.desk.place_by_hand(room.site(request_id), HOSPITAL)
    room.sync()

    with room.store.reading() as connection:
        assert mirror.counts(connection) == (1, 0)
    assert room.view(request_id).requests[0].place is None


def test_a_typed_address_is_looked_for_on_the_grid_and_among_other_reports(room: Room, city) -> None:
    city.add_report("Oak across the road", lat=FAR.lat, lng=FAR.lng, address="120 Bayou Grande Blvd NE")
    room.sync()

    known = room.parts.detail.find_place("120 bayou grande")
    on_grid = room.parts.detail.find_place("2214 22nd Ave S")

    assert [(hit.words, hit.how) for hit in known.hits] == [
        ("120 Bayou Grande Blvd NE", "where another report has it")
    ]
    assert distance_m(known.hits[0].place, FAR) < 20
    assert [hit.words for hit in on_grid.hits] == ["2214 22nd Ave S"]
    assert on_grid.hits[0].area


def test_what_is_typed_is_no_pattern_for_the_store(room: Room, city) -> None:
    city.add_report("Oak across the road", address="120 Bayou Grande Blvd NE")
    room.sync()

    assert room.parts.detail.find_place("120 %%%%%% NE").hits == ()
