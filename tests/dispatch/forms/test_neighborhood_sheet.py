"""What the neighborhood sheet and the rack card say; small numbers of restricted kinds are not told (S15)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import SettingsBroken
from dispatch.forms import rack_card
from dispatch.forms.neighborhood_sheet import (
    FEWER,
    LEAST_TOLD,
    NOT_GIVEN,
    TOO_FEW,
    Area,
    Kind,
    NeighborhoodSheet,
    fill,
    kind_lines,
    lasts,
)
from dispatch.jurisdiction import Reporting, load_jurisdiction
from dispatch.resources import resource
from tests.dispatch.forms.made import SENT_AT

HOUR = 3_600_000
AREA = Area(
    name="Childs Park",
    areas=("Childs Park",),
    residents=7960.4,
    kinds=(Kind("Tree blocks a road", 12), Kind("Street flooding", 9)),
    confirmed=3,
    unconfirmed=2,
    otherwise=1,
    still_open=7,
    half=5 * HOUR,
    nine_in_ten=None,
    done=6,
    waiting=7,
)
CITY = load_jurisdiction("st-petersburg")


def made(zone: ZoneInfo, *areas: Area, is_exercise: bool = False, **changes: Any) -> NeighborhoodSheet:
    said: dict[str, Any] = {
        "city": "City of St. Petersburg",
        "incident": "Hurricane Irma",
        "is_exercise": is_exercise,
        "since_at": SENT_AT - 30 * HOUR,
        "how_title": "How to report",
        "how": (("App", ""), ("Phone", "311"), ("Web", "")),
        "danger": "In danger? Call 911.",
    }
    return fill(areas or (AREA, AREA, AREA), SENT_AT, zone, **{**said, **changes})


def rows(sheet: NeighborhoodSheet) -> dict[str, str]:
    return {row.label: row.cells[0] for part in sheet.parts for row in part.rows}


def test_it_says_reports_closings_apart_and_how_long_with_what_it_rests_on(zone: ZoneInfo) -> None:
    sheet = made(zone)

    assert rows(sheet) == {
        "Reports": "21",
        "Per 1,000 residents": "2.6",
        "Most frequent": "12 · Tree blocks a road\n9 · Street flooding",
        "Sites reported": "13",
        "Fixed and confirmed": "3",
        "Closed as fixed, not confirmed": "2",
        "Closed for another reason": "1",
        "Still open": "7",
        "Half within": "5 h 00 min",
        "Nine in ten within": "not yet",
        "Rests on": "6 closed, 7 waiting",
    }
    assert "Reported by residents and staff, not assessed." in sheet.made_at
    assert "most similar" in sheet.beside and "number of residents" in sheet.beside


def test_s18_an_exercise_is_marked(zone: ZoneInfo) -> None:
    sheet = made(zone, is_exercise=True)

    assert sheet.title.startswith("EXERCISE · ") and sheet.incident.startswith("EXERCISE · ")
    assert "EXERCISE" not in made(zone).title


def test_without_residents_no_rate_is_made_up(zone: ZoneInfo) -> None:
    sheet = made(zone, replace(AREA, residents=float("nan")))

    assert rows(sheet)["Per 1,000 residents"] == "not known"
    assert sheet.heads[0].cells == ("residents not known",)
    assert "there is none to put beside it" in sheet.beside


def test_s15_a_small_number_of_a_restricted_kind_is_not_told() -> None:
    kinds = (*(Kind(f"kind {n}", 20 - n) for n in range(4)), Kind("Welfare check", 4, is_restricted=True))

    assert kind_lines((*kinds, Kind("more", 1)))[-2:] == ("17 · kind 3", f"{FEWER} · Welfare check")
    # With five kinds in all the rest of the reports would be those 4.
    assert kind_lines(kinds)[-2:] == (f"{NOT_GIVEN} · kind 3", f"{FEWER} · Welfare check")
    assert kind_lines((Kind("Welfare check", 5, is_restricted=True),)) == ("5 · Welfare check",)
    assert kind_lines((Kind("Welfare check", 1, is_restricted=True),)) == (TOO_FEW,)


@given(st.lists(st.tuples(st.integers(1, 9), st.booleans()), max_size=8))
def test_s15_no_hidden_number_can_be_had_by_subtraction(counts: list[tuple[int, bool]]) -> None:
    kinds = tuple(Kind(f"kind-{n}", many, hide) for n, (many, hide) in enumerate(counts))
    told = {label: said for said, label in (line.split(" · ") for line in kind_lines(kinds) if " · " in line)}

    for kind in kinds:
        if kind.is_restricted and kind.reports < LEAST_TOLD:
            assert told.get(kind.label, FEWER) == FEWER
    unknown = [kind for kind in kinds if not told.get(kind.label, "").isdigit()]
    if FEWER in told.values():
        assert len(unknown) > 1


@pytest.mark.parametrize(
    ("ms", "said"),
    [
        (None, "not yet"),
        (25 * 60_000 + 1, "26 min"),
        (59 * 60_000 + 1, "1 h 00 min"),
        (HOUR + 5 * 60_000, "1 h 05 min"),
        (49 * HOUR + 1, "50 h"),
        (121 * HOUR, "6 d"),
    ],
)
def test_within_is_never_said_of_less_than_it_took(ms: int | None, said: str) -> None:
    assert lasts(ms) == said


def test_the_card_has_a_line_to_write_on_where_the_city_has_entered_nothing() -> None:
    card = rack_card.fill(rack_card.load_sides(), CITY, is_exercise=False)
    there = replace(CITY, reporting=Reporting(app="City Fix", phone="311", web="city.example/311"))

    assert [side.language for side in card.sides] == ["English", "Español"]
    assert all(address == "" for side in card.sides for _, address in side.ways)
    filled = rack_card.fill(rack_card.load_sides(), there, is_exercise=False)
    assert filled.sides[0].ways == (("App", "City Fix"), ("Phone", "311"), ("Web", "city.example/311"))
    assert filled.sides[1].ways[1] == ("Teléfono", "311")


def test_the_card_says_911_and_wires_in_both_languages_and_promises_no_help() -> None:
    english, spanish = rack_card.fill(rack_card.load_sides(), CITY, is_exercise=False).sides

    assert "911" in english.danger and "911" in spanish.danger
    assert "not 911" in english.danger_note and "no es el 911" in spanish.danger_note
    assert "wires" in english.wires and "cables" in spanish.wires
    text = str(english).lower() + str(spanish).lower()
    assert "{" not in english.danger and "on the way" not in text and "eligible" not in text


def test_a_side_that_no_speaker_has_read_is_told() -> None:
    assert rack_card.fill(rack_card.load_sides(), CITY, is_exercise=False).unread == ("Español",)


def test_a_citys_own_words_that_leave_something_out_are_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "rack_card.toml"
    text = resource("outreach", "rack_card.toml").read_text("utf-8")
    file.write_text(text.replace('danger = "In danger? Call {emergency}."\n', ""), "utf-8")

    with pytest.raises(SettingsBroken, match=r"rack_card\.toml.*danger"):
        rack_card.load_sides(file)
