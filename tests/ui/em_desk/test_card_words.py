"""What a card says at each state and clock; the same words for eyes, ears and tests."""

from __future__ import annotations

import pytest

from dispatch.records import Band, Delivery, DeliveryState, EscalationState, Told911
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import ZONE, answer_of, card_of
from ui.em_desk.card_words import card_words, column_of, delivery_words
from ui.em_desk.summary import summary

S = EscalationState


def words_of(**changes):
    return card_words(card_of(**changes), NOW, ZONE)


@pytest.mark.parametrize(
    ("changes", "timer", "tone"),
    [
        ({}, "0:48 of 3:00", "text_dim"),
        ({"timer_from_at": NOW - 260_000}, "overdue by 1:20", "alarm"),
        ({"band": Band.P4}, "sent 48 s ago", "text_dim"),
        ({"state": S.ACCEPTED, "accepted_at": NOW, "timer_from_at": NOW}, "accepted in 0:48", "text_dim"),
        (
            {"state": S.ACCEPTED, "accepted_at": NOW, "timer_from_at": NOW - 6 * MINUTE},
            "no resource, 1:00 over",
            "alarm",
        ),
        (
            {"state": S.UNDER_WAY, "resource": "Crew 9", "eta_at": NOW + 20 * MINUTE},
            "expected 14:52",
            "text_dim",
        ),
        (
            {"state": S.UNDER_WAY, "resource": "Crew 9", "eta_at": NOW - 4 * MINUTE},
            "past its ETA by 4:00",
            "alarm",
        ),
        ({"state": S.UNDER_WAY, "resource": "Medic 7", "on_scene_at": NOW}, "on scene 14:32", "text_dim"),
        ({"state": S.HELD}, "held for weather", "text_dim"),
        ({"state": S.RETURNED, "return_code": "wrong_desk"}, "wrong desk", "text_dim"),
        ({"state": S.RETURNED, "return_code": "already_known"}, "already known", "text_dim"),
        ({"state": S.CLOSED, "closed_at": NOW}, "26 min from report", "text_dim"),
    ],
)
def test_s6_every_state_has_its_clock_in_words(changes, timer, tone):
    words = words_of(**changes)

    assert (words.timer, words.timer_tone) == (timer, tone)
    assert words.is_overdue == (tone == "alarm")


def test_s3_the_card_says_911_told_or_not():
    told = Told911(True, NOW - 12 * MINUTE, "", "17-2240")

    assert ("911 NOT TOLD", "alarm") in words_of(needs_911=True).notes
    assert ("911 told 14:20, no. 17-2240", "text_dim") in words_of(told_911=told).notes
    not_reached = words_of(told_911=Told911(False, NOW)).notes
    assert not_reached[0] == ("911 NOT TOLD, not reached 14:32", "alarm")


def test_s13_a_live_wire_stands_on_the_card():
    assert ("TREAT AS LIVE", "warn") in words_of(has_wire=True).notes
    assert ("TREAT AS LIVE", "warn") not in words_of(has_wire=True, made_safe="Duke 14:00").notes


def test_mutual_aid_is_an_unmet_need_too():
    words = words_of(state=S.MUTUAL_AID)

    assert words.timer == "mutual aid asked for"
    assert ("unmet need, in the situation report", "warn") in words.notes


def test_who_has_a_forwarded_one_stands_on_its_card():
    words = words_of(state=S.FORWARDED, forwarded_to="Pinellas County EM", forwarded_number="M-118")

    assert ("Pinellas County EM has it, their no. M-118", "text_dim") in words.notes


def test_no_resource_stays_as_unmet_need():
    notes = words_of(state=S.RETURNED, return_code="no_resource").notes

    assert ("unmet need, in the situation report", "warn") in notes


def test_what_was_said_with_the_answer_stands_on_the_card():
    accepted = words_of(state=S.ACCEPTED, answers=(answer_of("accept", "Boat 2, about 15:00"),))
    known = words_of(
        state=S.RETURNED, return_code="already_known", answers=(answer_of("return", "EOC-0012"),)
    )

    assert ("Boat 2, about 15:00", "text_dim") in accepted.notes
    assert ("known as no. EOC-0012", "text_dim") in known.notes


