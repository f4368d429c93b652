"""Times and durations as forms write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.forms import common
from dispatch.records import Told911
from tests.dispatch.forms.made import MINUTE, SENT_AT, hand_over


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


def test_times_are_local_24_hour_with_the_zone_and_dates_american(zone: ZoneInfo) -> None:
    assert common.clock_time(SENT_AT, zone) == "14:29 EDT"
    assert common.date_time(at("2017-01-05T04:03:00"), zone) == "01/04/2017 23:03 EST"
    assert common.iso(SENT_AT, zone) == "2017-09-11T14:29:00-04:00"
    assert common.iso(SENT_AT + 5, zone) == "2017-09-11T14:29:00.005-04:00"


def test_the_hour_that_comes_twice_in_autumn_is_told_apart_by_its_zone(zone: ZoneInfo) -> None:
    first, second = at("2017-11-05T05:30:00"), at("2017-11-05T06:30:00")

    assert common.clock_time(first, zone) == "01:30 EDT"
    assert common.clock_time(second, zone) == "01:30 EST"


def test_a_time_on_another_day_carries_its_date(zone: ZoneInfo) -> None:
    yesterday = SENT_AT - 24 * 60 * MINUTE

    assert common.near(SENT_AT, SENT_AT, zone) == "14:29 EDT"
    assert common.near(yesterday, SENT_AT, zone) == "09/10/2017 14:29 EDT"
    assert (common.hour(SENT_AT, SENT_AT, zone), common.hour(yesterday, SENT_AT, zone)) == (
        "14:29",
        "09/10 14:29",
    )


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "0:00"), (-5, "0:00"), (80_999, "1:20"), (59 * 60_000, "59:00"), (65 * 60_000, "1 h 05")],
)
def test_durations_read_as_people_say_them(ms: int, text: str) -> None:
    assert common.duration(ms) == text


def test_s18_the_exercise_mark_stands_first_and_once() -> None:
    marked = common.mark_exercise("Power line down", True)

    assert marked == "EXERCISE · Power line down" == common.mark_exercise(marked, True)
    assert common.mark_exercise("Power line down", False) == "Power line down"


@pytest.mark.parametrize(
    ("needed", "told", "says"),
    [
        (True, Told911(True, SENT_AT, "", "17-2240"), "911 told 14:29 EDT, no. 17-2240"),
        (False, Told911(True, SENT_AT, "Ramos", ""), "911 told 14:29 EDT, spoken to Ramos"),
        (True, Told911(False, SENT_AT), "911 NOT TOLD (not reached 14:29 EDT)"),
        (False, Told911(False, SENT_AT), "911 NOT TOLD (not reached 14:29 EDT)"),
        (True, None, "911 NOT TOLD"),
        (False, None, "911: not needed by category"),
    ],
)
def test_s3_every_hand_over_says_what_911_knows(
    needed: bool, told: Told911 | None, says: str, zone: ZoneInfo
) -> None:
    escalation = hand_over(needs_911=needed, told_911=told)

    assert common.said_to_911(escalation, zone) == says
    assert common.is_911_open(escalation) == ("NOT TOLD" in says)


@pytest.mark.parametrize(
    ("changes", "live"),
    [
        ({"has_wire": True, "utility": "", "made_safe": ""}, True),
        ({"has_wire": False, "utility": "Utility told 14:21", "made_safe": ""}, True),
        ({"has_wire": True, "utility": "Utility told 14:21", "made_safe": "J. Lee, 14:58"}, False),
        ({"has_wire": False, "utility": "", "made_safe": ""}, False),
    ],
)
def test_s13_a_wire_is_live_until_the_utility_has_said_otherwise(
    changes: dict[str, object], live: bool
) -> None:
    assert common.is_live(hand_over(**changes)) is live


@pytest.mark.parametrize(
    ("changes", "is_confirmed"),
    [
        ({}, True),
        ({"place": None}, True),
        ({"address": ""}, True),
        ({"address": " ", "place": None}, False),
        ({"place_quality": "street"}, False),
        ({"place_quality": ""}, False),
    ],
)
def test_s11_only_an_exact_place_is_confirmed(changes: dict[str, object], is_confirmed: bool) -> None:
    assert common.is_place_confirmed(hand_over(**changes)) is is_confirmed
