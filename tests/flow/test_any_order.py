"""City, operator, faults and restarts in any order: the store ends as the truth, every word there once."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Coroutine
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from dispatch.errors import ActRefused, LandfallError
from dispatch.records import Band, CloseReason, OutboxState, ReturnCode, WaitReason
from dispatch.store import log, outbox
from tests.city import City
from tests.conftest import StillClock
from tests.in_step import hurry, stored, truth
from tests.rooms import Room

FAULTS = ["429", "503", "reset", "lose-answer-after-doing-it"]
CATEGORIES = ["tree_road_blocked", "pothole", "street_light_out", "power_line_down", "street_flooding"]
WORDS = ["Oak across the road", "Limb on the sidewalk", "Water rising, a man is trapped", ""]
# Rounds without a fault after which nothing may be left to do.
ROUNDS_AT_REST = 60

PICK = st.integers(0, 10_000)


class Storm(RuleBasedStateMachine):
    """One city and one seat; `said` is what each report's thread must hold of ours, in order."""

    def __init__(self) -> None:
        super().__init__()
        self._place = tempfile.TemporaryDirectory(prefix="any-order-")
        self._folder = Path(self._place.name)
        self._loop = asyncio.new_event_loop()
        self._clock = StillClock()
        self.city = City(self._folder / "city")
        self.city.start()
        self.room = self._sit_down()
        self.ids: list[str] = []
        self.messages = self.faults = 0
        self.said: list[tuple[str, tuple[str, ...]]] = []
        self.taken_back: list[str] = []
        self.escalated: list[str] = []

    @initialize(words=st.lists(st.sampled_from(WORDS), min_size=2, max_size=4))
    def open(self, words: list[str]) -> None:
        for text in words:
            self.ids.append(self.city.add_report(text))
        self._round()

    # -- the city -------------------------------------------------------------------------------------

    @rule(text=st.sampled_from(WORDS), category=st.sampled_from(CATEGORIES))
    def report(self, text: str, category: str) -> None:
        self.ids.append(self.city.add_report(text, category=category))

    @rule(pick=PICK, kind=st.sampled_from(["comment", "close", "open", "acknowledge", "archive"]))
    def somebody_else_acts(self, pick: int, kind: str) -> None:
        with suppress(AssertionError):  # as the report stands it cannot be done
            self.city.elsewhere(self._one(pick), kind, "It is as it is.")

    @rule(seconds=st.sampled_from([1, 60, 600]))
    def time_goes_on(self, seconds: int) -> None:
        self.city.clock(forward_s=seconds)
        self._clock.advance(seconds)

    # -- what goes wrong ------------------------------------------------------------------------------

    @rule(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=4))
    def calls_fail(self, faults: list[str]) -> None:
        self.city.fail_next(*faults)
        self.faults += len(faults)

    @rule()
    def the_server_is_started_again(self) -> None:
        self.city.restart()

    @rule()
    def the_seat_is_started_again(self) -> None:
        self.room.close()
        self.room = self._sit_down()

    # -- the operator ---------------------------------------------------------------------------------

    @rule(pick=PICK, is_taken_back=st.booleans())
    def write(self, pick: int, is_taken_back: bool) -> None:
        if not (site_id := self._site(pick)):
            return
        self.messages += 1
        text = f"Line {self.messages} of the city. This is not 911."
        view = self.room.parts.detail.view(site_id)
        with suppress(ActRefused):
            self.room.desk.message(site_id, text)
            to = tuple(each.request_id for each in view.requests if each.status != "archived")
            if is_taken_back:
                self._take_back(site_id, text)
            else:
                self.said.append((text, to))

    @rule(pick=PICK)
    def close(self, pick: int) -> None:
        if not (site_id := self._site(pick)):
            return
        self.messages += 1
        text = f"Line {self.messages}: done. This is not 911."
        view = self.room.parts.detail.view(site_id)
        with suppress(ActRefused):
            self.room.desk.close(
                site_id, CloseReason.NO_LONGER_NEEDED, note="gone", confirmed_by="crew 4", message=text
            )
            to = tuple(each.request_id for each in view.requests if each.status != "archived")
            self.said.append((text, to))

    @rule(pick=PICK, band=st.sampled_from(list(Band)), act=st.sampled_from(["claim", "band", "wait", "open"]))
    def look_after(self, pick: int, band: Band, act: str) -> None:
        if not (site_id := self._site(pick)):
            return
        with suppress(ActRefused):
            match act:
                case "claim":
                    self.room.desk.claim(site_id)
                case "band":
                    self.room.desk.set_band(site_id, band, "seen")
                case "wait":
                    self.room.desk.wait(site_id, WaitReason.ACCESS)
                case "open":
                    self.room.desk.reopen(site_id)

    @rule(pick=PICK, other=PICK)
    def merge_or_split(self, pick: int, other: int) -> None:
        lead, joins = self._site(pick), self._site(other)
        if not (lead and joins):
            return
        with suppress(ActRefused):
            if lead == joins:
                self.room.desk.split(lead, self._one(pick))
            else:
                self.room.desk.merge(lead, [joins])

    @rule(pick=PICK)
    def escalate(self, pick: int) -> None:
        if not (site_id := self._site(pick)):
            return
        with suppress(ActRefused):
            draft = self.room.desk.draft(site_id)
            escalation_id = self.room.desk.escalate(draft).escalation_id
            if escalation_id not in self.escalated:  # a returned one is sent again under its number
                self.escalated.append(escalation_id)

    @rule(pick=PICK, answer=st.sampled_from(["accept", "hold", "return", "close"]))
    def answer(self, pick: int, answer: str) -> None:
        if not self.escalated:
            return
        escalation_id = self.escalated[pick % len(self.escalated)]
        with suppress(ActRefused):
            match answer:
                case "accept":
                    self.room.em_desk.accept(escalation_id, "crew 4")
                case "hold":
                    self.room.em_desk.hold(escalation_id)
                case "return":
                    self.room.em_desk.give_back(escalation_id, ReturnCode.WRONG_DESK)
                case "close":
                    self.room.em_desk.close(escalation_id, "lane open", "crew 4")

    @rule()
    def a_round(self) -> None:
        self._round()

    # -- at the end -----------------------------------------------------------------------------------

    def teardown(self) -> None:
        try:
            self._come_to_rest()
            assert stored(self.room) == truth(self.city)
            self._every_word_is_there_once()
            self._every_escalation_is_there_once()
            with self.room.store.reading() as connection:
                assert log.verify(connection).is_intact
        finally:
            self.room.close()
            self.city.__exit__()
            self._loop.close()
            self._place.cleanup()

    def _come_to_rest(self) -> None:
        """A round begins with asking and ends with sending: one more shows what was sent last."""
        # A round that meets a fault ends there, with one fault fewer for the next.
        for _ in range(self.faults + ROUNDS_AT_REST):
            if self._to_send() == 0 and self._round() and self._to_send() == 0:
                return
            self._round()
        raise AssertionError("it never came to rest")

    def _every_word_is_there_once(self) -> None:
        """In the order in which it was written; what the server refused stands with its author instead."""
        states = self._outbox()
        threads = {request_id: self.city.messages(request_id) for request_id in self.ids}
        for request_id, thread in threads.items():
            ours = [text for text, to in self.said if request_id in to]
            sent = [text for text in ours if states[request_id, text] == [OutboxState.SENT]]
            refused = [text for text in ours if states[request_id, text] == [OutboxState.FAILED]]
            assert len(sent) + len(refused) == len(ours)
            assert [text for text in thread if text.startswith("Line ")] == sent
        for (request_id, text), each in states.items():
            sent_times = each.count(OutboxState.SENT)
            assert sent_times <= 1, (request_id, text, each)
            assert threads[request_id].count(text) == sent_times, (request_id, text, each)

    def _every_escalation_is_there_once(self) -> None:
        for escalation_id in self.escalated:
            named = [name for name in self.room.files() if escalation_id in name]
            assert sorted(name.rpartition(".")[2] for name in named) == ["json", "pdf"]
        assert len(self.room.files()) == 2 * len(self.escalated)

    # -- inside ---------------------------------------------------------------------------------------

    def _sit_down(self) -> Room:
        return Room(self._folder / "seat", self.city, self._clock, self._run)

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._loop.run_until_complete(work)

    def _round(self) -> bool:
        """One round of everything with the waits over; False when something broke in it."""
        hurry(self.room)
        try:
            self.room.sync()
        except LandfallError:
            return False
        return True

    def _one(self, pick: int) -> str:
        return self.ids[pick % len(self.ids)]

    def _site(self, pick: int) -> int:
        """The site of one report; 0 while it has not come yet."""
        return self.room.parts.detail.find(self._one(pick))

    def _take_back(self, site_id: int, text: str) -> None:
        with self.room.store.reading() as connection:
            ids = [item.outbox_id for item in outbox.of_site(connection, site_id) if item.text == text]
        self.room.desk.take_back(ids)
        self.taken_back.append(text)

    def _to_send(self) -> int:
        with self.room.store.reading() as connection:
            return outbox.counts(connection)[0]

    def _outbox(self) -> dict[tuple[str, str], list[OutboxState]]:
        found: dict[tuple[str, str], list[OutboxState]] = {}
        with self.room.store.reading() as connection:
            for site_id in {self.room.parts.detail.find(each) for each in self.ids}:
                for item in outbox.of_site(connection, site_id):
                    found.setdefault((item.request_id, item.text), []).append(item.state)
        return found


@pytest.mark.parametrize(
    ("examples", "steps"),
    [
        pytest.param(5, 60, id="short"),
        *(pytest.param(30, 100, id=f"long {n}", marks=pytest.mark.soak) for n in range(1, 5)),
    ],
)
def test_in_any_order_nothing_is_lost_and_nothing_happens_twice(examples: int, steps: int) -> None:
    run_state_machine_as_test(
        Storm,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            # Each example starts processes: making a failing one smaller would take an hour.
            phases=(Phase.generate,),
            database=None,
            print_blob=True,
        ),
    )
