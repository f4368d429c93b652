"""From the start of the process to the first complete paint with 100,000 stored; and what they weigh."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.benchmarks import rows
from tests.benchmarks.bench_upsert import StormNow
from tests.benchmarks.floor import result

SAMPLES = 5
# Nobody listens there: a console starts on what it has stored.
SETTINGS = '[server]\nurl = "http://127.0.0.1:9/api/v2"\n'


def run() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        full, empty = Path(name) / "full", Path(name) / "empty"
        for folder in (full, empty):
            folder.mkdir()
            (folder / "settings.toml").write_text(SETTINGS, "utf-8")
        rows.fill(full, StormNow())
        started(str(full), rows.COUNT)  # the tiles of the base map are drawn once and kept
        started(str(empty))
        floors, values, heavy, light = [], [], [], []
        for _ in range(SAMPLES):
            floors.append(started("--floor")["seconds"])
            with_rows = started(str(full), rows.COUNT)
            values.append(with_rows["seconds"])
            heavy.append(with_rows["mb"])
            light.append(started(str(empty))["mb"])
    megabytes, without = statistics.median(heavy), statistics.median(light)
    return {
        "start_100k": result(values, floors, unit="s"),
        "memory_100k": {
            "value": round(megabytes, 1),
            "unit": "MB",
            "floor": round(without, 1),
            "ratio": round(megabytes / without, 3),
            "n": SAMPLES,
            "above_empty": round(megabytes - without, 1),
        },
    }


def started(folder: str, expected: int = 0) -> dict[str, float]:
    """One whole process; its clock and ours are the same one."""
    begun = time.monotonic()
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", folder]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    said = json.loads(done.stdout.splitlines()[-1])
    if said["rows"] != expected:
        raise RuntimeError(f"{said['rows']} rows were on the screen; the figures would mean nothing.")
    return {"seconds": said["at"] - begun, "mb": said["mb"]}
