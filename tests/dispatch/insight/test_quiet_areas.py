"""Quiet areas: what is called under by chance, what is found, and the arithmetic against plain sums."""

import math

import numpy as np
import pytest

from dispatch.insight import quiet_areas
from dispatch.insight.quiet_areas import (
    Standing,
    chosen,
    judge,
    lower_tail,
    shape_of,
    share_interval,
    upper_tail,
)
from tests.quiet_areas import even, false_alarms, found, residents

STORMS = 150


@pytest.fixture(scope="module")
def people():
    return residents()


@pytest.mark.parametrize("alike", [4.0, 15.0, 30.0])
@pytest.mark.parametrize("volume", [300, 1000, 4000])
def test_where_all_report_evenly_at_most_one_area_in_twenty_is_called_under(people, volume, alike):
    said = false_alarms(people, volume, alike, STORMS)

    assert said.under <= 0.05
    # 5 % of storms, and two standard errors of that many.
    assert said.any_sure <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / STORMS)


def test_a_silent_half_of_a_large_area_is_found_within_a_day_of_irma(people):
    """At 1,000 reports, areas differing as wards do against their own habit; the table has the rest."""
    assert found(people, 1000, 30.0, (4000, 40_000), STORMS).under >= 0.45
    assert found(people, 4000, 30.0, (2000, 4000), STORMS).under >= 0.6
    assert found(people, 1000, 15.0, (2000, 4000), STORMS, share=0.25).maybe >= 0.5


def test_a_place_too_small_to_be_heard_missing_is_said_to_be_that(people):
    """Not "as expected": nothing at all would look the same there."""
    assert found(people, 300, 30.0, (1000, 2000), STORMS).too_few >= 0.7


def test_areas_that_differ_more_are_called_under_no_more_often():
    """Without the spread taken from the areas themselves nearly every second one would stand out."""
    random = np.random.default_rng(7)
    people = np.full(80, 3000.0)
    reports = even(people, 4000, 2.0, random)

    by_chance_alone = lower_tail(reports, np.full(80, 50.0), 1e6) <= 0.05
    assert by_chance_alone.mean() > 0.3
    assert (judge(reports, people).standing <= Standing.UNDER).mean() <= 0.05


def test_the_silent_area_is_told_with_its_interval():
    random = np.random.default_rng(3)
    reports = random.poisson(28 * random.gamma(30, 1 / 30, 80)).astype(np.int64)
    reports[5] = 4

    said = judge(reports, np.full(80, 10_000.0))

    assert said.standing[5] == Standing.SURE
    assert said.expected[5] == pytest.approx((reports.sum() - 4) / 79)
    assert 0.65 < said.under_low[5] < 1 - 4 / 28 < said.under_high[5] < 0.95


def test_tails_are_those_of_the_negative_binomial():
    shape, mean = 3.5, 11.0

    def probability(k):
        return math.exp(
            math.lgamma(shape + k)
            - math.lgamma(shape)
            - math.lgamma(k + 1)
            + shape * math.log(shape / (shape + mean))
            + k * math.log(mean / (shape + mean))
        )

    for count in (0, 1, 9, 40):
        given = np.array([count]), np.array([mean]), shape
        below = sum(probability(k) for k in range(count + 1))
        assert lower_tail(*given)[0] == pytest.approx(below, rel=1e-9)
        assert upper_tail(*given)[0] == pytest.approx(1 - below + probability(count), rel=1e-6)


def test_the_interval_is_that_of_the_count_over_its_due():
    random = np.random.default_rng(2)
    drawn = random.gamma(9.5, 1, 400_000) / (28 * random.gamma(12.0, 1 / 12.0, 400_000))

    low, high = share_interval(np.array([9]), np.array([28.0]), 12.0)

    assert (low[0], high[0]) == pytest.approx(tuple(np.quantile(drawn, [0.1, 0.9])), rel=0.02)


@pytest.mark.parametrize("alike", [2.0, 5.0, 12.0])
def test_how_much_areas_differ_is_taken_from_them(alike):
    random = np.random.default_rng(11)
    found = [
        shape_of(random.poisson(40 * random.gamma(alike, 1 / alike, 300)), np.full(300, 40.0))
        for _ in range(5)
    ]

    assert np.median(found) == pytest.approx(alike, rel=0.2)


def test_the_step_up_rule_takes_all_up_to_the_last_that_passes():
    tails = np.array([0.011, 0.9, 0.02, 0.021, 0.5])

    assert chosen(tails, 0.05).tolist() == [True, False, True, True, False]
    assert not chosen(np.array([0.04, 0.5, 0.6]), 0.05).any()
    assert not chosen(np.array([]), 0.05).any()


def test_what_is_expected_follows_the_habit():
    reports, people = np.full(20, 40, np.int64), np.full(20, 2000.0)
    habit = np.ones(20)
    habit[3] = 2.0

    said = judge(reports, people, habit)

    assert said.expected[3] == pytest.approx(80)
    assert said.expected[4] == pytest.approx(40 * 19 / 20)


def test_land_apart_is_judged_by_the_areas_and_teaches_them_nothing():
    reports, people = np.array([20, 25, 30, 18, 24, 0]), np.array([2000.0] * 5 + [20_000.0])
    apart = np.array([False] * 5 + [True])

    said = judge(reports, people, apart=apart)
    alone = judge(reports[:5], people[:5])

    assert said.expected[:5] == pytest.approx(alone.expected)
    assert said.shape == alone.shape
    assert said.expected[5] == pytest.approx(10 * 117 / 5)
    assert said.standing[5] == Standing.SURE


def test_areas_without_known_residents_are_left_out_and_few_reports_say_nothing():
    people = np.array([2000.0, math.nan, 3000.0, 0.0, 4000.0])

    said = judge(np.array([20, 500, 30, 1, 40]), people)

    assert [Standing(each) for each in said.standing[[1, 3]]] == [Standing.NOT_KNOWN] * 2
    assert said.expected[0] == pytest.approx(2000 * 70 / 7000)
    quiet = judge(np.array([5, 0, 9, 0, 15]), people)
    assert set(quiet.standing.tolist()) == {Standing.NOT_KNOWN}
    assert np.isnan(quiet.expected).all()
    assert quiet_areas.LEAST_REPORTS == 30
