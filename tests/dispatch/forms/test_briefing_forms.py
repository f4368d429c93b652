"""What an ICS 201, an ICS 209 fill sheet and the first-hour list say."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.forms import first_hour, ics201, ics209
from dispatch.forms.first_hour import FirstHour
from dispatch.forms.ics201 import MOST_ACTIONS, Ics201
from dispatch.forms.ics209 import Ics209
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Band, Escalation, EscalationState, OnDuty, Situation, Suspension
from tests.dispatch.forms.made import MINUTE, SENT_AT, hand_over
from tests.dispatch.forms.test_ics214_form import HASH, entry

S = EscalationState
PERIOD = (SENT_AT - 60 * MINUTE, SENT_AT + 660 * MINUTE)
POLICE = Suspension("police", SENT_AT, "Wind 45 mph, chief's order.", SENT_AT + 60 * MINUTE, "R. Alvarez")
SITUATION = Situation(
    open_by_band={Band.P1: 3, Band.P2: 12, Band.P3: 0, Band.P4: 40, Band.INFO: 0},
    untouched_p1=1,
    oldest_p1_at=SENT_AT - 30 * MINUTE,
    reports_in_period=120,
    reports_to_date=574,
    by_category={"home_flooded": (4, 9), "structure_damage": (1, 2), "tree_on_structure": (2, 3)}
    | {
        "flood_people_trapped": (1, 2),
        "welfare_check": (0, 5),
        "gas_leak": (1, 1),
        "power_line_down": (2, 6),
    },
    worst_areas=(("Lakewood Estates", 5), ("Downtown", 2)),
    live_wires=6,
)


def briefing(zone: ZoneInfo, *escalations: Escalation, **given: Any) -> Ics201:
    asked: dict[str, Any] = {"incident": "Hurricane Irma", "is_exercise": False, "started_at": SENT_AT}
    asked |= {"period": PERIOD, "suspensions": [POLICE], "entries": [], "numbers": {7: "#18234"}}
    asked |= {"on_duty": [], "head": (77, HASH), "prepared_by": "Ana, Supervisor", "now": SENT_AT}
    return ics201.fill(SITUATION, escalations, zone, **{**asked, **given})


def summary(zone: ZoneInfo, *escalations: Escalation, **given: Any) -> Ics209:
    asked: dict[str, Any] = {"incident": "Hurricane Irma", "is_exercise": False, "is_first": True}
    asked |= {"period": PERIOD, "suspensions": [POLICE], "entries": [], "numbers": {}}
    asked |= {"head": (77, HASH), "prepared_by": "Ana", "jurisdiction": load_jurisdiction("st-petersburg")}
    return ics209.fill(SITUATION, escalations, zone, **{**asked, **given})


def listed(zone: ZoneInfo, *escalations: Escalation, is_exercise: bool = False) -> FirstHour:
    now = SENT_AT + 5 * MINUTE
    return first_hour.fill(escalations, now, zone, incident="Hurricane Irma", is_exercise=is_exercise)


def test_a_briefing_says_how_things_stand_and_what_is_dangerous(zone: ZoneInfo) -> None:
    form = briefing(zone, hand_over(), hand_over(state=S.ACCEPTED, accepted_at=SENT_AT))

    assert form.situation.splitlines() == [
        "Open sites: 3 P1 life safety, 12 P2 hazard or access, 40 P4 can wait.",
        "Oldest open P1: first reported 09/11/2017 13:59 EDT; P1 that nobody has acted on: 1.",
        "Open P1 and P2 by area: Lakewood Estates 5, Downtown 2.",
        "Reports to 311: 574, 120 of them in this period. Reported by residents and staff, not assessed.",
        "Open hand-overs to emergency management: 1 without an answer, 1 accepted.",
        "P1 handed over: 2, accepted: 1, outcome known: 0, outcome unknown: 2.",
        "Field response suspended: police, since 09/11/2017 14:29 EDT: Wind 45 mph, chief's order. "
        "Next review 09/11/2017 15:29 EDT.",
        "Sites with a wire reported and not made safe: 6. TREAT AS LIVE.",
    ]


def test_its_objectives_are_what_is_asked_for_and_nothing_is_invented(zone: ZoneInfo) -> None:
    form = briefing(
        zone,
        hand_over(number="EOC-0002", band=Band.P2, need_by_at=None),
        hand_over(),
        hand_over(number="EOC-0003", state=S.CLOSED),
        hand_over(number="EOC-0004", band=Band.P3),
    )

    assert form.objectives.splitlines() == [
        "Asked for in open P1 and P2 hand-overs:",
        "EOC-0041 P1 Energy (ESF 12): Line made safe, sidewalk closed, by 09/11/2017 14:59 EDT",
        "EOC-0002 P2 Energy (ESF 12): Line made safe, sidewalk closed",
    ]
    assert briefing(zone).objectives == "" and briefing(zone).incident_number == ""


def test_its_resources_are_those_of_taken_hand_overs(zone: ZoneInfo) -> None:
    form = briefing(
        zone,
        hand_over(),
        hand_over(number="EOC-0002", state=S.ACCEPTED),
        hand_over(number="EOC-0003", state=S.UNDER_WAY, resource="Crew 14", eta_at=SENT_AT + MINUTE),
        hand_over(
            number="EOC-0004", state=S.UNDER_WAY, resource="E9", on_scene_at=SENT_AT, is_restricted=True
        ),
    )

    assert [row[:2] for row in form.resources] == [
        ("not named yet", "EOC-0002"),
        ("Crew 14", "EOC-0003"),
        ("E9", "EOC-0004"),
    ]
    assert form.resources[1][2:5] == ("09/11/2017 14:29 EDT", "09/11/2017 14:30 EDT", "")
    assert form.resources[2][4] == "09/11/2017 14:29 EDT"
    # S15: a briefing is copied widely.
    assert form.resources[2][5] == "Energy (ESF 12) · restricted" and "22nd Ave S" in form.resources[1][5]


def test_its_actions_are_those_others_have_a_part_in_the_newest_if_many(zone: ZoneInfo) -> None:
    few = briefing(
        zone, entries=[entry("band", "band P3 to P1"), entry("accept", "EOC-0041 accept", site_id=7)]
    )
    many = briefing(zone, entries=[entry("accept", f"EOC-{n:04} accept") for n in range(MOST_ACTIONS + 5)])

    assert few.actions == (("09/11/2017 14:29 EDT", "#18234: EOC-0041 accepted"),)
    assert len(many.actions) == MOST_ACTIONS + 1
    assert many.actions[0][1].startswith("5 earlier ones stand in the activity log")
    assert many.actions[-1][1] == f"EOC-{MOST_ACTIONS + 4:04} accepted"


def test_its_organization_is_the_roster_and_who_acted(zone: ZoneInfo) -> None:
    form = briefing(
        zone,
        on_duty=[OnDuty("Energy", "J. Rivera", "(727) 555-0142", SENT_AT), OnDuty("Water", "", "", SENT_AT)],
        entries=[entry("note", "internal note"), entry("note", "internal note", person="Ben")],
    )

    assert form.organization == (("Energy", "J. Rivera"), ("Water", "vacant"), ("Operator", "Ana, Ben"))


def test_a_status_summary_fills_what_311_can_know_as_reported(zone: ZoneInfo) -> None:
    form = summary(
        zone, hand_over(), entries=[entry("suspend", "field response suspended: police"), entry("band", "x")]
    )

    assert (form.version, form.state, form.county) == ("initial", "Florida", "Pinellas County")
    assert (form.city, form.area) == ("City of St. Petersburg", "Lakewood Estates (5), Downtown (2)")
    assert form.events == "09/11/2017 14:29 EDT  Field response suspended: police"
    assert form.hazards == (
        "6 sites: power lines down or trees in them; 1 site: gas smelled or leaking (reported to date)"
    )
    assert form.damage[0] == ("Single residences", "", "9 reported", "")
    assert form.damage[3] == ("Other (kind not told)", "", "5 reported", "")
    assert form.public[0] == ("Trapped or in need of rescue", "1 reported", "2 reported")
    assert form.public[1] == ("Missing (welfare checks asked for)", "0 reported", "5 reported")
    assert "not assessed" in form.remarks and "TREAT AS LIVE" in form.life_safety
    assert form.planned.startswith("EOC-0041 P1 Energy (ESF 12): Line made safe")


def test_what_311_cannot_know_stays_blank(zone: ZoneInfo) -> None:
    form = summary(zone, is_first=False)

    assert form.version == "update"
    assert (form.incident_number, form.submitted, form.sent_to) == ("", "", "")
    assert all(row[1] == row[3] == "" for row in form.damage), "threatened and destroyed are assessments"
    assert form.public[2][1:] == form.public[3][1:] == ("", "")


def test_neither_says_what_only_fema_decides(zone: ZoneInfo) -> None:
    said = str(briefing(zone, hand_over())) + str(summary(zone, hand_over()))

    for word in ("eligible", "affected", "major", "fixed"):
        assert word not in said.casefold()


def test_s7_the_first_hour_list_is_what_is_held_p1_then_p2_by_area(zone: ZoneInfo) -> None:
    page = listed(
        zone,
        hand_over(number="EOC-0001", state=S.HELD, band=Band.P2, neighborhood="Downtown"),
        hand_over(number="EOC-0002", state=S.HELD, neighborhood="Old Northeast", state_at=SENT_AT + MINUTE),
        hand_over(number="EOC-0003", state=S.HELD, neighborhood="Old Northeast"),
        hand_over(number="EOC-0004", state=S.HELD, neighborhood="Downtown"),
        hand_over(number="EOC-0005", state=S.HELD, neighborhood=""),
        hand_over(number="EOC-0006", state=S.ACCEPTED),
        hand_over(number="EOC-0007", state=S.HELD, band=Band.P3),
    )

    (first, p1), (second, p2) = page.parts
    assert (first, second) == ("P1 life safety: 4 held", "P2 hazard or access: 1 held")
    assert [line.area for line in p1] == ["Downtown", "Old Northeast", "Old Northeast", "no area known"]
    assert [line.since for line in p1] == ["14:29", "14:29", "14:30", "14:29"]
    assert [line.code[0] for line in (*p1, *p2)] == ["4", "3", "2", "5", "1"]


def test_s7_a_line_has_what_one_needs_to_ask_whether_it_is_still_needed(zone: ZoneInfo) -> None:
    [line] = listed(zone, hand_over(state=S.HELD, place_quality="street", told_911=None)).parts[0][1]

    assert "Call back: Caller 2, (727) 555-0142, Spanish" in line.what and "People: 2 or more" in line.what
    assert "22nd Ave S & 31st St S · unit 4B" in line.what
    assert line.asked.splitlines()[-1] == "911 NOT TOLD · TREAT AS LIVE · PLACE NOT CONFIRMED"


@pytest.mark.parametrize("is_exercise", [True, False])
def test_s18_an_exercise_is_marked_on_each(zone: ZoneInfo, is_exercise: bool) -> None:
    forms = (briefing(zone, is_exercise=is_exercise), summary(zone, is_exercise=is_exercise))
    page = listed(zone, hand_over(state=S.HELD, is_exercise=is_exercise))

    assert all(form.incident.startswith("EXERCISE · ") == is_exercise for form in forms)
    assert page.title.startswith("EXERCISE · ") == page.is_exercise == is_exercise
