"""Neighbors helping neighbors: an offer in the thread, relayed in public, step by step; never an answer of
the city, never a band, and nobody is pointed into danger (S7, S8, S9, S13, S15)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dispatch.act_words import from_words, to_words
from dispatch.errors import ActRefused
from dispatch.records import CloseReason, Flag, Offer, OfferState
from dispatch.residents.relayed import QUESTION
from tests.rooms import ON_SQLITE, Room

OFFER = "I have a chainsaw and can come over. Call me: 727-555-0142, Apt 4B, joe@example.com"
DECLINED, UNSUITABLE = OfferState.DECLINED, OfferState.UNSUITABLE


def offered(room: Room, city, words: str = "Oak across the road", offer: str = OFFER, **more) -> str:
    """A report, and a neighbor's comment below it."""
    request_id = city.add_report(words, reporter="resident", address="2214 22nd Ave S", **more)
    room.sync()
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", offer)
    room.sync()
    room.sync()
    return request_id


def one(room: Room, request_id: str) -> Offer:
    [offer] = room.view(request_id).offers
    return offer


def standing(room: Room, request_id: str) -> tuple[object, ...]:
    """What an offer must not touch."""
    row = room.view(request_id).row
    return row.band, row.score, row.state, row.acted_at, row.flags & ~(Flag.OFFER | Flag.OFFERS_ENDED)


def test_an_offer_goes_from_the_comment_to_confirmed_and_touches_nothing_of_the_site(
    room: Room, city
) -> None:
    request_id = city.add_report("Oak across the road", reporter="resident", address="2214 22nd Ave S")
    room.sync()
    alone = room.view(request_id)
    assert alone.offers == () and not alone.row.flags & Flag.OFFER
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", OFFER)
    room.sync()
    room.sync()

    site_id, desk, offer = room.site(request_id), room.parts.offer_desk, one(room, request_id)
    before = standing(room, request_id)
    assert before[0] == alone.row.band
    assert room.view(request_id).row.flags & Flag.OFFER
    assert offer.state == OfferState.OFFERED
    assert "727" not in offer.words and "joe@" not in offer.words and "4B" not in offer.words

    desk.ask(site_id, offer.offer_id, QUESTION)
    assert (one(room, request_id).state, standing(room, request_id)) == (OfferState.ASKED, before)
    room.sync()
    assert QUESTION in city.messages(request_id)
    for step, state in (
        (desk.agreed, OfferState.AGREED),
        (desk.done, OfferState.DONE),
        (desk.confirmed, OfferState.CONFIRMED),
    ):
        step(site_id, offer.offer_id)
        assert (one(room, request_id).state, standing(room, request_id)) == (state, before)

    view = room.view(request_id)
    assert view.row.flags & Flag.OFFERS_ENDED
    assert room.parts.offer_desk.open_offers() == ()
    told = [line.text for line in view.log if line.act == "offer"]
    assert told[0] == "offer of help: the resident was asked" and len(told) == 4
    assert "chainsaw" not in " ".join(told)


def test_undo_takes_each_step_back_and_the_question_while_it_has_not_left(room: Room, city) -> None:
    request_id = offered(room, city)
    site_id, offer = room.site(request_id), one(room, request_id)

    room.parts.offer_desk.ask(site_id, offer.offer_id, QUESTION)
    room.desk.undo()
    assert one(room, request_id).state == OfferState.OFFERED
    room.sync()
    assert QUESTION not in city.messages(request_id)

    room.parts.offer_desk.asked_by_voice(site_id, offer.offer_id)
    room.parts.offer_desk.ended(site_id, offer.offer_id, DECLINED, "they have somebody")
    assert room.view(request_id).row.flags & Flag.OFFERS_ENDED
    room.desk.undo()
    assert one(room, request_id).state == OfferState.ASKED
    assert not room.view(request_id).row.flags & Flag.OFFERS_ENDED
    room.desk.undo()
    assert one(room, request_id).state == OfferState.OFFERED


def test_a_question_that_is_taken_back_in_the_thread_was_never_asked(room: Room, city) -> None:
    request_id = offered(room, city)
    site_id = room.site(request_id)
    room.parts.offer_desk.ask(site_id, one(room, request_id).offer_id, QUESTION)
    [line] = [line for line in room.view(request_id).thread if line.kind == "ours"]

    room.desk.take_back([line.outbox_id])

    assert one(room, request_id).state == OfferState.OFFERED
    assert room.log_acts().count("take_back") == 1
    room.sync()
    assert QUESTION not in city.messages(request_id)


@ON_SQLITE
def test_a_step_can_be_kept_while_the_database_is_away(room: Room, city) -> None:
    request_id = offered(room, city)
    given = (room.site(request_id), one(room, request_id).offer_id, UNSUITABLE, "no way in")
    work = room.parts.offer_desk.ended

    work(**from_words(work, to_words(work, given, {})))

    assert one(room, request_id).why == "no way in"


