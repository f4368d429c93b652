"""The inside of a far seat: the whole product without a window, its moments counted from the outside."""

from __future__ import annotations

import asyncio
import functools
import logging
import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import requests
from sqlalchemy import func, select

from dispatch import assembly
from dispatch.board import Board
from dispatch.errors import ActRefused, LandfallError
from dispatch.escalation import files
from dispatch.follow import Follow
from dispatch.http import HttpDoor
from dispatch.records import (
    Band,
    Call,
    CloseReason,
    DeliveryState,
    OutboxState,
    Place,
    ReturnCode,
    Told911,
    WaitReason,
)
from dispatch.store import log, outbox, schema
from dispatch.store.store import Store
from dispatch.store.transaction import Transaction
from tests.boards import held_by
from tests.conftest import StillClock
from tests.flow import seat_under_load
from tests.in_step import hurry
from tests.rooms import Room

# A slow answer is one that comes later than this; the servers here answer in a few milliseconds.
READ_S = 0.25
POWER_LINE = "5704"


def make_ready() -> None:
    """Once for all seats: the lists of triage are read, and the moments that count are marked."""
    assembly.load_rules = functools.lru_cache(assembly.load_rules)  # type: ignore[assignment]
    assembly.load_rules("st-petersburg")
    assembly.HttpDoor = functools.partial(HttpDoor, read_s=READ_S, whole_s=4 * READ_S)  # type: ignore
    _mark(Transaction, "finish", before=None, after=_whose("before the commit of {}"))
    _mark_commits()
    _mark(requests.Session, "request", before=_call("before a {}"), after=_call("after a {}"))
    _mark(files, "_write_through", before=None, after=lambda *_: "between two files of a hand-over")


@dataclass(slots=True)
class Doom:
    """How many moments are left; -1 while nothing threatens."""

    left: int = -1
    line: Connection | None = None

    def pass_by(self, moment: str) -> None:
        if self.left < 0:
            return
        if self.left == 0:
            assert self.line is not None
            self.line.send(("dies", moment))
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1


DOOM = Doom()


def _whose(words: str) -> Callable[..., str]:
    return lambda tx, *_: words.format("an act" if tx.actor.person else "the syncing")


def _call(words: str) -> Callable[..., str]:
    return lambda _session, verb, *_: words.format("reading call" if verb == "GET" else "writing call")


def _mark(
    owner: Any, name: str, *, before: Callable[..., str] | None, after: Callable[..., str] | None
) -> None:
    work = getattr(owner, name)

    @functools.wraps(work)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        if before:
            DOOM.pass_by(before(*args))
        outcome = work(*args, **kwargs)
        if after:
            DOOM.pass_by(after(*args))
        return outcome

    setattr(owner, name, wrapped)


def _mark_commits() -> None:
    work = Store.transaction

    @contextmanager
    def transaction(self: Store, actor: Any, *, durable: bool = True) -> Iterator[Transaction]:
        with work(self, actor, durable=durable) as tx:
            yield tx
        DOOM.pass_by(_whose("after the commit of {}")(tx))

    Store.transaction = transaction  # type: ignore[method-assign]


