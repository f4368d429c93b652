"""Ages, clock times and times as typed."""

from __future__ import annotations

import pytest

from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import ZONE
from ui.widgets import times

HOUR = 60 * MINUTE


@pytest.mark.parametrize(
    ("ms", "words"),
    [(40_000, "40 s"), (26 * MINUTE, "26 min"), (65 * MINUTE, "1 h 05"), (75 * HOUR, "3 d"), (-5, "0 s")],
)
def test_an_age_is_said_at_the_grain_that_matters(ms, words):
    assert times.age(ms) == words


@pytest.mark.parametrize(
    ("at", "words"),
    [(NOW - 26 * MINUTE, "14:06"), (NOW - 24 * HOUR, "Sun 14:32"), (NOW - 8 * 24 * HOUR, "3 Sep 14:32")],
)
def test_a_clock_time_names_its_day_when_it_is_not_today(at, words):
    assert times.clock(at, NOW, ZONE) == words


def test_age_and_clock_stand_together():
    assert times.ago(NOW - 26 * MINUTE, NOW, ZONE) == "26 min ago, 14:06"


@pytest.mark.parametrize(
    ("typed", "ahead_min"),
    [
        ("15:00", 28),
        ("1500", 28),
        ("+30", 30),
        ("in 30 min", 30),
        ("2h", 120),
        ("1 h 30 min", 90),
        ("14:10", -22),
        ("01:00", 10 * 60 + 28),
    ],
)
def test_a_time_is_read_as_typed(typed, ahead_min):
    assert times.read_time(typed, NOW, ZONE) == NOW + ahead_min * MINUTE


@pytest.mark.parametrize("typed", ["", "soon", "25:00", "12:75", "h", "+"])
def test_what_is_no_time_is_no_time(typed):
    assert times.read_time(typed, NOW, ZONE) is None


def test_a_stopwatch_runs_in_minutes_and_seconds():
    assert times.stopwatch(48_000) == "0:48"
    assert times.stopwatch(80 * MINUTE) == "1 h 20"