@ON_SQLITE
def test_sites_with_offers_are_found_by_their_own_filter(room: Room, city) -> None:
    request_id = offered(room, city)

    assert "offer" in room.view(request_id).row.why.split(",")
    assert room.parts.shown().reasons["offer"] == "A neighbor offers help"
    assert all(reason.part != "offer" for reason in room.view(request_id).reasons)


def test_a_step_is_taken_once(room: Room, city) -> None:
    request_id = offered(room, city)
    site_id, offer, desk = room.site(request_id), one(room, request_id), room.parts.offer_desk
    desk.asked_by_voice(site_id, offer.offer_id)

    with pytest.raises(ActRefused, match="was asked"):
        desk.asked_by_voice(site_id, offer.offer_id)
    with pytest.raises(ActRefused, match="was asked"):
        desk.confirmed(site_id, offer.offer_id)
    with pytest.raises(ActRefused, match="Say why"):
        desk.ended(site_id, offer.offer_id, UNSUITABLE, " ")
    assert room.log_acts().count("offer") == 1


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Oak across the road, a wire is in it", "wire"),
        ("Oak across the road and I smell gas", "Gas"),
        ("Oak across the road, smoke from the house", "fire"),
        ("Oak across the road, the water is rising", "Flood water"),
        ("Oak fell on the house", "give way"),
        ("Oak across the road, a man is trapped under it", "911"),
    ],
)
@ON_SQLITE
def test_s9_nobody_is_pointed_into_danger(room: Room, city, words: str, why: str) -> None:
    request_id = offered(room, city, words)
    site_id, offer, desk = room.site(request_id), one(room, request_id), room.parts.offer_desk

    assert why in room.view(request_id).no_neighbor
    with pytest.raises(ActRefused, match=why):
        desk.ask(site_id, offer.offer_id, QUESTION)
    with pytest.raises(ActRefused, match=why):
        desk.asked_by_voice(site_id, offer.offer_id)
    assert one(room, request_id).state == OfferState.OFFERED
    room.sync()
    assert QUESTION not in city.messages(request_id)
    desk.ended(site_id, offer.offer_id, UNSUITABLE, "too dangerous")
    assert one(room, request_id).state == UNSUITABLE


@ON_SQLITE
@pytest.mark.parametrize("category", ["power_line_down", "power_outage", "street_flooding", "gas_leak"])
def test_s9_the_category_alone_says_so_as_well(room: Room, city, category: str) -> None:
    request_id = offered(room, city, "Look at this", category=category)

    with pytest.raises(ActRefused, match="no neighbor"):
        room.parts.offer_desk.asked_by_voice(room.site(request_id), one(room, request_id).offer_id)


@ON_SQLITE
def test_s13_a_wire_made_safe_is_a_wire_no_more(room: Room, city) -> None:
    request_id = offered(room, city, "Oak across the road, a wire is in it")
    site_id = room.site(request_id)
    room.desk.made_safe(site_id, "Utility, crew 7")

    room.parts.offer_desk.asked_by_voice(site_id, one(room, request_id).offer_id)

    assert one(room, request_id).state == OfferState.ASKED


@ON_SQLITE
def test_danger_that_is_told_later_stops_what_was_asked_already(room: Room, city) -> None:
    request_id = offered(room, city)
    site_id, offer, desk = room.site(request_id), one(room, request_id), room.parts.offer_desk
    desk.asked_by_voice(site_id, offer.offer_id)
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", "Careful, the wire in it is sparking")
    room.sync()
    room.sync()

    with pytest.raises(ActRefused, match="wire"):
        desk.agreed(site_id, offer.offer_id)


def test_s15_a_restricted_address_is_nobodys_business(room: Room, city) -> None:
    request_id = offered(room, city, "He is on oxygen", category="medical_power_dependent")
    site_id, offer = room.site(request_id), one(room, request_id)
    assert room.view(request_id).row.flags & Flag.RESTRICTED

    with pytest.raises(ActRefused, match="restricted"):
        room.parts.offer_desk.asked_by_voice(site_id, offer.offer_id)
    [line] = room.parts.offer_desk.open_offers()
    assert "chainsaw" not in line.offer.words and not line.where and not line.what


def test_s7_nobody_is_asked_while_field_response_is_suspended(room: Room, city) -> None:
    request_id = offered(room, city)
    site_id, offer, desk = room.site(request_id), one(room, request_id), room.parts.offer_desk
    now = room.parts.clock.now()
    room.desk.suspend("fire", now, "wind over 50 mph", now + 3_600_000)

    with pytest.raises(ActRefused, match="suspended"):
        desk.ask(site_id, offer.offer_id, QUESTION)
    with pytest.raises(ActRefused, match="suspended"):
        desk.asked_by_voice(site_id, offer.offer_id)
    [line] = desk.open_offers()
    assert "suspended" in line.no

    room.desk.resume_service("fire")
    desk.asked_by_voice(site_id, offer.offer_id)


