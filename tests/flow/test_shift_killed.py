"""The plug is pulled in the middle of a hand-over: what was said to be done is there, nothing half done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.records import PackState
from dispatch.settings import Settings
from dispatch.store import log

ROOT = Path(__file__).resolve().parents[2]
STATES = {"kept": PackState.DRAFT, "handed_over": PackState.HANDED_OVER, "confirmed": PackState.CONFIRMED}


@pytest.mark.parametrize("after", [1, 2, 3, 5, 9])
def test_a_killed_seat_loses_no_hand_over(tmp_path: Path, after: int) -> None:
    command = [sys.executable, str(ROOT / "tests" / "flow" / "shift_process.py"), str(tmp_path)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}
    ) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(after)]
        process.kill()
    act, number, words = said[-1].split("|")

    parts = assembly.build(folder=tmp_path, settings=Settings(), clock=WallClock(), storm=None)
    try:
        packs = parts.shift_desk.packs()
        found = next(pack for pack in packs if pack.number == int(number))
        with parts.store.reading() as connection:
            assert log.verify(connection).is_intact
            acts = [row["text"] for row in log.every_row(connection) if row["act"].startswith("pack_")]
        page = parts.shift_desk.pdf(found)
    finally:
        parts.close()

    # As far as it had said, or a step further: killed after the commit and before the word.
    reached = {state: at for at, state in enumerate(STATES.values())}
    assert reached[found.state] >= reached[STATES[act]] and found.remarks.objectives == words
    assert bool(found.outgoing.person) == (found.state != PackState.DRAFT)
    assert bool(found.confirmed.person) == (found.state == PackState.CONFIRMED)
    assert sum("confirmed by" in each for each in acts) == sum(p.state == PackState.CONFIRMED for p in packs)
    assert page.startswith(b"%PDF")