class Heard(logging.Handler):
    """Warnings and worse: there should be none."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {logging.Formatter().format(record)}")


@dataclass(frozen=True, slots=True)
class Addresses:
    """All that a seat needs of the city."""

    url: str
    georeport_url: str


class Seat:
    """Acts and looks, each a method with plain values: what an operator does and what a test must know."""

    def __init__(self, folder: str, url: str, georeport_url: str, kind: str, now: int) -> None:
        self._heard = Heard()
        logging.getLogger().addHandler(self._heard)
        self._loop = asyncio.new_event_loop()
        self._clock = StillClock(now)
        city: Any = Addresses(url, georeport_url)
        inside = seat_under_load.ORGANIZATION if kind == "seeclickfix" else ""
        run = self._loop.run_until_complete
        self._room = Room(Path(folder), city, self._clock, run, kind=kind, organization=inside)
        self._parts = self._room.parts
        self._parts.follow.load()

    def die_at(self, moment: int) -> None:
        DOOM.left = moment

    def advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    def close(self) -> list[str]:
        self._room.close()
        self._loop.close()
        return self._heard.lines

    def work(self, line: Connection, gauge: str, chance: int, life: int, is_apart: bool) -> None:
        """Work until killed."""
        seat_under_load.mark(seat_under_load.Gauge(Path(gauge)))
        load = seat_under_load.Load(self._room, line.send, chance=chance, life=life, is_apart=is_apart)
        self._loop.run_until_complete(load.go())

    # -- the syncing -------------------------------------------------------------------------------------

    def sync(self) -> None:
        """One round of everything with the waits over, and what it brought on the board."""
        hurry(self._room)
        try:
            self._room.sync()
        finally:
            self._loop.run_until_complete(self._parts.follow.catch_up())

    def look_through(self) -> None:
        """With the next round the slow look through everything, too."""
        self._room.pull.hurry_sweep()

    # -- acts --------------------------------------------------------------------------------------------

    def reporters(self, site_id: int) -> tuple[str, ...]:
        """Who can be written to there."""
        requests = self._parts.detail.view(site_id).requests
        return tuple(each.request_id for each in requests if each.status != "archived")

    def members(self, site_id: int) -> tuple[str, ...]:
        return tuple(self._parts.detail.request_ids(site_id))

    def message(self, site_id: int, text: str) -> None:
        self._room.desk.message(site_id, text)

    def take_back(self, site_id: int, text: str) -> None:
        with self._room.store.reading() as connection:
            ids = [item.outbox_id for item in outbox.of_site(connection, site_id) if item.text == text]
        self._room.desk.take_back(ids)

    def close_site(self, site_id: int, text: str) -> None:
        self._room.desk.close(
            site_id, CloseReason.NO_LONGER_NEEDED, note="gone", confirmed_by="crew 4", message=text
        )

    def reopen(self, site_id: int) -> None:
        self._room.desk.reopen(site_id)

    def claim(self, site_id: int) -> None:
        self._room.desk.claim(site_id)

    def let_go(self, site_id: int) -> None:
        self._room.desk.let_go(site_id)

    def set_band(self, site_id: int, band: int) -> None:
        self._room.desk.set_band(site_id, Band(band), "seen")

    def wait(self, site_id: int) -> None:
        self._room.desk.wait(site_id, WaitReason.ACCESS)

    def snooze(self, site_id: int) -> None:
        self._room.desk.snooze(site_id, self._clock.now() + 60_000)

    def note(self, site_id: int, text: str) -> None:
        self._room.desk.internal_note(site_id, text)

    def assign(self, site_id: int, assignee: str) -> None:
        self._room.desk.assign(site_id, assignee)

    def take_call(self, text: str) -> None:
        self._room.desk.take_call(
            Call(text, service_code=POWER_LINE, place=Place(27.75, -82.65), caller="Ana")
        )

    def tell_911(self, site_id: int) -> None:
        self._room.desk.tell_911(site_id, Told911(True, self._clock.now(), "operator 7", "17-1234"))

    def made_safe(self, site_id: int) -> None:
        self._room.desk.made_safe(site_id, "Duke, crew 12")

    def merge(self, lead_id: int, other_id: int) -> None:
        self._room.desk.merge(lead_id, [other_id])

    def split(self, site_id: int, request_id: str) -> None:
        self._room.desk.split(site_id, request_id)

    def undo(self) -> None:
        self._room.desk.undo()

    def escalate(self, site_id: int) -> None:
        self._room.desk.escalate(self._room.desk.draft(site_id))

    def accept(self, number: int) -> None:
        self._room.em_desk.accept(self.escalations()[number], "crew 4")

    def hold(self, number: int) -> None:
        self._room.em_desk.hold(self.escalations()[number])

    def give_back(self, number: int) -> None:
        self._room.em_desk.give_back(self.escalations()[number], ReturnCode.WRONG_DESK)

    def close_escalation(self, number: int) -> None:
        self._room.em_desk.close(self.escalations()[number], "lane open", "crew 4")

    # -- looking -----------------------------------------------------------------------------------------

    def find(self, request_id: str) -> int:
        return self._parts.detail.find(request_id)

    def escalations(self) -> list[str]:
        """Their ids, in the order in which they were made."""
        e = schema.escalation.c
        with self._room.store.reading() as connection:
            return list(connection.execute(select(e.escalation_id).order_by(e.number)).scalars())

    def files(self) -> list[str]:
        return self._room.files()

    def answered_elsewhere(self) -> list[str]:
        """Hand-overs that somebody acknowledged before the folder had them."""
        d = schema.delivery.c
        asked = select(d.escalation_id).where(d.channel == "folder", d.state == DeliveryState.ANSWERED)
        with self._room.store.reading() as connection:
            return list(connection.execute(asked).scalars())

    def to_send(self) -> int:
        with self._room.store.reading() as connection:
            return outbox.counts(connection)[0]

    def outbox(self) -> list[tuple[str, str, str, str, int, bool]]:
        """(request, kind, text, state, tries, was held) of all that was ever to be sent, in its order."""
        o, r = schema.outbox.c, schema.request.c
        was_held = o.detail.contains("held_at")
        asked = select(r.remote_id, o.kind, o.text, o.state, o.attempts, was_held).join_from(
            schema.outbox, schema.request, o.request_key == r.request_key
        )
        with self._room.store.reading() as connection:
            return [tuple(row) for row in connection.execute(asked.order_by(o.position))]

    def taken_back(self) -> set[str]:
        return {text for _, _, text, state, *_ in self.outbox() if state == OutboxState.TAKEN_BACK}

    def acts(self) -> Counter[str]:
        """How often this seat's person did what, by the activity log."""
        line = schema.activity_log.c
        asked = select(line.act, func.count()).where(line.person != "").group_by(line.act)
        with self._room.store.reading() as connection:
            assert log.verify(connection).is_intact
            return Counter({act: int(times) for act, times in connection.execute(asked)})

    def stored(self) -> dict[str, tuple[str, int]]:
        """Status and last change of every request; each stands in one site, and none is there twice."""
        r = schema.request.c
        with self._room.store.reading() as connection:
            rows = connection.execute(select(r.remote_id, r.status, r.updated_at)).all()
            placed = connection.execute(
                select(func.count(), func.count(func.distinct(schema.membership.c.request_key)))
            ).one()
        known = [row for row in rows if row.remote_id is not None]
        assert len({row.remote_id for row in known}) == len(known)
        assert placed == (len(rows), len(rows))
        return {row.remote_id: (row.status, row.updated_at) for row in known}

    def requests(self) -> int:
        with self._room.store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(schema.request)).scalar_one())

    def threads(self) -> dict[str, list[str]]:
        """The words of the messages that are stored."""
        m, r = schema.message.c, schema.request.c
        asked = select(r.remote_id, m.text).join_from(
            schema.message, schema.request, m.request_key == r.request_key
        )
        found: dict[str, list[str]] = {}
        with self._room.store.reading() as connection:
            for request_id, text in connection.execute(asked):
                found.setdefault(request_id, []).append(text)
        return found

    def on_the_board(self, request_ids: Sequence[str]) -> dict[str, tuple[int, str, int]]:
        """(state, its reason, flags) of the site of each request, as the board in memory shows it."""
        board, shown = self._parts.board, {}
        for request_id in request_ids:
            row = board.row(self.find(request_id))
            if row >= 0:
                shown[request_id] = (int(board.state[row]), board.state_reason[row], int(board.flags[row]))
        return shown

    def reports_on_the_board(self) -> int:
        return self._parts.board.report_count

    def log_head(self) -> str:
        with self._room.store.reading() as connection:
            proof = log.verify(connection)
        assert proof.is_intact
        return proof.head

    def is_cut_from(self, head: str) -> bool:
        """Does the log lack a line that it once ended with?"""
        with self._room.store.reading() as connection:
            return not log.verify(connection, head=head).is_intact

    def stale_on_the_board(self) -> list[str]:
        """Where the board that followed every change differs from one that is loaded anew."""
        fresh = Board(promise_ms=self._parts.judge.promises())
        Follow(store=self._room.store, board=fresh, workers=self._parts.workers).load()
        kept, anew = held_by(self._parts.board), held_by(fresh)
        return [
            f"site {key}: {kept.get(key)} but {anew.get(key)}"
            for key in sorted({*kept, *anew})
            if kept.get(key) != anew.get(key)
        ]


def live(line: Connection) -> None:
    """Do as told until the line ends."""
    DOOM.left, DOOM.line = -1, line
    seat: Seat | None = None
    while True:
        try:
            message = line.recv()
        except EOFError:
            return
        try:
            if seat is None:
                seat = Seat(*message)
                answer: Any = os.getpid()
            else:
                what, args = message
                answer = getattr(seat, what)(*((line, *args) if what == "work" else args))
        except (ActRefused, LandfallError) as error:
            line.send(("refused", str(error)))
        except BaseException:
            line.send(("broke", traceback.format_exc()))
        else:
            line.send(("did", answer))
