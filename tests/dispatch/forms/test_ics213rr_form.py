"""What the blocks of an ICS 213RR say, and who may make one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from dispatch.forms import ics213rr
from dispatch.forms.boxes import as_lines, body, edited, of_body, of_lines
from dispatch.forms.ics213rr import Ics213RR, fill, priorities, why_not
from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import Band, Told911
from tests.dispatch.forms.made import SENT_AT, hand_over

DESKS = load_jurisdiction("st-petersburg").desks


def made(zone: ZoneInfo, **changes: object) -> Ics213RR:
    return fill(
        hand_over(**changes), SENT_AT, zone, number="RR-0001", person="J. Rivera", position="Logistics"
    )


def test_blocks_one_to_eight_are_filled_from_the_hand_over(zone: ZoneInfo) -> None:
    form = made(zone, is_exercise=False)

    assert (form.incident, form.made_at, form.number) == ("Hurricane Irma", "09/11/2017 14:29 EDT", "RR-0001")
    [(quantity, kind, type_, description, requested, estimated, cost)] = form.order
    assert description.startswith("Line made safe, sidewalk closed; Power line down")
    assert "ICS 213 EOC-0041" in description and requested == "09/11/2017 14:59 EDT"
    assert form.deliver_to.splitlines() == [
        "22nd Ave S & 31st St S · unit 4B · at 31st St S · Lakewood Estates",
        "27.74691, -82.67823 (WGS84)",
        "Approach: From the north, 22nd Ave S is under water",
    ]
    assert (form.requested_by, form.priority) == ("J. Rivera, Logistics", "urgent")
    # What nobody has said is not invented.
    assert (quantity, kind, type_, estimated, cost, form.substitutes) == ("", "", "", "", "", "")


def test_what_is_logistics_and_finances_stays_blank(zone: ZoneInfo) -> None:
    form = made(zone)
    theirs = [box.name for box in Ics213RR.BOXES if int(box.label.split(".")[0]) >= 9]

    assert len(theirs) == 11
    assert not any(getattr(form, name) for name in theirs)


@pytest.mark.parametrize(
    ("band", "offered"),
    [
        (Band.P1, ("urgent",)),
        (Band.P2, ("urgent", "routine")),
        (Band.P3, ("routine",)),
        (Band.P4, ("low",)),
        (Band.INFO, ()),
    ],
)
def test_the_priority_follows_the_band(band: Band, offered: tuple[str, ...], zone: ZoneInfo) -> None:
    assert priorities(hand_over(band=band)) == offered
    assert made(zone, band=band).priority == (offered[0] if offered else "")


def test_s11_s13_s15_warnings_stand_apart_from_what_can_be_edited(zone: ZoneInfo) -> None:
    form = made(
        zone, place_quality="street", is_restricted=True, told_911=Told911(False, SENT_AT), needs_911=True
    )

    changed = edited(form, {"deliver_to": "", "notes": "x", "warnings": ()})

    assert changed.warnings == (
        "TREAT AS LIVE",
        "PLACE NOT CONFIRMED",
        "911 NOT TOLD (not reached 14:29 EDT)",
        "RESTRICTED: personal facts, only for those who act on it",
    )


@pytest.mark.parametrize(
    "position",
    ["Logistics", "Emergency manager", "Deputy emergency management director", "EM desk", "Energy", "esf 12"],
)
def test_emergency_management_and_logistics_make_it(position: str) -> None:
    assert why_not(position, DESKS) == ""


@pytest.mark.parametrize("position", ["Operator", "Supervisor", "", "Item clerk", "Viewer"])
def test_nobody_else_does_and_hears_the_way_out(position: str) -> None:
    sentence = why_not(position, DESKS)

    assert sentence.startswith("A resource request is made by emergency management or Logistics")
    assert "say who sits here" in sentence


def test_a_form_comes_back_as_it_was_kept(zone: ZoneInfo) -> None:
    form = edited(made(zone), {"order": [["2", "Crew"], ["", ""], ["1", "Saw", "", "18 in"]]})

    assert form.order == (("2", "Crew", "", "", "", "", ""), ("1", "Saw", "", "18 in", "", "", ""))
    assert of_body(Ics213RR, body(form)) == form
    assert of_body(Ics213RR, {**body(form), "unheard_of": 1}) == form


def test_rows_are_edited_as_lines() -> None:
    rows = (("14:29", "Told 911"), ("14:31", "a | b"))

    assert as_lines(rows) == "14:29 | Told 911\n14:31 | a | b"
    assert of_lines(as_lines(rows), 2) == rows
    assert of_lines("\n | \n15:00\n", 2) == (("15:00", ""),)


def test_halves_of_signs_do_not_stop_a_form_from_being_kept(zone: ZoneInfo) -> None:
    form = edited(made(zone), {"notes": "a\ud83d b\ud83d\udd25"})

    assert form.notes == "a\ufffd b🔥"
    assert ics213rr.NAME == "ICS 213RR"
