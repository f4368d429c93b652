"""The next hours: no day, no forecast; less off than what anybody would say, on real storms."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from dispatch.insight.forecast import AHEAD, DAY, FIRST, forecast

STORMS = Path(__file__).resolve().parents[4] / "shared" / "data" / "storms"
EVEN = np.ones(DAY)
# Name, folder, first day at midnight, days; staff's own rows and what is no storm left out.
REAL = (
    ("Harvey, flooding", "houston-harvey-2017", "2017-08-22T00:00:00-05:00", 14),
    ("New Haven, snow in February", "newhaven-2014", "2014-02-01T00:00:00-05:00", 18),
    ("New Haven, rain in July", "newhaven-2014", "2014-07-01T00:00:00-04:00", 8),
    ("New Haven, wind in October", "newhaven-2014", "2014-10-20T00:00:00-04:00", 8),
)

# New Haven's busiest days of 2014 beside those: nothing in the method was chosen by looking at them.
UNSEEN = (
    *("2014-01-15", "2014-02-24", "2014-04-14", "2014-05-13"),
    *("2014-06-02", "2014-06-11", "2014-08-20", "2014-09-21"),
)


def storm(seed: int, hours: int = 120) -> np.ndarray:
    """Quiet, a surge on the second day, and its dying away, by day more than by night."""
    chance = np.random.default_rng(seed)
    at = np.arange(hours)
    level = 2 + 60 * np.exp(-np.clip(at - 40, 0, None) / 20) * (at >= 36)
    return chance.poisson(level * (1 + 0.6 * np.sin((at - 8) * 2 * np.pi / DAY)))


def test_before_there_is_a_day_to_look_back_on_nothing_is_said():
    assert forecast(np.ones(FIRST - 1, np.int64), 0, EVEN) is None
    assert forecast(np.ones(FIRST, np.int64), 0, EVEN) is not None


def test_what_goes_on_evenly_is_expected_to_go_on():
    found = forecast(np.full(72, 20), 0, EVEN)
    assert found.expected == pytest.approx(np.full(AHEAD, 20), rel=0.01)
    assert np.all(found.low < 20) and np.all(found.high > 20)


def test_no_report_at_all_is_none_expected_and_no_division_by_it():
    found = forecast(np.zeros(48, np.int64), 5, EVEN)
    assert found.expected == pytest.approx(np.zeros(AHEAD))
    assert np.all(np.isfinite(found.high))


def test_the_hour_of_the_day_is_known():
    by_day = np.tile(np.repeat([0, 30], 12), 5)  # from noon on
    found = forecast(by_day, 0, EVEN)
    assert np.all(found.expected[:12] < 10), "the night comes"
    found = forecast(by_day[:-12], 0, EVEN)
    assert np.all(found.expected[:12] > 10), "the day comes"


def test_its_errors_are_those_of_forecasts_made_with_what_was_known_then():
    y = storm(1)
    found = forecast(y, 0, EVEN)
    ours, last, yesterday = [], [], []
    for known in range(FIRST, len(y)):
        came = y[known : known + AHEAD]
        made = forecast(y[:known], 0, EVEN).expected[: len(came)]
        ours += list(abs(made - came))
        last += list(abs(y[known - 1] - came))
        yesterday += list(abs(y[known - DAY : known - DAY + len(came)] - came))
    assert found.errors.ours == pytest.approx(np.mean(ours))
    assert found.errors.last_hour == pytest.approx(np.mean(last))
    assert found.errors.yesterday == pytest.approx(np.mean(yesterday))
    assert found.errors.hours == len(y) - FIRST


def test_eight_of_ten_hours_lie_in_the_band_of_storms_it_has_not_seen():
    inside = []
    for seed in range(12):
        y = storm(seed)
        for known in range(60, len(y) - AHEAD, 7):
            found = forecast(y[:known], 0, EVEN)
            came = y[known : known + AHEAD]
            inside.append((came >= np.floor(found.low)) & (came <= np.ceil(found.high)))
    assert np.mean(inside) > 0.75


def real(folder: str, first: str, days: int) -> np.ndarray:
    start = datetime.fromisoformat(first).timestamp()
    counts = np.zeros(days * DAY, np.int64)
    with gzip.open(STORMS / folder / "requests.csv.gz", "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            is_staff = json.loads(row["extra"] or "{}").get("reporter_kind") == "staff"
            hour = int((datetime.fromisoformat(row["created_at"]).timestamp() - start) // 3600)
            if 0 <= hour < len(counts) and not is_staff and row["category"] != "Pothole":
                counts[hour] += 1
    return counts


@pytest.mark.skipif(not STORMS.exists(), reason="the real storms are not beside the repository")
def test_on_real_storms_it_is_less_off_than_same_as_last_hour_and_same_hour_yesterday(
    say_table: Callable[[str, list[str]], None],
) -> None:
    head = "reports an hour off, at the mean"
    rows = [f"{head:32} {'ours':>6} {'last hour':>10} {'yesterday':>10}  in the band"]
    for name, folder, first, days in REAL:
        y = real(folder, first, days)
        inside = []
        for known in range(2 * DAY, len(y) - AHEAD, 5):
            found, came = forecast(y[:known], 0, EVEN), y[known : known + AHEAD]
            inside.append((came >= np.floor(found.low)) & (came <= np.ceil(found.high)))
        off = forecast(y, 0, EVEN).errors
        assert off.ours < min(off.last_hour, off.yesterday), name
        rows.append(
            f"{name:32} {off.ours:6.2f} {off.last_hour:10.2f} {off.yesterday:10.2f}  {np.mean(inside):6.0%}"
        )
    say_table("Forecast of twelve hours", rows)


@pytest.mark.skipif(not STORMS.exists(), reason="the real storms are not beside the repository")
def test_on_storms_it_has_not_seen_it_is_less_off_as_well(
    say_table: Callable[[str, list[str]], None],
) -> None:
    found = []
    for day in UNSEEN:
        first = datetime.fromisoformat(f"{day}T00:00:00-05:00") - timedelta(days=4)
        found.append(forecast(real("newhaven-2014", first.isoformat(), 8), 0, EVEN).errors)
    rows = [f"{'busiest day of eight':20} {'ours':>6} {'last hour':>10} {'yesterday':>10}"]
    for day, off in zip(UNSEEN, found, strict=True):
        rows.append(f"{day:20} {off.ours:6.2f} {off.last_hour:10.2f} {off.yesterday:10.2f}")
    means = [np.mean([getattr(off, way) for off in found]) for way in ("ours", "last_hour", "yesterday")]
    rows.append(f"{'mean':20} {means[0]:6.2f} {means[1]:10.2f} {means[2]:10.2f}")
    say_table("Forecast of twelve hours, storms that it has not seen", rows)
    assert means[0] < min(means[1:])
