"""Costs by Public Assistance line: only what a named person stands for, with its source, to the cent."""

from __future__ import annotations

from typing import Any

from dispatch.records import SurveyKind
from dispatch.snapshot.pa_costs import PaCosts, summed
from dispatch.store.surveys import StandingRow
from dispatch.triage.categories import load_categories

TABLE = load_categories()
ROW = StandingRow(
    *("s1", SurveyKind.CREW, "crew.csv", 2, "", "C", 123_450, "B. Clerk", "invoice 7"),
    *("", None, None),
    *(7, "tree_road_blocked", "700"),
)


def costs(*changed: dict[str, Any]) -> PaCosts:
    return summed([ROW._replace(number=at, **each) for at, each in enumerate(changed, 2)], TABLE)


def test_a_cost_counts_in_its_own_line_and_in_the_total() -> None:
    found = costs({}, {"cost_cents": 5}, {"pa_line": "A", "cost_cents": 1})
    sums = {line.rows.key: line.cents for line in found.lines if line.rows.value}
    assert sums == {"pa_costs.C": 123_455, "pa_costs.A": 1}
    assert (found.total.cents, found.total.rows.value) == (123_456, 3)
    assert found.total.how() == "sum of cost_cents in pa_costs.csv: counted = yes"


def test_without_a_line_of_its_own_it_is_its_sites_primary_one() -> None:
    road, home = {"pa_line": "", "category": "vegetative_debris"}, {"pa_line": "", "category": "home_flooded"}
    found = costs(road, home, {"pa_line": "", "category": "", "site_id": None})
    assert [line.rows.key for line in found.lines if line.cents] == ["pa_costs.A"]
    assert [row[-1] for row in found.rows.values] == [
        "",
        *["It has no Public Assistance line, nor has its site."] * 2,
    ]


def test_a_cost_that_nobody_stands_for_is_listed_and_not_counted() -> None:
    found = costs({"cost_by": " "}, {"cost_source": ""}, {})
    assert (found.total.cents, len(found.rows)) == (123_450, 3)
    assert [row[-1] for row in found.rows.values] == [
        "Nobody is named who stands for it.",
        "It does not say where it was read.",
        "",
    ]
    assert "Rows not counted: 2, of $2,469.00 in all; pa_costs.csv says why." in found.remarks


def test_what_the_county_surveyed_and_rows_without_a_cost_are_no_costs() -> None:
    assert len(costs({"kind": SurveyKind.COUNTY}, {"cost_cents": None}).rows) == 0


def test_every_sum_is_that_of_its_own_filter() -> None:
    found = costs({}, {"pa_line": "E"}, {"pa_line": "E", "cost_by": ""})
    at = found.rows.position["cost_cents"]
    for line in (*found.lines, found.total):
        rows = list(found.rows.matching(line.rows.where))
        assert (sum(int(row[at] or 0) for row in rows), len(rows)) == (line.cents, line.rows.value)


def test_a_site_with_costs_in_two_files_is_said() -> None:
    assert any("more than one file: 1" in each for each in costs({}, {"survey_id": "s2"}).remarks)
    assert not any("more than one file" in each for each in costs({}, {}).remarks)


def test_homes_are_never_added() -> None:
    assert "Never add what homes lost" in costs({}).remarks[0]
