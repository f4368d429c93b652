"""Who is not being heard: which reports count where, from when on, and against what."""

import csv
import gzip
import json
import math
import sqlite3
from itertools import pairwise

import numpy as np
import pytest

from dispatch.geo.area_facts import AreaFacts, area_facts
from dispatch.geo.areas import Areas
from dispatch.geo.layers import read_layer
from dispatch.geo.projection import to_mercator
from dispatch.insight.neighborhoods import (
    DAY_MS,
    HOUR_MS,
    Place,
    neighborhoods,
    places_of,
    reports_between,
    sites_of,
)
from dispatch.insight.quiet_areas import Standing
from dispatch.records import SITE_STATES, Flag, SiteState
from dispatch.resources import resource
from tests.ui.boards import NOW, board_of, site

CLOSED = SITE_STATES.index(SiteState.CLOSED)
ACTIVATED = NOW - 4 * HOUR_MS
FACTS = AreaFacts(
    ("Childs Park", "Shore Acres", "Snell Isle", "Graham-Rogall"),
    np.array([9000.0, 4000.0, 1000.0, 30.0]),
    np.ones(4),
)
PLACES = places_of(FACTS, [(0,), (1,), (2, 3)], 2000.0)
CHILDS_PARK, SHORE_ACRES, SNELL_ISLE, OUTSIDE = range(4)


def many(count, hood, first_id, **changes):
    return [site(first_id + n, neighborhood=hood, **changes) for n in range(count)]


def look(board, places=PLACES, since_at=ACTIVATED):
    return neighborhoods(board, places, since_at=since_at, activated_at=ACTIVATED)


def test_a_place_is_named_after_its_largest_area():
    assert PLACES[SNELL_ISLE] == Place("Snell Isle", ("Snell Isle", "Graham-Rogall"), 1030.0)
    assert PLACES[OUTSIDE] == Place("", (), 2000.0)


def test_reports_since_the_activation_are_counted_also_of_what_is_closed_or_held():
    board = board_of(
        *many(5, "Childs Park", 1),
        *many(3, "Childs Park", 20, first_at=ACTIVATED - 1),
        site(30, neighborhood="Childs Park", reports=4, state=CLOSED),
        site(31, neighborhood="Graham-Rogall", flags=int(Flag.SET_ASIDE)),
    )

    found = look(board)

    assert found.reports.tolist() == [9, 0, 1, 0]
    assert found.per_1000[CHILDS_PARK] == 1.0
    assert found.total == 10
    assert found.city_per_1000 == pytest.approx(1000 * 10 / 16_030)


def test_what_came_in_bulk_is_no_voice_and_is_told_apart():
    board = board_of(
        *many(2, "Childs Park", 1), *many(40, "Shore Acres", 100, flags=int(Flag.BULK)), site(300, reports=3)
    )

    found = look(board)

    assert found.bulk == 40
    assert found.reports.tolist() == [2, 0, 0, 3]


def test_reports_outside_every_area_stand_in_a_line_and_others_are_only_told():
    board = board_of(
        *many(3, "", 1),
        *many(2, "Somewhere Else", 10),
        site(20, neighborhood="", lat=None, lng=None),
        *many(4, "", 30, flags=int(Flag.OUTSIDE_CITY)),
    )

    found = look(board)

    assert found.reports.tolist() == [0, 0, 0, 5]
    assert (found.not_placed, found.other_city) == (1, 4)


def test_a_merged_site_speaks_in_its_lead():
    board = board_of(*many(2, "Childs Park", 1), site(5, neighborhood="Shore Acres", reports=3))
    board.apply([site(1, neighborhood="Childs Park", flags=int(Flag.MERGED))])
    board.report_row[board.report_index(1000)] = board.row(5)

    assert look(board).reports.tolist() == [1, 4, 0, 0]


