"""A day shift of the Irma exercise, played by two people over the real city: what packs are tested on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import text

from dispatch import assembly
from dispatch.alarms import Kind
from dispatch.board import Board
from dispatch.records import (
    DUTY_OFFICER,
    Band,
    CloseReason,
    Escalation,
    Flag,
    ReturnCode,
    ShelfReason,
    Told911,
    WaitReason,
)
from dispatch.shift.desk import ShiftDesk
from dispatch.store import sites
from tests.city import City
from tests.rooms import Room

HOUR_MS = 3_600_000
MINUTE_MS = 60_000


class PlayedShift:
    """`room` after a shift: claims, bands, waits, closes, hand-overs in every state. `since` is when the last
    shift had handed over."""

    def __init__(
        self, folder: Path, city: City, clock: Any, run: Callable[..., Any], *, store_url: str = ""
    ) -> None:
        self.city, self.clock = city, clock
        self.room = Room(folder, city, clock, run, store_url=store_url, person="A. Cole")
        self.room.sync()
        self.room.em_desk.take_desk(DUTY_OFFICER, "N. Ward")
        self.since, self.last_old = 0, 0
        self.shut: list[int] = []
        self.before: dict[int, Any] = {}
        self.items: dict[str, Escalation] = {}

    def desk(self, person: str = "A. Cole", position: str = "Supervisor", **more: Any) -> ShiftDesk:
        """As somebody at this seat, or at another one over the same store."""
        parts = self.room.parts
        return ShiftDesk(
            store=parts.store,
            actor=lambda: replace(parts.actor, person=person, position=position, **more),
            jurisdiction=parts.jurisdiction,
            folder=parts.folder,
            wall_now=clock_of(assembly.WALL_CLOCK),
            weather=parts.feeds.weather,
        )

    def board(self) -> Board:
        board = Board(promise_ms={})
        with self.room.store.reading() as connection:
            board.apply(sites.board_rows(connection), sites.board_reports(connection))
        return board

    def rows(self) -> dict[int, Any]:
        """Each site as SQL has it now: band, state, reason, marks, reports."""
        words = "SELECT site_id, band, state, state_reason, own_flags, reports FROM site"
        with self.room.store.reading() as connection:
            return {row.site_id: row for row in connection.execute(text(words))}

    def go_on(self, hours: float = 0, minutes: float = 0) -> None:
        self.city.clock(forward_s=hours * 3600 + minutes * 60)
        self.clock.advance(hours=hours, minutes=minutes)
        self.room.sync()

    def open_of(self, band: Band) -> list[int]:
        """The best of the queue first; none that is handed over, waits or is held by somebody."""
        board = self.board()
        rows = board.order(np.flatnonzero(board.is_open() & (board.band == band) & (board.state < 2)))
        ids = [int(board.site_id[row]) for row in rows]
        return [each for each in ids if each not in board.claims and each not in board.hand_overs]

    def escalate(self, name: str, site_id: int, **changes: Any) -> Escalation:
        draft = self.room.desk.draft(site_id)
        self.items[name] = self.room.desk.escalate(replace(draft, **changes))
        return self.items[name]

    def play(self) -> None:
        """From the hand-over of the morning to ten minutes before the evening's."""
        self.shut = self.open_of(Band.P4)[:2]
        for site_id in self.shut:
            self.room.desk.close(site_id, CloseReason.FIXED_CONFIRMED)
        first = self.desk("M. Night")
        pack = first.make()
        self.since, self.last_old = pack.at, max(self.board().site_id.tolist())
        self.before = self.rows()
        given = first.hand_over(pack, pack.remarks, "A. Cole", "Supervisor")
        self.desk("A. Cole").confirm(given, "A. Cole", "Supervisor")
        self.go_on(hours=4)
        self._act()
        self.go_on(hours=4, minutes=20)
        self._act_late()

    def _act(self) -> None:
        room, desk, em = self.room, self.room.desk, self.room.em_desk
        first, second, third = (self.open_of(band) for band in (Band.P1, Band.P2, Band.P3))
        desk.claim(first[0])
        desk.tell_911(first[1], Told911(False, self.clock.now(), "", ""))
        for name, site_id in zip(("sent", "under way", "held", "returned"), first[2:6], strict=True):
            self.escalate(name, site_id, told_911=Told911(True, self.clock.now(), "Ana", f"17-{site_id}"))
        em.resource(self.items["under way"].escalation_id, "Medic 4", self.clock.now() + 5 * HOUR_MS)
        em.hold(self.items["held"].escalation_id)
        em.give_back(self.items["returned"].escalation_id, ReturnCode.NO_RESOURCE)
        self.escalate(
            "need by", second[0], need_by_at=self.clock.now() + 9 * HOUR_MS, effect_needed="One lane"
        )
        em.accept(self.items["need by"].escalation_id)
        desk.claim(second[1])
        desk.set_band(second[2], Band.P1)
        wires = self._wires()
        for site_id in wires[:3]:
            desk.wait(site_id, WaitReason.UTILITY_FIRST)
        desk.tell_utility(wires[0], "DE-4471")
        desk.made_safe(wires[1], "Duke Energy")
        for site_id in third[:6]:
            desk.close(site_id, CloseReason.FIXED_CONFIRMED)
        desk.close(third[6], CloseReason.SPAM)
        old = [each for each in sorted(self.open_of(Band.P4)) if each <= self.last_old]
        desk.merge(old[0], [old[1]])
        desk.suspend("fire", self.clock.now(), "Wind 52 mph.", self.clock.now() + 2 * HOUR_MS)
        room.parts.alarm_desk.shelve(Kind.SYNC_LOST, 0, ShelfReason.KNOWN_FAULT, 20)

    def _act_late(self) -> None:
        desk, em = self.room.desk, self.room.em_desk
        em.expire_overdue()
        second, third = self.open_of(Band.P2), self.open_of(Band.P3)
        desk.snooze(third[0], self.clock.now() + 3 * HOUR_MS)
        desk.snooze(third[1], self.clock.now() + 30 * HOUR_MS)
        desk.reopen(self.shut[0])
        self.escalate("late", second[0])
        desk.set_band(second[1], Band.P3, "looked at, passable")

    def _wires(self) -> list[int]:
        board = self.board()
        free = board.is_open() & ((board.flags & Flag.WIRE) > 0) & (board.state < 2) & (board.band > Band.P1)
        ids = board.site_id[board.order(np.flatnonzero(free))].tolist()
        return [each for each in ids if each not in board.claims and each not in board.hand_overs]

    def close(self) -> None:
        self.room.close()


def clock_of(clock: Any) -> Callable[[], int]:
    return lambda: int(clock.now())
