"""The printed ICS 201, ICS 209 fill sheet and first-hour list, read back from the paper."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from dispatch.forms.boxes import edited
from dispatch.records import Band, EscalationState
from dispatch.reports import paper, pdf
from tests.dispatch.forms.made import SENT_AT, hand_over
from tests.dispatch.forms.test_briefing_forms import briefing, listed, summary
from tests.dispatch.forms.test_ics214_form import HASH, entry
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")
WORDS = [f"palabra{n:03}é" for n in range(400)]
LONG = " ".join(WORDS)
anything = st.text(st.characters(), max_size=200)

Draw = Callable[[Any], bytes]
FORMS: tuple[tuple[Any, Draw], ...] = (
    (briefing(ZONE, hand_over(), entries=[entry("accept", "EOC-0041 accept")]), pdf.ics201),
    (summary(ZONE, hand_over()), pdf.ics209),
)


def held(**changes: Any) -> Any:
    return hand_over(state=EscalationState.HELD, **changes)


def a_map() -> bytes:
    file = BytesIO()
    Image.new("RGBA", (400, 200), (200, 30, 30, 255)).save(file, "PNG")
    return file.getvalue()


def test_a_briefing_has_the_four_pages_people_know() -> None:
    pages = pages_of(pdf.ics201(FORMS[0][0]))

    assert len(pages) == 4
    for page, words in zip(
        pages,
        (
            "4. Map/Sketch",
            "8. Current and Planned Actions",
            "9. Current Organization",
            "10. Resource Summary",
        ),
        strict=True,
    ):
        assert words in page and "1. Incident Name" in page and "6. Prepared by" in page
        assert f"head hash {HASH}" in page
    assert "5. Situation Summary" in pages[0] and "7. Current and Planned Objectives" in pages[1]


def test_a_map_is_printed_into_its_box_in_grey() -> None:
    content = pdf.ics201(FORMS[0][0], a_map())

    is_grey, _ = ink_of(content)
    assert is_grey and len(pages_of(content)) == 4
    assert paper.is_picture(a_map())
    assert not paper.is_picture(b"%PDF-1.4") and not paper.is_picture(a_map()[:60])


def test_a_status_summary_says_on_the_page_that_nothing_was_assessed() -> None:
    text = " ".join(pages_of(pdf.ics209(FORMS[1][0])))

    assert "Reported by residents and staff to 311, not assessed." in text
    assert text.count("REPORTED, NOT ASSESSED") == 2
    for number in (1, 2, 3, 11, 12, 13, 15, 16, 17, 18, 25, 28, 29, 30, 31, 33, 41, 47):
        assert f"{number}. " in text


@pytest.mark.parametrize(("form", "draw"), FORMS)
def test_each_fills_letter_paper_in_black_and_white(form: Any, draw: Draw) -> None:
    content = draw(form)

    is_grey, (left, top, right, bottom) = ink_of(content)
    assert size_of(content) == (612, 792) and is_grey
    assert left <= 40 and top <= 40 and right >= 570 and bottom >= 750


@pytest.mark.parametrize(("form", "draw"), FORMS)
def test_each_box_takes_4000_characters_and_loses_none(form: Any, draw: Draw) -> None:
    for box in form.BOXES:
        if box.columns or box.is_long:
            value = [(LONG,) * len(box.columns)] if box.columns else LONG
            text = " ".join(pages_of(draw(edited(form, {box.name: value}))))
            assert all(word in text for word in WORDS), box.name


@pytest.mark.parametrize(("form", "draw"), FORMS)
def test_whatever_was_typed_is_on_the_paper(form: Any, draw: Draw) -> None:
    typed = {b.name: f"Ñandú {b.name} “é”" for b in form.BOXES if not b.columns}
    rows = {b.name: [[f"{b.name}{n}" for n in range(len(b.columns))]] for b in form.BOXES if b.columns}

    text = " ".join(pages_of(draw(edited(form, {**typed, **rows}))))

    assert all(words in text for words in typed.values())
    assert all(cell in text for [row] in rows.values() for cell in row)


def test_s18_each_page_of_an_exercise_says_so() -> None:
    for form, draw in FORMS:
        for page in pages_of(draw(replace(form, is_exercise=True))):
            assert page.count("EXERCISE · EXERCISE · EXERCISE") == 2
        assert "EXERCISE" not in " ".join(pages_of(draw(form)))


def test_s7_the_first_hour_list_is_a_page_across_with_boxes_to_tick() -> None:
    page = listed(ZONE, held(), held(number="EOC-0042", band=Band.P2), is_exercise=True)

    content = pdf.first_hour(page)

    [text] = pages_of(content)
    is_grey, _ = ink_of(content)
    assert size_of(content) == (792, 612) and is_grey
    assert "P1 life safety: 1 held" in text and "P2 hazard or access: 1 held" in text
    assert text.count("nobody answers") == 2 and "41V" in text and "42W" in text
    assert "Ask first whether it is still needed" in text


def test_s7_a_long_first_hour_list_goes_on_and_loses_nobody() -> None:
    items = [held(number=f"EOC-{n:04}", summary=f"item{n:03} " + "s " * 200) for n in range(1, 41)]

    pages = pages_of(pdf.first_hour(listed(ZONE, *items)))

    assert len(pages) > 3 and all(f"item{n:03}" in " ".join(pages) for n in range(1, 41))
    assert all("Still needed?" in page for page in pages)


def test_s7_nothing_held_is_said_too() -> None:
    [text] = pages_of(pdf.first_hour(listed(ZONE)))

    assert "P1 life safety: 0 held" in text and "P2 hazard or access: 0 held" in text


@settings(max_examples=15)
@given(anything, anything, anything)
def test_any_text_becomes_each_of_them(a: str, b: str, c: str) -> None:
    for form, draw in FORMS:
        typed = {box.name: [(a, b, c)] if box.columns else b for box in form.BOXES}
        assert pages_of(draw(edited(form, typed)))
    made = held(summary=a, address=b, effect_needed=c, neighborhood=a, call_back=b, people=c, unit=a)
    assert pages_of(pdf.first_hour(listed(ZONE, made)))
    assert SENT_AT
