"""An operator's acts from the key to the server and back."""

from __future__ import annotations

from contextlib import suppress

import pytest
from sqlalchemy import update

from dispatch.errors import ActRefused, ServerFailed, ServerUnreachable
from dispatch.escalation.walk import walk_list
from dispatch.forms.walk_list import by_code, code
from dispatch.records import (
    Band,
    CloseReason,
    EscalationState,
    Flag,
    OutboxState,
    ReturnCode,
    SiteState,
    Told911,
    WaitReason,
)
from dispatch.reports import pdf
from dispatch.store import mirror, schema, sites
from tests.rooms import Room


def test_everything_the_server_holds_is_on_the_board_once(room: Room, city) -> None:
    ids = {city.add_report(f"Oak across the road, number {n}") for n in range(230)}

    room.sync()
    room.sync()

    with room.store.reading() as connection:
        assert mirror.counts(connection) == (230, 0)
        members = sites.members(connection, [row.site_id for row in sites.board_rows(connection)])
    assert {request.request_id for each in members.values() for _, request, _ in each} == ids


def test_a_message_reaches_every_reporter_of_a_site_once(room: Room, city) -> None:
    first, second = city.add_report("Oak across 5th Ave N"), city.add_report("Big tree blocks 5th Ave N")
    room.sync()
    room.desk.merge(room.site(first), [room.site(second)])

    room.desk.message(room.site(first), "A crew is on the way. This is not 911.")
    room.sync()
    room.sync()

    for request_id in (first, second):
        assert city.messages(request_id).count("A crew is on the way. This is not 911.") == 1


def test_s10_a_merge_while_somebody_works_on_it_is_no_new_fact(room: Room, city) -> None:
    a, b = city.add_report("Oak blocks 5th Ave N"), city.add_report("Tree blocks both lanes of 5th Ave N")
    room.sync()
    room.desk.claim(room.site(a))

    room.desk.merge(room.site(a), [room.site(b)])

    assert not room.view(a).row.flags & Flag.NEW_FACT


@pytest.mark.parametrize("fault", ["503", "reset", "lose-answer-after-doing-it"])
def test_a_message_through_a_failing_server_arrives_once(room: Room, city, fault: str) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    room.desk.message(room.site(request_id), "We have your report.")
    # The first calls of a round ask what is new and who we are; one of the later ones is the message.
    city.set_rates({fault: 0.5})
    for _ in range(6):
        with suppress(ServerFailed, ServerUnreachable):
            room.sync()
        _hurry(room)
    city.set_rates({})
    _hurry(room)
    room.sync()

    assert city.messages(request_id).count("We have your report.") == 1


def test_a_second_equal_message_still_goes_out(room: Room, city) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    for _ in range(2):
        room.desk.message(room.site(request_id), "Crew delayed.")
        room.sync()

    assert city.messages(request_id).count("Crew delayed.") == 2


def test_a_message_taken_back_in_time_never_leaves(room: Room, city) -> None:
    request_id = city.add_report("Oak across 5th Ave N")
    room.sync()
    room.desk.message(room.site(request_id), "Wrong words.")
    line = next(line for line in room.view(request_id).thread if line.kind == "ours")

    room.desk.take_back([line.outbox_id])
    room.sync()

    assert "Wrong words." not in city.messages(request_id)
    with pytest.raises(ActRefused, match="already left"):
        room.desk.take_back([line.outbox_id])


def test_closing_with_a_message_closes_it_on_the_server(room: Room, city) -> None:
    request_id = city.add_report("Limb on the sidewalk", category="tree_private")
    room.sync()

    room.desk.close(room.site(request_id), CloseReason.FIXED_CONFIRMED, message="The limb is gone.")
    room.sync()
    room.sync()

    assert city.status(request_id) == "Closed"
    assert city.messages(request_id).count("The limb is gone.") == 1
    assert room.view(request_id).row.state_reason == CloseReason.FIXED_CONFIRMED


