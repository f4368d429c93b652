"""What benchmarks stand on: samples in turn, ratios of medians, a table people can read."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import LIBRARIES, BenchFailed, checked, machine, table
from tests.benchmarks.floor import alternate, percentile, result


def test_value_and_floor_are_measured_in_turn() -> None:
    ran: list[str] = []
    values, floors = alternate(
        lambda: ran.append("value"),
        lambda: ran.append("floor"),
        samples=2,
        warm=1,
        before=lambda: ran.append("before"),
    )
    assert ran == ["before", "floor", "before", "value"] * 3
    assert (len(values), len(floors)) == (2, 2)


def test_the_ratio_is_one_of_medians() -> None:
    assert result([0.002, 0.004, 0.9], [0.001, 0.002, 0.003], p99=0.9) == {
        "value": 4.0,
        "unit": "ms",
        "floor": 2.0,
        "ratio": 2.0,
        "n": 3,
        "p99": 900.0,
    }


@pytest.mark.parametrize(("share", "expected"), [(0.5, 50), (0.99, 99), (0.999, 100), (1.0, 100), (0.0, 1)])
def test_a_percentile_is_one_of_the_values(share: float, expected: int) -> None:
    assert percentile(range(1, 101), share) == expected


def test_the_table_can_be_read() -> None:
    lines = table(
        {
            "list_scroll_100k": {"value": 4.9, "unit": "ms", "floor": 4.2, "ratio": 1.167, "n": 30},
            "memory_100k": {"value": 12345.6, "unit": "MB", "floor": None, "ratio": None, "n": 5},
        }
    ).splitlines()
    assert lines[0].split() == ["bench", "value", "floor", "ratio", "n"]
    assert lines[1].split() == ["list_scroll_100k", "4.9", "ms", "4.2", "ms", "1.17", "30"]
    assert lines[2].split() == ["memory_100k", "12,346", "MB", "5"]
    assert len({len(line) for line in lines}) == 1


def test_a_result_without_its_floor_is_none() -> None:
    with pytest.raises(BenchFailed, match="map lacks floor, n"):
        checked({"map": {"value": 1, "unit": "ms", "ratio": 1}})


def test_the_machine_is_described_without_being_named() -> None:
    described = machine()
    facts = {"processor", "cores", "memory_mb", "system", "python", "sqlite"}
    assert facts <= described.keys() <= facts | {name.lower() for name in LIBRARIES}
    assert str(Path.home()) not in json.dumps(described)


def test_an_unknown_bench_is_said_to_be_unknown() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--only", "hail"], capture_output=True, text=True
    )
    assert (done.returncode, "there is no such bench" in done.stderr) == (2, True)
