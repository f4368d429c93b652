"""A snapshot of 50 thousand reports, from the store to the last file, in all formats. The floor are the same
cells as plain CSV and as one plain XLSX, which nothing that hands them to a county can do without.
"""

from __future__ import annotations

import csv
import tempfile
from pathlib import Path
from typing import Any

import xlsxwriter

from dispatch.clock import WallClock
from dispatch.jurisdiction import load_jurisdiction
from dispatch.reports.formats import FORMATS, write
from dispatch.snapshot.asked import Asked
from dispatch.snapshot.making import make
from dispatch.snapshot.records import Snapshot
from dispatch.store.store import open_store
from dispatch.triage.categories import load_categories
from tests.benchmarks.floor import alternate, result
from tests.benchmarks.rows import EVERY_MS, LAST_AT, fill

MANY, SAMPLES = 50_000, 3
SPAN = Asked(LAST_AT - MANY * EVERY_MS, LAST_AT + 1)
KIB = 1024


def run() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, WallClock(), MANY)
        store = open_store(f"sqlite:///{folder / 'seat.db'}", clock=WallClock())
        city, table = load_jurisdiction("st-petersburg"), load_categories()
        made = make(store, SPAN, city, table)
        assert len(made.reports) == MANY
        extra_mb = peak_mb(lambda: write(make(store, SPAN, city, table), folder / "out", FORMATS))
        values, floors = alternate(
            lambda: write(make(store, SPAN, city, table), folder / "out", FORMATS),
            lambda: plain(made, folder / "plain"),
            samples=SAMPLES,
            warm=1,
        )
        store.close()
    found = result(values, floors, unit="s")
    return {"snapshot_50k": found | {"extra_mb": extra_mb}}


def plain(made: Snapshot, folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    book = xlsxwriter.Workbook(folder / "plain.xlsx", {"constant_memory": True})
    for rows in made.files:
        names = [column.name for column in rows.columns]
        with (folder / f"{rows.name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *rows.values])
        sheet = book.add_worksheet(rows.name)
        for number, row in enumerate([names, *rows.values]):
            sheet.write_row(number, 0, row)
    book.close()


def peak_mb(work: Any) -> float:
    """How far the process grows above where it stood, at most."""
    Path("/proc/self/clear_refs").write_text("5", "ascii")
    before = _status("VmRSS")
    work()
    return round((_status("VmHWM") - before) / KIB, 1)


def _status(name: str) -> int:
    """In KiB."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))
