"""The walk list's lines and the codes that bring answers back (S16)."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from dispatch.escalation.walk import walk_list
from dispatch.forms.walk_list import WalkList, by_code, code
from dispatch.records import Band, Escalation, EscalationState, Told911
from tests.dispatch.forms.made import MINUTE, SENT_AT, hand_over

S = EscalationState
NOW = SENT_AT + 4 * MINUTE


def walked(zone: ZoneInfo, *escalations: Escalation, is_exercise: bool = True) -> WalkList:
    return walk_list(escalations, NOW, zone, incident="Hurricane Irma", is_exercise=is_exercise)


def test_s16_it_lists_open_p1_and_p2_and_nothing_else_overdue_first(zone: ZoneInfo) -> None:
    cards = [
        hand_over(number="EOC-0001", state=S.CLOSED),
        hand_over(number="EOC-0002", state=S.DRAFT),
        hand_over(number="EOC-0003", band=Band.P3),
        hand_over(number="EOC-0004", band=Band.P2),
        hand_over(number="EOC-0005", state=S.HELD),
        hand_over(number="EOC-0006", state=S.RETURNED, return_code="no_resource"),
        hand_over(number="EOC-0007", state=S.EXPIRED),
        hand_over(number="EOC-0008", timer_from_at=SENT_AT - 5 * MINUTE),
    ]

    page = walked(zone, *cards)

    assert [line.number for line in page.lines] == [
        "EOC-0008",
        "EOC-0007",
        "EOC-0006",
        "EOC-0005",
        "EOC-0004",
    ]
    assert page.count == "4 P1, 1 P2, 2 overdue"


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, "sent 14:29, not accepted, over by 1:00"),
        ({"timer_from_at": NOW - MINUTE}, "sent 14:29, to accept, 2:00 left"),
        ({"state": S.EXPIRED}, "nobody accepted, sent 14:29, not accepted, over by 1:00"),
        ({"state": S.HELD}, "held for weather 14:29"),
        ({"state": S.ACCEPTED}, "accepted 14:29, no resource yet, 1:00 left"),
        ({"state": S.RETURNED, "return_code": "no_resource"}, "returned 14:29, no resource"),
        (
            {"state": S.UNDER_WAY, "resource": "Crew 14", "eta_at": NOW + MINUTE},
            "under way 14:29, Crew 14, ETA 14:34",
        ),
        (
            {"state": S.UNDER_WAY, "resource": "Crew 14", "eta_at": NOW - MINUTE},
            "under way 14:29, Crew 14, ETA 14:32, past its ETA, over by 1:00",
        ),
        (
            {"state": S.UNDER_WAY, "resource": "Crew 14", "on_scene_at": NOW},
            "under way 14:29, Crew 14, on scene 14:33",
        ),
    ],
)
def test_a_line_says_how_the_hand_over_stands(
    changes: dict[str, object], status: str, zone: ZoneInfo
) -> None:
    [line] = walked(zone, hand_over(**changes)).lines

    assert line.status == status
    assert line.is_overdue == ("over by" in status)


def test_a_line_says_what_where_what_is_asked_and_what_is_dangerous(zone: ZoneInfo) -> None:
    [line] = walked(zone, hand_over(place_quality="area", told_911=None)).lines

    assert (line.band, line.desk) == ("P1", "Energy (ESF 12)")
    assert line.where == "22nd Ave S & 31st St S · unit 4B · Lakewood Estates"
    assert line.needed == "Line made safe, sidewalk closed by 14:59"
    assert line.warnings == ("911 NOT TOLD", "TREAT AS LIVE", "PLACE NOT CONFIRMED")
    [told] = walked(zone, hand_over(told_911=Told911(True, SENT_AT, "", "17-2240"))).lines
    assert told.told_911 == "911 told 14:29 EDT, no. 17-2240" and told.warnings == ("TREAT AS LIVE",)


def test_s18_an_exercise_marks_the_page_also_when_it_is_empty(zone: ZoneInfo) -> None:
    assert walked(zone).title.startswith("EXERCISE · ")
    assert walked(zone, hand_over(), is_exercise=False).is_exercise
    live = walked(zone, hand_over(is_exercise=False), is_exercise=False)
    assert "EXERCISE" not in live.title + live.incident


def test_s16_the_code_of_a_line_is_the_same_on_every_list(zone: ZoneInfo) -> None:
    early = walked(zone, hand_over(number="EOC-0041"), hand_over(number="EOC-0042"))
    late = walked(zone, hand_over(number="EOC-0042", state=S.ACCEPTED))

    assert [line.code for line in early.lines] == ["41V", "42W"]
    assert [line.code for line in late.lines] == ["42W"]


@pytest.mark.parametrize("typed", ["41V", "41v", " 41 v ", "0041V", "41-V"])
def test_s16_a_typed_code_finds_its_hand_over(typed: str) -> None:
    cards = [hand_over(number=f"EOC-{number:04}") for number in range(30, 60)]

    found = by_code(typed, cards)

    assert found is not None and found.number == "EOC-0041"


@pytest.mark.parametrize("typed", ["", "41", "V", "14V", "42V", "91V", "41VV", "4 1"])
def test_s16_a_slip_finds_nothing_rather_than_another_site(typed: str) -> None:
    cards = [hand_over(number=f"EOC-{number:04}") for number in range(1, 100)]

    assert by_code(typed, cards) is None


def test_no_single_slip_of_a_digit_gives_the_same_letter() -> None:
    for number in range(1, 1000):
        digits = f"{number:03}"
        for at in range(3):
            for digit in "0123456789":
                slip = int(digits[:at] + digit + digits[at + 1 :])
                if slip != number:
                    assert (
                        code(hand_over(number=f"EOC-{slip}"))[-1]
                        != code(hand_over(number=f"EOC-{number}"))[-1]
                    )


def test_a_hand_over_without_a_number_still_has_a_code() -> None:
    bare = hand_over(number="")

    assert code(bare) == "3F0C9A52" and by_code("3f0c9a52", [bare]) is bare
