"""A report in the making: what a generated storm decides about it before it becomes a row."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from math import cos, pi, radians, sin
from pathlib import Path
from random import Random

from dispatch.exercise.script import ANONYMOUS, Person
from dispatch.records import Millis

DEGREES_PER_M = 1 / 111_320


@dataclass(frozen=True, slots=True)
class Spot:
    neighborhood: str
    lat: float
    lng: float
    water: int = 0


@dataclass(slots=True)
class Draft:
    """A report in the making."""

    at: Millis
    kind: str
    spot: Spot
    heap: str = "plain"
    words: str = ""
    code: int = 0
    reporter: Person = ANONYMOUS
    is_typed: bool = False
    is_life: bool = False
    is_ordinary: bool = False
    has_place: bool = True
    is_untyped: bool = False
    parent: Draft | None = None


def spots(path: Path) -> list[Spot]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Spot(row["neighborhood"], float(row["lat"]), float(row["lng"]), int(row["water"]))
            for row in csv.DictReader(file)
        ]


def beside(random: Random, spot: Spot, within_m: float) -> Spot:
    far, turn = within_m * DEGREES_PER_M * random.random(), 2 * pi * random.random()
    lat = spot.lat + far * sin(turn)
    return Spot(spot.neighborhood, lat, spot.lng + far * cos(turn) / cos(radians(lat)), spot.water)


def dealt(random: Random, count: int, mix: Mapping[str, float]) -> list[str]:
    """So many of each as its share says, to the whole, in any order."""
    dealt = [name for name, share in mix.items() for _ in range(round(share * count))]
    dealt = (dealt + [max(mix, key=lambda name: mix[name])] * count)[:count]
    random.shuffle(dealt)
    return dealt
