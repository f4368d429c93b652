"""Harvey, the real reports of Houston, played to its end: all of them come, once, and residents hear once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dispatch.records import Flag
from tests.city import ROOT, City
from tests.in_step import stored, truth
from tests.rooms import Room

ROWS = 1288
A_DAY_A_SECOND = 86_400
ENDS_AT = datetime.fromisoformat("2017-09-02T00:00:00-05:00")
WORDS = "We have your report. Keep out of the water. This is not 911."
TOLD = "passed to emergency management"
WHOLE_STORM_S = 40 * 60


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with City(tmp_path / "city", "harvey", speed=A_DAY_A_SECOND) as running:
        yield running


def test_harvey_played_to_its_end_is_on_the_board_whole_and_once(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any]
) -> None:
    room = Room(tmp_path / "seat", city, clock, run)
    while not stored(room):
        room.sync()
    request_id = _hand_over(room)

    while datetime.fromisoformat(city.clock()["now"]) < ENDS_AT:
        room.sync()
    city.clock(paused=True)
    room.sync()

    room.parts.follow.load()
    board = room.parts.board
    assert len(stored(room)) == ROWS and stored(room) == truth(city)
    assert board.report_count == ROWS and len(set(board.site_id.tolist())) == board.count == ROWS
    assert city.messages(request_id).count(WORDS) == 1
    assert sum(TOLD in text for text in city.messages(request_id)) == 1
    room.close()


def _hand_over(room: Room) -> str:
    """The first site in the queue whose residents may be told: handed over, accepted, and written to."""
    room.parts.follow.load()
    board = room.parts.board
    fits = board.order(np.flatnonzero(board.is_open() & ((board.flags & Flag.RESTRICTED) == 0)))
    [request_id] = room.parts.detail.request_ids(int(board.site_id[fits[0]]))
    sent = room.escalate(request_id, tell_residents=True)
    room.em_desk.accept(sent.escalation_id, "boat 4")
    room.desk.message(room.site(request_id), WORDS)
    return request_id


@pytest.mark.soak
@pytest.mark.parametrize("speed", [600])
def test_harvey_through_the_real_window(tmp_path: Path, speed: int) -> None:
    words = ["-m", "tests.flow.harvey_window", str(tmp_path / "seat"), str(speed)]
    console = subprocess.run(
        [sys.executable, *words], cwd=ROOT, timeout=WHOLE_STORM_S, stdout=subprocess.PIPE, text=True
    )
    assert console.returncode == 0
    said = json.loads(console.stdout.splitlines()[-1])
    print(said)  # noqa: T201

    assert said["truth"] == said["requests"] == said["board_reports"] == ROWS
    assert said["ids_equal"] and said["statuses_equal"] and said["unique"] and said["log_intact"]
    assert set(said["messages_once"]) == set(said["told_once"]) == {1}
    assert said["files"] == [".json", ".pdf"] and not said["troubles"]
