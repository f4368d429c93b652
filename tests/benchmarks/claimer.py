"""`python -m tests.benchmarks.claimer FOLDER URL`: another seat of the room, in a process of its own.

On its input, line by line: `claim ID` or `let_go ID`; it answers with when it began, by the clock that all
processes of a machine share.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from tests.benchmarks import rows
from tests.benchmarks.bench_upsert import StormNow


def main() -> None:
    parts = rows.seat(Path(sys.argv[1]), StormNow(), store_url=sys.argv[2], name="Seat 2")
    try:
        print("ready", flush=True)  # noqa: T201
        for line in sys.stdin:
            act, site_id = line.split()
            began = time.perf_counter()
            getattr(parts.desk, act)(int(site_id))
            print(began, flush=True)  # noqa: T201
    finally:
        parts.close()


if __name__ == "__main__":
    main()
