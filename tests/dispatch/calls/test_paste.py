"""A pasted list: read whatever it holds, mapped, looked at row by row, and given back as it came."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.calls.dry_run import Checked, Rules, check, once_each, read_time
from dispatch.calls.mapping import Column, change, guess
from dispatch.calls.paste import MOST_ROWS, bare, read, read_file, safe, to_mend
from dispatch.calls.places import STREET, Spot, Spots
from dispatch.errors import ActRefused
from dispatch.formulas import STARTS
from dispatch.records import Place
from tests.conftest import LANDFALL

ZONE = ZoneInfo("America/New_York")
HERE = Place(27.749, -82.663)
SERVICES = {"tree on road": ("5701", "Storm: Tree on Road"), "power line": ("5704", "Storm: Power Line Down")}


def find(typed: str) -> Spots:
    if typed == "22nd":
        return Spots(ask="“22nd” may be 2 places. Ask which: 22nd Ave N or 22nd Ave S.")
    if typed.startswith("2214"):
        return Spots((Spot("2214 22nd Ave S", HERE, STREET, "by the street grid"),))
    return Spots(say="unknown")


RULES = Rules(
    now=LANDFALL,
    zone=ZONE,
    box=(-82.80, 27.60, -82.54, 27.90),
    services=SERVICES,
    titles=["Tree on road", "Power line"],
    find_place=find,
    is_outside=lambda place: place.lat > 27.89,
)
HEADING = "Description\tCategory\tAddress\tLat\tLong\tCaller\tPhone\tTime"


def rows(*lines: str, heading: str = HEADING) -> list[Checked]:
    pasted = read("\n".join(filter(None, (heading, *lines))))
    mapping = guess(
        pasted.heading, [row.cells for row in pasted.rows], is_category=lambda c: c.lower() in SERVICES
    )
    return once_each(
        [check(row, mapping, replace(RULES, columns=len(pasted.heading))) for row in pasted.rows]
    )


def test_a_row_becomes_a_call_with_everything_its_columns_hold() -> None:
    [row] = rows(
        "Oak across the road\tTree on Road\t2214 22nd ave s\t\t\tAna\t727-555-0100\t9/10/2017 2:20 PM"
    )

    assert row.call is not None
    call = row.call
    assert (call.text, call.service_code, call.address, call.place) == (
        *("Oak across the road", "5701", "2214 22nd Ave S"),
        HERE,
    )
    assert (call.caller, call.call_back) == ("Ana", "727-555-0100")
    assert call.happened_at == 1_505_067_600_000  # 10 Sep 2017, 14:20 in St. Petersburg


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("\tTree on road\t2214 22nd Ave S", "No words"),
        ("Oak down\tTree on road\t\t\t", "No place"),
        ("Oak down\tTree on road\t22nd", "Ask which: 22nd Ave N or 22nd Ave S"),
        ("Oak down\tTree on raod\t2214 22nd Ave S", "did you mean “Tree on road”"),
        ("Oak down\tZebra\t2214 22nd Ave S", "is no category here"),
        ("Oak down\t\t2214 22nd Ave S\t\t\t\t\tyesterday-ish", "cannot be read"),
        ("Oak down\t\t2214 22nd Ave S\t\t\t\t\t2030-01-01 10:00", "lies ahead of now"),
        ("Oak down\t\t\t40.7\t-74.0", "outside the city"),
        ("Oak down\t\t\t27.895\t-82.64", "outside the city"),
        ("Oak down\t\t\t27.77\t", "no pair of numbers"),
        ("Oak down\t\t\t127.77\t-82.6", "No place on earth"),
        ("Oak down\t\t2214 22nd Ave S\t\t\t\t\t\tone\tmore", "more cells than the heading"),
    ],
)
def test_a_broken_row_says_why_in_one_sentence(line: str, sentence: str) -> None:
    [row] = rows(line)

    assert row.call is None and sentence in row.why
    assert row.why.endswith((".", "?")) and "\n" not in row.why


def test_the_same_row_twice_is_taken_once_and_names_the_first() -> None:
    line = "Oak down\t\t2214 22nd Ave S"
    first, second, third = rows(
        line, line.upper().replace("AVE", "Ave"), "Oak down\t\t2214 22nd Ave S\t\t\tB\t727-555-0199"
    )

    assert first.call and not second.call and third.call, "two callers may say the same"
    assert second.why == "The same as row 2 of this list."


def test_a_list_without_a_heading_is_told_by_what_stands_in_it() -> None:
    pasted = read(
        "2017-09-10 14:20,727-555-0100,2214 22nd Ave S,A big oak lies across both lanes of the road\n" * 3
    )
    mapping = guess(pasted.heading, [row.cells for row in pasted.rows], is_category=lambda _cell: False)

    assert pasted.heading == () and len(pasted.rows) == 3
    assert mapping == (Column.HAPPENED, Column.PHONE, Column.ADDRESS, Column.WORDS)


def test_a_person_changes_what_a_column_holds_and_each_meaning_stays_one_columns() -> None:
    mapping = (Column.WORDS, Column.NOTE, Column.ADDRESS)

    assert change(mapping, 1, Column.WORDS) == (Column.IGNORED, Column.WORDS, Column.ADDRESS)
    assert change(mapping, 0, Column.IGNORED) == (Column.IGNORED, Column.NOTE, Column.ADDRESS)


@pytest.mark.parametrize("cell", [*(f"{sign}1+1" for sign in STARTS), "'=x", "plain", "", "-82.64"])
def test_no_cell_given_back_is_a_formula_and_each_comes_back_as_it_was(cell: str) -> None:
    assert not safe(cell).startswith(STARTS)
    assert bare(safe(cell)) == cell


def test_what_was_not_taken_is_given_back_as_it_came_and_can_be_pasted_again() -> None:
    hostile = ('=HYPERLINK("http://x","y")', "<b>bold</b>", "two\nlines", "a\0b", "-82.64")
    quoted = "\t".join('"' + cell.replace('"', '""') + '"' for cell in hostile)
    pasted = read(f"Description\tCategory\tAddress\tNote\tLong\n{quoted}")
    written = to_mend(pasted, [(pasted.rows[0], "No place: give an address.")])

    [_, cells] = csv.reader(io.StringIO(written))
    assert not any(cell.startswith(STARTS) for cell in cells)
    again = read(written)
    assert again.rows[0].cells[:5] == pasted.rows[0].cells
    assert again.rows[0].cells[1:3] == hostile[1:3]
    assert (
        guess(again.heading, [row.cells for row in again.rows], is_category=lambda _c: False)[5]
        == Column.IGNORED
    )


def test_a_cell_of_a_megabyte_is_refused_by_itself_and_the_next_row_is_taken() -> None:
    huge, good = rows(f"{'x' * 1_048_576}\t\t2214 22nd Ave S", "Oak down\t\t2214 22nd Ave S")

    assert "1,048,576 signs long" in huge.why
    assert good.call is not None


def test_control_characters_are_marked_and_markup_stays_text() -> None:
    [row] = rows("Oak\0 down <img src=x> \u202eback\t\t2214 22nd Ave S")

    assert row.call is not None
    assert row.call.text == "Oak\ufffd down <img src=x> back"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "nothing in it"),
        (" \n\t\n", "nothing in it"),
        ("Description\tAddress\n", "only a heading"),
        ("oak\n" * (MOST_ROWS + 1), "too many at once"),
        ("x\t" * 70, "more than 60 cells"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ActRefused, match=sentence):
        read(text)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_in_whatever_a_spreadsheet_writes(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "calls.csv"
    path.write_bytes("Description;Address\nÁrbol caído;2214 22nd Ave S\n".encode(encoding))

    assert read_file(path).rows[0].cells == ("Árbol caído", "2214 22nd Ave S")


def test_a_workbook_and_a_missing_file_say_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "calls.xlsx").write_bytes(b"PK\x03\x04rest")
    with pytest.raises(ActRefused, match="save it as CSV"):
        read_file(tmp_path / "calls.xlsx")
    with pytest.raises(ActRefused, match="cannot be read"):
        read_file(tmp_path / "none.csv")


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2017-09-11 10:00", LANDFALL - 30 * 60_000),
        ("9/11/17 10:00 am", LANDFALL - 30 * 60_000),
        ("10:00", LANDFALL - 30 * 60_000),
        ("11 pm", None),
        ("11:00 PM", LANDFALL - 11 * 3_600_000 - 30 * 60_000),  # yesterday's
        ("25:00", None),
        ("soon", None),
    ],
)
def test_times_are_read_in_the_citys_zone(text: str, at: int | None) -> None:
    assert read_time(text, LANDFALL, ZONE) == at
