"""The quirk switch: which of the things real 311 servers do this server does, row by row of the table."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass
from typing import Any

from dispatch.exercise.quirk_settings import NAMES, BadSetting, Settings, with_wishes
from dispatch.exercise.quirk_table import IMPLIED, PROFILES, ROWS

SPEC = "spec"


class BadQuirks(ValueError):
    """What was asked for cannot be understood: str() is the sentence to answer."""


@dataclass(frozen=True, slots=True)
class State:
    profile: str
    on: frozenset[str]
    settings: Settings


class Quirks:
    def __init__(self) -> None:
        self._state = _of_profile(SPEC)

    @property
    def settings(self) -> Settings:
        return self._state.settings

    @property
    def on(self) -> frozenset[str]:
        return self._state.on

    def has(self, quirk: str) -> bool:
        return quirk in self._state.on

    def say(self) -> dict[str, Any]:
        """Also what `set` takes to come back to the same."""
        on = {quirk: says for quirk, says in ROWS.items() if quirk in self._state.on}
        off = [quirk for quirk in PROFILES[self._state.profile][0] if quirk not in self._state.on]
        return {"profile": self._state.profile, "on": on, "off": off, **asdict(self._state.settings)}

    def set(self, wish: Any) -> None:
        """A profile replaces everything before; then rows go on and off; single settings have the last word.
        All of it or, with BadQuirks, none."""
        if not isinstance(wish, dict):
            raise BadQuirks('Quirks are an object, like {"on": ["Q4"], "cap": 50}.')
        if unknown := sorted(set(wish) - {"on", "off", "profile", *NAMES}):
            raise BadQuirks(f"Quirks know on, off, profile, {', '.join(NAMES)}, not {unknown[0]}.")
        state = _of_profile(wish["profile"]) if "profile" in wish else self._state
        off, on = _rows(wish, "off"), _rows(wish, "on")
        base = _of_profile(state.profile, without=off).settings
        settings = state.settings
        for quirk in off:
            settings = with_wishes(settings, {name: getattr(base, name) for name in IMPLIED.get(quirk, {})})
        for quirk in on:
            settings = with_wishes(settings, IMPLIED.get(quirk, {}))
        try:
            settings = with_wishes(settings, {name: wish[name] for name in NAMES if name in wish})
        except BadSetting as error:
            raise BadQuirks(str(error)) from None
        self._state = State(state.profile, (state.on - set(off)) | set(on), settings)


def _of_profile(name: Any, *, without: Collection[str] = ()) -> State:
    if name not in PROFILES:
        raise BadQuirks(f"There is no profile {name}; there are {', '.join(PROFILES)}.")
    rows, wishes = PROFILES[name]
    on = [quirk for quirk in rows if quirk not in without]
    settings = Settings()
    for quirk in on:
        settings = with_wishes(settings, IMPLIED.get(quirk, {}))
    return State(name, frozenset(on), with_wishes(settings, wishes))


def _rows(wish: dict[str, Any], name: str) -> list[str]:
    """Names of rows; an object's keys are as good as a list."""
    asked = wish.get(name, [])
    if not isinstance(asked, list | dict):
        raise BadQuirks(f'{name} is a list of rows, like ["Q4", "Q61"].')
    for quirk in asked:
        if quirk not in ROWS:
            raise BadQuirks(f"There is no quirk {quirk} to switch.")
    return list(asked)
