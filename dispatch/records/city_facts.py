"""What the city can tell a resident beside the reply: shelters with room, closures, numbers to give."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from dispatch.records.states import Millis


class FactKind(StrEnum):
    SHELTER = "shelter"
    CLOSURE = "closure"
    NUMBER = "number"


class ShelterState(StrEnum):
    OPEN = "open"
    FULL = "full"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class CityFactDraft:
    """What a person enters. `value` is a shelter's state, what of a road or bridge is closed, or the number
    itself; `room` is how many more a shelter takes, None where nobody has said; `source` is who said so;
    `until_at` is 0 where it has no end."""

    kind: FactKind
    name: str
    value: str
    room: int | None = None
    note: str = ""
    source: str = ""
    until_at: Millis = 0


@dataclass(frozen=True, slots=True)
class CityFact:
    """As it stands: who entered it, and when."""

    fact_id: str
    said: CityFactDraft
    person: str
    position: str
    at: Millis


@dataclass(frozen=True, slots=True)
class ListedShelter:
    """A shelter of the map's layer: that it is on a list says nothing of whether it is open."""

    name: str
    kind: str
    address: str
    spaces: int
    source: str


@dataclass(frozen=True, slots=True)
class CityNumber:
    """A number to give, as the city's own file has it; empty where the city has not entered it."""

    name: str
    number: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CityFacts:
    """Everything that can be told now: what is listed, and what people have said of it."""

    shelters: tuple[ListedShelter, ...] = ()
    numbers: tuple[CityNumber, ...] = ()
    said: tuple[CityFact, ...] = ()