def test_closed_by_somebody_else_closes_ours_unless_we_work_on_it(room: Room, city) -> None:
    idle, claimed = city.add_report("Limb down"), city.add_report("Oak down")
    room.sync()
    room.desk.claim(room.site(claimed))

    city.elsewhere(idle, "close", "Done.")
    city.elsewhere(claimed, "close", "Done.")
    room.sync()

    assert room.view(idle).row.state_reason == "server"
    kept = room.view(claimed).row
    assert kept.flags & Flag.SERVER_CLOSED and kept.state_reason == ""


def test_reopened_by_a_resident_it_comes_back_with_a_mark(room: Room, city) -> None:
    request_id = city.add_report("Limb down")
    room.sync()
    city.elsewhere(request_id, "close", "Done.")
    room.sync()

    city.elsewhere(request_id, "open", "It is still there!")
    room.sync()

    row = room.view(request_id).row
    assert row.flags & Flag.REOPENED and row.acted_at == 0 and row.state == 0


def test_s1_a_new_comment_brings_a_set_aside_report_back(room: Room, city) -> None:
    request_id = city.add_report("Deep pothole", category="pothole")
    room.sync()
    assert room.view(request_id).row.flags & Flag.SET_ASIDE

    city.clock(forward_s=600)
    city.elsewhere(request_id, "comment", "Now a man is trapped in his car in it and water is rising")
    room.sync()
    room.sync()

    row = room.view(request_id).row
    assert row.band == Band.P1 and not row.flags & Flag.SET_ASIDE


def test_undo_takes_back_the_last_act_and_only_that(room: Room, city) -> None:
    request_id = city.add_report("Limb down")
    room.sync()
    site_id = room.site(request_id)
    band = room.view(request_id).row.band
    room.desk.set_band(site_id, Band.P1)
    room.desk.wait(site_id, WaitReason.ACCESS, "gate locked")

    room.desk.undo()
    after_one = room.view(request_id).row
    room.desk.undo()
    after_two = room.view(request_id).row

    assert (after_one.band, after_one.state) == (Band.P1, list(SiteState).index(SiteState.TRIAGED))
    assert (after_two.band, after_two.state) == (band, 0)
    with pytest.raises(ActRefused, match="nothing to undo"):
        room.desk.undo()


def test_a_merge_is_undone_and_a_split_gives_its_number_back(room: Room, city) -> None:
    a, b = city.add_report("Oak across 5th Ave N"), city.add_report("Tree blocks 5th Ave N")
    room.sync()
    home_a, home_b = room.site(a), room.site(b)

    room.desk.merge(home_a, [home_b])
    assert room.site(b) == home_a and room.view(a).row.reports == 2
    room.desk.undo()
    assert room.site(b) == home_b and room.view(a).row.reports == 1

    room.desk.merge(home_a, [home_b])
    room.desk.split(home_a, b)
    assert room.site(b) == home_b
    assert not room.view(b).row.flags & Flag.MERGED


def test_s10_people_are_linked_never_merged(room: Room, city) -> None:
    a = city.add_report("We are trapped in the attic, water rising", category="street_flooding")
    b = city.add_report("Neighbors trapped upstairs by water", category="street_flooding")
    room.sync()

    with pytest.raises(ActRefused, match="linked by building"):
        room.desk.merge(room.site(a), [room.site(b)])
    room.desk.link(room.site(a), [room.site(b)])

    assert room.view(a).linked_sites == (room.site(b),)


def test_s10_a_dangerous_report_that_joins_is_a_new_fact_on_top(room: Room, city) -> None:
    calm = city.add_report("Street light is out", category="street_light_out")
    room.sync()
    room.desk.wait(room.site(calm), WaitReason.OWNER)
    danger = city.add_report("Power line down and sparking on the sidewalk", category="power_line_down")
    room.sync()

    room.desk.merge(room.site(calm), [room.site(danger)])

    row = room.view(calm).row
    assert row.flags & Flag.NEW_FACT and row.band == Band.P1