def test_the_quiet_one_is_first_with_what_it_misses():
    names = tuple(f"Area {n}" for n in range(20))
    facts = AreaFacts(names, np.full(20, 2000.0), np.ones(20))
    places = places_of(facts, [(n,) for n in range(20)], math.nan)
    counts = [20, 25, 17, 30, 3, *range(14, 29)]
    board = board_of(*(site(n, neighborhood=f"Area {n - 1}", reports=counts[n - 1]) for n in range(1, 21)))

    found = look(board, places)

    assert found.places[found.order()[0]].name == "Area 4"
    assert found.judged.standing[4] <= Standing.UNDER
    assert found.judged.expected[4] == pytest.approx((sum(counts) - 3) / 19)
    assert found.missing(4) == round((sum(counts) - 3) / 19) - 3
    assert found.missing(3) == 0
    assert found.by_chance() == 1


def test_land_in_no_area_never_stands_before_an_area_somebody_can_go_to():
    names = tuple(f"Area {n}" for n in range(20))
    facts = AreaFacts(names, np.full(20, 2000.0), np.ones(20))
    places = places_of(facts, [(n,) for n in range(20)], 30_000.0)
    counts = [20, 25, 17, 30, 3, *range(14, 29)]
    board = board_of(*(site(n, neighborhood=f"Area {n - 1}", reports=counts[n - 1]) for n in range(1, 21)))

    found = look(board, places)

    assert found.judged.standing[20] == Standing.SURE and found.reports[20] == 0
    assert found.places[found.order()[0]].name == "Area 4"
    assert found.judged.expected[4] == pytest.approx((sum(counts) - 3) / 19)


def test_without_residents_a_place_is_not_judged_and_stays_last():
    facts = AreaFacts(FACTS.names, np.array([9000.0, math.nan, 1000.0, 30.0]), FACTS.km2)
    places = places_of(facts, [(0,), (1,), (2, 3)], math.nan)
    board = board_of(*many(30, "Childs Park", 1), *many(60, "Shore Acres", 100), *many(9, "Snell Isle", 300))

    found = look(board, places)

    assert np.isnan(found.per_1000[SHORE_ACRES])
    assert found.judged.standing[SHORE_ACRES] == Standing.NOT_KNOWN
    assert found.order()[-2] == SHORE_ACRES  # 60 reports stand before the place that has none
    assert found.city_per_1000 == pytest.approx(1000 * 39 / 10_030)


