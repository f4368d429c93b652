"""The printed neighborhood sheet and rack card, read back from the paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import ActRefused
from dispatch.forms import rack_card
from dispatch.forms.neighborhood_sheet import FEWER, Kind
from dispatch.jurisdiction import Reporting
from dispatch.reports import pdf
from tests.dispatch.forms.test_neighborhood_sheet import AREA, CITY, made
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")
LONG = (
    "Saint Christopher-on-the-Intracoastal Waterfront and Greater Lakewood Terrace Estates North Association"
)
WIDEST = replace(
    AREA,
    name=LONG,
    areas=(LONG, *(f"{LONG} {n}" for n in range(12))),
    kinds=(
        *(Kind(f"Building debris and soaked household goods at the curb {n}", 10**6) for n in range(4)),
        Kind("Person who needs powered medical equipment at home", 3, is_restricted=True),
    ),
    confirmed=10**6,
    still_open=10**6,
)
NAMES = st.text(st.characters(), max_size=120)


def test_the_sheet_is_one_page_in_black_and_white_with_all_it_says() -> None:
    content = pdf.neighborhood_sheet(made(ZONE))

    [text] = pages_of(content)
    is_grey, _ = ink_of(content)
    assert size_of(content) == (612, 792) and is_grey
    for words in ("Childs Park", "about 7,960 residents", "Fixed and confirmed", "6 closed, 7 waiting"):
        assert words in text
    assert "Reported by residents and staff, not assessed." in text
    assert "How to report" in text and "Phone: 311" in text and "In danger? Call 911." in text
    assert "EXERCISE" not in text


# As many lines as kinds may take: one of three, four of two.
MOST_LINES = (
    Kind("Tree or debris blocks a road, a gate or a drive", 9),
    *(Kind(f"Person alone at home {n}", 3, is_restricted=True) for n in range(4)),
)


@pytest.mark.parametrize("kinds", [WIDEST.kinds, MOST_LINES])
def test_it_stays_one_page_with_the_longest_names_and_nothing_runs_into_the_foot(kinds: Any) -> None:
    widest = made(
        ZONE,
        *(replace(WIDEST, name=f"{n} {LONG}", kinds=kinds) for n in range(3)),
        incident=LONG * 2,
        how=(("App", LONG), ("Phone", LONG), ("Web", LONG)),
    )

    [text] = pages_of(pdf.neighborhood_sheet(widest))
    _, (left, top, right, bottom) = ink_of(pdf.neighborhood_sheet(widest))
    assert left >= 34 and top >= 34 and right <= 578 and bottom <= 758
    assert FEWER in text and "about 7,960 residents" in text
    assert "Rests on" in text and "How to report" in text


def test_the_longest_kind_of_the_table_is_printed_whole() -> None:
    kind = Kind("Building debris and soaked household goods at the curb", 12)

    [text] = pages_of(pdf.neighborhood_sheet(made(ZONE, *(replace(AREA, kinds=(kind,)) for _ in range(3)))))

    assert "…" not in text
    assert text.count("curb") == 3


def test_s18_a_sheet_of_an_exercise_says_so_above_and_below() -> None:
    [text] = pages_of(pdf.neighborhood_sheet(made(ZONE, is_exercise=True)))

    assert text.count("EXERCISE · EXERCISE · EXERCISE") == 2 and "EXERCISE · What was reported" in text


@settings(max_examples=20)
@given(NAMES, NAMES)
def test_any_name_becomes_one_page(name: str, kind: str) -> None:
    area = replace(AREA, name=name, areas=(name,), kinds=(Kind(kind, 3, is_restricted=True), Kind(name, 9)))

    assert len(pages_of(pdf.neighborhood_sheet(made(ZONE, area, AREA)))) == 1


def test_the_card_is_four_by_nine_with_a_page_for_each_language() -> None:
    content = pdf.rack_card(rack_card.fill(rack_card.load_sides(), CITY, is_exercise=False))

    english, spanish = pages_of(content)
    assert size_of(content) == (288, 648)
    assert "In danger? Call 911." in english and "Stay away from wires." in english
    assert "¿En peligro? Llame al 911." in spanish and "No se acerque a los cables." in spanish
    assert "EXERCISE" not in english + spanish


def test_s18_each_side_of_an_exercises_card_says_so() -> None:
    for page in pages_of(pdf.rack_card(rack_card.fill(rack_card.load_sides(), CITY, is_exercise=True))):
        assert page.count("EXERCISE · EXERCISE · EXERCISE") == 2


def test_longer_words_are_set_smaller_and_too_long_ones_refused() -> None:
    city = replace(CITY, reporting=Reporting(app=LONG, phone=LONG, web=LONG))
    card = rack_card.fill(rack_card.load_sides(), city, is_exercise=True)

    _, (left, top, right, bottom) = ink_of(pdf.rack_card(card))
    assert left >= 14 and right <= 274 and top >= 8 and bottom <= 640
    whole = replace(card, sides=(replace(card.sides[0], steps=(LONG,) * 30),))
    with pytest.raises(ActRefused, match="English side of the rack card is too long"):
        pdf.rack_card(whole)
