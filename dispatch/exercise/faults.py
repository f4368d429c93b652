"""What a test or an instructor wants to go wrong: by chance (rates) or with the next calls."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from random import Random
from typing import Any


class Fault(StrEnum):
    TOO_MANY = "429"
    BROKEN = "500"
    AWAY = "503"
    SLOW = "slow"
    RESET = "reset"
    LOSE_ANSWER = "lose-answer-after-doing-it"
    TRUNCATED = "truncated"
    NONSENSE = "nonsense"
    HTML = "html"
    EMPTY = "empty"
    DUPLICATE = "duplicate"
    SHIFT_PAGES = "shift-pages"
    MODERATED = "moderated"


# These mean something only where something is done, or where a list is read; other calls leave them waiting.
WRITES_ONLY = frozenset({Fault.LOSE_ANSWER, Fault.MODERATED})
LISTS_ONLY = frozenset({Fault.DUPLICATE, Fault.SHIFT_PAGES})
SLOW_S = 20.0


class BadFaults(ValueError):
    """What was asked for cannot be understood: str() is the sentence to answer."""


class Faults:
    def __init__(self, random: Random, *, wall: Callable[[], float] = time.monotonic) -> None:
        self._random = random
        self._wall = wall
        self._rates: dict[Fault, float] = {}
        self._next: list[Fault] = []
        self._until: float | None = None
        self.slow_s = SLOW_S
        self.has_etags = True
        # How often each went wrong since the start.
        self.played: Counter[Fault] = Counter()

    def say(self) -> dict[str, Any]:
        rates = {fault.value: rate for fault, rate in self._rates.items()}
        played = {fault.value: times for fault, times in self.played.items()}
        return {
            "rates": rates,
            "next": self._next,
            "seconds": self.slow_s,
            "etags": self.has_etags,
            "played": played,
        }

    def set(self, wish: Any) -> None:
        """`rates` replace those before, `next` are added behind those still waiting. `seconds` is how long
        "slow" keeps a caller waiting where it is among them, and otherwise how long the rates hold."""
        if not isinstance(wish, dict):
            raise BadFaults('Faults are an object, like {"rates": {"429": 0.1}, "next": ["reset"]}.')
        if unknown := sorted(set(wish) - {"rates", "next", "seconds", "etags"}):
            raise BadFaults(f"Faults know rates, next, seconds and etags, not {unknown[0]}.")
        rates = _rates(wish.get("rates", {}))
        following = _names(wish.get("next", []))
        seconds = wish.get("seconds")
        if seconds is not None and not (_is_number(seconds) and seconds >= 0):
            raise BadFaults("seconds is a number, 0 or more.")
        is_slowness = Fault.SLOW in rates or Fault.SLOW in following
        if seconds is not None and is_slowness:
            self.slow_s = float(seconds)
        if "rates" in wish:
            self._rates = rates
            self._until = None if seconds is None or is_slowness else self._wall() + seconds
        self._next += following
        self.has_etags = bool(wish.get("etags", self.has_etags))

    def draw(self, *, is_write: bool, is_list: bool = False) -> Fault | None:
        """What goes wrong with this call."""
        out_of_place = (frozenset() if is_write else WRITES_ONLY) | (frozenset() if is_list else LISTS_ONLY)
        fault = self._drawn(out_of_place)
        if fault is not None:
            self.played[fault] += 1
        return fault

    def _drawn(self, out_of_place: Collection[Fault]) -> Fault | None:
        for fault in self._next:
            if fault not in out_of_place:
                self._next.remove(fault)
                return fault
        if self._until is not None and self._wall() > self._until:
            self._rates, self._until = {}, None
        for fault, rate in self._rates.items():
            if fault not in out_of_place and self._random.random() < rate:
                return fault
        return None


def _rates(wish: Any) -> dict[Fault, float]:
    if not isinstance(wish, Mapping):
        raise BadFaults('rates is an object, like {"429": 0.1}.')
    rates = {_fault(name): rate for name, rate in wish.items()}
    for fault, rate in rates.items():
        if not (_is_number(rate) and 0 <= rate <= 1):
            raise BadFaults(f"The rate of {fault.value} is a number from 0 to 1.")
    return rates


def _names(wish: Any) -> list[Fault]:
    if not isinstance(wish, list):
        raise BadFaults('next is a list of names, like ["reset", "503"].')
    return [_fault(name) for name in wish]


def _fault(name: Any) -> Fault:
    try:
        return Fault(str(name))
    except ValueError:
        raise BadFaults(f"There is no fault called {name}; there are {', '.join(Fault)}.") from None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
