"""Hand-overs by channels that fail, in any order: each ends accepted, refused or loudly overdue.

None is silently lost, none is there twice under two ids, and what is said to be sent is really there.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from random import SystemRandom
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from dispatch.assembly import FIRST_CHANNELS
from dispatch.errors import ActRefused, ChannelFailed
from dispatch.escalation.channels import ANSWER_ROADS, BY_HAND, CHANNELS, set_up
from dispatch.records import Band, DeliveryState, Escalation, EscalationState, Receipt, ReturnCode
from dispatch.store import escalations
from dispatch.sync import deliver as deliver_module
from dispatch.sync.deliver import WAITS_S, Deliver
from dispatch.sync.hear import Hear
from tests.city import City
from tests.relay import Relay, keep_secret
from tests.rooms import Room

SITES = 10
BANDS = (Band.P1, Band.P1, Band.P1, Band.P2, Band.P2, Band.P2, Band.P3, Band.P3, Band.P4, Band.P4)
WAYS = ("desk", "folder", "webhook")
# What the relay does, and how often beside one another: most of a storm is lost lines and late answers.
FAULTS = ["lost", "dropped", "429:1", "503", "503:20", "500", "400", "409", "redirect", "page", "410"]
FAULTS += ["lost", "lost", "dropped", "dropped"]
THERE = (DeliveryState.SENT, DeliveryState.DELIVERED)
ACCEPTED = (EscalationState.ACCEPTED, EscalationState.HELD, EscalationState.UNDER_WAY)
ENDS = dict.fromkeys(ACCEPTED, "accepted")
ENDS |= {EscalationState.RETURNED: "refused", EscalationState.EXPIRED: "loudly overdue"}
# A P4 has no time-out: it is only said to be there where it is.
NO_TIME_OUT = "on a board, P4 has no time-out"

DESK_ACTS = ["accept", "hold", "still_needed", "not_reached", "return", "ask"]
PICK = st.lists(st.integers(0, SITES - 1), min_size=1, max_size=4, unique=True)
NONE = st.just([0])
STEP = st.one_of(
    st.tuples(st.just("round"), NONE, st.none()),
    st.tuples(st.just("time"), NONE, st.sampled_from([1, 30, 200, 1000, 4000])),
    st.tuples(st.just("relay"), NONE, st.lists(st.sampled_from(FAULTS), min_size=1, max_size=6)),
    st.tuples(st.just("asking"), NONE, st.lists(st.sampled_from(["lost", "500", "page"]), max_size=3)),
    st.tuples(st.just("disk"), NONE, st.booleans()),
    st.tuples(st.just("crash"), NONE, st.sampled_from(WAYS)),
    st.tuples(st.just("desk"), PICK, st.sampled_from(DESK_ACTS)),
    st.tuples(st.just("by webhook"), PICK, st.sampled_from(["accept", "return", "forged", "twice"])),
    st.tuples(st.just("by folder"), PICK, st.sampled_from(["accept", "return", "guessed"])),
    st.tuples(st.just("newer words"), PICK, st.none()),
)
Step = tuple[str, list[int], Any]
STORM = st.tuples(
    st.lists(st.sampled_from(FAULTS), max_size=12),
    st.lists(
        st.lists(st.sampled_from(WAYS), min_size=1, max_size=3, unique=True), min_size=SITES, max_size=SITES
    ),
    st.lists(STEP, min_size=8, max_size=30),
)


@dataclass
class Tally:
    """What the runs were made of and how they ended."""

    runs: int = 0
    ends: Counter[tuple[str, str]] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)

    def lines(self) -> list[str]:
        names = [*dict.fromkeys(ENDS.values()), NO_TIME_OUT]
        said = [
            f"{self.runs} hand-overs, of them",
            f"  {'':32}" + "".join(f"{b:>7}" for b in Band.__members__),
        ]
        for name in names:
            counts = [self.ends[name, band.name] for band in Band]
            said.append(f"  {name:32}" + "".join(f"{count:>7}" for count in counts))
        for title, counted in (("ways ended", self.ways), ("on the way", self.steps)):
            said.append(f"  {title}: " + ", ".join(f"{name} {n}" for name, n in sorted(counted.items())))
        return said


class Died(Exception):
    """The console was gone between a hand-over and its receipt."""


class Mortal(Deliver):
    dies_at = ""

    def _sent(self, tried: Any, receipt: Receipt) -> Any:
        if tried.channel == self.dies_at:
            self.dies_at = ""
            raise Died
        return super()._sent(tried, receipt)


class Storm:
    """One console with ten sites; each storm hands all of them over and looks how it ends."""

    def __init__(self, room: Room, relay: Relay, city: City, clock: Any, run: Any, tally: Tally) -> None:
        self.room, self.relay, self.clock, self.run, self.tally = room, relay, clock, run, tally
        self.wall_ms = 0
        ids = [city.add_report(f"Oak {n}", lat=27.75 + n / 500, lng=-82.66) for n in range(SITES)]
        room.sync()
        self.sites = [room.site(request_id) for request_id in ids]
        for site_id, band in zip(self.sites, BANDS, strict=True):
            room.desk.set_band(site_id, band, "as told")
        self.folder = room.parts.folder / "hand-overs"
        self.deliver = self._start()
        self.hear = Hear(desk=room.em_desk, workers=room.parts.workers, settings=room.parts.channel_settings)
        self.answered = 0

    def go(self, faults: list[str], ways: list[list[str]], steps: list[Step]) -> None:
        self.relay.fail_next(*faults)
        self.words: Counter[str] = Counter()
        self.sent = [self._hand_over(site, channels) for site, channels in zip(self.sites, ways, strict=True)]
        for kind, picks, what in steps:
            for pick in picks:
                self.tally.steps[kind] += 1
                getattr(self, f"_{kind.replace(' ', '_')}")(self.sent[pick], what)
        self._come_to_rest()
        for item in self.sent:
            self._look_at(item)
        self._clear()

    # -- what happens -----------------------------------------------------------------------------------

    def _round(self, _item: Any = None, _what: Any = None) -> None:
        """All channels at once, and whoever answers; a console that dies in it starts again."""

        async def all_channels() -> list[Any]:
            return await asyncio.gather(*(self.deliver.by(name) for name in CHANNELS), return_exceptions=True)

        troubles = [each for each in self.run(all_channels()) if isinstance(each, Exception)]
        if troubles:
            assert all(isinstance(each, Died) for each in troubles), troubles
            self.deliver = self._start()
            return
        for road in ANSWER_ROADS:
            with suppress(ChannelFailed):
                self.run(self.hear.by(road))
        self.room.em_desk.expire_overdue()

    def _time(self, _item: Any, seconds: int) -> None:
        self.clock.advance(seconds)
        self.wall_ms += 1000 * seconds
        self._round()

    def _relay(self, _item: Any, faults: list[str]) -> None:
        self.relay.fail_next(*faults)

    def _asking(self, _item: Any, faults: list[str]) -> None:
        self.relay.fail_asking(*faults)

    def _disk(self, _item: Any, is_broken: bool) -> None:
        """The share is gone: a file stands in its place."""
        aside = self.folder.with_name("aside")
        if is_broken and not aside.exists():
            self.folder.mkdir(exist_ok=True)
            self.folder.rename(aside)
            self.folder.write_text("no share")
        elif not is_broken and aside.exists():
            self.folder.unlink()
            aside.rename(self.folder)

    def _crash(self, _item: Any, channel: str) -> None:
        self.deliver.dies_at = channel

    def _desk(self, item: Escalation, act: str) -> None:
        desk = self.room.em_desk
        with suppress(ActRefused):
            match act:
                case "return":
                    desk.give_back(item.escalation_id, ReturnCode.NO_RESOURCE)
                case "ask":
                    desk.ask(item.escalation_id, "Which lane?")
                case "still_needed":
                    desk.still_needed(item.escalation_id)
                    self.words[item.escalation_id] += 1
                case _:
                    getattr(desk, act)(item.escalation_id)

    def _by_webhook(self, item: Escalation, act: str) -> None:
        """The relay answers what it has; forged, or twice under two ids."""
        known = [body for body in self.relay.taken.values() if body["escalation_id"] == item.escalation_id]
        if not known:
            return
        said = {"return_code": "no_resource"} if act == "return" else {}
        name = act if act == "return" else "accept"
        key = b"a key that nobody has agreed on" if act == "forged" else None
        for _ in range(2 if act == "twice" else 1):
            self.relay.answer(known[-1], name, key=key, **said)

    def _by_folder(self, item: Escalation, act: str) -> None:
        [*twins] = self.folder.glob(f"*{item.escalation_id}.json") if self.folder.is_dir() else ()
        if not twins:
            return
        twin = json.loads(twins[0].read_bytes())
        token = "guessed" if act == "guessed" else twin["token"]
        name = "return" if act == "return" else "accept"
        self.answered += 1
        said = {
            "schema": "landfall/answer",
            "version": 1,
            "exercise": True,
            "escalation_id": twin["escalation_id"],
            "token": token,
            "answer": name,
            "return_code": "no_resource" if name == "return" else "",
            "by": {"name": "M. Diaz"},
        }
        path = self.folder / "answers" / f"{self.answered}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(said))
        os.utime(path, (1, 1))

    def _newer_words(self, item: Escalation, _what: None) -> None:
        draft = self.room.desk.draft(item.site_id)
        self.words[item.escalation_id] += 1
        words = f"Words {self.words[item.escalation_id]}"
        self.room.desk.escalate(replace(draft, effect_needed=words, tell_residents=False))

    # -- how it ends ------------------------------------------------------------------------------------

    def _come_to_rest(self) -> None:
        """The network is back, and so much time goes by that every try and every clock has run out."""
        self.relay.heal()
        self._disk(None, False)
        for _ in range(1 + len(WAYS)):
            self._time(None, 2 * WAITS_S[-1])

    def _look_at(self, first: Escalation) -> None:
        with self.room.store.reading() as connection:
            item = escalations.get(connection, first.escalation_id)
            found = escalations.deliveries(connection, [first.escalation_id])[first.escalation_id]
        assert item is not None
        ways = {way.channel: way for way in found}
        assert not any(way.state in escalations.TRIED for way in found), "nothing is under way for ever"

        at_relay = [k for k, body in self.relay.taken.items() if body["escalation_id"] == item.escalation_id]
        in_folder = list(self.folder.glob(f"*{item.escalation_id}*.json"))
        if "webhook" in ways and ways["webhook"].state in THERE:
            assert at_relay, "sent is sent"
        if "folder" in ways and ways["folder"].state in THERE:
            assert in_folder, "sent is sent"
        # Every try of the same words has the same id and the same bytes; newer words have their own.
        assert len(at_relay) <= 1 + self.words[item.escalation_id]
        assert all(len(self.relay.bodies[key]) == 1 for key in at_relay)
        assert len(in_folder) <= 1
        moves = [a.kind for a in item.answers if a.kind in ("accept", "hold", "return", "send")]
        assert all(one != "accept" or other != "accept" for one, other in pairwise(moves)), "taken twice"

        name = ENDS.get(item.state, "")
        if item.band == Band.P4 and not name:
            name = NO_TIME_OUT
            assert any(way.state in THERE for way in found)
        assert name, f"{item.number} ({item.band.name}) ended {item.state}: silently lost"
        self.tally.runs += 1
        self.tally.ends[name, item.band.name] += 1
        self.tally.ways += Counter(f"{way.channel} {way.state}" for way in found)

    def _clear(self) -> None:
        for item in self.sent:
            self.room.em_desk.close(item.escalation_id, "done", "the test")
        self.relay.taken.clear()
        self.relay.bodies.clear()
        (self.room.parts.folder / "webhook.json").unlink(missing_ok=True)

    # -- inside -----------------------------------------------------------------------------------------

    def _hand_over(self, site_id: int, channels: list[str]) -> Escalation:
        draft = replace(self.room.desk.draft(site_id), channels=tuple(channels), tell_residents=False)
        made: Escalation = self.room.desk.escalate(draft)
        return made

    def _start(self) -> Mortal:
        parts = self.room.parts
        with parts.store.transaction(parts.actor) as tx:
            escalations.hurry_deliveries(tx)
        names = [name for name in set_up(parts.channel_settings) if name not in BY_HAND]
        following = tuple(sorted(names, key=lambda name: name not in FIRST_CHANNELS))
        return Mortal(
            store=parts.store,
            workers=parts.workers,
            actor=parts.actor,
            settings=parts.channel_settings,
            channels=lambda: following,
        )


Play = Callable[[int, int, Tally], None]


@pytest.fixture
def play(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> Play:
    """`play(chance, hand_overs, tally)`: the same ones for the same chance."""
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", keep_secret(tmp_path / "keys"))

    def through(chance: int, hand_overs: int, tally: Tally) -> None:
        relay = Relay()
        seat = tmp_path / f"seat {chance}"
        room = Room(seat, city, clock, run, channels={"webhook": relay.values()})
        storm = Storm(room, relay, city, clock, run, tally)
        monkeypatch.setattr(deliver_module, "wall_now", lambda: storm.wall_ms)

        @seed(chance)
        @settings(
            max_examples=hand_overs // SITES,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
            database=None,
        )
        @given(STORM)
        def one(drawn: tuple[list[str], list[list[str]], list[Step]]) -> None:
            storm.go(*drawn)

        try:
            one()
        finally:
            room.close()
            relay.stop()

    return through


def test_every_hand_over_ends_accepted_refused_or_loudly_overdue(
    play: Play, say_table: Callable[[str, list[str]], None]
) -> None:
    tally = Tally()
    try:
        play(911, 500, tally)
    finally:
        say_table("Hand-overs at random", tally.lines())
    assert tally.runs >= 500


@pytest.mark.soak
def test_ten_thousand_hand_overs_end_accepted_refused_or_loudly_overdue(
    play: Play, say_table: Callable[[str, list[str]], None]
) -> None:
    tally = Tally()
    chance = int(os.environ.get("LANDFALL_CHANCE", "0")) or SystemRandom().randrange(1, 2**32)
    try:
        # A console of its own for each five hundred: a city has as many in a storm.
        for part in range(20):
            play(chance + part, 500, tally)
    finally:
        say_table(f"Hand-overs at random, LANDFALL_CHANCE={chance} plays it again", tally.lines())
