"""City, operator, faults, crashes and restarts in any order: the board ends as the truth, every act once."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from dispatch.board import CLOSED
from dispatch.exercise.faults import Fault
from dispatch.records import Band, CrmStatus, Flag, OutboxKind, OutboxState
from dispatch.sync.probe import ENOUGH_ROWS
from tests.city import City
from tests.conftest import LANDFALL
from tests.flow import truths
from tests.flow.far_seat import FarSeat, Nursery, Refused, SeatDied

KINDS = ("seeclickfix", "georeport")
FAULTS = sorted(fault.value for fault in Fault)
CATEGORIES = ["tree_road_blocked", "pothole", "street_light_out", "power_line_down", "street_flooding"]
WORDS = ["Oak across the road", "Limb on the sidewalk", "Water rising, a man is trapped", ""]
# What a GeoReport server may do to each of its answers and must not keep from us what it holds.
QUIRKS = [
    "Q2",
    "Q4",
    "Q5",
    "Q6",
    "Q7",
    "Q8",
    "Q10",
    "Q13",
    "Q20",
    "Q22",
    "Q31",
    "Q36",
    "Q37",
    "Q40",
    "Q43",
    "Q48",
    "Q51",
    "Q54",
    "Q56",
    "Q57",
    "Q63",
    "Q66",
    "Q71",
    "Q72",
    "Q73",
    "Q74",
    "Q75",
    "Q76",
    "Q77",
    "Q80",
    "Q81",
    "Q93",
]
# A web page in place of an answer may look like a row of a server that changed.
EXPECTED = "sends keys nobody knows here"
# Said again and again on purpose: each time it must arrive once more.
REFRAIN = "Crews are on their way. This is not 911."
CREW = "1200001"
OURS_ALONE = "The gate code is 4711"
# Longer than a seat over there waits for an answer.
SLOW_S = 0.4
# Rounds without a fault after which nothing may be left to do.
ROUNDS_AT_REST = 60
ROUNDS_TO_MODERATE = 10
# Whatever a moderator holds back he has let through by then.
MODERATED_S = 600

PICK = st.integers(0, 10_000)


@dataclass
class Tally:
    """What a run was really made of."""

    steps: int = 0
    storms: int = 0
    faults: Counter[str] = field(default_factory=Counter)
    deaths: Counter[str] = field(default_factory=Counter)
    restarts: Counter[str] = field(default_factory=Counter)
    city: Counter[str] = field(default_factory=Counter)
    acts: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    quirks: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        rows: list[tuple[str, Counter[str]]] = [
            ("faults met", self.faults),
            ("console killed", self.deaths),
            ("started again", self.restarts),
            ("the city did", self.city),
            ("operators did", self.acts),
            ("was refused", self.refused),
            ("left the outbox", self.sent),
            ("quirks", self.quirks),
        ]
        said = [f"{self.steps} steps in {self.storms} storms"]
        for title, counted in rows:
            words = ", ".join(f"{name} {times}" for name, times in sorted(counted.items()))
            said.append(f"  {title:<16} {counted.total():>6}: {words}")
        return said


@dataclass
class Expected:
    """How often a text must stand in a thread; sure where no moderator had a hand in it."""

    least: int = 0
    most: int = 0
    is_sure: bool = True
    # The request that a call has become.
    request_id: str | None = None


Places = dict[tuple[str, str], Expected]


class Storm(RuleBasedStateMachine):
    """One city and one seat; `said` is what each report's thread must hold of ours, in order."""

    def __init__(self, nursery: Nursery, tally: Tally, kind: str) -> None:
        super().__init__()
        self._nursery, self._tally, self._kind = nursery, tally, kind
        self._place = tempfile.TemporaryDirectory(prefix="any-order-")
        self._folder = Path(self._place.name)
        self._now = LANDFALL
        self.city = City(self._folder / "city")
        self.city.start()
        self.seat = self._sit_down()
        self.ids: list[str] = []
        self.lines = self.faults = self.escalations = self.restarts = 0
        self.said: list[tuple[str, tuple[str, ...]]] = []
        self.taken_back: set[str] = set()
        self.calls: list[str] = []
        # Before the server was last started.
        self.played: Counter[str] = Counter()
        self.met: set[str] = set()
        self.quirks: list[str] = []
        self.done: Counter[str] = Counter()
        # Whose site a person has moved by hand, so that it need not follow the server's status.
        self.by_hand: set[str] = set()
        tally.storms += 1

    @initialize(
        words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=4),
        quirks=st.lists(st.sampled_from(QUIRKS), max_size=4, unique=True),
    )
    def open(self, words: list[str], quirks: list[str]) -> None:
        if self._kind == "georeport":
            self.quirks = quirks
            self.city.quirks(*quirks)
            self._tally.quirks += Counter(quirks)
            # Of fewer the probe can tell nothing.
            for _ in range(ENOUGH_ROWS):
                self.ids.append(self.city.add_report())
                self._go_on(1)
        for text in words:
            self.ids.append(self.city.add_report(text))
        self._step()
        self._round()

    # -- the city -------------------------------------------------------------------------------------

    @rule(text=st.sampled_from(WORDS), category=st.sampled_from(CATEGORIES))
    def report(self, text: str, category: str) -> None:
        self._step("report")
        self.ids.append(self.city.add_report(text, category=category))

    @rule(pick=PICK, kind=st.sampled_from(["comment", "close", "open", "acknowledge", "archive"]))
    def somebody_else_acts(self, pick: int, kind: str) -> None:
        self._step(kind)
        with suppress(AssertionError):  # as the report stands it cannot be done
            self.city.elsewhere(self._one(pick), kind, "It is as it is.")

    @rule(seconds=st.sampled_from([1, 60, 600]))
    def time_goes_on(self, seconds: int) -> None:
        self._step("time went on")
        self._go_on(seconds)

    # -- what goes wrong ------------------------------------------------------------------------------

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=4), rounds=st.integers(0, 3))
    def calls_fail(self, faults: list[str], rounds: int) -> None:
        self._step()
        self.city.fail_next(*faults, seconds=SLOW_S)
        self.faults += len(faults)
        self.met |= set(faults)
        for _ in range(rounds):
            self._round()

    @precondition(lambda self: self.restarts < 4)
    @rule(who=st.sampled_from(["console", "server"]))
    def one_is_started_again(self, who: str) -> None:
        """The console in order; the server has its plug pulled."""
        self._step()
        self.restarts += 1
        self._tally.restarts[who] += 1
        if who == "server":
            self._count_faults()
            self.city.restart()
        else:
            self._leave()
            self.seat = self._sit_down()

    @rule(moment=st.integers(0, 15), rounds=st.integers(0, 2))
    def the_console_will_be_killed(self, moment: int, rounds: int) -> None:
        """At that moment of whatever comes next."""
        self._step()
        self._ask("die_at", moment)
        for _ in range(rounds):
            self._round()

    # -- the operator ---------------------------------------------------------------------------------

    @rule(pick=PICK, is_taken_back=st.sampled_from([False, False, True]))
    def write(self, pick: int, is_taken_back: bool) -> None:
        self._step()
        self._say("message", "message", pick, self._line(), is_taken_back)

    @rule(pick=PICK)
    def write_the_same_again(self, pick: int) -> None:
        self._step()
        self._say("message", "message", pick, REFRAIN)

    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        self._step()
        self._say("close", "close_site", pick, self._line())

    @rule(
        pick=PICK,
        act=st.sampled_from(
            ["claim", "let_go", "wait", "snooze", "reopen", "made_safe", "911", "note", "band", "assign"]
        ),
        band=st.sampled_from(list(Band)),
    )
    def look_after(self, pick: int, act: str, band: Band) -> None:
        self._step()
        if not (site_id := self._site(pick)):
            return
        match act:
            case "note":
                self._do("note", "note", site_id, OURS_ALONE)
            case "band":
                self._do("band", "set_band", site_id, int(band))
            case "assign":
                self._do("assign", "assign", site_id, CREW)
            case _:
                self._by_hand(site_id)
                self._do(act, "tell_911" if act == "911" else act, site_id)

    @rule()
    def take_call(self) -> None:
        self._step()
        text = f"Call {len(self.calls) + 1}: a wire is down"
        if self._do("call", "take_call", text):
            self.calls.append(text)

    @rule(pick=PICK, other=PICK)
    def merge_or_split(self, pick: int, other: int) -> None:
        self._step()
        lead, joins = self._site(pick), self._site(other)
        if not (lead and joins):
            return
        for site_id in (lead, joins):
            self._by_hand(site_id)
        if lead == joins:
            self._do("split", "split", lead, self._one(pick), lines=2)
        else:
            self._do("merge", "merge", lead, joins)

    @rule()
    def undo(self) -> None:
        self._step()
        self.by_hand |= set(self.ids)
        self._do("undo", "undo")
        self.taken_back |= self._ask("taken_back")

    @rule(pick=PICK, act=st.sampled_from(["escalate", "escalate", "accept", "hold", "return", "close"]))
    def hand_over(self, pick: int, act: str) -> None:
        self._step()
        if act != "escalate":
            if self.escalations:
                what = {"return": "give_back", "close": "close_escalation"}.get(act, act)
                self._do(act, what, pick % self.escalations)
        elif site_id := self._site(pick):
            self._by_hand(site_id)
            self._do("escalate", "escalate", site_id)
            # A returned one is sent again under its number.
            self.escalations = len(self._ask("escalations"))

    @rule()
    def a_round(self) -> None:
        self._step()
        self._round()

    # -- at the end -----------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self._ask("die_at", -1)
            self._come_to_rest()
            truths.store_is_the_truth(self._ask, self.city, self._kind)
            truths.board_is_the_store(self._ask, self.city)
            self._closings_are_on_the_board()
            self._every_word_is_there_once()
            assert len(truths.hand_overs_are_pairs(self._ask)) == self.escalations
            self._every_act_is_there_once()
        finally:
            with suppress(SeatDied):
                self._leave()
            self._count_faults()
            self.city.__exit__()
            self._place.cleanup()

    def _come_to_rest(self) -> None:
        """A round begins with asking and ends with sending: one more shows what was sent last."""
        # A round that meets a fault ends there, with one fault fewer for the next.
        for number in range(self.faults + ROUNDS_AT_REST):
            if self._ask("to_send") == 0 and self._round() and self._ask("to_send") == 0:
                break
            # What a moderator held back appears, and lets go what waits behind it.
            if number % ROUNDS_TO_MODERATE == 0:
                self._go_on(MODERATED_S)
            self._round()
        else:
            raise AssertionError("it never came to rest")
        self._go_on(MODERATED_S)
        for number in range(self.faults + ROUNDS_AT_REST):
            if self._round() and self._has_all():
                return
            # What every list of its time has left out (Q77) only the slow look finds.
            if number >= ROUNDS_TO_MODERATE:
                self._ask("look_through")
        raise AssertionError("it never got in step")

    def _has_all(self) -> bool:
        """A server whose lists leave rows out by turns (Q72, Q77) is asked more often than once."""
        if self._kind == "seeclickfix":
            return True
        stored = {request_id: status for request_id, (status, _) in self._ask("stored").items()}
        return stored == truths.statuses(self.city.truth()["requests"], self._kind)

    def _closings_are_on_the_board(self) -> None:
        """A site that nobody has moved by hand follows the status of its report."""
        truth = truths.statuses(self.city.truth()["requests"], self._kind)
        shown = self._ask("on_the_board", list(truth))
        for request_id in truth.keys() - self.by_hand:
            state, reason, flags = shown[request_id]
            if CrmStatus(truth[request_id]).is_open:
                assert state != CLOSED or reason != "server", request_id
            else:
                assert state == CLOSED or flags & Flag.SERVER_CLOSED, request_id

    def _every_word_is_there_once(self) -> None:
        """In the order in which it was written; what the server refused stands with its author instead."""
        said, inside, calls = self._as_the_outbox_has_it()
        truth = {str(each["id"]): each for each in self.city.truth()["requests"]}
        public = {key: [line["text"] for line in each["messages"]] for key, each in truth.items()}
        internal = {key: [line["text"] for line in each.get("internal", ())] for key, each in truth.items()}
        for expected, threads in ((said, public), (inside, internal)):
            for (request_id, text), each in expected.items():
                times = threads[request_id].count(text)
                assert each.least <= times <= each.most, (request_id, text, times, each)
        for request_id, thread in public.items():
            ours = [text for text, to in self.said if request_id in to and text != REFRAIN]
            assert all((request_id, text) in said for text in ours), "every word has its row"
            in_order = [t for t in ours if said[request_id, t].most and said[request_id, t].is_sure]
            assert [text for text in thread if text in set(in_order)] == in_order
            assert OURS_ALONE not in thread
        self._every_call_is_there_once(calls)

    def _every_call_is_there_once(self, calls: dict[str, Expected]) -> None:
        """One request each, beside those the city had of its own; what it refused stands here alone."""
        assert set(calls) == set(self.calls)
        adopted = [each.request_id for each in calls.values() if each.request_id]
        assert len({*adopted, *self.ids}) == len(adopted) + len(self.ids)
        assert all(bool(each.request_id) == bool(each.least) for each in calls.values())
        # Each time that pages are shifted a report comes in.
        others = len(self.ids) + self.played["shift-pages"] + self.city.played().get("shift-pages", 0)
        of_calls = len(self.city.truth()["requests"]) - others
        least, most = sum(each.least for each in calls.values()), sum(each.most for each in calls.values())
        assert least <= of_calls <= most

    def _as_the_outbox_has_it(self) -> tuple[Places, Places, dict[str, Expected]]:
        """How often each text must stand in the thread of each request, among its internal comments, and
        as a request of its own."""
        said: Places = {}
        inside: Places = {}
        calls: dict[str, Expected] = {}
        for request_id, kind, text, state, tries, was_held in self._ask("outbox"):
            if kind == OutboxKind.NEW_REQUEST:
                expected = calls.setdefault(text, Expected(request_id=request_id))
            elif kind in (OutboxKind.INTERNAL_NOTE, OutboxKind.ASSIGN):
                expected = inside.setdefault((request_id, text), Expected())
            else:
                expected = said.setdefault((request_id, text), Expected())
            assert state not in (OutboxState.WAITING, OutboxState.SENDING)
            assert state != OutboxState.TAKEN_BACK or text in self.taken_back
            self._tally.sent[f"{kind} {state}"] += 1
            if state == OutboxState.HELD:
                # Let through too late: by then the report may not be as the change of status needs it.
                assert kind != OutboxKind.MESSAGE
            elif state == OutboxState.SENT and kind != OutboxKind.ASSIGN:
                expected.least += 1
                expected.most += 1
            if was_held:
                self._tally.sent["(first held)"] += 1
                expected.is_sure = False
            elif state == OutboxState.SENT and tries > 1 and "moderated" in self.met:
                # What a moderator holds is not seen by reading back: where the answer to it was lost as well,
                # it goes out again. Without keys that the server knows, twice is better than never.
                expected.is_sure = False
                expected.most += tries - 1
            if kind == OutboxKind.NEW_REQUEST and "Q51" in self.quirks:
                # Nor can a call be known again whose words the server does not show.
                expected.most += max(0, tries - 1)
        return said, inside, calls

    def _every_act_is_there_once(self) -> None:
        """And the log proves itself."""
        logged = self._ask("acts")
        assert {act: logged[act] for act in self.done} == dict(self.done)

    # -- inside ---------------------------------------------------------------------------------------

    def _step(self, of_the_city: str = "") -> None:
        self._tally.steps += 1
        if of_the_city:
            self._tally.city[of_the_city] += 1

    def _sit_down(self) -> FarSeat:
        return self._nursery.seat(self._folder / "seat", self.city, self._kind, self._now)

    def _sit_down_again(self, death: SeatDied) -> None:
        self._tally.deaths[str(death)] += 1
        self.seat = self._sit_down()

    def _leave(self) -> None:
        complaints = [line for line in self.seat.leave() if EXPECTED not in line]
        assert complaints == []

    def _ask(self, what: str, *args: Any) -> Any:
        """What can be done again after a crash."""
        try:
            return self.seat.do(what, *args)
        except SeatDied as death:
            self._sit_down_again(death)
            return self.seat.do(what, *args)

    def _do(self, act: str, what: str, *args: Any, lines: int = 1) -> bool:
        """An act; did it happen? Killed within it, it did if and only if its transaction was committed."""
        try:
            self.seat.do(what, *args)
        except Refused:
            self._tally.refused[act] += 1
            return False
        except SeatDied as death:
            self._sit_down_again(death)
            has_happened = self.seat.do("acts")[act] > self.done[act]
            assert has_happened is (str(death) == "after the commit of an act"), (act, str(death))
            if not has_happened:
                return False
        self.done[act] += lines
        self._tally.acts[act] += 1
        return True

    def _say(self, act: str, what: str, pick: int, text: str, is_taken_back: bool = False) -> None:
        """Tell everybody at a site."""
        if not (site_id := self._site(pick)):
            return
        to = self._ask("reporters", site_id)
        if not self._do(act, what, site_id, text):
            return
        self.said.append((text, to))
        if is_taken_back:
            self._do("take_back", "take_back", site_id, text)
            self.taken_back |= self._ask("taken_back")

    def _round(self) -> bool:
        """One round of everything with the waits over; False when something broke in it."""
        try:
            self.seat.do("sync")
        except Refused:
            return False
        except SeatDied as death:
            self._sit_down_again(death)
            return False
        return True

    def _go_on(self, seconds: int) -> None:
        self.city.clock(forward_s=seconds)
        self._now += 1000 * seconds
        self._ask("advance", seconds)

    def _line(self) -> str:
        self.lines += 1
        return f"Line {self.lines} of the city. This is not 911."

    def _one(self, pick: int) -> str:
        return self.ids[pick % len(self.ids)]

    def _site(self, pick: int) -> int:
        """The site of one report; 0 while it has not come yet."""
        return int(self._ask("find", self._one(pick)))

    def _by_hand(self, site_id: int) -> None:
        self.by_hand |= set(self._ask("members", site_id))

    def _count_faults(self) -> None:
        played = Counter(self.city.played())
        self.played += played
        self._tally.faults += played


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


