"""FEMA's indicators: which row, when to warn, and what is needed before anything is said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from dispatch.dollars import cents_of, dollars
from dispatch.errors import ActRefused, SettingsBroken
from dispatch.snapshot.thresholds import (
    FILE,
    Entered,
    Indicator,
    Level,
    ThresholdTable,
    last_october,
    load_thresholds,
)

TABLE = load_thresholds()
PEOPLE = Entered(1_000, "A. Manager", "Census 2020")
OWN = """
[[rows]]
effective = {effective}
state = "1.94"
county = "4.86"
project_minimum = "4,100"
large_project = "1,092,000"
source = "Federal Register"
"""


def told(cost_cents: int, declared: date = date(2024, 10, 10), **changed: object) -> Indicator:
    given: dict[str, object] = {
        "population": PEOPLE,
        "cost": Entered(cost_cents, "B. Clerk", "invoices 1 to 9"),
        "declared": declared,
        "level": Level.COUNTY,
        "today": date(2025, 1, 5),
    }
    return TABLE.indicator(**(given | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("declared", "state", "county"),
    [
        (date(2016, 10, 1), 143, 361),
        (date(2017, 9, 10), 143, 361),
        (date(2024, 9, 30), 143, 361),
        (date(2024, 10, 1), 189, 472),
        (date(2025, 1, 1), 189, 472),
    ],
)
def test_the_row_is_chosen_by_the_date_of_the_declaration(declared: date, state: int, county: int) -> None:
    row = TABLE.for_declaration(declared)
    assert (row.per_head(Level.STATE), row.per_head(Level.COUNTY)) == (state, county)
    assert row.source


def test_of_2024_the_project_sizes_are_there_of_2016_they_are_not() -> None:
    old, new = TABLE.rows
    assert (new.project_minimum_cents, new.large_project_cents) == (400_000, 106_290_000)
    assert (old.project_minimum_cents, old.large_project_cents) == (None, None)


def test_a_declaration_before_the_first_row_is_refused() -> None:
    with pytest.raises(ActRefused, match="as old as 09/30/2016"):
        TABLE.for_declaration(date(2016, 9, 30))


@pytest.mark.parametrize(
    ("today", "warns"),
    [(date(2024, 10, 1), 0), (date(2025, 9, 30), 0), (date(2025, 10, 1), 1), (date(2026, 3, 1), 1)],
)
def test_an_old_table_is_warned_of_from_the_first_of_october(today: date, warns: int) -> None:
    found = TABLE.warnings(today)
    assert len(found) == warns and all("enter it before use" in each for each in found)


def test_a_missing_row_in_between_is_said() -> None:
    (found,) = TABLE.warnings(date(2025, 1, 5), date(2023, 8, 30))
    assert "that of 10/01/2016 was taken" in found and "enter the row of 10/01/2022" in found
    assert told(1, date(2023, 8, 30)).warnings == (found,)
    assert TABLE.warnings(date(2025, 1, 5), date(2017, 9, 10)) == ()


@pytest.mark.parametrize(("cost", "reached"), [(472_000, True), (471_999, False), (0, False)])
def test_the_sum_decides_and_the_cost_per_head_is_rounded_down(cost: int, reached: bool) -> None:
    found = told(cost)
    assert found.is_reached is reached and found.per_head_cents == cost // 1000
    assert ("does not reach" not in found.says) is reached
    assert found.says.endswith("An indicator for governor and FEMA, not an entitlement.")
    assert found.warnings == ()


@pytest.mark.parametrize(
    "changed",
    [
        {"cost": Entered(5, "", "invoices")},
        {"cost": Entered(5, "B. Clerk", " ")},
        {"cost": Entered(-1, "B. Clerk", "invoices")},
        {"population": Entered(1_000, "", "Census 2020")},
        {"population": Entered(1_000, "A. Manager", "")},
        {"population": Entered(0, "A. Manager", "Census 2020")},
    ],
)
def test_nothing_is_shown_without_a_person_and_a_source(changed: dict[str, object]) -> None:
    with pytest.raises(ActRefused):
        told(5, **changed)


def test_a_city_adds_a_row_and_replaces_one_in_its_data_folder(tmp_path: Path) -> None:
    assert load_thresholds(tmp_path).rows == TABLE.rows
    (tmp_path / FILE).write_text(OWN.format(effective="2025-10-01"), "utf-8")
    newer = load_thresholds(tmp_path)
    assert [row.effective.year for row in newer.rows] == [2016, 2024, 2025]
    assert newer.warnings(date(2026, 3, 1)) == ()
    assert newer.for_declaration(date(2025, 10, 1)).large_project_cents == 109_200_000

    (tmp_path / FILE).write_text(OWN.format(effective="2024-10-01"), "utf-8")
    assert load_thresholds(tmp_path).for_declaration(date(2024, 10, 9)).state_cents == 194


@pytest.mark.parametrize(
    "text",
    [
        "rows = 5",
        "[[rows]]\nstate = '1'",
        "not toml",
        OWN.format(effective="2025-10-01").replace("1.94", "much"),
        OWN.format(effective="2025-10-01").replace("1.94", "1.945"),
        OWN.format(effective="2025-10-01").replace("Federal Register", " "),
        OWN.format(effective='"soon"'),
        OWN.format(effective="2025-10-01T00:00:00"),
    ],
)
def test_a_broken_file_of_the_city_is_named_in_a_sentence(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text, "utf-8")
    with pytest.raises(SettingsBroken, match=r"pa_thresholds\.toml cannot be read"):
        load_thresholds(tmp_path)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(SettingsBroken, match="no rows"):
        ThresholdTable([])


def test_sums_of_dollars_are_read_to_the_cent() -> None:
    assert [cents_of(said) for said in ("$1,062,900", "4.72", "0.1", "4.720")] == [106_290_000, 472, 10, 472]
    assert dollars(106_290_000) == "$1,062,900.00" and dollars(5) == "$0.05"
    for said in ("", "-1", "1.005", "NaN", "Infinity", "1e30", "four"):
        with pytest.raises(ValueError, match="no sum of dollars"):
            cents_of(said)


def test_the_last_first_of_october() -> None:
    assert last_october(date(2024, 9, 30)) == date(2023, 10, 1)
    assert last_october(date(2024, 10, 1)) == date(2024, 10, 1)