def test_s11_the_place_is_short_and_whole():
    words = words_of(address="4684 49th St N, St. Petersburg, FL 33709", neighborhood="Disston Heights")
    assert words.place == "Disston Heights · 4684 49th St N"


def test_a_question_stands_until_it_is_answered():
    asked = (answer_of("ask", "Which gate?"),)

    assert ("asks: Which gate?", "warn") in words_of(answers=asked).notes
    assert not any("asks" in text for text, _ in words_of(answers=(*asked, answer_of("add", "North"))).notes)


def test_every_state_has_a_column():
    assert {column_of(card_of(state=state)) for state in S} == {
        "sent",
        "accepted",
        "under_way",
        "returned",
        "closed",
    }
    assert column_of(card_of(state=S.EXPIRED)) == "sent"


def test_the_sentence_over_the_board_counts_what_is_late_first():
    cards = [
        card_of(1, timer_from_at=NOW - 260_000),
        card_of(2, state=S.ACCEPTED, accepted_at=NOW, timer_from_at=NOW - 6 * MINUTE),
        card_of(3, state=S.CLOSED, accepted_at=NOW - 48_000 + 125_000, closed_at=NOW),
    ]

    late, is_open, is_late = summary(cards, NOW)

    assert late == "1 overdue · 1 without resource · 0 past their time"
    assert is_open == "2 open, accepted in 1 min 26 at the median of 2"
    assert is_late


def test_a_median_of_many_names_its_slowest_tenth():
    cards = [
        card_of(i, state=S.CLOSED, sent_at=NOW - i * 10_000, accepted_at=NOW, closed_at=NOW)
        for i in range(1, 21)
    ]

    _late, is_open, _is_late = summary(cards, NOW)

    assert "at the median of 20, the slowest tenth over" in is_open


def test_deliveries_are_said_by_the_channels_names():
    ways = [
        Delivery("1", "e", "desk", DeliveryState.QUEUED, NOW),
        Delivery("2", "e", "folder", DeliveryState.DELIVERED, NOW),
        Delivery("3", "e", "printout", DeliveryState.FAILED, NOW, 3, error="The disk is full."),
        Delivery("4", "e", "spoken", DeliveryState.ANSWERED, NOW),
    ]

    assert card_words(card_of(), NOW, ZONE, ways).notes == (
        ("Folder: delivered", "text_dim"),
        ("Printout: FAILED 3 times, again now. The disk is full.", "warn"),
        ("Radio, by voice: answered elsewhere", "text_dim"),
    )


def test_a_try_that_failed_says_when_the_next_one_is():
    way = Delivery("3", "e", "folder", DeliveryState.FAILED, NOW, 1, 75_000, error="The disk is full.")

    assert delivery_words(way, wall_now=0)[0] == "Folder: FAILED once, again in 1:15. The disk is full."


def test_what_a_channel_gave_up_is_said_whatever_became_of_the_card():
    way = Delivery("1", "e", "folder", DeliveryState.DEAD_LETTER, NOW, 1, error="It is off.")
    words = card_words(card_of(state=EscalationState.ACCEPTED), NOW, ZONE, [way])

    assert ("Folder: NOT HANDED OVER. It is off.", "warn") in words.notes


def test_what_no_channel_could_hand_over_is_not_said_to_be_refused_by_silence():
    back = card_of(state=EscalationState.EXPIRED, timer_from_at=NOW)

    assert ("could not be handed over", "text_dim") in card_words(back, NOW, ZONE).notes
    assert ("nobody accepted in time", "text_dim") in card_words(back, NOW + 3_600_000, ZONE).notes


def test_s11_a_card_says_that_its_place_was_put_by_hand():
    notes = [words for words, _tone in words_of(placed_by="Ann Ortiz", placed_at=NOW).notes]

    assert "placed by hand by Ann Ortiz" in notes
    assert not any("by hand" in words for words, _tone in words_of().notes)
