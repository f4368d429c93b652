"""A seat that hands the room over again and again, in a process of its own that a test pulls the plug of."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from dispatch import assembly
from dispatch.clock import WallClock
from dispatch.records import PackRemarks
from dispatch.settings import Settings
from dispatch.shift.desk import ShiftDesk


def main(folder: Path) -> None:
    parts = assembly.build(
        folder=folder,
        settings=Settings(person="Ana Cole", seat="Seat 1"),
        clock=WallClock(),
        storm=assembly.Storm("Hurricane Test", is_exercise=True),
    )
    ben = ShiftDesk(
        store=parts.store,
        actor=lambda: replace(parts.actor, person="Ben Ortiz"),
        jurisdiction=parts.jurisdiction,
        folder=folder,
        wall_now=parts.clock.now,
    )
    desk, count = parts.shift_desk, 0
    while True:
        count += 1
        draft = desk.make()
        kept = desk.keep(draft, PackRemarks(f"written {count}"))
        say("kept", kept.number, kept.remarks.objectives)
        given = desk.hand_over(kept, kept.remarks, "Ben Ortiz", "Supervisor")
        say("handed_over", given.number, given.remarks.objectives)
        taken = ben.confirm(given, "Ben Ortiz", "Supervisor")
        say("confirmed", taken.number, taken.remarks.objectives)


def say(*words: object) -> None:
    """Only once it is done: what was said must be there whatever comes."""
    print("|".join(map(str, words)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]))
