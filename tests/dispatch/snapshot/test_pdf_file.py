"""The snapshot on paper, read back as whoever receives it would."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from dispatch.errors import FileNotWritten
from dispatch.reports.pdf_file import content, write
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.quiet import tables
from dispatch.snapshot.records import NOT_ASSESSED, Line, Number, Rows, Snapshot, Table
from tests.dispatch.reports.read_pdf import ink_of, pages_of, size_of
from tests.dispatch.snapshot.example_pages import ENTERED, HEAD, ZONE, snapshot
from tests.dispatch.snapshot.hostile_texts import ALL, LONG

DEFINITIONS = "How each number is counted"


@pytest.fixture(scope="module")
def storm() -> Snapshot:
    return snapshot(300)


@pytest.fixture(scope="module")
def pages(storm: Snapshot) -> list[str]:
    return pages_of(content(storm))


def boxes_of(raw: bytes) -> list[tuple[float, float, float, float]]:
    """Left, bottom, right, top of every word's sign on every page, in points."""
    document = pypdfium2.PdfDocument(raw)
    try:
        return [
            text.get_charbox(at)
            for text in (page.get_textpage() for page in document)
            for at in range(text.count_chars())
            if not text.get_text_range(at, 1).isspace()
        ]
    finally:
        document.close()


def test_page_one_says_what_a_county_officer_asks_first(pages: list[str]) -> None:
    for words in (
        "City of St. Petersburg, Pinellas County, Florida",
        "Hurricane Irma: what was reported to the city",
        "09/10/2017 00:00 EDT to 09/14/2017 00:00 EDT · data as of 09/15/2017 16:00 EDT",
        "Activation level 1 · local state of emergency since 09/07/2017 · disaster number DR-4337",
        "Contact EOC Planning, 727-555-0100, 24 h",
        "Declared area Pinellas County · FEMA's incident period 09/04/2017 to 10/18/2017",
        NOT_ASSESSED,
        "Now. Life safety not resolved",
        "Leads for the county's impact list, by Public Assistance line",
    ):
        assert words in pages[0]


def test_page_one_names_the_quiet_areas_and_never_without_the_sentence() -> None:
    few, whole = pages_of(content(snapshot(300)))[0], snapshot(2_000, areas=60)
    assert "Area 001 Heights: 100 expected, under by" in few and "outreach began 09/11/2017 13:00 EDT" in few
    at, quiet_at = (whole.areas.position[name] for name in ("judged_as", "quiet"))
    values = tuple((*row[:quiet_at], "yes", *row[quiet_at + 1 :]) for row in whole.areas.values)
    quiet = replace(whole.areas, values=values)
    (table,) = tables(quiet, Counts(whole.reports), ZONE)
    others = tuple(each for each in whole.tables if each.key != "quiet")
    many = pages_of(content(replace(whole, areas=quiet, tables=(*others, table))))
    assert values[0][at] == "Area 000 Heights" and "Area 000 Heights, Area 001 Heights" in many[0]
    assert all("Low counts there do not mean low damage." in page for page in (few, many[0]))
    assert all(line.label.split(",")[0] in " ".join(many[2:]) for line in table.lines)


def test_where_nobody_can_say_which_areas_are_quiet_none_is_named() -> None:
    made = snapshot(300)
    bare = replace(made, tables=tuple(each for each in made.tables if each.key != "quiet"))
    first = pages_of(content(bare))[0]
    assert "Quiet areas" not in first and "A low count does not mean low damage" in first


def test_what_nobody_has_entered_says_so_and_what_fema_has_not_declared_is_left_out() -> None:
    first = pages_of(content(snapshot(5, head=replace(HEAD, as_of=None))))[0]
    assert "Activation level not entered · local state of emergency not entered" in first
    assert "Contact not entered" in first and "data as of no sync yet" in first
    assert "Declared area" not in first and "incident period" not in first


def test_two_pages_of_summary_stand_before_the_definitions(pages: list[str]) -> None:
    assert [DEFINITIONS in page for page in pages[:3]] == [False, False, True]
    assert "Closed, by reason" in pages[1] and "half within" in pages[1]


def test_every_page_has_its_foot(pages: list[str], storm: Snapshot) -> None:
    for number, page in enumerate(pages, start=1):
        assert f"{number} of {len(pages)}" in page
        assert NOT_ASSESSED in page and "Eligibility is FEMA's decision." in page
        assert f"Digest {storm.version}" in page and "Working copy, not published" in page


def test_no_page_is_printed_for_head_and_foot_alone() -> None:
    for many in (0, 60, 300, 1_000):
        last = pages_of(content(snapshot(many, head=HEAD)))[-1]
        words = last.partition("to 09/14/2017 00:00 EDT ")[2].partition("Working copy, not published")[0]
        assert words, many


def test_every_number_and_how_it_is_counted_is_on_the_paper(pages: list[str], storm: Snapshot) -> None:
    said = " ".join(pages[2:]).casefold()
    for number in (*storm.now, *storm.numbers):
        assert f"{number.label}: {number.value:,}".casefold() in said
        assert number.says.split(":")[0].casefold() in said
        assert number.how().split(", ")[0].casefold() in said
    for number in storm.numbers[:5]:
        assert f"{number.value:,}" in pages[0]
    spread = storm.spreads[0]
    assert spread.n > 0 and f"n {spread.n}" in said and spread.says.split(";")[0].casefold() in said


