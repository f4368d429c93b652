"""A seat is killed while it keeps acts for a database that is away, or does them: each is done once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.store import log, schema
from tests.city import ROOT, City
from tests.flow.kept_seat_process import DOING, KEEPING, NOTES
from tests.rooms import Room

PATIENCE_S = 60.0
# Nobody was told that these were kept.
UNTOLD = ("before the third is on the disk", "in the middle of its line")


@pytest.mark.parametrize("point", [*KEEPING, *DOING])
def test_killed_with_kept_acts_each_is_done_once_and_in_order(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str, point: str,
    allow_warning: Callable[[str], None], say_table: Callable[..., None],
) -> None:  # fmt: skip
    allow_warning("cut off by a power cut or a crash")
    request_id = city.add_report("Oak blocks both lanes", address="5th Ave N & 9th St N")
    folder = tmp_path / "seat"
    seat = subprocess.run(
        [
            *(sys.executable, "-m", "tests.flow.kept_seat_process"),
            *(str(folder), city.url, request_id, point, postgres_url),
        ],
        cwd=ROOT,
        timeout=PATIENCE_S,
        capture_output=True,
        text=True,
    )
    assert seat.returncode == -signal.SIGKILL, seat.stderr

    room = Room(folder, city, clock, run, store_url=postgres_url)
    waited = len(room.parts.acts.journal.waiting())
    room.parts.acts.replay()
    room.parts.acts.replay()

    wanted = list(NOTES[:2] if point in UNTOLD else NOTES)
    assert [fact.value for fact in room.view(request_id).facts] == wanted
    with room.store.reading() as connection:
        acts = connection.execute(select(schema.activity_log.c.act).order_by(schema.activity_log.c.number))
        done = [act for act in acts.scalars() if act in ("band", "note")]
        assert log.verify(connection).is_intact
    assert done == ["band", *["note"] * len(wanted)]
    assert not room.parts.acts.journal.waiting() and not room.parts.acts.journal.refused()
    say_table(f"Killed with kept acts: {point}", [f"{waited} waited, {len(done)} done, none twice"])
    room.close()
