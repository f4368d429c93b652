"""Tables as counties and crews bring them: CSV, XLSX and GeoPackage give the same rows, word for word."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from xlsxwriter import Workbook

from dispatch.errors import TableRefused
from dispatch.geo.imports.tables import Table, read
from dispatch.geo.imports.tables_apart import read_table

HEAD = ("Address", "Damage", "Cost")
ROWS = (("12 Elm St", "Major", "1234.50"), ("", "", ""), ("=14 Elm St", "ñandú, “ok”", "7"))


def book(path: Path, *sheets: tuple[str, Sequence[Sequence[str]]]) -> Path:
    with Workbook(path, {"strings_to_formulas": False}) as made:
        for name, rows in sheets:
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def table(path: Path, tmp_path: Path, **more: str) -> Table:
    (scratch := tmp_path / "scratch").mkdir()
    return read(path, scratch, **more)


def test_csv_and_workbook_give_the_same_rows(tmp_path: Path) -> None:
    text = "\r\n".join(";".join(row) for row in (HEAD, *ROWS))
    (tmp_path / "a.csv").write_bytes(text.encode("utf-8-sig"))
    by_csv = table(tmp_path / "a.csv", tmp_path)
    by_book = read_table(book(tmp_path / "a.xlsx", ("Survey", (HEAD, *ROWS)), ("Other", (HEAD, *ROWS))))

    assert by_csv.head == by_book.head == HEAD
    assert by_csv.rows == by_book.rows == (ROWS[0], ROWS[2])
    assert by_csv.numbers == by_book.numbers == (2, 4), "an empty row is no row, and counts as a line"
    assert (by_book.sheet, by_book.points) == ("Survey", (None, None))
    assert len(by_book.sha256) == 64 and by_book.sha256 != by_csv.sha256


def test_a_number_in_a_workbook_is_what_stands_there(tmp_path: Path) -> None:
    with Workbook(tmp_path / "a.xlsx") as made:
        sheet = made.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["12 Elm St", 3, 1234.5])
    assert table(tmp_path / "a.xlsx", tmp_path).rows == (("12 Elm St", "3", "1234.5"),)


def test_a_sheet_is_chosen_by_its_name(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", ("One", (HEAD, ROWS[0])), ("Two", (HEAD, ROWS[2])))
    assert table(path, tmp_path, sheet="Two").rows == (ROWS[2],)
    with pytest.raises(TableRefused, match="no sheet “Three”, but: One, Two"):
        read(path, tmp_path / "scratch", sheet="Three")


def test_a_geopackage_gives_its_middles_in_degrees(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    # UTM 17 north; the second has no shape.
    shapes = shapely.to_wkb(np.array([shapely.box(338_000, 3_072_000, 338_010, 3_072_010), None], object))
    names = np.array(["12 Elm St", "14 Elm St"], object)
    pyogrio.raw.write(
        path,
        shapes,
        [names],
        ["Address"],
        geometry_type="Polygon",
        crs="EPSG:32617",
        driver="GPKG",
        layer="s",
    )
    found = table(path, tmp_path)
    assert found.rows == (("12 Elm St",), ("14 Elm St",))
    (first, second) = found.points
    assert first is not None and second is None
    assert first == (pytest.approx(27.7626, abs=0.001), pytest.approx(-82.6441, abs=0.001))


def test_columns_of_one_name_and_of_none_are_kept_apart(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("cost,cost,,\n1,2,3,4,5\n6\n")
    found = table(tmp_path / "a.csv", tmp_path)
    assert found.head == ("cost", "cost (2)", "column 3", "column 4")
    assert found.rows == (("1", "2", "3", "4"), ("6", "", "", ""))


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "is empty"),
        ("a.csv", b" \n ", "is empty"),
        ("a.csv", b"address,level\n", "holds no rows"),
        ("a.csv", b"address,level\n,,\n", "holds no rows"),
        ("a.xls", b"\xd0\xcf\x11\xe0\x00\x00", "none of CSV, XLSX or GeoPackage"),
        ("a.xlsx", b"PK\x03\x04 torn", "damaged"),
        ("a.gpkg", b"SQLite format 3\x00 torn", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(TableRefused, match=sentence):
        table(tmp_path / name, tmp_path)


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as packed:
        packed.writestr("notes.txt", "x")
    with pytest.raises(TableRefused, match="none of CSV"):
        table(tmp_path / "a.xlsx", tmp_path)


@pytest.mark.parametrize("word", ['SYSTEM "file:///etc/hostname"', '"AAAA"'])
def test_a_workbook_with_words_of_its_own_is_refused(tmp_path: Path, word: str) -> None:
    whole = book(tmp_path / "a.xlsx", ("Survey", (HEAD, *ROWS)))
    with zipfile.ZipFile(whole) as packed, zipfile.ZipFile(tmp_path / "b.xlsx", "w") as changed:
        for name in packed.namelist():
            content = packed.read(name)
            if name == "xl/sharedStrings.xml":
                content = content.replace(b"?>", f"?><!DOCTYPE x [<!ENTITY a {word}>]>".encode(), 1)
                content = content.replace(b"12 Elm St", b"&a;")
            changed.writestr(name, content)
    with pytest.raises(TableRefused, match="words of its own"):
        table(tmp_path / "b.xlsx", tmp_path)


def test_a_workbook_with_a_torn_part_is_refused(tmp_path: Path) -> None:
    content = bytearray(book(tmp_path / "a.xlsx", ("Survey", (HEAD, *ROWS))).read_bytes())
    with zipfile.ZipFile(tmp_path / "a.xlsx") as packed:
        at = packed.getinfo("xl/workbook.xml").header_offset + 80
    content[at : at + 40] = b"\xff" * 40
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(TableRefused, match="damaged"):
        table(tmp_path / "a.xlsx", tmp_path)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("address,level\n" + "1 Elm St,major\n" * 20_001)
    with pytest.raises(TableRefused, match="more than 20,000 rows"):
        table(tmp_path / "a.csv", tmp_path)


def test_the_reading_process_answers_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TableRefused, match=r"There is no file a\.csv"):
        read_table(tmp_path / "a.csv")
    (tmp_path / "a.csv").write_bytes(b"")
    with pytest.raises(TableRefused, match=r"a\.csv is empty"):
        read_table(tmp_path / "a.csv")
