"""What a first sync costs, beside the least possible, on servers of every kind: -m tests.flow.calls_table"""

from __future__ import annotations

import asyncio
import csv
import random
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from dispatch.clock import WallClock
from dispatch.exercise.rows import COLUMNS
from tests.city import City
from tests.in_step import open_or_closed, stored_open_or_closed
from tests.rooms import Room

LAST_AT = 1_505_140_200
DAYS = 25
# What a server can be like, and how many rows an answer of it holds.
KINDS: dict[str, tuple[dict[str, Any], int]] = {
    "as the specification says": ({}, 1000),
    "pages of 50, counted from 0": ({"cap": 50, "first_page": 0}, 50),
    "pages of 100, no order": ({"cap": 100, "order": "none"}, 100),
    "a cap of 1,000, no pages": ({"pages": False}, 1000),
    "a cap of 1,000, no pages, no order": ({"pages": False, "order": "none"}, 1000),
    "… that ignores updated_after": ({"pages": False, "order": "none", "updated_after": False}, 1000),
    "… with its bounds swapped": (
        {"pages": False, "order": "none", "updated_after": False, "swapped_bounds": True},
        1000,
    ),
    "last changed first, filtered by entry": ({"order": "updated_down", "updated_after": False}, 1000),
    "rows that move between pages": ({"cap": 500, "order": "updated_up"}, 500),
}
HEAD = f"{'server':<44}{'equal':>6}{'calls':>7}{'least':>7}{'ratio':>7}{'again':>7}{'s':>7}"
MOVING = "rows that move between pages"


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    is_equal: bool
    calls: int
    least: int
    again: int
    seconds: float


def write_rows(path: Path, count: int) -> None:
    """Quiet nights and busy days, one in three closed, never twice the same and always the same file."""
    chance = random.Random(1)
    with path.open("w", newline="", encoding="utf-8") as file:
        out = csv.DictWriter(file, COLUMNS)
        out.writeheader()
        for number in range(count):
            while True:
                at = LAST_AT - int(chance.random() * DAYS * 86_400)
                if at // 3600 % 24 >= 8 or chance.random() < 0.3:
                    break
            closed = min(LAST_AT, at + chance.randrange(60, 400_000)) if number % 3 == 0 else None
            out.writerow(
                {
                    "source_id": 5_000_000 + number,
                    "created_at": _iso(at),
                    "updated_at": _iso(closed or at),
                    "closed_at": _iso(closed) if closed else "",
                    "status": "Closed" if closed else "Open",
                    "category": "Storm: Tree Blocking Road",
                    "summary": "Oak across the road",
                    "description": f"Number {number}",
                    "address": f"{number % 900 + 100} 5th Ave N",
                    "lat": f"{27.72 + chance.random() / 10:.5f}",
                    "lng": f"{-82.73 + chance.random() / 10:.5f}",
                }
            )


def measure(folder: Path, city: City, run: Callable[[Coroutine[Any, Any, Any]], Any], name: str) -> Line:
    """One new seat against the city as it is told to be; and once more, with nothing new."""
    settings, size = KINDS[name]
    city.quirks(profile="spec", **settings)
    if name == MOVING:
        city.set_rates({"shift-pages": 0.3})
    room = Room(folder / name.replace(" ", "-"), city, WallClock(), run, kind="georeport")
    try:
        begun = time.monotonic()
        room.sync()
        seconds, calls = time.monotonic() - begun, room.pull.calls
        expected = open_or_closed(city)
        is_equal = stored_open_or_closed(room) == expected
        room.sync()
        # The last answer must be short of a full one, or nobody knows that it is the last.
        least = len(expected) // size + 1
        return Line(name, is_equal, calls, least, room.pull.calls - calls, seconds)
    finally:
        city.set_rates({})
        room.close()


def said(line: Line) -> str:
    return (
        f"{line.name:<44}{'yes' if line.is_equal else 'NO':>6}{line.calls:>7}{line.least:>7}"
        f"{line.calls / line.least:>7.1f}{line.again:>7}{line.seconds:>7.1f}"
    )


def main(count: int = 25_000) -> int:
    loop = asyncio.new_event_loop()
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        write_rows(folder / "rows.csv", count)
        options = ["--rows", str(folder / "rows.csv"), "--all-at-once"]
        with City(folder / "city", "rows", options=options) as city:
            sys.stdout.write(f"{count:,} reports\n{HEAD}\n")
            lines = []
            for name in KINDS:
                lines.append(measure(folder, city, loop.run_until_complete, name))
                sys.stdout.write(f"{said(lines[-1])}\n")
                sys.stdout.flush()
    loop.close()
    return 0 if all(each.is_equal for each in lines) else 1


def _iso(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
