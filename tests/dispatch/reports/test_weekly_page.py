"""The printed weekly page, read back from the paper: one sheet whatever stands on it."""

from __future__ import annotations

import pytest

from dispatch.reports import paper, pdf
from tests.dispatch.forms.test_weekly_form import page
from tests.dispatch.reports.read_pdf import ink_of, pages_of

LONG = "Office of Environmental Services and Stormwater Works"


@pytest.mark.parametrize("departments", [0, 2, 14])
def test_it_is_one_page(departments: int) -> None:
    [words] = pages_of(pdf.weekly(page(departments, name=LONG, is_exercise=True)))
    for said in ("WEEKLY PAGE", "Answered by a person", "62 % (48–74) of 50", "Who told us", "Wilson"):
        assert said in words
    assert "Page 1 of 1" in words and words.count("EXERCISE") >= 6


def test_it_is_black_on_white_and_within_the_margins() -> None:
    is_grey, (left, top, right, bottom) = ink_of(pdf.weekly(page(14, name=LONG)))
    assert is_grey
    assert left >= paper.MARGIN - 2 and right <= 612 - paper.MARGIN + 2
    assert top >= paper.MARGIN - 2 and bottom <= 792 - paper.MARGIN + 2


def test_the_same_week_gives_the_same_bytes() -> None:
    assert pdf.weekly(page()) == pdf.weekly(page())


def test_what_promise_kept_means_is_said_on_the_paper() -> None:
    [words] = pages_of(pdf.weekly(page()))
    assert "closed by the end of the first range told" in words
