"""The Irma exercise has the shape of what really came in, whatever the seed."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from math import cos, hypot, radians
from statistics import median

import pytest

from dispatch.exercise import street_grid
from dispatch.exercise.curve import ZONE
from dispatch.exercise.script import STAFF, Kind
from dispatch.exercise.storms import irma
from dispatch.exercise.times import to_millis

WIRE = re.compile(r"\bwires?\b|power line|\bcables?\b", re.I)
BLOCKED = re.compile(r"block|bloque|cannot pass", re.I)
TREES = re.compile(r"tree|oak|limb|branch|trunk|roots|árbol|rama", re.I)
STAFF_IDS = {account.person_id for account in STAFF}


@pytest.fixture(scope="module", params=[1, 2, 77])
def storm(request):
    return irma(request.param)


def moment(row):
    return datetime.fromtimestamp(row.created_at / 1000, ZONE)


def on(storm, day):
    return [row for row in storm.rows if moment(row).day == day]


def share(rows, holds):
    return sum(map(bool, map(holds, rows))) / len(rows)


def test_the_same_seed_gives_the_same_storm_and_another_another():
    assert irma(5) == irma(5)
    assert irma(5).rows != irma(6).rows


def test_it_opens_on_the_first_morning_with_the_week_before_it(storm):
    assert storm.starts_at == to_millis("2017-09-11T10:30:00-04:00")
    for day in range(4, 11):
        assert 45 <= len(on(storm, day)) <= 65


def test_the_curve_is_the_storms(storm):
    first = Counter(moment(row).hour for row in on(storm, 11))
    night = [moment(row) for row in storm.rows if moment(row).hour >= 20 and moment(row).day == 10]

    assert [len(on(storm, day)) for day in (11, 13, 14, 15)] == [1000, 120, 80, 80]
    assert max(first.items(), key=lambda hour: hour[1]) == (11, 180)
    assert 3 <= len(night) <= 12
    assert sum(first[hour] for hour in range(6)) < 30
    assert [first[hour] for hour in range(5, 12)] == sorted(first[hour] for hour in range(5, 12))


def test_on_day_two_a_survey_is_typed_in_on_top(storm):
    second = on(storm, 12)
    bulk = [row for row in second if row.description.startswith("Field survey") or moment(row).hour == 14]
    minutes = Counter((moment(row).hour, moment(row).minute) for row in bulk if row.reporter == STAFF[-1])

    assert len(second) == 350 + 500
    assert 500 <= sum(moment(row).hour == 14 for row in second) <= 560
    assert max(minutes.values()) >= 70


def test_the_first_day_is_trees_then_water(storm):
    said = [row for row in on(storm, 11) if row.description]
    codes = Counter(row.type_id for row in on(storm, 11))

    assert share(said, lambda row: TREES.search(row.description) or WIRE.search(row.description)) > 0.76
    assert 0.09 < (codes[5705] + codes[5626]) / 1000 < 0.11
    assert 0.015 < codes[5627] / 1000 < 0.025


def test_nearly_half_the_hazards_are_filed_under_ordinary_categories(storm):
    hazards = [row for row in on(storm, 11) if row.type_id in {5631, 5626, 5628, 5636, 5629, 5630}]
    storms_own = [row for row in on(storm, 11) if row.type_id and row.type_id >= 5701 and row.type_id != 5716]

    assert len(hazards) / (len(hazards) + len(storms_own)) == pytest.approx(0.44, abs=0.03)


def test_texts_are_short_and_some_are_missing(storm):
    texts = [row.description for row in on(storm, 11) if row.description]

    assert share(on(storm, 11), lambda row: not row.description) == pytest.approx(0.11, abs=0.02)
    assert median(map(len, texts)) == pytest.approx(46, abs=2)
    assert share(texts, lambda text: 5 <= len(text.split()) <= 10) > 0.98
    assert share(texts, WIRE.search) == pytest.approx(0.30, abs=0.04)
    assert share(texts, BLOCKED.search) == pytest.approx(0.40, abs=0.04)
    assert 0.02 < share(texts, re.compile(r"[áéíóúñ]|\bcalle|\bagua\b", re.I).search) < 0.08


def test_lives_are_at_stake_in_few_but_certain_reports(storm):
    words = re.compile(
        r"trapped in the bath|oxygen|sparking|somebody is inside|no podemos|headache|insulin", re.I
    )
    lives = [row for row in storm.rows if words.search(row.description)]
    near_opening = [row for row in lives if abs(row.created_at - storm.starts_at) < 15 * 60_000]

    assert 5 <= len(lives) < 0.01 * len(storm.rows)
    assert any(row.created_at < storm.starts_at for row in near_opening)
    assert any(row.created_at > storm.starts_at for row in near_opening)
    assert all(row.lat for row in lives)


def test_most_of_the_first_day_is_typed_by_four_accounts(storm):
    typed = Counter(row.reporter.person_id for row in on(storm, 11) if row.reporter.person_id in STAFF_IDS)

    assert len(typed) == 4
    assert sum(typed.values()) / 1000 == pytest.approx(0.62, abs=0.02)


def test_some_reports_have_no_place(storm):
    rows = [row for row in storm.rows if not row.description.startswith("Field survey")]
    typed = [row for row in rows if row.reporter.person_id in STAFF_IDS]
    from_apps = [row for row in rows if row.reporter.person_id not in STAFF_IDS]

    assert share(typed, lambda row: row.lat is None) == pytest.approx(0.05, abs=0.02)
    assert 0 < share(from_apps, lambda row: row.lat == 0.0) < 0.006


def test_a_fifth_repeats_a_place_reported_within_hours(storm):
    def metres(one, other):
        return 111_320 * hypot(one.lat - other.lat, (one.lng - other.lng) * cos(radians(27.77)))

    placed = [row for row in storm.rows if moment(row).day in (11, 13) and row.lat]
    again = 0
    for n, row in enumerate(placed):
        since = row.created_at - 3 * 3_600_000
        earlier = [each for each in placed[:n] if each.created_at >= since and metres(row, each) < 40]
        again += bool(earlier)

    assert again / len(placed) == pytest.approx(0.20, abs=0.04)


def test_addresses_name_the_grid_where_the_pin_is_and_a_few_the_other_side(storm):
    corners = [
        (row, found)
        for row in storm.rows
        if row.lat and (found := re.match(r"(\d+)\w\w Ave ([NS]) & (\d+)\w\w St [NS],", row.address))
    ]
    wrong = 0
    for row, found in corners:
        number = int(found[1]) * (1 if found[2] == "N" else -1)
        assert abs(street_grid.street_at(row.lng) - int(found[3])) < 1.2
        wrong += abs(street_grid.avenue_at(row.lat) - number) > 1.2

    assert len(corners) > 300
    assert 0 <= wrong / len(corners) < 0.03


def test_two_in_a_hundred_have_no_category_and_ids_are_unique(storm):
    assert share(storm.rows, lambda row: row.type_id is None) == pytest.approx(0.02, abs=0.007)
    assert len({row.request_id for row in storm.rows}) == len(storm.rows)
    in_order = [row.request_id for row in storm.rows]
    assert in_order != sorted(in_order)


def test_every_report_is_touched_and_acknowledged_within_its_first_minute(storm):
    for row in storm.rows:
        touch, acknowledge = row.steps[:2]
        assert (touch.kind, acknowledge.kind) == (Kind.TOUCH, Kind.ACKNOWLEDGE)
        assert 1_000 <= touch.at - row.created_at <= 30_000
        assert 2_000 <= acknowledge.at - row.created_at <= 60_000
