"""What a row says of a report, a site, a hand-over; and numbers over rows that no real storm may bring."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dispatch.jurisdiction import load_jurisdiction
from dispatch.records import SITE_STATES, Band, Flag, SiteState
from dispatch.snapshot import numbers
from dispatch.snapshot.asked import Wanted
from dispatch.snapshot.columns import AREA_COLUMNS
from dispatch.snapshot.making import counted
from dispatch.snapshot.records import AREAS, Head, Rows, Snapshot, Spread
from dispatch.snapshot.rows import DAY_MS, RowMaker, Stored
from dispatch.store.snapshot_rows import StoredReport, StoredSite
from dispatch.triage.categories import load_categories

AT = 1_505_138_250_000  # 11 Sep 2017 09:57:30 EDT
ZONE = ZoneInfo("America/New_York")
TABLE = load_categories()
CITY = load_jurisdiction("st-petersburg")
CLOSED = SITE_STATES.index(SiteState.CLOSED)
REPORT = StoredReport(
    7, "700", 7, AT, None, AT, None, "open", "", 2, "tree_road_blocked", "1 Elm St", 27.7, -82.6, ""
)
SITE = StoredSite(
    7, "700", 0, "", 2, "tree_road_blocked", "Old Northeast", 27.7, -82.6, "1 Elm St", 0, None, None
)
HEAD = Head("City", "County", "Florida", "Irma", False, AT, AT + DAY_MS, ZONE.key, AT, "Everything.")


def made(report: StoredReport = REPORT, site: StoredSite = SITE) -> Snapshot:
    maker = RowMaker(Stored([report], [site], []), Wanted(), TABLE, CITY.owners, ZONE)
    by_area = Rows(AREAS, AREA_COLUMNS, ())
    files = maker.sites(), maker.reports(), maker.hand_overs(), maker.left_out(), by_area
    return counted(HEAD, files, TABLE, ZONE)


def site_row(**changed: Any) -> dict[str, Any]:
    rows = made(site=SITE._replace(**changed)).sites
    return {column.name: cell for column, cell in zip(rows.columns, rows.values[0], strict=True)}


def report_row(**changed: Any) -> dict[str, Any]:
    rows = made(REPORT._replace(**changed)).reports
    return {column.name: cell for column, cell in zip(rows.columns, rows.values[0], strict=True)}


@pytest.mark.parametrize(("before", "late"), [(None, "no"), (DAY_MS, "no"), (DAY_MS + 1, "yes"), (-5, "no")])
def test_late_is_more_than_a_day_after_a_person_noted_it_happened(before: int | None, late: str) -> None:
    assert report_row(happened_at=None if before is None else AT - before)["late"] == late


@pytest.mark.parametrize(
    ("role", "told_by"),
    [("", "unknown"), ("Registered User", "resident"), ("Verified Official", "staff"), ("Admin", "staff")],
)
def test_who_told_us_is_by_the_account(role: str, told_by: str) -> None:
    assert report_row(reporter_role=role)["told_by"] == told_by


def test_a_call_typed_in_here_and_what_crews_entered_in_bulk_stand_apart() -> None:
    assert report_row(reporter_role="Verified Official", is_call=True)["told_by"] == "call"
    crew = made(
        REPORT._replace(reporter_role="Verified Official"), SITE._replace(flags=int(Flag.BULK))
    ).reports
    assert crew.values[0][crew.position["told_by"]] == "crew"


def test_an_hour_of_the_city_says_how_far_it_is_from_utc() -> None:
    """One hour comes twice in the night the clocks go back: two hours all the same."""
    first, second = (
        report_row(created_at=at)["entered_hour"] for at in (1_509_859_800_000, 1_509_863_400_000)
    )
    assert (first, second) == ("2017-11-05T01-0400", "2017-11-05T01-0500")


@pytest.mark.parametrize(
    ("category", "line", "also", "owner"),
    [
        ("vegetative_debris", "A", "", "yes"),
        ("drain_blocked", "A", "B D", "yes"),
        ("street_flooding", "B", "C D", "yes"),
        ("tree_private", "", "", "no"),
        ("home_flooded", "", "", "no"),
        ("power_line_down", "B", "F", "unknown"),
        ("water_main_break", "B", "F", "yes"),
    ],
)
def test_a_lead_has_one_public_assistance_line_and_our_note_on_its_owner(
    category: str, line: str, also: str, owner: str
) -> None:
    row = site_row(category=category)
    assert (row["pa_line"], row["also_touches"], row["public_owner"]) == (line, also, owner)


@pytest.mark.parametrize(
    ("flags", "wire"),
    [(0, ""), (Flag.WIRE, "not made safe"), (Flag.WIRE | Flag.MADE_SAFE, "made safe"), (Flag.MADE_SAFE, "")],
)
def test_s13_a_wire_is_not_made_safe_until_somebody_has_said_so(flags: int, wire: str) -> None:
    assert site_row(flags=int(flags))["wire"] == wire


@pytest.mark.parametrize(
    "changed", [{"flags": int(Flag.RESTRICTED)}, {"category": "medical_power_dependent"}]
)
def test_s15_what_is_restricted_keeps_band_category_and_neighborhood_alone(changed: dict[str, Any]) -> None:
    found = made(site=SITE._replace(**changed))
    for rows in (found.sites, found.reports):
        row = dict(zip((column.name for column in rows.columns), rows.values[0], strict=True))
        assert (row["address"], row["latitude"], row["longitude"]) == ("", None, None)
        assert (row["restricted"], row["neighborhood"], row["band"]) == ("yes", "Old Northeast", "P2")
        assert "Elm" not in str(row)


def test_s15_phones_and_unit_numbers_in_an_address_are_covered() -> None:
    row = report_row(address="1 Elm St apt 4B, call 727-555-0100")
    assert (
        "4B" not in str(row["address"])
        and "0100" not in str(row["address"])
        and "1 Elm St" in str(row["address"])
    )


def test_a_closed_site_says_when_by_us_else_by_the_server() -> None:
    assert site_row(state=CLOSED, closed_at=5, server_closed_at=9)["closed_at"] == 5
    assert site_row(state=CLOSED, server_closed_at=9)["closed_at"] == 9
    assert site_row(server_closed_at=9)["closed_at"] is None


def test_what_the_server_has_not_numbered_goes_by_our_key_and_a_report_without_a_site_counts() -> None:
    found = made(REPORT._replace(remote_id=None, site_id=None, band=None, category=None))
    assert found.reports.values[0][:2] == ("new-7", "")
    assert (len(found.reports), len(found.sites)) == (1, 0)


def test_every_number_is_what_its_own_filter_finds() -> None:
    found = made(site=SITE._replace(band=int(Band.P1), flags=int(Flag.WIRE | Flag.BULK)))
    files = {rows.name: rows for rows in found.files}
    assert all(each.value == files[each.of].count(each.where) for each in found.all_numbers)
    assert {each.key for each in found.now if each.value} == {
        *("life_safety_open", "roads_blocked", "wires_not_made_safe")
    }
    assert found.now[0].note == "oldest since 09/11/2017 09:57 EDT"
    assert any("1 report entered in bulk" in remark for remark in found.remarks)


def test_the_version_follows_from_rows_and_head() -> None:
    assert made().version == made().version
    assert made(REPORT._replace(status="closed")).version != made().version
    other = counted(replace(HEAD, storm="Ian"), made().files, TABLE, ZONE)
    assert other.version != made().version


def test_a_hand_over_says_how_long_it_took_with_its_n_and_the_slowest_tenth() -> None:
    spread = Spread("acceptance", "x", 125, 4_000, 7, "x")
    assert numbers._within(spread) == "of 7 half accepted in 2 min 05 s, 9 in 10 in 1 h 06 min"
    assert numbers._within(replace(spread, half_s=40, nine_in_ten_s=59)).endswith("in 40 s, 9 in 10 in 59 s")
    assert numbers._within(replace(spread, nine_in_ten_s=None)).endswith("9 in 10 not yet")
    assert numbers._within(replace(spread, half_s=None)) == ""


def test_page_one_has_the_homes_and_what_became_of_life_safety() -> None:
    found = made(site=SITE._replace(category="home_flooded", band=int(Band.P1)))
    said = {each.key: each.note for each in found.numbers}
    assert said["life_safety"] == "0 handed over, 0 with their outcome known"
    assert "Homes that residents say took water or structural harm: 1." in found.remarks
