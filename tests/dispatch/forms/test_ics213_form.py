"""What the blocks of an ICS 213 say."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from dispatch.forms.ics213 import Ics213, fill
from dispatch.records import EscalationState, Told911
from tests.dispatch.forms.made import MINUTE, SENT_AT, answer, hand_over


def line(form: Ics213, label: str) -> str:
    return next(line.text for line in form.message if line.label == label)


def test_blocks_one_to_six(zone: ZoneInfo) -> None:
    form = fill(hand_over(is_exercise=False), zone)

    assert form.title == "GENERAL MESSAGE (ICS 213)"
    assert form.incident == "Hurricane Irma"
    assert form.sent_to == "Energy (ESF 12)"
    assert form.sent_from == "R. Alvarez, 311 operator"
    assert form.subject == "[P1] Power line down, sparking on sidewalk"
    assert (form.date, form.time) == ("09/11/2017", "14:29 EDT")


def test_block_seven_keeps_the_order_responders_know(zone: ZoneInfo) -> None:
    labels = [line.label for line in fill(hand_over(), zone).message]

    order = ["Priority", "What", "Where", "Lat, long", "Reported", "People at risk", "Safe approach"]
    order += ["Already done", "Action asked", "Needed by", "Numbers"]
    assert [label for label in labels if label in order] == order


def test_it_carries_everything_a_hand_over_carries(zone: ZoneInfo) -> None:
    form = fill(hand_over(is_update_of="EOC-0039", is_restricted=True), zone)

    assert line(form, "Priority") == "P1 life safety. Children walk past it"
    assert line(form, "911") == "911 told 14:29 EDT, no. 17-2240, spoken to Operator 12"
    assert "sparks when the wind moves it" in line(form, "What")
    assert line(form, "Source") == "Reported by a resident, not verified."
    assert line(form, "Where") == "22nd Ave S & 31st St S · unit 4B · at 31st St S · Lakewood Estates"
    assert line(form, "Lat, long") == "27.74691, -82.67823 (WGS84)"
    assert line(form, "Reported") == "first 09/11/2017 14:11 EDT, 4 reports, last confirmed 14:27 EDT"
    assert line(form, "People at risk") == "2 or more"
    assert line(form, "Mobility, children, pets") == "one on a walker, 2 children, a dog"
    assert line(form, "Call-back") == "Caller 2, (727) 555-0142 · Spanish"
    assert line(form, "Utility") == "TREAT AS LIVE · Utility told 14:21, ticket 4471"
    assert line(form, "Action asked") == "Line made safe, sidewalk closed"
    assert line(form, "Needed by") == "09/11/2017 14:59 EDT"
    assert line(form, "Numbers") == (
        "EOC-0041 · update of EOC-0039 · service requests #18234, #18240 · "
        "id 3f0c9a52-7d1e-4b1b-9a50-3f6a5b1c2d3e"
    )
    assert "Restricted" in line(form, "Handling")


def test_what_is_not_known_is_said_and_not_invented(zone: ZoneInfo) -> None:
    empty = dict.fromkeys(("people", "mobility", "safe_approach", "call_back", "language"), "")
    empty |= dict.fromkeys(
        ("already_done", "effect_needed", "address", "unit", "cross_street", "neighborhood"), ""
    )
    form = fill(hand_over(**empty, place=None, place_quality="none", need_by_at=None, request_ids=()), zone)

    assert line(form, "People at risk") == "unknown"
    assert line(form, "Call-back") == "none given · language not known"
    assert line(form, "Where") == "no address"
    assert line(form, "Place") == "PLACE NOT CONFIRMED: no place is known"
    assert line(form, "Already done") == "nothing recorded"
    assert line(form, "Action asked") == "not stated"
    assert line(form, "Needed by") == "no time given"


def test_s3_s11_s13_warnings_are_marked_as_such(zone: ZoneInfo) -> None:
    form = fill(hand_over(told_911=Told911(False, SENT_AT), place_quality="street", utility=""), zone)

    assert [line.text for line in form.message if line.is_warning] == [
        "911 NOT TOLD (not reached 14:29 EDT)",
        "PLACE NOT CONFIRMED: only the street is known",
        "TREAT AS LIVE · utility NOT TOLD",
    ]


def test_s13_made_safe_takes_the_warning_away_and_names_who_said_so(zone: ZoneInfo) -> None:
    form = fill(hand_over(made_safe="J. Lee of the utility, 14:58"), zone)

    assert (
        line(form, "Utility") == "Utility told 14:21, ticket 4471 · made safe: J. Lee of the utility, 14:58"
    )
    assert "TREAT AS LIVE" not in "\n".join(form.text_lines())


def test_s18_an_exercise_is_marked_in_title_incident_and_subject(zone: ZoneInfo) -> None:
    form = fill(hand_over(subject="EXERCISE · [P1] Power line down"), zone)

    assert form.title == "EXERCISE · GENERAL MESSAGE (ICS 213)"
    assert form.incident == "EXERCISE · Hurricane Irma"
    assert form.subject == "EXERCISE · [P1] Power line down"
    assert "EXERCISE" not in "\n".join(fill(hand_over(is_exercise=False), zone).text_lines())


def test_a_subject_is_made_where_none_was_written(zone: ZoneInfo) -> None:
    bare = hand_over(is_exercise=False, subject="", summary="")

    assert fill(bare, zone).subject == "[P1] 22nd Ave S & 31st St S · Lakewood Estates"


@pytest.mark.parametrize(
    ("changes", "given", "says"),
    [
        (
            {"state": EscalationState.UNDER_WAY, "resource": "Crew 14", "eta_at": SENT_AT + 20 * MINUTE},
            answer("resource"),
            "Resource named. Resource: Crew 14. ETA 14:49 EDT. "
            "Came by voice, recorded by R. Alvarez, 311 operator.",
        ),
        (
            {"state": EscalationState.RETURNED, "return_code": "already_known"},
            answer("return", text="as EOC-0017", how="desk", recorded_by="J. Rivera"),
            "Returned: already known. as EOC-0017. Came on the EM desk, recorded by J. Rivera.",
        ),
        (
            {"state": EscalationState.HELD},
            answer("hold"),
            "Accepted, held for weather. Came by voice, recorded by R. Alvarez, 311 operator.",
        ),
        (
            {
                "state": EscalationState.CLOSED,
                "outcome": "Line dead, sidewalk open",
                "confirmed_by": "Crew 14",
            },
            answer("close"),
            "Closed. Line dead, sidewalk open. Confirmed by Crew 14. "
            "Came by voice, recorded by R. Alvarez, 311 operator.",
        ),
    ],
)
def test_s16_blocks_nine_and_ten_are_the_answer_and_how_it_came(
    changes: dict[str, object], given: object, says: str, zone: ZoneInfo
) -> None:
    form = fill(hand_over(**changes, answers=(given, answer("add", text="one more caller"))), zone)

    assert form.reply == says
    assert (form.replied_by, form.replied_at) == ("J. Rivera, Energy liaison", "09/11/2017 14:30 EDT")


def test_without_an_answer_nine_and_ten_are_left_to_the_pen(zone: ZoneInfo) -> None:
    form = fill(hand_over(), zone)

    assert (form.approved_by, form.reply, form.replied_by, form.replied_at) == ("", "", "", "")
    assert form.answer_code == "41V"


def test_the_preview_shows_all_ten_blocks(zone: ZoneInfo) -> None:
    lines = fill(hand_over(), zone).text_lines()

    starts = [text.split(".")[0] for text in lines if text.split(".")[0].isdigit()]
    assert starts == ["1", "2", "3", "4", "5", "7", "8", "9", "10"]
    assert "5. Date: 09/11/2017   6. Time: 14:29 EDT" in lines
