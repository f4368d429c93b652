"""Outreach: going to a neighborhood that is not heard, by whom and when, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class OutreachKind(StrEnum):
    EXPO = "expo"
    DRIVE_THROUGH = "drive_through"
    MEETING = "meeting"
    DOOR = "door"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Material:
    """So many pieces of paper in one language."""

    language: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutreachDraft:
    """What a person enters. `area` is a neighborhood's name, empty for land outside of all; `place` says
    where in it. `reached` is None where nobody counted, `due_at` 0 where the next step has no time."""

    kind: OutreachKind
    area: str
    at: Millis
    place: str = ""
    partner: str = ""
    reached: int | None = None
    materials: tuple[Material, ...] = ()
    owner: str = ""
    next_step: str = ""
    due_at: Millis = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outreach:
    """An entry as it stands: `corrects` is the one it stands in for, empty where it is the first."""

    outreach_id: str
    said: OutreachDraft
    person: str
    position: str
    seat: str
    recorded_at: Millis
    corrects: str = ""


@dataclass(frozen=True, slots=True)
class Voices:
    """Of some areas in a time: reports, accounts that made them, and reports of no known account."""

    reports: int
    reporters: int
    without_account: int
