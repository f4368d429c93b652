"""The console is killed at any moment under load, again and again: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random, SystemRandom
from typing import Any

import pytest

from dispatch.errors import AlreadyRunning
from dispatch.locks import sync_lock
from dispatch.records import OutboxState
from tests.city import City
from tests.conftest import LANDFALL
from tests.flow import truths
from tests.flow.far_seat import FarSeat, Nursery, Refused
from tests.flow.seat_under_load import Gauge

KILLS_OF_A_STORE = 10
MOST_ACTS_OF_A_LIFE = 8
LONGEST_MOMENT_S = 0.05
# More than a page of them, so that the first lives die in the backlog.
ROWS_BEFORE = 130
PATIENCE_S = 60.0
ROUNDS_AT_REST = 200
FAULTS = {"lose-answer-after-doing-it": 0.1, "503": 0.02, "reset": 0.02}
WORDS = ["Oak across the road", "Limb on the sidewalk", "Water rising, a man is trapped"]


@dataclass
class Tally:
    kills: int = 0
    stores: int = 0
    doings: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    untold: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    rows: int = 0

    def lines(self) -> list[str]:
        said = [f"{self.kills} kills of {self.stores} stores, {self.rows} reports came in meanwhile"]
        for title, counted in (
            ("killed when", self.doings),
            ("acts told", self.acts),
            ("and not told", self.untold),
            ("faults met", self.faults),
        ):
            words = ", ".join(f"{name} {times}" for name, times in sorted(counted.items()))
            said.append(f"  {title:<13} {words or 'none'}")
        return said


@dataclass
class Told:
    """What the lives of one store told before they ended."""

    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    escalations: set[str] = field(default_factory=set)
    acts: Counter[str] = field(default_factory=Counter)
    heads: list[str] = field(default_factory=list)

    def take(self, act: str, text: str, to: tuple[str, ...]) -> None:
        self.acts[act] += 1
        if act in ("message", "close"):
            self.words[text] = to
        elif act == "escalate":
            self.escalations.add(text)


@dataclass
class Lives:
    """One store and the seats that live and die on it."""

    nursery: Nursery
    city: City
    folder: Path
    random: Random
    tally: Tally
    is_apart: bool = False
    told: Told = field(default_factory=Told)

    def seat(self) -> FarSeat:
        return self.nursery.seat(self.folder, self.city, "seeclickfix", LANDFALL)

    def live_and_die(self, life: int) -> None:
        gauge = self.folder.parent / f"{self.folder.name}.gauge"
        Gauge.make(gauge)
        seat = self.seat()
        if life:
            self.told.heads.append(seat.do("log_head"))
        seat.begin("work", str(gauge), self.random.randrange(2**32), life, self.is_apart)
        assert seat.heard(PATIENCE_S) == ("working", None)
        if self.is_apart and life % 2:
            self._kill_the_syncing_alone(seat)
        self._go_on_for(seat, self.random.randrange(MOST_ACTS_OF_A_LIFE))
        for said in seat.kill():
            self._take(said)
        self.tally.kills += 1
        self.tally.doings.update(Gauge.read(gauge))
        if self.is_apart:
            self._the_syncing_went_with_it()

    def _kill_the_syncing_alone(self, seat: FarSeat) -> None:
        """Another takes its place and brings what comes in."""
        first = self._syncing(seat, but_not=None)
        os.kill(first, signal.SIGKILL)
        self.tally.doings["the syncing alone"] += 1
        self._syncing(seat, but_not=first)

    def _syncing(self, seat: FarSeat, but_not: int | None) -> int:
        """The number of its process, once that tells how it stands."""
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            if (said := seat.heard(0.1)) and not self._take(said):
                _, process_id = said[1]
                if process_id not in (None, but_not):
                    return int(process_id)
        raise AssertionError("nobody syncs")

    def _go_on_for(self, seat: FarSeat, acts: int) -> None:
        """So many acts long and then a moment more; a start and a backlog last as long as they do."""
        until = time.monotonic() + PATIENCE_S
        while acts:
            assert time.monotonic() < until, "it no longer acts"
            acts -= self._a_report_comes_in(seat, LONGEST_MOMENT_S)
        until = time.monotonic() + self.random.uniform(0, LONGEST_MOMENT_S)
        while (left := until - time.monotonic()) > 0:
            self._a_report_comes_in(seat, left)

    def _a_report_comes_in(self, seat: FarSeat, rest_s: float) -> bool:
        """And an act is told, or not."""
        self.city.add_report(self.random.choice(WORDS))
        self.tally.rows += 1
        said = seat.heard(min(rest_s, self.random.uniform(0, 0.02)))
        return said is not None and self._take(said)

    def _take(self, said: tuple[str, Any]) -> bool:
        how, value = said
        assert how in ("acted", "status"), value
        if how == "acted":
            self.told.take(*value)
        return how == "acted"

    def _the_syncing_went_with_it(self) -> None:
        """Its lock is free for the next console within seconds."""
        lock, until = sync_lock(self.folder), time.monotonic() + PATIENCE_S
        while True:
            try:
                lock.take()
                break
            except AlreadyRunning:
                assert time.monotonic() < until, "the syncing lives on without its console"
                time.sleep(0.02)
        lock.let_go()

    # -- in the end -------------------------------------------------------------------------------------

    def everything_is_there_once(self) -> None:
        self.tally.faults += Counter(self.city.played())
        self.city.set_rates({})
        seat = self.seat()
        _come_to_rest(seat)
        truths.store_is_the_truth(seat.do, self.city)
        truths.board_is_the_store(seat.do, self.city)
        escalations = truths.hand_overs_are_pairs(seat.do)
        assert self.told.escalations <= set(escalations)
        self._every_word_is_there_once(seat)
        self._every_act_is_there(seat, len(escalations))
        assert not any(seat.do("is_cut_from", head) for head in self.told.heads)
        assert seat.leave() == []
        self.tally.stores += 1

    def _every_word_is_there_once(self, seat: FarSeat) -> None:
        threads = {
            str(each["id"]): [line["text"] for line in each["messages"]]
            for each in self.city.truth()["requests"]
        }
        rows = {(request_id, text): state for request_id, _, text, state, *_ in seat.do("outbox")}
        for text, to in self.told.words.items():
            assert all((request_id, text) in rows for request_id in to), f"lost: {text}"
        for (request_id, text), state in rows.items():
            assert state in (OutboxState.SENT, OutboxState.FAILED)
            assert threads[request_id].count(text) == (state == OutboxState.SENT), (request_id, text, state)
        for request_id, thread in threads.items():
            ours = [text for text in thread if text.startswith("Line ")]
            assert all((request_id, text) in rows for text in ours)
            assert ours == sorted(ours, key=_in_order), "strictly in the order in which they were written"

    def _every_act_is_there(self, seat: FarSeat, escalations: int) -> None:
        """All that were told; beside them at most the one of each life that was cut off in telling."""
        logged = seat.do("acts")
        untold = {act: logged[act] - times for act, times in self.told.acts.items()}
        assert all(times >= 0 for times in untold.values()), untold
        assert sum(untold.values()) <= KILLS_OF_A_STORE, untold
        self.tally.acts += self.told.acts
        self.tally.untold += Counter({act: times for act, times in untold.items() if times})


def _in_order(text: str) -> tuple[int, int]:
    life, _, number = text.split()[1].partition(".")
    return int(life), int(number)


def _come_to_rest(seat: FarSeat) -> None:
    for _ in range(ROUNDS_AT_REST):
        try:
            if seat.do("to_send") == 0:
                seat.do("sync")
                if seat.do("to_send") == 0:
                    seat.do("sync")
                    return
            seat.do("sync")
        except Refused:
            continue
    raise AssertionError("it never came to rest")


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def kill_again_and_again(
    nursery: Nursery, place: Path, tally: Tally, kills: int, chance: int, *, is_apart: bool = False
) -> None:
    random = Random(chance)
    while tally.kills < kills:
        with City(place / f"city {tally.stores}") as city:
            for _ in range(ROWS_BEFORE):
                city.add_report(random.choice(WORDS))
            city.set_rates(FAULTS)
            lives = Lives(nursery, city, place / f"seat {tally.stores}", random, tally, is_apart)
            for life in range(min(KILLS_OF_A_STORE, kills - tally.kills)):
                lives.live_and_die(life)
            lives.everything_is_there_once()


@pytest.mark.parametrize(
    "kills",
    [
        pytest.param(50, id="50 times"),
        *(pytest.param(250, id=f"long {n}", marks=pytest.mark.soak) for n in range(1, 5)),
    ],
)
def test_killed_at_a_random_moment_nothing_is_lost_and_nothing_is_twice(
    nursery: Nursery, tmp_path: Path, say_table: Callable[[str, list[str]], None], kills: int
) -> None:
    tally, chance = Tally(), SystemRandom().randrange(2**32)
    try:
        kill_again_and_again(nursery, tmp_path, tally, kills, chance)
    finally:
        say_table(f"Killed at random moments (chance {chance})", tally.lines())


@pytest.mark.parametrize(
    "kills", [pytest.param(6, id="6 times"), pytest.param(100, id="long", marks=pytest.mark.soak)]
)
def test_a_console_takes_its_syncing_with_it_and_replaces_one_that_died_alone(
    nursery: Nursery, tmp_path: Path, say_table: Callable[[str, list[str]], None], kills: int
) -> None:
    tally, chance = Tally(), SystemRandom().randrange(2**32)
    try:
        kill_again_and_again(nursery, tmp_path, tally, kills, chance, is_apart=True)
    finally:
        say_table(f"Killed with the syncing in a process of its own (chance {chance})", tally.lines())
