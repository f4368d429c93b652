"""Heavy parts of the screen work one at a time, no more often than they are told, and not after their end."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from PySide6.QtCore import QObject, QTimer
from shiboken6 import delete

from ui.widgets.turns import Turns


@pytest.fixture
def turns(qapp):
    return Turns()


def test_an_event_gets_between_two_parts(turns, qtbot):
    said = []
    owner = QObject()
    wants = [
        turns.part(lambda n=name: said.append(n), of=owner, rest_ms=0) for name in ("list", "map", "strip")
    ]
    key = QTimer(interval=0)
    key.timeout.connect(lambda: said.append("key"))
    key.start()

    for want in reversed(wants):
        want()
    qtbot.waitUntil(lambda: "strip" in said)

    worked = [name for name in said if name != "key"]
    assert worked == ["list", "map", "strip"], "each once, in the order in which they were added"
    assert all("key" in said[said.index(a) : said.index(b)] for a, b in pairwise(worked))


def test_what_is_wanted_again_and_again_rests_between(turns, qtbot):
    at = []
    owner = QObject()
    want = turns.part(lambda: at.append(time.monotonic()), of=owner, rest_ms=60)
    flood = QTimer(interval=1)
    flood.timeout.connect(want)
    flood.start()

    qtbot.waitUntil(lambda: len(at) >= 4)

    assert all(later - earlier >= 0.05 for earlier, later in pairwise(at))


def test_the_last_wish_of_a_flood_is_heard(turns, qtbot):
    seen, state = [], {"n": 0}
    owner = QObject()
    want = turns.part(lambda: seen.append(state["n"]), of=owner, rest_ms=50)

    for state["n"] in range(1, 4):
        want("whatever a signal says")
        qtbot.waitUntil(lambda: bool(seen))

    qtbot.waitUntil(lambda: seen[-1] == 3)
    assert seen == [1, 3]


def test_a_part_that_is_gone_is_not_asked_any_more(turns, qtbot):
    said = []
    gone, stays = QObject(), QObject()
    wants = [
        turns.part(lambda n=name: said.append(n), of=of, rest_ms=0)
        for name, of in (("gone", gone), ("stays", stays))
    ]

    for want in wants:
        want()
    delete(gone)

    qtbot.waitUntil(lambda: bool(said))
    assert said == ["stays"]
