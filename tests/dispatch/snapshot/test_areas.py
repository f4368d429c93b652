"""What a snapshot says of neighborhoods: rates, what was expected, which are quiet, when nobody can say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from dispatch.geo.area_facts import AreaFacts
from dispatch.geo.folder import GeoFolder
from dispatch.insight.neighborhoods import places_of
from dispatch.records import Flag, Outreach, OutreachDraft, OutreachKind
from dispatch.reports import csv_file
from dispatch.resources import resource
from dispatch.snapshot import areas, quiet
from dispatch.snapshot.areas import FILTERED, NOT_AN_AREA, Layer
from dispatch.snapshot.columns import REPORT_COLUMNS, SITE_COLUMNS
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.making import version_of
from dispatch.snapshot.records import Cell, Column, Rows
from dispatch.snapshot.tables import tables
from dispatch.store.snapshot_rows import StoredVoice
from tests.dispatch.snapshot.example_pages import snapshot

AT = 1_505_138_250_000
DAY_MS = 86_400_000
ZONE = ZoneInfo("America/New_York")
# Wards that are alike, by which the others are told.
WARDS = tuple(f"Ward {n:02}" for n in range(20))
NAMES = ("Childs Park", "Shore Acres", "Snell Isle", "Graham-Rogall", "Airport", *WARDS)
PEOPLE = np.array([9000.0, 4000.0, 900.0, 150.0, np.nan, *[5000.0] * 20])
FACTS = AreaFacts(NAMES, PEOPLE, np.ones(25))
LAYER = Layer(FACTS, places_of(FACTS, [(0,), (1,), (2, 3), *((n,) for n in range(4, 25))], 2000.0))
NONE = Layer(AreaFacts((), np.empty(0), np.empty(0)), ())
# About as many for each resident; hardly any from Childs Park.
HEARD = {"Childs Park": 3, "Shore Acres": 50, "Snell Isle": 10, "Graham-Rogall": 2, "": 4}
HEARD |= {ward: 45 + n for n, ward in enumerate(WARDS)}
NOBODY = "nobody"


def files(heard: Mapping[str, int], *, bulk: str = NOBODY) -> tuple[Counts, Counts]:
    """A site for each report; those of `bulk` came in one go."""
    sites, reports = [], []
    for name, many in heard.items():
        for n in range(many):
            row = {"site": f"{name}{n}", "report": f"{name}{n}", "neighborhood": name, "open": "yes"}
            row |= {"band": "P3", "bulk": "yes" if name == bulk else "no"}
            sites.append(row)
            reports.append(row)
    return Counts(_rows("sites", SITE_COLUMNS, sites)), Counts(_rows("reports", REPORT_COLUMNS, reports))


def _rows(name: str, columns: tuple[Column, ...], found: list[dict[str, Any]]) -> Rows:
    return Rows(name, columns, tuple(tuple(row.get(c.name) for c in columns) for row in found))


def voices(heard: Mapping[str, int], *, bulk: str = NOBODY, at: int = AT) -> list[StoredVoice]:
    flag = int(Flag.BULK)
    return [
        StoredVoice(at + n, name, flag if name == bulk else 0, True)
        for name, many in heard.items()
        for n in range(many)
    ]


def by_area(
    heard: Mapping[str, int] = HEARD, *, bulk: str = NOBODY, outreach: Mapping[str, int] | None = None
) -> Rows:
    found = areas.judged(LAYER, voices(heard, bulk=bulk), AT, AT)
    return areas.rows(LAYER, found, outreach or {}, *files(heard, bulk=bulk))


def row_of(rows: Rows, name: str) -> dict[str, Cell]:
    (found,) = rows.matching((("neighborhood", (name,)),))
    return {column.name: cell for column, cell in zip(rows.columns, found, strict=True)}


def test_every_area_of_the_layer_has_its_row_and_what_lies_in_none_comes_last() -> None:
    rows = by_area()
    assert [row[0] for row in rows.values] == [*sorted(NAMES), ""]
    assert row_of(rows, "Airport")["reports"] == 0
    assert (row_of(rows, "")["reports"], row_of(rows, "")["how_sure"]) == (4, NOT_AN_AREA)
    assert sum(int(row[2] or 0) for row in rows.values) == sum(HEARD.values())


def test_an_area_that_is_not_heard_is_quiet_and_says_how_sure_that_is() -> None:
    found = row_of(by_area(), "Childs Park")
    # All other areas together: 1,152 reports of 105,050 people.
    assert found["expected"] == pytest.approx(9000 * 1_152 / 105_050, abs=0.05)
    assert found["quiet"] == "yes" and str(found["how_sure"]).startswith("under by ")
    assert found["per_1000"] == 0.3
    assert row_of(by_area(), "Shore Acres")["quiet"] == "no"


def test_small_areas_are_judged_together_and_share_what_was_expected() -> None:
    isle, rogall = (row_of(by_area(), name) for name in ("Snell Isle", "Graham-Rogall"))
    assert isle["judged_as"] == rogall["judged_as"] == "Snell Isle and 1 more"
    assert isle["how_sure"] == rogall["how_sure"]
    assert float(isle["expected"] or 0) / float(rogall["expected"] or 1) == pytest.approx(6, rel=0.05)


def test_no_rate_is_given_where_hardly_anybody_lives_or_nobody_knows_how_many() -> None:
    assert row_of(by_area(), "Graham-Rogall")["per_1000"] is None
    airport = row_of(by_area(), "Airport")
    assert (airport["people"], airport["per_1000"], airport["expected"]) == (None, None, None)
    assert (airport["quiet"], airport["how_sure"]) == ("", "residents not known")


def test_what_was_entered_in_bulk_is_no_voice() -> None:
    found = row_of(by_area(HEARD | {"Childs Park": 150}, bulk="Childs Park"), "Childs Park")
    assert (found["reports"], found["one_by_one"], found["per_1000"], found["quiet"]) == (150, 0, 0.0, "yes")


def test_an_area_that_never_says_much_is_expected_to_say_less() -> None:
    ordinary = {"Childs Park": 30, "Shore Acres": 40, "Snell Isle": 10, **dict.fromkeys(WARDS, 50)}
    before = [
        each._replace(created_at=AT - 40 * DAY_MS + n * 3_600_000) for n, each in enumerate(voices(ordinary))
    ]
    plain, used = (
        areas.rows(LAYER, areas.judged(LAYER, [*old, *voices(HEARD)], AT, AT), {}, *files(HEARD))
        for old in ([], before)
    )
    due = [float(row_of(rows, "Childs Park")["expected"] or 0) for rows in (plain, used)]
    assert due[1] < 0.7 * due[0]


def test_too_few_reports_in_the_whole_city_say_nothing_of_a_part_of_it() -> None:
    rows = by_area({"Shore Acres": 20})
    assert {row[rows.position["quiet"]] for row in rows.values} == {""}
    assert row_of(rows, "Childs Park")["how_sure"] == "too few reports yet"
    assert "cannot be told" in quiet.remarks(Counts(rows))[0]
    assert quiet.numbers(Counts(rows)) == quiet.tables(rows, files({})[1], ZONE) == ()


def test_under_a_filter_nobody_is_called_quiet_and_the_remark_says_why() -> None:
    rows = areas.rows(LAYER, None, {}, *files({"Shore Acres": 60}), only="Shore Acres")
    assert [row[0] for row in rows.values] == ["Shore Acres"]
    assert (row_of(rows, "Shore Acres")["quiet"], row_of(rows, "Shore Acres")["how_sure"]) == ("", FILTERED)
    assert "the filter leaves reports out" in quiet.remarks(Counts(rows))[0]
    assert quiet.numbers(Counts(rows)) == quiet.tables(rows, files({})[1], ZONE) == ()


def test_without_a_layer_the_areas_are_those_of_the_reports() -> None:
    rows = areas.rows(NONE, areas.judged(NONE, voices(HEARD), AT, AT), {}, *files({"Shore Acres": 60}))
    assert row_of(rows, "Shore Acres")["how_sure"] == "residents not known"
    assert "cannot be told" in quiet.remarks(Counts(rows))[0]
    assert Layer.read(GeoFolder(resource("geo"), "nowhere")).places == ()


def test_outreach_is_said_from_when_it_began_within_the_period() -> None:
    def went(area: str, at: int) -> Outreach:
        draft = OutreachDraft(kind=OutreachKind.DOOR, area=area, at=at)
        return Outreach("1", draft, "A. Person", "", "Seat 1", at)

    began = areas.begun(
        [went("Graham-Rogall", AT + 7), went("Graham-Rogall", AT + 5), went("Childs Park", AT + 9)], AT + 9
    )
    assert began == {"Graham-Rogall": AT + 5}
    rows = by_area(outreach=began)
    # Who goes to one of the areas that are judged together goes to the place.
    assert row_of(rows, "Snell Isle")["outreach_began_at"] == AT + 5
    assert row_of(rows, "Childs Park")["outreach_began_at"] is None


def test_the_table_of_quiet_areas_has_the_sentence_the_outreach_and_a_number_that_is_a_filter() -> None:
    rows, reports = by_area(outreach={"Childs Park": AT}), files(HEARD)[1]
    (table,) = quiet.tables(rows, reports, ZONE)
    (line,) = table.lines
    assert table.says.endswith("Low counts there do not mean low damage.")
    assert line.label.startswith("Childs Park: 99 expected, under by ")
    assert line.label.endswith("outreach began 09/11/2017 09:57 EDT")
    assert (line.numbers[0].value, reports.count(line.numbers[0].where)) == (3, 3)
    (many, silent) = quiet.numbers(Counts(rows))
    assert (many.value, many.how()) == (1, "areas.csv: quiet = yes")
    assert (silent.value, silent.how()) == (1, "areas.csv: reports = 0")
    assert rows.count(many.where) == 1 and rows.count(silent.where) == 1


def test_where_lists_areas_without_a_report_and_the_rates_that_are_known() -> None:
    sites, reports = files(HEARD)
    (where,) = (each for each in tables(sites, reports, by_area()) if each.key == "areas")
    said = {line.label: (line.numbers[0].value, line.per_1000) for line in where.lines}
    assert said["Airport"] == (0, None) and said["Ward 19"] == (64, 12.8)
    assert where.lines[0].label == "Ward 19" and where.lines[-1].label.startswith("Outside every area")
    assert where.headings == ("Neighborhood", "reports", "sites", "open", "per 1,000", "worst open")


def test_rates_are_written_with_one_decimal() -> None:
    content = csv_file.content(by_area(), ZONE).decode()
    assert "Ward 19,5000,64,64,64,64,12.8,Ward 19," in content
    assert "Childs Park,9000,3,3,3,3,0.3,Childs Park,98.7,yes,under by " in content


def test_the_version_knows_the_areas() -> None:
    one = snapshot(20)
    values = tuple((*row[:-1], AT) for row in one.areas.values)
    assert version_of(replace(one, areas=replace(one.areas, values=values))) != version_of(one)
