"""Which version a file is of, who stands for it and what changed: the same in every format."""

from __future__ import annotations

import csv
import json
import sqlite3
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from dispatch.reports.formats import FORMATS, write
from dispatch.reports.pdf_file import content
from dispatch.snapshot.differences import compared
from dispatch.snapshot.records import Edition, Rows, Snapshot
from tests.dispatch.snapshot.example_pages import HOUR_MS, snapshot
from tests.dispatch.snapshot.workbook_reader import Workbook

MADE = snapshot(60)
PUBLISHED_AT = MADE.head.to_at + 40 * HOUR_MS + 20 * 60_000
FIRST = Edition(1, 0, "Ana, Planning", "Ben, Supervisor", "Ben, Supervisor", PUBLISHED_AT - 90 * HOUR_MS)
SECOND = Edition(
    2, 1, "Ana, Planning", "Ben, Supervisor", "Cy, Emergency manager", PUBLISHED_AT, "12 late reports"
)


def shorter(rows: Rows, by: int) -> Rows:
    return replace(rows, values=rows.values[:-by])


@pytest.fixture(scope="module")
def second() -> Snapshot:
    old = replace(MADE, sites=shorter(MADE.sites, 3), reports=shorter(MADE.reports, 4), edition=FIRST)
    return replace(compared(MADE, old), edition=SECOND)


@pytest.fixture(scope="module")
def folder(second: Snapshot, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("second")
    write(second, path, FORMATS)
    return path


def words_of(found: Snapshot) -> list[str]:
    document = pypdfium2.PdfDocument(content(found))
    return [page.get_textpage().get_text_range().replace("\r\n", " ") for page in document]


def test_every_page_says_its_version_and_who_stands_for_it(second: Snapshot) -> None:
    pages = words_of(second)
    assert "Version 2, published 09/15/2017 16:20 EDT · replaces version 1" in pages[0]
    assert "Since version 1: 4 late reports" in pages[0] and "What changed since version 1" in pages[1]
    for page in pages:
        assert "Version 2 · made by Ana, Planning, reviewed by Ben, Supervisor" in page
        assert "Working copy" not in page


def test_the_first_version_replaces_none_and_a_working_copy_is_no_version() -> None:
    first = words_of(replace(MADE, edition=FIRST))[0]
    assert "Version 1, published 09/11/2017 22:20 EDT" in first and "replaces" not in first
    for page in words_of(MADE):
        assert "Working copy, not published" in page and "reviewed by" not in page


def test_a_version_that_its_maker_reviewed_says_so(tmp_path: Path) -> None:
    found = replace(MADE, edition=replace(SECOND, reviewed_by="Ana, Planning", is_reviewed_by_maker=True))
    assert "made by Ana, Planning, reviewed by the same person" in words_of(found)[0]
    write(found, tmp_path, ("json",))
    assert json.loads((tmp_path / "snapshot.json").read_bytes())["edition"]["reviewed_by_maker"] is True


def test_every_file_that_names_a_version_names_the_same_one(folder: Path) -> None:
    said = [
        json.loads((folder / name).read_bytes())["edition"]
        for name in ("snapshot.json", "sites.geojson", "manifest.json")
    ]
    assert said[0] == said[1] == said[2]
    assert (said[0]["number"], said[0]["replaces"], said[0]["why"]) == (2, 1, "12 late reports")
    assert said[0]["published_at"] == "2017-09-15T16:20:00-04:00"
    with sqlite3.connect(folder / "snapshot.gpkg") as package:
        about = dict(package.execute("SELECT name, value FROM about"))
    cells = {at: cell.value for at, cell in Workbook(folder / "snapshot.xlsx").cells("Summary").items()}
    summary = {label: cells.get(f"B{at[1:]}") for at, label in cells.items() if at.startswith("A")}
    for facts in (about, summary):
        assert facts["Version"] == "Version 2, published 09/15/2017 16:20 EDT · replaces version 1"
        assert (facts["Made by"], facts["Reviewed by"]) == ("Ana, Planning", "Ben, Supervisor")
        assert (facts["Published by"], facts["Why"]) == ("Cy, Emergency manager", "12 late reports")


def test_the_changes_travel_in_every_format(folder: Path, second: Snapshot) -> None:
    with (folder / "changes.csv").open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file)
    expected = [["" if cell is None else str(cell) for cell in row] for row in second.changes.values]
    assert rows == expected and len(rows) > 5
    said = json.loads((folder / "snapshot.json").read_bytes())
    assert [list(each.values()) for each in said["changes"]] == expected
    assert [each["name"] for each in said["columns"]["changes"]] == names
    with sqlite3.connect(folder / "snapshot.gpkg") as package:
        columns = ", ".join(f'"{name}"' for name in names)
        found = package.execute(f"SELECT {columns} FROM changes ORDER BY fid").fetchall()
    assert [list(row) for row in found] == expected
    which = Workbook(folder / "snapshot.xlsx").column("Changes", "which")
    assert [cell.value for cell in which] == [row[1] for row in expected]
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert manifest["rows"]["changes"] == len(rows)
    assert "changes.csv" in {each["name"] for each in manifest["files"]}


def test_without_anything_to_compare_with_no_file_of_changes_is_written(tmp_path: Path) -> None:
    write(MADE, tmp_path, FORMATS)
    assert not (tmp_path / "changes.csv").exists()
    assert "changes" not in json.loads((tmp_path / "manifest.json").read_bytes())["rows"]
