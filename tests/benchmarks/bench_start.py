"""From the start of the process to the first complete paint with 100,000 stored; and what they weigh.

The floor is the toolkit itself: Python, numpy, sqlite3 and PySide6 with one empty window of the same size.
Beside it stand what that window costs with the console's own modules read (`with_modules`), and the processor
time that console (`cpu`) and floor (`floor_cpu`) took by then: on a busy machine it says more than a clock.
All of them find their modules compiled and the base map drawn, as every start but the very first does; and
the console was closed in order before, so that it finds its snapshot.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
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
        full, empty, compiled = Path(name) / "full", Path(name) / "empty", Path(name) / "compiled"
        for folder in (full, empty):
            folder.mkdir()
            (folder / "settings.toml").write_text(SETTINGS, "utf-8")
        rows.fill(full, StormNow())

        def started(*words: str, expected: int = 0) -> dict[str, float]:
            return first_paint(words, compiled, expected)

        started(str(full), expected=rows.COUNT)
        started(str(empty))
        floors, modules, values, light = [], [], [], []
        for _ in range(SAMPLES):
            floors.append(started("--floor"))
            modules.append(started("--modules"))
            values.append(started(str(full), expected=rows.COUNT))
            light.append(started(str(empty))["mb"])
    heavy = [each["mb"] for each in values]
    megabytes, without = statistics.median(heavy), statistics.median(light)
    return {
        "start_100k": result(
            [each["seconds"] for each in values],
            [each["seconds"] for each in floors],
            unit="s",
            with_modules=statistics.median(each["seconds"] for each in modules),
            cpu=statistics.median(each["cpu"] for each in values),
            floor_cpu=statistics.median(each["cpu"] for each in floors),
        ),
        "memory_100k": {
            "value": round(megabytes, 1),
            "unit": "MB",
            "floor": round(without, 1),
            "ratio": round(megabytes / without, 3),
            "n": SAMPLES,
            "above_empty": round(megabytes - without, 1),
        },
    }


def first_paint(words: Sequence[str], compiled: Path, expected: int) -> dict[str, float]:
    """One whole process; its clock and ours are the same one."""
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "tests.benchmarks.first_paint", *words]
    begun = time.monotonic()
    done = subprocess.run(
        command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
    )
    said = json.loads(done.stdout.splitlines()[-1])
    if said["rows"] != expected:
        raise RuntimeError(f"{said['rows']} rows were on the screen; the figures would mean nothing.")
    return {"seconds": said["at"] - begun, "cpu": said["cpu"], "mb": said["mb"]}