def test_s12_lowering_out_of_p1_asks_a_reason_and_s2_raising_does_not(room: Room, city) -> None:
    request_id = city.add_report("Limb down", category="tree_private")
    room.sync()
    site_id = room.site(request_id)

    room.desk.set_band(site_id, Band.P1)
    with pytest.raises(ActRefused, match="no longer life safety"):
        room.desk.set_band(site_id, Band.P3)
    room.desk.set_band(site_id, Band.P3, "seen by the crew")

    own = room.view(request_id).own_band
    assert own is not None and (own.band, own.reason) == (Band.P3, "seen by the crew")


def test_s13_a_wire_not_made_safe_is_not_closed_as_fixed(room: Room, city) -> None:
    request_id = city.add_report("Tree with a wire in it, line down", category="tree_on_wires")
    room.sync()
    site_id = room.site(request_id)

    with pytest.raises(ActRefused, match="made it safe"):
        room.desk.close(site_id, CloseReason.FIXED_CONFIRMED, note="cut", confirmed_by="crew 4")
    with pytest.raises(ActRefused, match="made it safe"):
        room.desk.close(site_id, CloseReason.AREA_SWEEP, note="sweep", confirmed_by="crew 4")
    room.desk.made_safe(site_id, "utility crew 9")
    room.desk.close(site_id, CloseReason.FIXED_CONFIRMED, note="cut", confirmed_by="crew 4")

    assert room.view(request_id).row.state == list(SiteState).index(SiteState.CLOSED)


def test_s6_a_p1_closes_only_with_outcome_and_who_confirmed_it(room: Room, city) -> None:
    request_id = city.add_report("Smell of gas in the hall", category="gas_leak")
    room.sync()

    with pytest.raises(ActRefused, match="outcome and who confirmed"):
        room.desk.close(room.site(request_id), CloseReason.NO_LONGER_NEEDED)


def test_s5_a_p1_is_put_aside_for_five_minutes_at_most(room: Room, city, clock) -> None:
    request_id = city.add_report("Smell of gas in the hall", category="gas_leak")
    room.sync()

    with pytest.raises(ActRefused, match="five minutes"):
        room.desk.snooze(room.site(request_id), clock.now() + 6 * 60_000)


def test_two_seats_want_one_site_the_second_hears_who_has_it(room: Room, city, clock, run, tmp_path) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    room.desk.claim(room.site(request_id))
    other = Room(tmp_path / "other", city, clock, run, store_url=room.url, seat="Seat 2")

    with pytest.raises(ActRefused, match=r"A\. Operator \(Seat 1\) was first"):
        other.desk.claim(other.site(request_id))
    other.close()


def test_s4_a_claimed_p1_without_an_act_may_be_taken_after_three_minutes(
    room: Room, city, clock, run, tmp_path
) -> None:
    request_id = city.add_report("Smell of gas in the hall", category="gas_leak")
    room.sync()
    room.desk.claim(room.site(request_id))
    other = Room(tmp_path / "other", city, clock, run, store_url=room.url, seat="Seat 2")

    clock.advance(minutes=2)
    room.desk.note(room.site(request_id), "calling the fire station")
    room.desk.set_band(room.site(request_id), Band.P1)
    clock.advance(minutes=2)
    with pytest.raises(ActRefused, match="was first"):
        other.desk.claim(other.site(request_id))
    clock.advance(minutes=1, seconds=1)
    other.desk.claim(other.site(request_id))

    assert other.view(request_id).row.claimed_seat == "Seat 2"
    other.close()


def test_the_loop_closes_from_report_to_outcome(room: Room, city) -> None:
    request_id = city.add_report(
        "Oak blocks both lanes", category="tree_road_blocked", address="5th Ave N & 9th St N"
    )
    room.sync()

    sent = room.escalate(request_id, effect_needed="Clear one lane", tell_residents=True)
    assert room.view(request_id).row.escalation_state_at == 0, "nothing has left yet: the row says sending"
    room.sync()
    room.em_desk.seen([sent.escalation_id])
    room.em_desk.accept(sent.escalation_id, "crew 4", by_name="B. Manager", by_position="Public works")
    room.sync()
    room.em_desk.resource(sent.escalation_id, "Crew 4", sent.created_at + 1_800_000)
    room.em_desk.close(sent.escalation_id, "lane open", "crew 4")

    handed = room.view(request_id).escalations[0]
    assert handed.state is EscalationState.CLOSED and handed.outcome == "lane open"
    assert [answer.kind for answer in handed.answers] == ["accept", "resource", "close"]
    assert handed.answers[0].by_name == "B. Manager" and handed.answers[0].recorded_by == "A. Operator"
    assert len(room.files()) == 2 and all(sent.escalation_id in name for name in room.files())
    told = [text for text in city.messages(request_id) if "passed to emergency management" in text]
    assert len(told) == 1 and told[0].startswith("EXERCISE") and "not 911" in told[0]