@pytest.mark.parametrize(
    ("shared", "what"),
    [
        ("Call 727-555-0142", "phone"),
        ("Write to joe@example.com", "e-mail"),
        ("They are in Apt 4B", "unit"),
        ("Ask for st. petersburg neighbor", "names a resident"),
        ("Come to 2214 22nd Ave", "address"),
    ],
)
@ON_SQLITE
def test_s8_no_contact_passes_through_us(room: Room, city, shared: str, what: str) -> None:
    request_id = offered(room, city)
    site_id, offer, desk = room.site(request_id), one(room, request_id), room.parts.offer_desk

    with pytest.raises(ActRefused, match=what):
        desk.ask(site_id, offer.offer_id, f"A neighbor offers help. {shared}")
    with pytest.raises(ActRefused, match=what):
        desk.ended(site_id, offer.offer_id, UNSUITABLE, shared)
    room.sync()
    assert all(shared not in said for said in city.messages(request_id))


@ON_SQLITE
def test_our_own_words_and_advertisements_are_no_neighbor(room: Room, city) -> None:
    request_id = city.add_report("Oak across the road")
    room.sync()
    room.desk.message(room.site(request_id), "We can help you tomorrow. I have a chainsaw and can come over.")
    room.sync()
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", "Tree service, we can help, call 727-555-0142, best price")
    room.sync()
    room.sync()

    assert len(room.view(request_id).thread) >= 3
    assert room.view(request_id).offers == ()
    assert not room.view(request_id).row.flags & Flag.OFFER
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", "I can help")
    room.sync()
    room.sync()
    assert one(room, request_id).words == "I can help"


def test_two_neighbors_are_two_and_the_same_page_twice_brings_none(room: Room, city) -> None:
    request_id = offered(room, city, offer="I can help")
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", "I can help")
    room.sync()
    room.sync()
    room.sync()
    first, second = room.view(request_id).offers
    site_id, desk = room.site(request_id), room.parts.offer_desk

    desk.ended(site_id, first.offer_id, OfferState.WITHDRAWN, "no time")

    states = {offer.offer_id: offer.state for offer in room.view(request_id).offers}
    assert states == {first.offer_id: OfferState.WITHDRAWN, second.offer_id: OfferState.OFFERED}
    assert not room.view(request_id).row.flags & Flag.OFFERS_ENDED


def test_a_merged_site_brings_its_offers_along_and_a_split_one_takes_them_back(room: Room, city) -> None:
    lead = city.add_report("Oak across the road, no way through")
    other = offered(room, city)
    desk = room.parts.offer_desk
    desk.asked_by_voice(room.site(other), one(room, other).offer_id)
    home = room.site(other)

    room.desk.merge(room.site(lead), [home])

    offer = one(room, lead)
    assert offer.state == OfferState.ASKED
    assert room.view(lead).row.flags & Flag.OFFER
    desk.agreed(room.site(lead), offer.offer_id)
    room.desk.split(room.site(lead), other)
    assert room.site(other) == home
    assert one(room, other).state == OfferState.AGREED
    assert room.view(lead).offers == ()


def test_an_offer_after_the_last_one_ended_stands_open_again(room: Room, city) -> None:
    request_id = offered(room, city)
    desk = room.parts.offer_desk
    desk.ended(room.site(request_id), one(room, request_id).offer_id, OfferState.WITHDRAWN, "no time")
    assert desk.open_offers() == ()
    city.clock(forward_s=200)
    city.elsewhere(request_id, "comment", "We can help move the branches")
    room.sync()
    room.sync()

    [line] = desk.open_offers()
    assert line.offer.words == "We can help move the branches"
    assert not room.view(request_id).row.flags & Flag.OFFERS_ENDED


def test_an_offer_in_the_report_itself_is_found_and_a_closed_site_asks_for_nothing(room: Room, city) -> None:
    request_id = city.add_report("I have a truck and can help")
    room.sync()
    assert len(room.parts.offer_desk.open_offers()) == 1

    room.desk.close(room.site(request_id), CloseReason.NO_LONGER_NEEDED)

    assert room.parts.offer_desk.open_offers() == ()
    assert one(room, request_id).state == OfferState.OFFERED


def test_who_only_looks_on_sees_no_words_of_a_restricted_site(
    tmp_path, city, clock, run: Callable[..., object]
) -> None:
    wall = Room(tmp_path / "wall", city, clock, run, is_masked=True)
    try:
        request_id = offered(wall, city, "He is on oxygen", category="medical_power_dependent")
        assert wall.view(request_id).offers == ()
    finally:
        wall.close()
