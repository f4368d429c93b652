"""The snapshot as a program reads it aloud to somebody who cannot see the page (PDF/UA-1, ISO 14289-1)."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree

import pypdfium2
import pytest

from dispatch.reports.pdf_file import FEMA_DECIDES, content
from dispatch.snapshot.records import NOT_ASSESSED, Snapshot
from tests.dispatch.reports.read_tags import (
    SHOWS_WORDS,
    Element,
    catalog_of,
    content_of,
    objects_of,
    pages_of,
    pages_read,
    strokes_of,
)
from tests.dispatch.snapshot.example_pages import HEAD, snapshot
from tests.dispatch.snapshot.hostile_texts import ALL

DUBLIN, PDFUA = "{http://purl.org/dc/elements/1.1/}", "{http://www.aiim.org/pdfua/ns/id/}"
XML = "{http://www.w3.org/XML/1998/namespace}"


@pytest.fixture(scope="module")
def storm() -> Snapshot:
    return snapshot(1_000)


@pytest.fixture(scope="module")
def raw(storm: Snapshot) -> bytes:
    return content(storm)


@pytest.fixture(scope="module")
def read(raw: bytes) -> list[Element]:
    return pages_read(raw)


def referred(raw: bytes, body: bytes, key: str) -> bytes:
    """The object that this one refers to by the key."""
    found = re.search(rb"/%b (\d+) 0 R" % key.encode(), body)
    assert found, key
    return objects_of(raw)[int(found[1])]


def test_all_words_and_strokes_are_read_or_passed_over(raw: bytes) -> None:
    pages = strokes_of(raw)
    assert all(pages)
    for strokes in pages:
        assert {len(each.marks) for each in strokes} == {1}
        assert all((each.marks[0] == "Artifact") == (each.number is None) for each in strokes)
        # A line between two rows has nothing to say; a dot on the map belongs to the map.
        assert {e.marks[0] for e in strokes if e.operator not in SHOWS_WORDS} <= {"Artifact", "Figure"}


def test_an_exercise_is_tagged_in_its_title_and_its_banner_is_not_read_twice_a_page() -> None:
    raw = content(snapshot(5, head=replace(HEAD, is_exercise=True)))
    (title,) = pages_read(raw)[0].of("H1")
    assert title.said.startswith("EXERCISE · Hurricane Irma")
    assert all(len(each.marks) == 1 for strokes in strokes_of(raw) for each in strokes)
    assert sum(page.said.count("EXERCISE") for page in pages_read(raw)) == 1


def test_each_mark_stands_once_on_its_page_and_leads_to_its_element(raw: bytes) -> None:
    objects, pages = objects_of(raw), pages_of(raw)
    root = referred(raw, catalog_of(raw), "StructTreeRoot")
    nums = dict(re.findall(rb"(\d+)\[([^\]]*)\]", referred(raw, root, "ParentTree")))
    assert len(nums) == len(pages)
    for page, strokes, element in zip(pages, strokes_of(raw), pages_read(raw), strict=True):
        key = re.search(rb"/StructParents (\d+)", page)
        assert key and b"/Tabs /S" in page
        parents = [int(each) for each in re.findall(rb"(\d+) 0 R", nums[key[1]])]
        drawn = dict.fromkeys(e.number for e in strokes if e.number is not None)
        assert list(drawn) == list(range(len(parents)))
        assert sorted(mark for each in element.walk() for mark in each.marks) == list(drawn)
        kinds = {e.number: e.marks[0] for e in strokes if e.number is not None}
        for number, parent in enumerate(parents):
            assert b"/S/%b/" % kinds[number].encode() in objects[parent]


def test_a_county_officer_hears_page_one_in_its_order(read: list[Element], storm: Snapshot) -> None:
    said = read[0].said
    heard = [
        "City of St. Petersburg, Pinellas County, Florida",
        "Hurricane Irma: what was reported to the city",
        "09/10/2017 00:00 EDT to 09/14/2017 00:00 EDT",
        NOT_ASSESSED,
        "Now. Life safety not resolved",
        f"{storm.numbers[0].value:,} {storm.numbers[0].label}",
        "How many, how severe What reports sites",
        "Where Table on page",
        "When Table on page",
        "Quiet areas",
        "Low counts there do not mean low damage.",
        "Leads for the county's impact list",
        "Who told us",
        "Working copy, not published Digest",
        FEMA_DECIDES,
    ]
    places, at = [], 0
    for words in heard:
        at = said.find(words, at)
        places.append(at)
    assert min(places) >= 0 and places == sorted(places)


def test_heads_and_feet_that_stand_on_every_page_are_heard_once(read: list[Element]) -> None:
    assert sum(page.said.count(FEMA_DECIDES) for page in read) == 1
    assert not any("Hurricane Irma: what" in page.said for page in read[1:])


def test_headings_begin_at_one_and_skip_no_level(read: list[Element]) -> None:
    levels = [int(each.kind[1]) for page in read for each in page.of("H1", "H2", "H3")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(each.said for page in read for each in page.of("H1", "H2", "H3"))
    parts = [each.said for page in read[2:] for each in page.of("H2")]
    assert parts == ["How each number is counted", "Tables of data"]


def test_the_large_numbers_are_a_list_each_with_what_it_counts(read: list[Element], storm: Snapshot) -> None:
    items = read[0].of("LI")
    assert len(items) == 5
    for item, number in zip(items, storm.numbers, strict=False):
        assert item.said.startswith(f"{number.value:,} {number.label.split()[0]}")


def test_every_cell_has_its_heading(read: list[Element]) -> None:
    first, *others = read[0].of("Table")
    assert [each.said for each in first.kids[0].kids] == ["What", "reports", "sites", "open", "worst open"]
    for table in (first, *others, *(table for page in read[1:3] for table in page.of("Table"))):
        head, *rows = table.kids
        assert rows and all(each.kind == "TR" for each in table.kids)
        assert all((each.kind, each.scope) == ("TH", "Column") for each in head.kids)
        for row in rows:
            label, *cells = row.kids
            assert (label.kind, label.scope) == ("TH", "Row") and label.said
            assert {each.kind for each in cells} == {"TD"} and 1 + len(cells) == len(head.kids)


def test_an_empty_table_says_so_across_all_its_columns() -> None:
    tables = [t for page in pages_read(content(snapshot(0, head=HEAD))) for t in page.of("Table")]
    empty = [t for t in tables if t.said.endswith("None in this period.")]
    assert empty
    for table in empty:
        head, row = table.kids
        (cell,) = row.kids
        assert cell.kind == "TD" and cell.span == len(head.kids)


def test_a_table_over_several_columns_is_one_and_its_headings_are_heard_once() -> None:
    whole = snapshot(400, areas=200)
    raw = content(whole)
    (areas,) = (table for table in whole.tables if table.key == "areas")
    # The last element with so many rows: on page two the table is cut.
    elements = objects_of(raw)
    tables = [body for body in elements.values() if body.startswith(b"<</S/Table/")]
    rows = [len(re.findall(rb" 0 R", body.partition(b"/K[")[2])) for body in tables]
    assert max(rows) == 1 + len(areas.lines) and rows.count(max(rows)) == 1
    assert all(b"/K" in body for body in elements.values() if body.startswith(b"<</S/"))
    heard = " ".join(page.said for page in pages_read(raw))
    assert heard.count("Neighborhood reports sites open per 1,000 worst open") == 2


def test_map_and_bars_say_how_many_where_most_and_when_most(
    read: list[Element], storm: Snapshot, raw: bytes
) -> None:
    where, when = [each for page in read for each in page.of("Figure")]
    placed = len(storm.sites) - storm.sites.count((("latitude", (None,)),))
    assert where.alt.startswith(f"Map of City of St. Petersburg: {placed:,} sites with a place, ")
    tables = {table.key: table for table in storm.tables}
    most = max(tables["areas"].lines, key=lambda line: line.numbers[1].value)
    assert f"{most.label} {most.numbers[1].value:,}" in where.alt
    total, bulk = (sum(line.numbers[n].value for line in tables["hours"].lines) for n in (0, 1))
    assert when.alt.startswith(f"Bar chart: {total + bulk:,} reports from 09/10/2017 ")
    assert f", {bulk:,} of them entered in bulk." in when.alt
    hour = max(sum(number.value for number in line.numbers) for line in tables["hours"].lines)
    assert f"Most, {hour:,}: 09/1" in when.alt


def test_each_figure_has_its_table_on_the_page_it_names(read: list[Element]) -> None:
    named = [re.search(r"All as a table: (.*), page (\d+)\.$", each.alt) for each in read[0].of("Figure")]
    assert len(named) == 2
    shown = re.findall(r"Table on page (\d+)", read[0].said)
    for found, page in zip(named, shown, strict=True):
        assert found and found[2] == page
        assert found[1] in [each.said for each in read[int(page) - 1].of("H3")]


def test_figures_have_their_place_on_the_page(read: list[Element]) -> None:
    boxes = [each.box for each in read[0].of("Figure")]
    assert len(boxes) == 2
    for left, bottom, right, top in boxes:
        assert 36 <= left < right <= 576 and 36 <= bottom < top <= 756


def test_language_title_and_standard_are_told(raw: bytes, storm: Snapshot) -> None:
    catalog = catalog_of(raw)
    assert b"/Lang (en-US)" in catalog
    assert b"/Marked true" in referred(raw, catalog, "MarkInfo")
    assert b"/DisplayDocTitle true" in referred(raw, catalog, "ViewerPreferences")
    number = re.search(rb"/Metadata (\d+) 0 R", catalog)
    assert number
    told = ElementTree.fromstring(
        content_of(raw, int(number[1])).decode().partition("?>")[2].rpartition("<?")[0]
    )
    assert told.find(f".//{PDFUA}part").text == "1"
    title = told.find(f".//{DUBLIN}title")[0][0]
    document = pypdfium2.PdfDocument(raw)
    assert (
        title.text == document.get_metadata_value("Title") == "Hurricane Irma: what was reported to the city"
    )
    assert title.get(f"{XML}lang") == "x-default"
    assert document.is_tagged()
    document.close()


def test_every_font_is_in_the_file_with_its_way_back_to_text(raw: bytes) -> None:
    fonts = [
        body for body in objects_of(raw).values() if b"/Type /Font" in body and b"/FontDescriptor " in body
    ]
    assert len(fonts) == len(
        [b for b in objects_of(raw).values() if b"/Subtype /T" in b and b"/BaseFont" in b]
    )
    for font in fonts:
        assert b"/ToUnicode" in font and b"/FontFile2" in referred(raw, font, "FontDescriptor")


def test_u2_all_words_stand_out_from_the_paper(raw: bytes) -> None:
    """4.5 to 1 at least (WCAG 2.1, 1.4.3)."""
    greys = {each.grey for page in strokes_of(raw) for each in page if each.operator in SHOWS_WORDS}
    assert len(greys) > 1
    for grey in greys:
        light = grey / 12.92 if grey <= 0.04045 else ((grey + 0.055) / 1.055) ** 2.4
        assert 1.05 / (light + 0.05) >= 4.5


@pytest.mark.parametrize("text", [*ALL[:-2], "(((", ")\\) endobj", "> >>", "]]"])
def test_no_text_breaks_what_is_read_aloud(text: str) -> None:
    said = text.replace("\ud800", "?")
    made = snapshot(12, neighborhood=said, category=said)
    raw = content(replace(made, head=replace(HEAD, city=text, storm=said), remarks=(said,)))
    first, *_ = pages_read(raw)
    where = first.of("Figure")[0]
    if said == text and text.isprintable():
        assert where.alt.startswith(f"Map of {text}: ")
    assert ": 12 sites with a place" in where.alt or " sites with a place, " in where.alt
    assert first.of("H1")[0].said and len(first.of("H2")) >= 5
    assert all(len(each.marks) == 1 for page in strokes_of(raw) for each in page)
    number = re.search(rb"/Metadata (\d+) 0 R", catalog_of(raw))
    assert number
    ElementTree.fromstring(content_of(raw, int(number[1])).decode())


def test_words_at_the_end_of_a_line_do_not_run_into_the_next(read: list[Element]) -> None:
    (now,) = (each for each in read[0].of("P") if each.said.startswith("Now."))
    assert len(now.marks) == 1 and "roads blocked, washed out or under water" in now.said


def test_where_there_is_no_place_and_no_report_no_figure_is_promised() -> None:
    first = pages_read(content(snapshot(0, head=HEAD)))[0]
    assert first.of("Figure") == []
    assert "No site with a place in this period." in first.said
    assert "No reports in this period." in first.said


def test_tags_cost_a_mail_no_more_than_a_few_pages_would(raw: bytes) -> None:
    """108,077 bytes before there were any."""
    told = sum(len(body) for body in objects_of(raw).values() if body.startswith(b"<</S/"))
    assert told > 60_000 and len(raw) < 1.15 * 108_077