def test_an_operators_own_band_shows_on_the_board(room: Room, city) -> None:
    request_id = city.add_report("Fence is down", category="tree_private")
    room.sync()
    assert not room.view(request_id).row.flags & Flag.OVERRIDDEN

    room.desk.set_band(room.site(request_id), Band.P3)
    assert room.view(request_id).row.flags & Flag.OVERRIDDEN

    room.desk.undo()
    assert not room.view(request_id).row.flags & Flag.OVERRIDDEN


def test_a_life_at_risk_goes_to_who_reaches_people_whatever_it_was_filed_under(room: Room, city) -> None:
    person = city.add_report("My mother is on oxygen, power out, tank low", category="power_outage")
    wire = city.add_report("Wire on the ground", category="power_line_down")
    room.sync()

    drafts = [room.desk.draft(room.site(request_id)) for request_id in (person, wire)]

    assert [(draft.desk, draft.effect_needed) for draft in drafts] == [
        ("Fire rescue", "Reach the person"),
        ("Energy", "Guard the scene and make the line safe"),
    ]


def test_a_second_hand_over_of_its_site_tells_a_resident_nothing_twice(room: Room, city) -> None:
    first, second = city.add_report("Oak blocks both lanes"), city.add_report("Tree across 5th Ave N")
    room.sync()
    done = room.escalate(first, tell_residents=True)
    room.em_desk.accept(done.escalation_id, "crew 4")
    room.em_desk.close(done.escalation_id, "one lane open", "crew 4")
    room.desk.merge(room.site(second), [room.site(first)])

    again = room.escalate(second, tell_residents=True)
    room.em_desk.accept(again.escalation_id, "crew 4")
    room.sync()

    for request_id in (first, second):
        assert len([text for text in city.messages(request_id) if "passed to emergency" in text]) == 1


def test_s6_nobody_accepts_in_time_and_it_is_back_on_top(room: Room, city, clock) -> None:
    request_id = city.add_report("Line down, sparking", category="power_line_down")
    room.sync()
    room.escalate(request_id)
    room.sync()

    clock.advance(minutes=3, seconds=1)
    room.sync()

    assert room.view(request_id).row.escalation_state == EscalationState.EXPIRED
    room.parts.follow.load()
    assert bool(room.parts.board.on_top[room.parts.board.row(room.site(request_id))])


def test_s6_accepted_without_a_resource_marks_the_operators_row_in_time(room: Room, city, clock) -> None:
    request_id = city.add_report("Line down, sparking", category="power_line_down")
    room.sync()
    sent = room.escalate(request_id)
    room.sync()
    room.em_desk.accept(sent.escalation_id)

    clock.advance(minutes=5, seconds=1)
    room.sync()
    room.parts.follow.load()

    hand_over = room.parts.board.hand_overs[room.site(request_id)]
    assert hand_over.is_overdue(clock.now())
    assert hand_over.overdue_words


def test_a_returned_site_is_sent_again_under_its_number(room: Room, city) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    room.sync()
    first = room.escalate(request_id)
    room.sync()
    room.em_desk.give_back(first.escalation_id, ReturnCode.WRONG_DESK)
    assert room.view(request_id).row.escalation_state == EscalationState.RETURNED

    again = room.escalate(request_id, desk="Traffic", esf="ESF 1")
    room.sync()

    assert (again.escalation_id, again.number) == (first.escalation_id, first.number)
    assert again.desk == "Traffic" and again.state is EscalationState.SENT
    assert len(room.files()) == 2


