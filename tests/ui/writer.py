"""`python -m tests.ui.writer FOLDER SITE WORDS`: a console in which somebody writes until it is killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from PySide6.QtTest import QTest

from dispatch import assembly
from dispatch.settings import Settings
from tests.benchmarks.console import opened, run_in_loop, until
from tests.conftest import StillClock


async def write(folder: Path, site_id: int, words: str) -> None:
    parts = assembly.build(
        folder=folder,
        settings=Settings(person="A. Operator", seat="Seat 1"),
        clock=StillClock(),
        storm=assembly.Storm("Hurricane Test", is_exercise=True),
    )
    async with opened(parts) as seat:
        sheet = seat.console.sheets.open("message", site_id)
        await until(lambda: sheet.view is not None)
        QTest.keyClicks(sheet.fields["text"].box, words)
        await asyncio.sleep(3600)


if __name__ == "__main__":
    run_in_loop(lambda: write(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]))
