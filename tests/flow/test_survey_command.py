"""`python -m dispatch import survey`: a file to the work list and to the costs, as a script calls it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from tests.city import City
from tests.flow.test_command_line import dispatch
from tests.rooms import Room

SPAN = ("--from", "2017-09-01T00:00:00-04:00", "--to", "2027-10-01T00:00:00-04:00")
COUNTY = [["Address", "Damage Level"], ["1200 ELM STREET N", "Major"], ["7 Oak St", "sort of"]]
CREW = [
    ["address", "level", "pa line", "cost", "cost by", "source", "photo"],
    ["1200 Elm St N", "Minor", "", "", "", "", "wall.jpg"],
    ["5th Ave N & 9th St N", "", "C", "$1,200.50", "B. Clerk", "invoice 7", ""],
    ["5th Ave N", "", "C", "99", "", "", ""],
]


@pytest.fixture(params=["sqlite", "postgresql"])
def store(tmp_path: Path, city: City, clock, run, request) -> str:
    """Two homes and a road that residents spoke of."""
    url = "" if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))
    city.add_report("Water in house", address="1200 Elm St N, St. Petersburg", category="5706")
    city.add_report("Roof caved in", address="1300 Elm St N, St. Petersburg", category="5708")
    city.add_report("Road washed out", address="500 5th Ave N, St. Petersburg")
    room = Room(tmp_path / "seat", city, clock, run, store_url=url)
    room.sync()
    room.close()
    return room.url


def book(path: Path, rows: list[list[str]]) -> Path:
    with Workbook(path) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def bring(store: str, path: Path, kind: str, tmp_path: Path) -> tuple[int, dict[str, int], str]:
    return dispatch(
        *("import", "survey", str(path), "--store", store, "--kind", kind, "--data", str(tmp_path / "seat"))
    )


def homes(store: str, out: Path) -> tuple[dict[str, dict[str, str]], dict[str, int]]:
    code, said, error = dispatch("homes", "--store", store, *SPAN, "--out", str(out))
    assert code == 0, error
    with (out / "EXERCISE_homes_work_list.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["address"].partition(" ")[0]: row for row in csv.DictReader(file)}
    return rows, said["numbers"]


def test_a_survey_goes_into_the_work_list_and_costs_into_their_line(store: str, tmp_path: Path) -> None:
    before, counts = homes(store, tmp_path / "before")
    assert {row["in_county_survey"] for row in before.values()} == {"unknown"}
    assert counts["homes_in_county_survey.unknown"] == 2

    code, said, error = bring(store, book(tmp_path / "county.xlsx", COUNTY), "county", tmp_path)
    assert (code, said) == (0, {"read": 2, "taken": 1, "refused": 1, "joined": 1}), error
    assert "Row 3: “sort of” is no level" in error
    code, said, error = bring(store, book(tmp_path / "crew.xlsx", CREW), "crew", tmp_path)
    assert (code, said) == (0, {"read": 3, "taken": 3, "refused": 0, "joined": 1}), error

    rows, counts = homes(store, tmp_path / "after")
    surveyed, other = rows["1200"], rows["1300"]
    assert (surveyed["in_county_survey"], surveyed["inspected_level"]) == ("yes", "minor")
    assert (other["in_county_survey"], other["inspected_level"]) == ("no", "")
    assert (surveyed["suggested_level"], other["suggested_level"]) == ("unknown", "major")
    assert (counts["homes_in_county_survey.yes"], counts["homes_inspected"]) == (1, 1)

    code, costs, error = dispatch("pa-costs", "--store", store, "--out", str(tmp_path / "costs"))
    assert (code, costs["cents"], costs["lines"]) == (0, 120_050, {"C Roads and bridges": 120_050}), error
    assert "Rows not counted: 1, of $99.00" in error
    with (tmp_path / "costs" / costs["file"]).open(encoding="utf-8-sig", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["counted"] == "yes" and row["pa_line"] == "C"]
    assert sum(int(row["cost_cents"]) for row in found) == 120_050


def test_a_home_that_is_reported_after_the_survey_is_in_it(
    store: str, city: City, clock, run, tmp_path: Path
) -> None:
    late = [["Address", "Damage Level"], ["1400 Elm St N", "Minor"]]
    _, said, _ = bring(store, book(tmp_path / "county.xlsx", late), "county", tmp_path)
    assert said["joined"] == 0
    city.add_report("Water in house", address="1400 Elm Street North, St. Petersburg", category="5706")
    room = Room(tmp_path / "seat", city, clock, run, store_url=store if "postgresql" in store else "")
    room.sync()
    room.close()

    rows, _ = homes(store, tmp_path / "out")
    assert {house: row["in_county_survey"] for house, row in rows.items()} == {
        "1200": "no",
        "1300": "no",
        "1400": "yes",
    }


def test_what_cannot_be_brought_in_ends_in_a_sentence(store: str, tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("owner,damage\nA,major\n")
    county = book(tmp_path / "county.xlsx", COUNTY)
    bring(store, county, "county", tmp_path)
    for path, kind, code, sentence in (
        (tmp_path / "nowhere.csv", "county", 2, "There is no file"),
        (tmp_path / "owners.csv", "county", 1, "No column says where a row is"),
        (county, "crew", 1, "was imported already"),
        (county, "homes", 2, "county"),
    ):
        found, _, error = bring(store, path, kind, tmp_path)
        assert (found, sentence in error, "Traceback" in error) == (code, True, False), error