def test_a_site_already_handed_over_gets_an_update_not_a_second_one(room: Room, city) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    room.sync()
    first = room.escalate(request_id)
    room.sync()

    room.escalate(request_id, why_now="An ambulance waits behind it.")
    room.sync()

    handed = room.view(request_id).escalations
    assert [item.number for item in handed] == [first.number]
    assert handed[0].answers[-1].text == "An ambulance waits behind it."


def test_s3_911_not_reached_is_red_and_the_hand_over_has_been_sent_all_the_same(
    room: Room, city, clock
) -> None:
    request_id = city.add_report("We are trapped in the attic", category="street_flooding")
    room.sync()

    sent = room.escalate(request_id, told_911=Told911(False, clock.now()))
    room.sync()
    assert room.view(request_id).row.flags & Flag.NOT_REACHED_911
    room.desk.tell_911(room.site(request_id), Told911(True, clock.now(), "Ana", "17-2231"))

    view = room.view(request_id)
    assert view.row.flags & Flag.TOLD_911 and not view.row.flags & Flag.NOT_REACHED_911
    handed = view.escalations[0]
    assert handed.escalation_id == sent.escalation_id and handed.sent_at is not None
    assert handed.told_911 is not None and handed.told_911.incident_number == "17-2231"


def test_s3_a_hand_over_after_the_911_step_says_that_911_was_told(room: Room, city, clock) -> None:
    request_id = city.add_report("Roof is coming off, we are in the bathroom", category="structure_damage")
    room.sync()
    room.desk.tell_911(room.site(request_id), Told911(True, clock.now(), "Ana", "17-2231"))

    sent = room.escalate(request_id)

    assert sent.told_911 == Told911(True, clock.now(), "Ana", "17-2231")
    assert sent.details == "Roof is coming off, we are in the bathroom" and sent.language == "English"


def test_s3_a_life_at_risk_asks_for_911_whatever_it_was_filed_under(room: Room, city) -> None:
    request_id = city.add_report("Man trapped under a limb in our yard", category="tree_private")
    room.sync()

    view, draft = room.view(request_id), room.desk.draft(room.site(request_id))

    assert view.row.band == Band.P1 and view.row.flags & Flag.SEND_911
    assert draft.needs_911 and draft.told_911 is None


def test_s8_nothing_goes_out_by_itself_for_restricted_categories(room: Room, city) -> None:
    request_id = city.add_report("My mother is on oxygen, no power", category="medical_power_dependent")
    room.sync()
    before = len(city.messages(request_id))

    sent = room.escalate(request_id, tell_residents=True)
    room.sync()
    room.em_desk.accept(sent.escalation_id)
    room.sync()

    assert len(city.messages(request_id)) == before


def test_s16_a_spoken_answer_keeps_who_gave_it_and_who_wrote_it_down(room: Room, city) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    room.sync()
    sent = room.escalate(request_id, channels=("printout", "spoken"))
    room.sync()

    room.em_desk.accept(
        sent.escalation_id, "crew 4 goes", by_name="C. Chief", by_position="Public works", how="spoken"
    )

    answer = room.view(request_id).escalations[0].answers[0]
    assert (answer.by_name, answer.how, answer.recorded_by) == ("C. Chief", "spoken", "A. Operator")
    assert list(room.parts.folder.glob("print/*.pdf"))


def test_s16_a_printer_and_a_phone_are_enough(room: Room, city, clock, zone) -> None:
    request_id = city.add_report("Oak blocks both lanes of 5th Ave N", address="5th Ave N & 9th St N")
    room.sync()

    sent = room.escalate(request_id, channels=("printout", "spoken"))
    room.sync()
    page = walk_list(
        room.em_desk.cards(clock.now()), clock.now(), zone, incident="Hurricane Test", is_exercise=True
    )
    paper = pdf.walk_list(page)
    clock.advance(minutes=4)
    card = by_code(code(sent), room.em_desk.cards(clock.now()))
    heard = {"by_name": "C. Chief", "by_position": "Public works", "how": "reply_code"}
    room.em_desk.accept(card.escalation_id, "crew 4", **heard)
    room.em_desk.resource(card.escalation_id, "Crew 4", clock.now() + 1_800_000, **heard)
    room.em_desk.close(card.escalation_id, "road open", "C. Chief", **heard)
    room.sync()

    assert paper.startswith(b"%PDF")
    handed = room.view(request_id).escalations[0]
    assert handed.state is EscalationState.CLOSED
    assert {answer.how for answer in handed.answers} == {"reply_code"}
    assert {answer.recorded_by for answer in handed.answers} == {"A. Operator"}
    assert room.files() == [], "no folder, no relay, no network but the server's own"


