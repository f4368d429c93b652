"""From the ledger's states to the requests a caller is shown, the way the quirks that are on have them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dispatch.exercise import georeport_names as names
from dispatch.exercise import georeport_wire as wire
from dispatch.exercise.georeport_bends import ALL, SOME, Bent, Request, is_bent
from dispatch.exercise.ledger import Ledger
from dispatch.exercise.quirks import Quirks
from dispatch.exercise.script import STAFF
from dispatch.records import Millis

State = dict[str, Any]
# Rows of the city next door: ours, a degree further north.
NEIGHBOURS_FROM = 900_000_000_000


class Rows:
    def __init__(self, ledger: Ledger, quirks: Quirks) -> None:
        self._ledger = ledger
        self._quirks = quirks

    @property
    def services(self) -> list[names.Service]:
        return names.services(self._ledger.storm.types, self._quirks.settings.codes)

    @property
    def offered(self) -> list[names.Service]:
        """What the public may report under now."""
        off = self._ledger.not_offered
        return [
            each for each in self.services if not each.request_type or each.request_type.type_id not in off
        ]

    @property
    def zone(self) -> tzinfo:
        """Whose time is written."""
        zone = self._quirks.settings.zone
        return ZoneInfo(zone) if zone else self._ledger.storm.zone

    def named(self, number: int) -> str | int:
        return names.request_id(number, self._quirks.settings.ids)

    # States

    def states(self, numbers: Iterable[int]) -> list[State]:
        """Also of the neighbours', while their rows come along."""
        asked = list(numbers)
        own = [number - NEIGHBOURS_FROM if self._is_foreign(number) else number for number in asked]
        seen = f"id IN ({marks(own)}) AND {self._ledger.public}"
        found = self._ledger.rows(f"SELECT state FROM issue WHERE {seen}", own)
        kept = {state["issue_id"]: state for (each,) in found if (state := orjson.loads(each))}
        pairs = [(kept.get(mine), number != mine) for number, mine in zip(asked, own, strict=True)]
        return [_foreign(state) if is_foreign else state for state, is_foreign in pairs if state]

    def _is_foreign(self, number: int) -> bool:
        return number >= NEIGHBOURS_FROM and self._quirks.has("Q47")

    def with_strangers(self, states: list[State]) -> list[State]:
        """A list as it comes: with rows of the city next door, and with rows that a late copy of the data
        still knows as they were."""
        shown = list(states)
        if self._quirks.has("Q47"):
            shown = []
            for state in states:
                shown += [state, _foreign(state)] if is_bent(state["issue_id"], "Q47") else [state]
        if self._quirks.has("Q66"):
            shown += [_as_born(state) for state in states if is_bent(state["issue_id"], "Q66")]
        return shown

    # What is shown of them

    def shown(self, states: list[State], origin: str, *, has_more: bool = False) -> list[Request]:
        """`has_more` adds what the argument extensions=true asks for."""
        storm, numbers = self._ledger.storm, [state["issue_id"] for state in states]
        lines = self._lines_of_the_city(numbers)
        answers = self._answers(numbers) if has_more else {}
        services = {each.request_type.type_id: each for each in self.services if each.request_type}
        other, zone = self.services[-1], self.zone
        shown = []
        for state in states:
            number = state["issue_id"]
            service = services.get(state["type_id"], other)
            said = [] if "is_late" in state else lines.get(number, [])
            row = wire.request(
                state,
                request_id=self.named(number),
                code=service.code,
                name=service.name,
                agency=storm.organization if service.request_type else None,
                note=said[-1][1] if said else None,
                zone=zone,
                origin=origin,
            )
            if has_more:
                row["attributes"] = answers.get(number, [])
                row["notes"] = [_note(at, text, zone) for at, text in said]
            shown.append(row)
        return self._bent(states, shown, origin)

    def _bent(self, states: list[State], shown: list[Request], origin: str) -> list[Request]:
        on = self._quirks.on
        for_all = [bend for quirk, bend in ALL.items() if quirk in on]
        for_some = [(quirk, bend) for quirk, bend in SOME.items() if quirk in on]
        if for_all or for_some:
            zone, eldest = self.zone, self.named(self._eldest())
            for state, row in zip(states, shown, strict=True):
                bent = Bent(state, zone, origin, eldest)
                for bend in for_all:
                    bend(row, bent)
                for quirk, bend in for_some:
                    if is_bent(bent.number, quirk):
                        bend(row, bent)
        return [_with_unknown(row, self._quirks.settings.unknown) for row in shown]

    def waiting(self, now: Millis, origin: str, example: Request | None) -> list[Request]:
        """Rows nobody can name yet: with a token alone where a caller holds it, and one with neither."""
        states = self._ledger.waiting(now)
        rows = self._bent(states, self.shown(states, origin), origin)
        for row, state in zip(rows, states, strict=True):
            row["token"] = names.token(state["issue_id"])
        for row in (nameless := [dict(example)] if example else []):
            row.pop("token", None)
        for row in (*rows, *nameless):
            row.pop("service_request_id", None)
        return [*rows, *nameless]

    def _lines_of_the_city(self, numbers: list[int]) -> dict[int, list[tuple[Millis, str]]]:
        """The city's words on each: what a resident says is no note on the status."""
        storm = self._ledger.storm
        city = [person.person_id for person in (storm.office, storm.member, *STAFF)]
        sql = (
            f"SELECT issue_id, at, text FROM comment WHERE issue_id IN ({marks(numbers)})"
            f" AND author_id IN ({marks(city)}) AND text <> '' ORDER BY at, id"
        )
        lines: dict[int, list[tuple[Millis, str]]] = {}
        for number, at, text in self._ledger.rows(sql, (*numbers, *city)):
            lines.setdefault(number, []).append((at, text))
        return lines

    def _answers(self, numbers: list[int]) -> dict[int, Any]:
        sql = f"SELECT issue_id, answers FROM answered WHERE issue_id IN ({marks(numbers)})"
        return {number: orjson.loads(body) for number, body in self._ledger.rows(sql, numbers)}

    def _eldest(self) -> int:
        return int(self._ledger.rows("SELECT coalesce(min(id), 0) FROM issue")[0][0])


def _foreign(state: Mapping[str, Any]) -> State:
    lat = None if state["lat"] is None else state["lat"] + 1
    number = state["issue_id"] + NEIGHBOURS_FROM
    return {**state, "issue_id": number, "lat": lat, "address": "Next door", "has_photo": False}


def _as_born(state: Mapping[str, Any]) -> State:
    return {**state, "status": "Open", "updated_at": state["created_at"], "is_late": True}


def _note(at: Millis, text: str, zone: tzinfo) -> dict[str, str]:
    return {"datetime": wire.local_time(at, zone), "description": text, "type": "follow_on"}


def _with_unknown(row: Request, unknown: str) -> Request:
    if unknown == "null":
        return row
    if unknown == "empty":
        return {name: "" if value is None else value for name, value in row.items()}
    return {name: value for name, value in row.items() if value is not None}


def marks(values: list[Any]) -> str:
    return ", ".join("?" * len(values))
