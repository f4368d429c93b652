"""The exercise as a whole: its storm, clock, chance and ledger, and the few acts that need all of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random
from typing import Any

from dispatch.clock import Reading, StormClock
from dispatch.exercise.issue import Issue
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.script import (
    ANONYMOUS,
    Kind,
    Person,
    RequestType,
    Row,
    Step,
    first_minute,
    whole_second,
)
from dispatch.exercise.times import storm_time, wire_time
from dispatch.records import Millis

# A server that was away for less than this had an outage, and the storm went on without it. After longer
# the exercise had been put away: it goes on where it stood.
OUTAGE_MS = 3_600_000
HELD_FOR_S = (60, 300)
# A day of storm in a second: beyond it nobody can follow, and numbers end somewhere.
FASTEST = 86_400


class Office:
    def __init__(self, ledger: Ledger, clock: StormClock, random: Random) -> None:
        self.ledger = ledger
        self.clock = clock
        self.random = random

    @property
    def stamp(self) -> Millis:
        """Now, as the server writes it down."""
        return whole_second(self.clock.now())

    def go_on(self) -> None:
        self.ledger.advance(self.clock.now())

    def set_clock(self, *, now: Millis | None, speed: float | None, paused: bool | None) -> None:
        was = self.clock.reading
        self.clock.set(
            Reading(
                now=self.clock.now() if now is None else now,
                speed=was.speed if speed is None else speed,
                paused=was.paused if paused is None else paused,
            )
        )
        self.keep_clock()
        self.go_on()

    def keep_clock(self) -> None:
        """What a restart needs to know."""
        reading = self.clock.reading
        kept = {"now": self.clock.now(), "speed": reading.speed, "paused": reading.paused, "wall": wall_now()}
        self.ledger.say_about("clock", kept)

    def report(
        self,
        *,
        summary: str,
        description: str,
        address: str,
        lat: float | None,
        lng: float | None,
        request_type: RequestType | None,
        reporter: Person = ANONYMOUS,
        has_photo: bool = False,
        is_private: bool = False,
        is_held: bool = False,
    ) -> int:
        """A report that comes in now, from a caller of the API or from the instructor. A held one is entered
        now and shows when a moderator has read it."""
        now = self.stamp
        shown_at = now + self.random.randint(*HELD_FOR_S) * 1000 if is_held else now
        row = Row(
            request_id=self.ledger.new_issue_id(),
            created_at=now,
            summary=summary or (request_type.title if request_type else ""),
            description=description,
            address=address,
            lat=lat,
            lng=lng,
            type_id=request_type.type_id if request_type else None,
            reporter=reporter,
            has_photo=has_photo,
            is_private=is_private,
            steps=first_minute(self.random, shown_at),
        )
        self.ledger.add(row, at=shown_at if is_held else None)
        return row.request_id

    def is_offered(self, request_type: RequestType) -> bool:
        return request_type.type_id not in self.ledger.not_offered

    def act(self, issue: Issue, kind: Kind, text: str, author: Person) -> int | None:
        return self.ledger.take(issue, Step(self.stamp, kind, text, author))

    def assign(self, issue: Issue, to: Person) -> None:
        """It leaves one line in public, by the city itself."""
        issue.assignee = to
        city = self.ledger.storm.office
        self.act(issue, Kind.COMMENT, f"{city.name} assigned this issue to {to.name}", city)

    def recategorize(self, issue: Issue, request_type: RequestType) -> None:
        issue.type_id = request_type.type_id
        issue.updated_at = max(issue.updated_at, self.stamp)
        self.ledger.change(issue)

    def mark_as_duplicate(self, issue: Issue, canonical_id: int) -> None:
        """Archived for good, with a line that names the one that stays."""
        issue.canonical_id = canonical_id
        words = f"This is a duplicate of issue {canonical_id}"
        self.act(issue, Kind.ARCHIVE, words, self.ledger.storm.office)

    def vote(self, issue: Issue, votes: int) -> None:
        issue.rating += votes
        self.ledger.take(issue, Step(self.stamp, Kind.TOUCH))

    def hold_back(self, issue: Issue, kind: Kind, text: str, author: Person) -> None:
        """Kept for a moderator to read: it appears a little later."""
        at = self.stamp + self.random.randint(*HELD_FOR_S) * 1000
        self.ledger.take_later(issue.issue_id, Step(at, kind, text, author))

    def truth(self) -> dict[str, Any]:
        """What a client ought to have by now."""
        messages: dict[int, list[dict[str, Any]]] = {}
        for number, issue_id, author_id, text, at in self.ledger.rows(
            "SELECT id, issue_id, author_id, text, at FROM comment ORDER BY at, id"
        ):
            line = {"id": number, "author_id": author_id, "text": text, "at": wire_time(at)}
            messages.setdefault(issue_id, []).append(line)
        inside = self._inside()
        requests = []
        for issue_id, source_id, status, updated_at, raw_status in self.ledger.rows(
            "SELECT id, source_id, status, updated_at, raw_status FROM issue ORDER BY id"
        ):
            request = {
                "id": issue_id,
                "source_id": source_id,
                "status": status,
                "updated_at": wire_time(updated_at),
                "messages": messages.get(issue_id, []),
            }
            if raw_status is not None:
                request["raw_status"] = raw_status
            requests.append(request | inside.get(issue_id, {}))
        categories = [
            {"id": each.type_id, "title": each.title, "active": self.is_offered(each)}
            for each in self.ledger.storm.types
        ]
        return {"now": storm_time(self.clock.now()), "requests": requests, "categories": categories}

    def _inside(self) -> dict[int, dict[str, Any]]:
        """What no public face may ever show: private issues and internal comments, apart from all else."""
        found: dict[int, dict[str, Any]] = {
            issue_id: {"is_private": True} for (issue_id,) in self.ledger.rows("SELECT issue_id FROM private")
        }
        for number, issue_id, author_id, text, at in self.ledger.rows(
            "SELECT id, issue_id, author_id, text, at FROM internal ORDER BY at, id"
        ):
            line = {"id": number, "author_id": author_id, "text": text, "at": wire_time(at)}
            found.setdefault(issue_id, {}).setdefault("internal", []).append(line)
        return found


def reopened_clock(kept: dict[str, Any], *, wall: Callable[[], Millis] | None = None) -> StormClock:
    """The clock of an exercise that is started again on its own data."""
    away = (wall or wall_now)() - kept["wall"]
    passed = away * kept["speed"] if 0 < away <= OUTAGE_MS and not kept["paused"] else 0
    return StormClock(Reading(now=kept["now"] + round(passed), speed=kept["speed"], paused=kept["paused"]))


def wall_now() -> Millis:
    return time.time_ns() // 1_000_000
