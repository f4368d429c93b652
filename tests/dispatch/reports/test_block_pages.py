"""Forms of numbered boxes, read back from the paper: nothing is lost, whatever the words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.forms import ics213rr
from dispatch.forms.ics213rr import Ics213RR
from dispatch.reports import paper, pdf
from dispatch.reports.block_pages import Bar, BlockPages, Break, Cell, Cells, Column, Paper, Picture, Table
from tests.dispatch.forms.made import SENT_AT, hand_over
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")
WORDS = [f"word{number:04}" for number in range(480)]
LONG = " ".join(WORDS)
anything = st.text(st.characters(), max_size=300)


def drawn(*blocks: Any, **given: Any) -> bytes:
    return BlockPages(Paper("A FORM", "ICS 000", False, blocks, **given)).draw()


def request(**changes: Any) -> Ics213RR:
    form = ics213rr.fill(
        hand_over(is_exercise=changes.pop("is_exercise", False)),
        SENT_AT,
        ZONE,
        number="RR-0001",
        person="J. Rivera",
        position="Logistics",
    )
    return replace(form, **changes)


def squeezed(text: str) -> str:
    """As the paper shows it, without its gaps: lines may be broken anywhere in a wide word."""
    return "".join(paper.printable(text).split())


@pytest.mark.parametrize(
    "block",
    [
        Cells((Cell("1. Notes:", LONG),)),
        Cells((Cell("1. Name:", "short", 3.0), Cell("2. Notes:", LONG))),
        Table("1. Log:", (Column("Time"), Column("What", 4.0)), (("14:29", LONG),), grows=True),
        Table("1. Log:", (Column("Time"), Column("What", 4.0)), tuple(("14:29", word) for word in WORDS)),
        Bar(LONG),
    ],
)
def test_4000_characters_go_on_over_the_pages_and_none_is_lost(block: Any) -> None:
    assert len(LONG) > 4000
    before, after = Cells((Cell("0. Before:", "first"),), least=300), Cells((Cell("9. After:", "last"),))

    pages = pages_of(drawn(before, block, after, again=(Cell("0. Before:", "first"),)))

    assert len(pages) > 1
    whole = " ".join(pages)
    assert all(word in whole for word in WORDS)
    assert whole.count("9. After:") == 1 and "last" in pages[-1]
    assert all("A FORM" in page and f"of {len(pages)}" in page and "0. Before" in page for page in pages)


def test_what_goes_on_says_so_under_its_label() -> None:
    pages = pages_of(drawn(Cells((Cell("5. Location:", LONG * 2),))))

    assert "5. Location (continued):" in pages[1]
    table = Table("7. Log:", (Column("Time"), Column("What", 4.0)), (("14:29", LONG * 2),))
    assert all("7. Log (continued):" in page and "What" in page for page in pages_of(drawn(table))[1:])


def test_a_break_begins_a_page_and_a_heading_never_ends_one() -> None:
    tall = Cells((Cell("1. Tall:", ""),), least=620)

    assert len(pages_of(drawn(tall, Break(), Cells((Cell("2."),))))) == 2
    pages = pages_of(drawn(tall, Bar("LOGISTICS"), Cells((Cell("2. Number:"),))))
    assert "LOGISTICS" not in pages[0] and "LOGISTICS" in pages[1]


def test_a_picture_is_printed_in_grey() -> None:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(file, "PNG")

    is_grey, _ = ink_of(drawn(Picture("4. Map:", file.getvalue(), 300)))

    assert is_grey


def test_a_resource_request_is_one_letter_page_with_all_its_blocks() -> None:
    content = pdf.ics213rr(request())

    [page] = pages_of(content)
    assert size_of(content) == (612, 792)
    assert "RESOURCE REQUEST MESSAGE (ICS 213 RR)" in page
    for number in range(1, 20):
        assert f"{number}. " in page
    for words in ("REQUESTOR", "LOGISTICS", "FINANCE", "TREAT AS LIVE", "RR-0001 from EOC-0041"):
        assert words in page
    for words in ("Line made safe, sidewalk closed", "27.74691, -82.67823", "J. Rivera, Logistics"):
        assert words in page


def test_it_prints_in_black_and_white_and_fills_the_paper() -> None:
    is_grey, (left, top, right, bottom) = ink_of(pdf.ics213rr(request()))

    assert is_grey
    assert left <= 40 and top <= 40 and right >= 570 and bottom >= 750


def test_every_box_of_a_resource_request_is_on_the_paper() -> None:
    typed: dict[str, Any] = {
        box.name: f"El árbol {box.name} — “help”" for box in Ics213RR.BOXES if not box.columns
    }
    order = tuple(tuple(f"{row}{column}" for column in "abcdefg") for row in range(4))

    text = " ".join(pages_of(pdf.ics213rr(request(order=order, edition="version 2", **typed))))

    assert all(words in text for words in typed.values())
    assert all(cell in text for row in order for cell in row) and "version 2" in text


def test_s18_an_exercise_is_marked_on_every_page_and_a_real_one_never() -> None:
    for page in pages_of(pdf.ics213rr(request(is_exercise=True, notes=LONG))):
        assert page.count("EXERCISE · EXERCISE · EXERCISE") == 2
    assert not any("EXERCISE" in page for page in pages_of(pdf.ics213rr(request(notes=LONG))))


def test_the_same_form_gives_the_same_bytes() -> None:
    assert pdf.ics213rr(request(notes=LONG)) == pdf.ics213rr(request(notes=LONG))


@settings(max_examples=40)
@given(anything, anything, anything, st.integers(0, 60))
def test_any_text_is_on_the_paper_whole(a: str, b: str, c: str, rows: int) -> None:
    table = Table("3. Rows:", (Column("One"), Column("Two", 3.0, is_strong=True)), ((a, b),) * rows)
    content = drawn(Cells((Cell("1. A:", a), Cell("2. B:", b, 2.0))), table, Cells((Cell("4. C:", c),)))

    # Reading a page gives a hyphen at the end of a line as U+0002.
    text = squeezed("".join(pages_of(content)).replace("\x02", "-"))

    # Copying text from a page folds some signs; those that stay themselves are all there.
    for words in (a, b, c):
        for sign in set(squeezed(words)):
            if sign.isascii():
                assert text.count(sign) >= squeezed(words).count(sign)
