"""What a row says of its site, and in which tone."""

from __future__ import annotations

import pytest

from dispatch.records import Flag
from tests.ui.boards import MINUTE, NOW, board_of, site
from ui.queue.row_words import RowWriter

CLAIMED = {"claimed_by": "Ana", "claimed_min": 1, "acted_min": 1}
SENT = {"escalation_state": "sent", "escalation_desk": "Rescue", "escalation_state_min": 6}


@pytest.fixture
def say(clock, zone):
    clock.set(NOW)

    def words(**changes):
        board = board_of(site(7, **changes))
        return RowWriter(board, clock=clock, zone=zone, me="Ana").words(0)

    return words


@pytest.mark.parametrize(
    ("changes", "state", "tone"),
    [
        ({}, "new", "text_dim"),
        ({"state": 1}, "triaged", "text_dim"),
        ({"flags": int(Flag.OUTSIDE_CITY)}, "outside the city", "text_dim"),
        ({**CLAIMED}, "claimed · you", "text_dim"),
        ({**CLAIMED, "claimed_by": "Ben"}, "claimed · Ben", "text_dim"),
        ({**CLAIMED, "flags": int(Flag.TOLD_911)}, "911 told · you", "text_dim"),
        ({"flags": int(Flag.UTILITY_TOLD)}, "utility told", "text_dim"),
        ({"state": 2, "state_reason": "utility_first"}, "waiting · utility first", "text_dim"),
        ({"state": 3, "state_reason": "passed_to_owner"}, "closed · passed to owner", "text_dim"),
        ({"snoozed_until": NOW + 28 * MINUTE}, "snoozed until 15:00", "text_dim"),
        ({**SENT}, "sent 6 min", "text_dim"),
        ({**SENT, "escalation_state": "accepted"}, "accepted · Rescue", "text_dim"),
        ({**SENT, "escalation_state": "held"}, "held for weather · Rescue", "text_dim"),
        ({**SENT, "escalation_state": "expired"}, "NOT ACCEPTED · Rescue", "alarm"),
        ({**SENT, "escalation_state": "returned"}, "returned · Rescue", "alarm"),
        ({"flags": int(Flag.NEW_FACT)}, "new fact", "warn"),
        ({"flags": int(Flag.SERVER_CLOSED)}, "closed on the server", "warn"),
        ({"band": 1, "first_min": 0}, "new", "text_dim"),
        ({"band": 1, "first_min": 2}, "nobody has acted", "alarm"),
    ],
)
def test_a_row_says_where_its_site_stands(say, changes, state, tone):
    words = say(**changes)
    assert (words.state, words.state_tone) == (state, tone)


@pytest.mark.parametrize("state", ["received", "accepted", "under_way"])
def test_s6_a_hand_over_past_its_time_says_what_is_missing(clock, zone, state):
    clock.set(NOW)
    board = board_of(site(7, **{**SENT, "escalation_state": state}))
    writer = RowWriter(board, clock=clock, zone=zone)

    board.set_clocks({7: (NOW + MINUTE, "no resource yet")})
    assert writer.words(0).state_tone == "text_dim"

    clock.set(NOW + 7 * MINUTE)
    words = writer.words(0)
    assert (words.state, words.state_tone) == ("no resource yet · 6 min over", "alarm")


@pytest.mark.parametrize(
    "changes",
    [
        {"flags": int(Flag.NOT_REACHED_911)},
        {**SENT, "flags": int(Flag.SEND_911)},
        {**SENT, "escalation_state": "accepted", "flags": int(Flag.CALLER_911)},
    ],
)
def test_s3_a_handed_over_site_without_911_says_so_in_alarm(say, changes):
    words = say(band=1, **changes)
    assert (words.state, words.state_tone) == ("911 NOT TOLD", "alarm")


def test_s4_a_claimed_p1_without_an_act_for_three_minutes_is_stale(say):
    stale = say(band=1, claimed_by="Ben", claimed_min=4, acted_min=4)
    fresh = say(band=1, claimed_by="Ben", claimed_min=4, acted_min=1)

    assert (stale.state, stale.state_tone) == ("claim stale · Ben", "alarm")
    assert fresh.state == "claimed · Ben"


def test_s11_a_doubted_place_is_said(say):
    assert say(flags=int(Flag.PLACE_DOUBT)).place_doubt == "place in doubt"


def test_the_age_tells_of_reports_that_still_come(say):
    assert say(first_min=26, last_min=1, reports=6).age == "26 min · last 1"
    assert say(first_min=26, last_min=20, reports=6).age == "26 min"
    assert say(first_min=26, reports=1).age == "26 min"


def test_a_screen_reader_hears_one_sentence(clock, zone):
    clock.set(NOW)
    board = board_of(
        site(7, band=1, score=96, what="Power line down", reports=6, first_min=26, last_min=1, **SENT)
    )

    said = RowWriter(board, clock=clock, zone=zone).aloud(0)

    assert said == (
        "P1 life safety. Power line down. Lakewood Estates · 22nd Ave S. 6 reports. first 26 min ago. "
        "sent 6 min. score 96"
    )
