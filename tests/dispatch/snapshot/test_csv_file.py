"""CSV that spreadsheets open as it is meant."""

from __future__ import annotations

import csv
import io
import re
from zoneinfo import ZoneInfo

import pytest

from dispatch.reports.csv_file import content
from dispatch.snapshot.records import Column, Kind, Rows
from tests.dispatch.snapshot.hostile_texts import ALL, FORMULAS

ZONE = ZoneInfo("America/New_York")
COLUMNS = (
    Column("name", Kind.TEXT, "x"),
    Column("at", Kind.TIME, "x"),
    Column("many", Kind.WHOLE, "x"),
    Column("latitude", Kind.DEGREES, "x"),
)


def read(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_names_times_and_numbers_are_written_as_what_they_are() -> None:
    raw = content(
        Rows("sites", COLUMNS, (("Peña", 1_505_138_250_000, -3, -82.640312), ("", None, None, None))), ZONE
    )
    assert raw.startswith(b"\xef\xbb\xbf"), "by which a spreadsheet knows UTF-8"
    assert read(raw) == [
        ["name", "at", "many", "latitude"],
        ["Peña", "2017-09-11T09:57:30-04:00", "-3", "-82.640312"],
        ["", "", "", ""],
    ]


def test_fifty_hostile_texts_stay_texts_and_rows_stay_rows() -> None:
    assert len(ALL) == 50
    rows = read(content(Rows("sites", COLUMNS[:1], tuple((text,) for text in ALL)), ZONE))[1:]
    assert len(rows) == 50
    for (cell,), text in zip(rows, ALL, strict=True):
        said = text.replace("\x00", "").encode("utf-8", "replace").decode()
        unguarded = re.sub(r"""(;[ "]*)'(?=[=+@-])""", r"\1", cell)
        assert unguarded.removeprefix("'") == said.removeprefix("'")
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_no_cell_calculates_where_the_semicolon_parts_cells() -> None:
    ((cell,),) = read(content(Rows("sites", COLUMNS[:1], (("1 Elm St; =1+1",),)), ZONE))[1:]
    assert cell == "1 Elm St; '=1+1"


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_calculates(text: str) -> None:
    ((cell,),) = read(content(Rows("sites", COLUMNS[:1], ((text,),)), ZONE))[1:]
    assert cell == f"'{text}"