def test_s15_opening_a_restricted_site_is_in_the_log_once_a_person_and_shift(room: Room, city, clock) -> None:
    request_id = city.add_report("My mother is on oxygen", category="medical_power_dependent")
    room.sync()

    room.parts.unmasking.opened(room.site(request_id))
    room.parts.unmasking.opened(room.site(request_id))
    assert [line.act for line in room.view(request_id).log] == ["opened"]

    room.parts.seat_desk.sit("Kim Ortiz", "Operator")
    room.parts.unmasking.opened(room.site(request_id))
    clock.advance(hours=12)
    room.parts.unmasking.opened(room.site(request_id))
    assert [line.person for line in room.view(request_id).log] == ["A. Operator", "Kim Ortiz", "Kim Ortiz"]


def test_s15_a_masked_seat_shows_band_and_neighborhood_and_no_words(
    room: Room, city, clock, run, tmp_path
) -> None:
    secret = city.add_report(
        "My mother is on oxygen, unit 4", category="medical_power_dependent", address="487 68th St N"
    )
    open_ = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    room.sync()

    wall = Room(tmp_path / "wall", city, clock, run, store_url=room.url, seat="Wall", is_masked=True)
    wall.parts.follow.load()

    board, view = wall.parts.board, wall.view(secret)
    row = board.row(wall.site(secret))
    said = " ".join([board.what[row], board.where[row], repr(view)])
    for word in ("oxygen", "mother", "unit 4", "68th"):
        assert word not in said
    assert board.hoods[board.hood[row]] and board.what[row] == "Life safety"
    assert "Oak blocks" in board.what[board.row(wall.site(open_))]
    wall.close()


def test_s11_a_pin_where_many_addresses_stand_is_doubted(room: Room, city) -> None:
    ids = [
        city.add_report("Tree down", lat=27.7712, lng=-82.6387, address=f"{100 + n} 5th Ave N")
        for n in range(21)
    ]
    room.sync()

    view = room.view(ids[-1])
    assert "where reports without a place are put" in view.place_doubt
    assert view.row.flags & Flag.PLACE_DOUBT


def test_s9_a_photo_of_a_wire_is_never_asked_for(room: Room, city) -> None:
    request_id = city.add_report("Line down on the sidewalk", category="power_line_down")
    room.sync()

    with pytest.raises(ActRefused, match="dangerous"):
        room.desk.message(room.site(request_id), "Only from where you are safe: can you send a photo?")


def test_the_server_refuses_and_the_author_gets_its_words(room: Room, city) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    city.elsewhere(request_id, "archive")
    room.desk.close(
        room.site(request_id), CloseReason.NO_LONGER_NEEDED, message="Closed: nothing left to do."
    )
    room.sync()

    line = next(line for line in room.view(request_id).thread if line.kind == "ours")
    assert line.state == OutboxState.FAILED and line.error


def test_every_act_is_in_a_log_that_proves_itself(room: Room, city) -> None:
    request_id = city.add_report("Oak down")
    room.sync()
    site_id = room.site(request_id)

    room.desk.claim(site_id)
    room.desk.note(site_id, "gate code in the call")
    room.desk.wait(site_id, WaitReason.WEATHER)
    room.escalate(request_id)

    assert {"claim", "note", "wait", "escalate"} <= set(room.log_acts())


def _hurry(room: Room) -> None:
    """Let the waits after a failure be over."""
    with room.store.engine.begin() as connection:
        connection.execute(update(schema.outbox).values(due_at=0))