def ordinary(hood, per_day, first_id, days=30, until_at=ACTIVATED - 4 * DAY_MS):
    return [
        site(first_id + n, neighborhood=hood, first_at=until_at - 1 - n * DAY_MS // per_day)
        for n in range(per_day * days)
    ]


def test_what_a_place_usually_reports_is_expected_of_it():
    history = [
        *ordinary("Childs Park", 9, 10_000),
        *ordinary("Shore Acres", 8, 20_000),
        *ordinary("Snell Isle", 1, 30_000),
        *ordinary("", 2, 40_000),
    ]
    storm = [*many(18, "Childs Park", 1), *many(16, "Shore Acres", 100), *many(2, "Snell Isle", 200)]

    found = look(board_of(*history, *storm))

    assert found.habit is not None
    assert found.habit.factor[SHORE_ACRES] > 1.5
    without = look(board_of(*storm))
    assert without.habit is None
    assert found.judged.expected[SHORE_ACRES] > 1.4 * without.judged.expected[SHORE_ACRES]


def test_a_place_that_is_always_silent_is_expected_to_say_half_its_share():
    history = [
        *ordinary("Shore Acres", 20, 20_000),
        *ordinary("Snell Isle", 5, 30_000),
        *ordinary("", 10, 40_000),
    ]

    found = look(board_of(*history, *many(40, "Shore Acres", 100)))

    assert found.habit.factor[CHILDS_PARK] == 0.5


def test_the_days_of_the_storm_before_the_activation_are_no_habit():
    history = ordinary("Shore Acres", 200, 20_000, days=4, until_at=ACTIVATED)

    assert look(board_of(*history)).habit is None


def test_reports_before_and_after_an_hour():
    board = board_of(
        site(1, neighborhood="Childs Park", first_at=NOW - 30 * 60_000),
        site(2, neighborhood="Childs Park", first_at=NOW, reports=4),
        site(3, neighborhood="Shore Acres", first_at=NOW),
    )

    assert reports_between(board, PLACES, CHILDS_PARK, NOW - HOUR_MS, NOW) == 1
    assert reports_between(board, PLACES, CHILDS_PARK, NOW, NOW + HOUR_MS) == 4


def test_every_number_is_of_rows_that_can_be_opened():
    board = board_of(*many(2, "Graham-Rogall", 1), *many(3, "Snell Isle", 10), *many(4, "", 20))

    assert board.site_id[sites_of(board, PLACES, SNELL_ISLE)].tolist() == [1, 2, 10, 11, 12]
    assert board.site_id[sites_of(board, PLACES, OUTSIDE)].tolist() == [20, 21, 22, 23]


# -- the same numbers, counted another way ---------------------------------------------------------------


def ring_holds(ring, x, y):
    inside = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def test_harvey_is_counted_as_a_few_lines_of_sql_count_it():
    """Point in polygon by hand, counts and rates by SQLite: nothing of ours is asked."""
    with gzip.open(resource("storms", "unverified", "houston-harvey-2017.csv.gz"), "rt") as file:
        rows = [(float(r["lat"]), float(r["lng"])) for r in csv.DictReader(file) if r["lat"] and r["lng"]]
    layer = read_layer(resource("geo", "houston", "neighborhoods.geojson"))
    areas, facts = Areas.from_layer(layer), area_facts(layer)
    # Nobody counted Houston's super neighborhoods here: a made-up number of people, by land.
    residents = np.round(1200 * facts.km2)
    facts = AreaFacts(facts.names, residents, facts.km2)
    raw = json.loads(resource("geo", "houston", "neighborhoods.geojson").read_text("utf-8"))["features"]

    def by_hand(lat, lng):
        for feature in raw:
            shape = feature["geometry"]
            polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
            if any(
                ring_holds(outer, lng, lat) and not any(ring_holds(hole, lng, lat) for hole in holes)
                for outer, *holes in polygons
            ):
                return feature["properties"]["name"]
        return ""

    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE report (area TEXT)")
    base.executemany("INSERT INTO report VALUES (?)", [(by_hand(*row),) for row in rows])
    base.execute("CREATE TABLE area (name TEXT, people REAL)")
    base.executemany("INSERT INTO area VALUES (?, ?)", zip(facts.names, residents.tolist(), strict=True))
    counted = base.execute(
        "SELECT name, count(report.area), 1000.0 * count(report.area) / people"
        " FROM area LEFT JOIN report ON report.area = name GROUP BY name"
    ).fetchall()

    lats, lngs = np.array(rows).T
    at = areas.locate(*to_mercator(lngs, lats))
    hoods = [areas.names[i] if i >= 0 else "" for i in at]
    board = board_of(
        *(
            site(n, neighborhood=hood, lat=lat, lng=lng)
            for n, (hood, (lat, lng)) in enumerate(zip(hoods, rows, strict=True), 1)
        )
    )
    found = look(board, places_of(facts, [(i,) for i in range(len(facts.names))], math.nan))

    ours = {
        place.name: (int(n), float(rate))
        for place, n, rate in zip(found.places[:-1], found.reports, found.per_1000, strict=False)
    }
    assert len(counted) == 88
    for name, count, rate in counted:
        # A report on a shared border may stand in either.
        assert ours[name][0] == pytest.approx(count, abs=1), name
        assert ours[name][1] == pytest.approx(rate, abs=1000 / residents[facts.names.index(name)]), name
    assert sum(count for count, _ in ours.values()) > 1000
