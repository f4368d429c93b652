"""The printed ICS 214, read back from the paper."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.forms.ics214 import Ics214
from dispatch.reports import pdf
from tests.dispatch.forms.test_ics214_form import HASH, entry, filled
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of

ZONE = ZoneInfo("America/New_York")
anything = st.text(st.characters(), max_size=200)


def form(**changes: Any) -> Ics214:
    made = filled(entry("band", "band P3 to P1", site_id=7), zone=ZONE, prepared_by="Ana, Operator")
    return replace(made, **changes)


def test_it_is_one_page_with_all_eight_blocks_black_on_white() -> None:
    content = pdf.ics214(form())

    [page] = pages_of(content)
    is_grey, (left, top, right, bottom) = ink_of(content)
    assert size_of(content) == (612, 792) and is_grey
    assert left <= 40 and top <= 40 and right >= 570 and bottom >= 750
    for words in ("ACTIVITY LOG (ICS 214)", "1. Incident Name", "2. Operational Period", "3. Name"):
        assert words in page
    for words in (
        "4. ICS Position",
        "5. Home Agency",
        "6. Resources Assigned",
        "7. Activity Log",
        "8. Prepared by",
    ):
        assert words in page
    assert "09/11/2017 14:29 EDT #18234: Band P3 to P1" in page and "Ana, Operator" in page


def test_every_page_carries_the_logs_head_and_how_to_verify_it() -> None:
    rows = tuple((f"09/11/2017 14:{n % 60:02} EDT", f"#{n}: Band P3 to P1, entry{n:04}") for n in range(300))

    pages = pages_of(pdf.ics214(form(entries=rows)))

    assert len(pages) > 3
    assert all(f"entry{n:04}" in " ".join(pages) for n in range(300))
    for number, page in enumerate(pages, start=1):
        assert f"Activity log at entry 77, head hash {HASH}" in page
        assert "python -m dispatch log verify --store URL --head" in page
        assert f"Page {number} of {len(pages)}" in page and "4. ICS Position" in page
    assert "7. Activity Log (continued):" in pages[1] and "8. Prepared by" in pages[-1]


def test_a_form_that_was_edited_says_so() -> None:
    edition = (
        "version 2, edited by Ana, Operator, 09/11/2017 19:05 EDT; version 1 is as the records filled it"
    )

    assert edition in pages_of(pdf.ics214(form(edition=edition)))[0]


def test_4000_characters_in_one_entry_are_all_there() -> None:
    words = [f"palabra{n:03}é" for n in range(400)]

    pages = pages_of(pdf.ics214(form(entries=(("14:29", " ".join(words)),))))

    assert len(pages) > 1 and all(word in " ".join(pages) for word in words)


@settings(max_examples=20)
@given(anything, anything, anything)
def test_any_text_becomes_a_form(a: str, b: str, c: str) -> None:
    made = form(
        incident=a, names=b, position=c, agency=a, edition=b, people=((a, b, c),), entries=((a, b),) * 9
    )

    assert pages_of(pdf.ics214(made))
