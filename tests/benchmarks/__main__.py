"""`python -m tests.benchmarks [--only NAME]`: every bench in a process of its own, into build/bench.json.

A bench is a file `bench_*.py` here with `run() -> {name: {"value", "unit", "floor", "ratio", "n"}}`.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import sqlite3
import subprocess
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
REPORT = HERE.parent.parent / "build" / "bench.json"
LONGEST_S = 1800
NEEDED = {"value", "unit", "floor", "ratio", "n"}
LIBRARIES = ("PySide6-Essentials", "numpy", "SQLAlchemy", "orjson", "pyqtgraph")

Results = dict[str, dict[str, Any]]


class BenchFailed(Exception):
    """One bench did not come to its end; the others go on."""


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Run the benchmarks.")
    asked.add_argument("--only", metavar="NAME", action="append", help="a bench file, or one of its results")
    asked.add_argument("--into", metavar="FILE", type=Path, default=REPORT, help="default: build/bench.json")
    asked.add_argument("--apart", nargs=2, metavar=("BENCH", "FILE"), help=argparse.SUPPRESS)
    options = asked.parse_args()
    if options.apart:
        bench, file = options.apart
        Path(file).write_text(json.dumps(importlib.import_module(f"tests.benchmarks.{bench}").run()), "utf-8")
        return 0

    benches = chosen(options.only)
    if not benches:
        asked.error("there is no such bench; without --only all of them run")
    results, failures = collect(benches)
    kept = {**previous(options.into), **results} if options.only else results
    report = {"machine": machine(), "results": dict(sorted(kept.items()))}
    options.into.parent.mkdir(parents=True, exist_ok=True)
    options.into.write_text(json.dumps(report, indent=2, ensure_ascii=False) + "\n", "utf-8")
    sys.stdout.write(table(results))
    for bench, why in failures.items():
        sys.stderr.write(f"{bench} did not finish: {why}\n")
    return 1 if failures else 0


def chosen(only: list[str] | None) -> list[str]:
    files = sorted(HERE.glob("bench_*.py"))
    return [file.stem for file in files if not only or any(is_meant(file, name) for name in only)]


def is_meant(file: Path, name: str) -> bool:
    """By the file's own name, or by the name of a result that its source mentions."""
    return file.stem in (name, f"bench_{name}") or f'"{name}"' in file.read_text("utf-8")


def collect(benches: list[str]) -> tuple[Results, dict[str, str]]:
    results: Results = {}
    failures: dict[str, str] = {}
    for bench in benches:
        sys.stderr.write(f"{bench} …\n")
        try:
            results |= apart(bench)
        except BenchFailed as failed:
            failures[bench] = str(failed)
    return results, failures


def apart(bench: str) -> Results:
    """A process of its own: what one bench imports or leaves in memory is not in the figures of the next."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "results.json"
        environment = {"QT_QPA_PLATFORM": "offscreen", **os.environ}
        words = [sys.executable, "-m", "tests.benchmarks", "--apart", bench, str(file)]
        try:
            done = subprocess.run(
                words, env=environment, stderr=subprocess.PIPE, text=True, timeout=LONGEST_S
            )
        except subprocess.TimeoutExpired as error:
            raise BenchFailed(f"it was still running after {LONGEST_S} s") from error
        if done.returncode:
            sys.stderr.write(done.stderr)
            raise BenchFailed((done.stderr.strip().splitlines() or [f"exit {done.returncode}"])[-1])
        return checked(json.loads(file.read_text("utf-8")))


def checked(results: Results) -> Results:
    for name, result in results.items():
        if missing := NEEDED - result.keys():
            raise BenchFailed(f"{name} lacks {', '.join(sorted(missing))}")
    return results


def previous(file: Path) -> Results:
    """What an earlier run found stays beside the one bench that runs now."""
    try:
        return dict(json.loads(file.read_text("utf-8"))["results"])
    except (FileNotFoundError, ValueError, KeyError):
        return {}


def machine() -> dict[str, Any]:
    """What the figures were measured on; nothing that names the machine or its owner."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name.lower(): known for name in LIBRARIES if (known := installed(name))},
    }


def processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def table(results: Results) -> str:
    rows = [("bench", "value", "floor", "ratio", "n")]
    for name, result in sorted(results.items()):
        unit = result["unit"]
        rows.append(
            (name, measure(result["value"], unit), measure(result["floor"], unit), *ratio_and_n(result))
        )
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "".join(
        row[0].ljust(widths[0])
        + "".join(f"  {cell.rjust(width)}" for cell, width in zip(row[1:], widths[1:], strict=True))
        + "\n"
        for row in rows
    )


def measure(figure: float | None, unit: str) -> str:
    return (
        "" if figure is None else f"{figure:,.4g} {unit}" if abs(figure) < 1000 else f"{figure:,.0f} {unit}"
    )


def ratio_and_n(result: dict[str, Any]) -> tuple[str, str]:
    ratio = result["ratio"]
    return "" if ratio is None else f"{ratio:.2f}", str(result["n"])


if __name__ == "__main__":
    sys.exit(main())
