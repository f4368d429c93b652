"""The ICS 209 fill sheet of a snapshot, read back as the incident's Planning section would."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dispatch.reports.formats import write
from dispatch.reports.ics209_file import EMPTY, RENAMED, content
from dispatch.snapshot.records import NOT_ASSESSED, Edition, Rows, Snapshot
from dispatch.snapshot.status_summary import status
from dispatch.triage.categories import load_categories
from tests.dispatch.reports.read_pdf import pages_of
from tests.dispatch.snapshot.example_pages import ENTERED, snapshot
from tests.dispatch.snapshot.hostile_texts import ALL

MADE = snapshot(300)


def words_of(found: Snapshot) -> str:
    return " ".join(pages_of(content(found)))


def renamed(rows: Rows) -> Rows:
    at = rows.position["category"]
    return replace(rows, values=tuple((*row[:at], "Old name", *row[at + 1 :]) for row in rows.values))


def test_all_fifty_three_blocks_stand_under_their_numbers() -> None:
    words = words_of(MADE)
    for number in range(1, 54):
        assert re.search(rf"(?<![\d.]){number}\. [A-Z]", words), number
    assert NOT_ASSESSED in words and EMPTY in words


def test_every_number_is_a_filter_over_rows_that_travel_with_it() -> None:
    said = status(MADE, load_categories())
    assert said is not None and sum(each.value for each in said.numbers) > 20
    for number in said.numbers:
        assert number.of == "sites" and MADE.sites.count(number.where) == number.value
    words = words_of(MADE)
    for number in (*said.damage.values(), *said.public.values()):
        if number is not None:
            assert f"{number.label} {number.value} reported" in words and number.how()[:60] in words


def test_what_no_category_says_is_an_empty_box_and_never_a_zero() -> None:
    words = words_of(MADE)
    assert "Evacuated In temporary shelters 32. Responder" in words
    assert "Nonresidential commercial Other minor structures Other (kind not told)" in words


def test_an_exercise_is_marked_and_the_version_stands_at_the_foot_of_every_page() -> None:
    ana = Edition(2, 1, "Ana, Planning", "Ben, Supervisor", "Ben, Supervisor", MADE.head.to_at)
    found = replace(snapshot(300, head=replace(ENTERED, is_exercise=True)), edition=ana)
    for page in pages_of(content(found)):
        assert "EXERCISE · EXERCISE · EXERCISE" in page and found.version in page
        assert "Version 2 · made by Ana, Planning, reviewed by Ben, Supervisor" in page
    assert "EXERCISE · Hurricane Irma" in words_of(found) and "Version 2, published" in words_of(found)


def test_a_version_whose_categories_were_renamed_since_is_not_counted_short() -> None:
    found = replace(MADE, sites=renamed(MADE.sites))
    words = words_of(found)
    assert status(found, load_categories()) is None and RENAMED in words
    assert " reported 31." not in words and "17 life safety" in words


@pytest.mark.parametrize("bad", ALL)
def test_no_text_of_the_head_breaks_it(bad: str) -> None:
    head = replace(ENTERED, storm=bad, city=bad, county=bad, state=bad, contact=bad, filter=bad)
    assert pages_of(content(replace(MADE, head=head)))


def test_it_is_one_of_the_formats_and_the_same_twice(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write(MADE, tmp_path / name, ("ics209",))
    one, two = ((tmp_path / name / "ics209.pdf").read_bytes() for name in ("one", "two"))
    assert one == two == content(MADE)