def run_storms(nursery: Nursery, tally: Tally, kind: str, chance: int, examples: int, steps: int) -> None:
    @seed(chance)
    def storm() -> Storm:
        return Storm(nursery, tally, kind)

    run_state_machine_as_test(
        storm,  # type: ignore[arg-type]
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Each example starts processes: making a failing one smaller would take an hour.
            phases=(Phase.generate,),
            database=None,
        ),
    )


def run_steps(nursery: Nursery, tally: Tally, kind: str, chance: int, steps: int) -> None:
    """Storm after storm, the same ones for the same chance."""
    while tally.steps < steps:
        run_storms(nursery, tally, kind, chance + tally.steps, examples=2, steps=100)


# The same storms each time, so that a failure is one of the change and not of the day.
@pytest.mark.parametrize("kind", KINDS)
def test_in_any_order_nothing_is_lost_and_nothing_happens_twice(
    nursery: Nursery, say_table: Callable[[str, list[str]], None], kind: str
) -> None:
    tally = Tally()
    try:
        run_steps(nursery, tally, kind, chance=311, steps=1_000)
    finally:
        say_table(f"In any order, {kind}", tally.lines())


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", range(1, 6))
def test_for_hours_in_any_order_nothing_is_lost_and_nothing_happens_twice(
    nursery: Nursery, say_table: Callable[[str, list[str]], None], kind: str, part: int
) -> None:
    tally = Tally()
    chance = int(os.environ.get("LANDFALL_CHANCE", "0")) or SystemRandom().randrange(1, 2**32)
    try:
        run_steps(nursery, tally, kind, chance, steps=5_000)
    finally:
        title = f"In any order, {kind}, part {part}, LANDFALL_CHANCE={chance} plays it again"
        say_table(title, tally.lines())
