"""The assessor's work list over made-up reports: one row a home, what is kept back, numbers and files."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.records import SITE_STATES, Flag, SiteState
from dispatch.reports import homes_file
from dispatch.reports.formats import FORMATS
from dispatch.snapshot.asked import Asked, Wanted
from dispatch.snapshot.home_columns import HOME_COLUMNS
from dispatch.snapshot.home_levels import load_once
from dispatch.snapshot.homes import WORK_LIST, HomeList, HomeMaker, listed
from dispatch.snapshot.records import Head
from dispatch.store.home_rows import StoredWords
from dispatch.store.snapshot_rows import StoredReport, StoredSite
from dispatch.triage.categories import load_categories
from dispatch.triage.cues import load_cues
from tests.dispatch.snapshot.workbook_reader import Workbook

AT = 1_505_138_250_000  # 11 Sep 2017 09:57:30 EDT
ZONE = ZoneInfo("America/New_York")
TABLE, CUES = load_categories(), load_cues()
HEAD = Head("City", "County", "Florida", "Irma", False, AT, AT + 1, ZONE.key, AT, "Everything.")
SAID = StoredWords(
    *(7, 7, "home_flooded", "Storm: Water Inside Home", "2 feet of water in the living room"),
    *("Storm: Water Inside Home", "", 0, "12 Elm St Apt 4B", 27.7, -82.6),
)
SITE = StoredSite(
    *(7, "700", 0, "", 2, "home_flooded", "Shore Acres", 27.7, -82.6, "12 Elm St"),
    *(int(Flag.RESTRICTED), None, None),
)


def report(said: StoredWords) -> StoredReport:
    place = said.address, said.lat, said.lng
    return StoredReport(
        *(said.request_key, str(said.request_key), said.site_id, AT, None, AT, None, "open"),
        *(said.reporter_role, 2, said.category, *place, ""),
    )


def made(*said: StoredWords, wanted: Wanted | None = None, **of_site: Any) -> HomeList:
    maker = HomeMaker(load_once(), CUES, TABLE, Asked(AT, AT + 1, wanted or Wanted()))
    return listed(HEAD, maker.rows(said, [SITE._replace(**of_site)], map(report, said)), TABLE)


def row(*said: StoredWords, **of_site: Any) -> dict[str, Any]:
    (cells,) = made(*said, **of_site).rows.values
    return {column.name: cell for column, cell in zip(HOME_COLUMNS, cells, strict=True)}


def test_a_row_says_level_why_and_where_to_go() -> None:
    found = row(SAID)
    assert (found["suggested_level"], found["water_in"]) == ("major", 24)
    assert found["suggested_why"] == "“2 feet”: water 24 in: 18 in or more"
    assert found["basis"] == "suggested from residents' words, not assessed"
    assert (found["address"], found["latitude"], found["neighborhood"]) == (
        *("12 Elm St Apt 4B", 27.7),
        "Shore Acres",
    )
    assert (found["inspected_level"], found["in_county_survey"], found["restricted"]) == ("", "unknown", "no")


def test_a_site_placed_by_hand_has_that_place() -> None:
    found = row(SAID, lat=27.8, where_words="19 Oak St")
    assert (found["address"], found["latitude"]) == ("19 Oak St", 27.8)


def test_a_phone_in_an_address_stays_behind_and_the_unit_goes_along() -> None:
    found = row(SAID._replace(address="12 Elm St Apt 4B, call 727-555-0142"))
    assert "4B" in found["address"] and "0142" not in found["address"]


@pytest.mark.parametrize(
    "changed",
    [
        {"is_private": 1},
        {"description": "2 feet of water in the living room, we are trapped"},
        {"description": "2 feet of water in the house, my mother is on oxygen"},
        {"category": "medical_power_dependent"},
    ],
)
def test_s15_what_is_about_a_persons_health_or_safety_keeps_its_neighborhood(changed: dict[str, Any]) -> None:
    found = row(SAID, SAID._replace(request_key=8, **changed))
    assert (found["address"], found["latitude"], found["longitude"]) == ("", None, None)
    assert (found["neighborhood"], found["restricted"], found["suggested_level"]) == (
        *("Shore Acres", "yes"),
        "major",
    )
    assert "“" not in found["suggested_why"] and "Elm" not in str(found)


@pytest.mark.parametrize(
    ("changed", "of_site"),
    [
        ({"description": ""}, {}),
        ({"description": "", "summary": "Water inside a home"}, {}),
        (
            {"description": "", "summary": "roof caved in", "reporter_role": "Admin"},
            {"flags": int(Flag.BULK)},
        ),
    ],
)
def test_without_words_of_their_own_nothing_is_suggested(
    changed: dict[str, Any], of_site: dict[str, Any]
) -> None:
    found = row(SAID._replace(**changed), **of_site)
    assert (found["suggested_level"], found["basis"]) == ("unknown", "no words, nothing suggested")


def test_what_staff_wrote_of_one_row_of_a_bulk_entry_counts() -> None:
    said = SAID._replace(description="5 inches in the house", reporter_role="Admin")
    assert row(said, flags=int(Flag.BULK))["suggested_level"] == "minor"


def test_of_several_reports_the_worst_counts_and_a_contradiction_is_unknown() -> None:
    one = SAID._replace(description="2 inches in the house, no insurance")
    two = SAID._replace(request_key=8, description="Roof caved in. We live here. We have flood insurance")
    found = row(one, two)
    assert (found["suggested_level"], found["water_in"], found["reports"]) == ("major", 2, 2)
    assert (found["insured"], found["primary_home"]) == ("unknown", "yes")


def test_the_worst_comes_first_then_area_by_area() -> None:
    maker = HomeMaker(load_once(), CUES, TABLE, Asked(AT, AT + 1))
    said = [
        SAID._replace(request_key=at, site_id=at, description=words)
        for at, words in enumerate(("2 inches inside", "house is a total loss", "", "2 ft inside"), 1)
    ]
    sites = [SITE._replace(site_id=each.site_id, opened_by=str(each.site_id)) for each in said]
    rows = maker.rows(said, sites, map(report, said))
    assert [cells[0] for cells in rows.values] == ["2", "4", "1", "3"]


def test_every_number_is_what_its_own_filter_finds_and_levels_add_up() -> None:
    found = made(SAID, SAID._replace(request_key=8, description=""))
    assert all(each.value == found.rows.count(each.where) for each in found.numbers)
    counts = {each.key: each.value for each in found.numbers}
    assert sum(many for key, many in counts.items() if key.startswith("homes.")) == len(found.rows) == 1
    assert (counts["homes"], counts["homes.major"]) == (1, 1)


def test_the_filter_leaves_out_what_the_snapshot_leaves_out() -> None:
    assert len(made(SAID, wanted=Wanted("Old Northeast")).rows) == 0
    assert len(made(SAID, wanted=Wanted("Shore Acres")).rows) == 1


def test_a_closed_home_stays_on_the_list() -> None:
    assert row(SAID, state=SITE_STATES.index(SiteState.CLOSED))["open"] == "no"


def test_both_files_say_what_they_are_and_hold_the_same_rows(tmp_path: Path) -> None:
    hostile = SAID._replace(address='=HYPERLINK("http://x") 12 Elm St', lat=27.7)
    homes = replace(made(hostile), head=replace(HEAD, is_exercise=True))
    written = homes_file.write(homes, tmp_path / "out")
    assert [each.name for each in written] == [
        f"EXERCISE_homes_work_list.{suffix}" for suffix in ("xlsx", "csv")
    ]

    book = Workbook(tmp_path / "out" / written[0].name)
    for name in book.names:
        assert book.cells(name)["A1"].value.startswith(f"EXERCISE · {WORK_LIST}")
    text = (tmp_path / "out" / written[1].name).read_text("utf-8-sig")
    (cells,) = csv.DictReader(io.StringIO(text))
    assert cells["address"].startswith("'=") and cells["basis"].endswith("not assessed")
    assert list(cells) == [column.name for column in HOME_COLUMNS]
    assert [cell.value for cell in book.column("Homes", "site")] == ["700"]
    assert homes_file.write(homes, tmp_path / "again") == written


def test_it_is_no_format_of_the_snapshot() -> None:
    assert not any("home" in name for name in FORMATS)