def test_every_line_of_every_table_stands_among_the_data(pages: list[str], storm: Snapshot) -> None:
    data = " ".join(pages).split("Tables of data", 1)[1].rsplit("Tables of data", 1)[-1]
    for table in storm.tables:
        for line in table.lines:
            values = " ".join(f"{number.value:,}" for number in line.numbers)
            label = r"\s+".join(map(re.escape, line.label.split()[:3]))
            assert re.search(rf"{label}.{{0,80}}?{re.escape(values)}", data), (table.key, line.label)


def test_s18_an_exercise_is_marked_in_title_and_on_every_page() -> None:
    raw = content(snapshot(5, head=replace(HEAD, is_exercise=True)))
    assert all(page.count("EXERCISE") >= 6 for page in pages_of(raw))
    document = pypdfium2.PdfDocument(raw)
    assert document.get_metadata_value("Title").startswith("EXERCISE · Hurricane Irma")
    document.close()


def test_s18_a_real_storm_is_never_marked(pages: list[str]) -> None:
    assert not any("EXERCISE" in page for page in pages)


def test_s15_what_has_no_place_is_counted_under_the_map(storm: Snapshot, pages: list[str]) -> None:
    without = storm.sites.count((("latitude", (None,)),))
    assert without > 0 and f"{without} without a place (restricted or unknown)" in pages[0]


def test_a_period_without_a_report_makes_an_honest_page() -> None:
    pages = pages_of(content(snapshot(0, head=HEAD)))
    assert "No reports in this period." in pages[0]
    assert "No site with a place in this period." in pages[0]
    assert DEFINITIONS in pages[2]


def test_a_snapshot_of_nothing_at_all_is_drawn() -> None:
    bare = replace(snapshot(0, head=HEAD), now=(), numbers=(), spreads=(), tables=(), remarks=())
    pages = pages_of(content(bare))
    assert "No reports in this period." in pages[0] and len(pages) == 3


def test_200_areas_are_cut_on_page_two_and_whole_among_the_data() -> None:
    wide = snapshot(1_000, areas=200)
    pages = pages_of(content(wide))
    assert re.search(r"and 1\d\d more: see Tables of data", pages[1])
    assert DEFINITIONS not in pages[1] and DEFINITIONS in pages[2]
    data = " ".join(pages[2:])
    assert all(line.label in data for table in wide.tables if table.key == "areas" for line in table.lines)


@pytest.mark.parametrize("text", [*ALL[::4], *LONG, "\ud800 alone", "nul\x00nul"])
def test_no_text_breaks_the_page_or_leaves_it(text: str) -> None:
    said = snapshot(8, neighborhood=text.replace("\ud800", "?"), category=text.replace("\ud800", "?"))
    head = replace(
        ENTERED, city=text, county=text, storm=text, contact=text, filter=text, disaster_number=text
    )
    raw = content(replace(said, head=head, remarks=(text, text)))
    width, height = size_of(raw)
    for left, bottom, right, top in boxes_of(raw):
        assert left >= 35 and right <= width - 35 and bottom >= 10 and top <= height - 10


def test_markup_is_printed_as_it_stands() -> None:
    pages = pages_of(content(snapshot(3, head=replace(HEAD, contact="<b>EOC</b> &amp; =1+1"))))
    assert "Contact <b>EOC</b> &amp; =1+1" in pages[0]


def test_many_wide_columns_stay_in_their_table() -> None:
    numbers = tuple(Number(f"n{n}", "x", 12_345_678, "sites", (), "x") for n in range(14))
    table = Table(
        "wide", "Wide", ("What", *["unpronounceableheading"] * 14), (Line("x" * 400, numbers),), "x"
    )
    bare = snapshot(0, head=HEAD)
    raw = content(replace(bare, tables=(*bare.tables, table)))
    boxes = boxes_of(raw)
    assert min(left for left, _, _, _ in boxes) >= 35
    assert max(right for _, _, right, _ in boxes) <= size_of(raw)[0] - 35


def test_more_tables_than_page_two_holds_do_not_push_the_definitions_away() -> None:
    bare = snapshot(0, head=HEAD)
    many = tuple(
        Table(f"t{n}", f"Table {n}", ("What", "x"), (Line("one", (bare.numbers[0],)),), "x")
        for n in range(40)
    )
    pages = pages_of(content(replace(bare, tables=many)))
    assert [DEFINITIONS in page for page in pages[:3]] == [False, False, True]
    assert all(f"Table: Table {n} " in " ".join(pages) for n in range(40))


def test_a_site_far_off_does_not_shrink_the_city() -> None:
    storm = snapshot(400)
    at = storm.sites.position["latitude"]
    first, *others = storm.sites.values
    far = (*first[:at], 0.0, 0.0, *first[at + 2 :])
    pages = pages_of(content(replace(storm, sites=Rows("sites", storm.sites.columns, (far, *others)))))
    found = re.search(r"(\d+) outside the map", pages[0])
    assert found and 1 <= int(found[1]) <= 10


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    assert content(snapshot(120)) == content(snapshot(120))


def test_it_is_letter_paper_without_colour(storm: Snapshot) -> None:
    raw = content(storm)
    is_grey, (left, top, right, bottom) = ink_of(raw)
    assert size_of(raw) == (612, 792) and is_grey
    assert left >= 35 and right <= 577 and top >= 35 and bottom <= 757


def test_a_file_that_cannot_be_written_is_not_there_by_half(storm: Snapshot, tmp_path: Path) -> None:
    write(storm, tmp_path / "snapshot.pdf")
    assert (tmp_path / "snapshot.pdf").read_bytes() == content(storm)
    with pytest.raises(FileNotWritten):
        write(storm, tmp_path / "nowhere" / "snapshot.pdf")
    assert [each.name for each in tmp_path.iterdir()] == ["snapshot.pdf"]
