"""The rack card: how to report storm damage, a side for each language. Its words are data of the city's."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from dispatch.errors import SettingsBroken
from dispatch.jurisdiction import Jurisdiction
from dispatch.resources import resource

NAME = "Rack card"
EMERGENCY = "{emergency}"


@dataclass(frozen=True, slots=True)
class SideWords:
    """One side as the file has it, in its language."""

    language: str
    is_read: bool
    title: str
    danger: str
    danger_note: str
    wires: str
    wires_note: str
    how: str
    app: str
    phone: str
    web: str
    say: str
    next: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """`ways` are (way, address), an empty address is a line for a pen."""

    language: str
    title: str
    danger: str
    danger_note: str
    wires: str
    wires_note: str
    how: str
    ways: tuple[tuple[str, str], ...]
    say: str
    next: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RackCard:
    """`unread` are the languages of sides that no speaker has read yet."""

    city: str
    is_exercise: bool
    sides: tuple[Side, ...]
    unread: tuple[str, ...]


def load_sides(path: Path | None = None) -> tuple[SideWords, ...]:
    """Raises SettingsBroken where a city's own words leave something out."""
    path = path or resource("outreach", "rack_card.toml")
    try:
        said = tomllib.loads(path.read_text("utf-8"))["sides"]
        sides = tuple(SideWords(**{**each, "steps": tuple(each["steps"])}) for each in said)
    except (KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise SettingsBroken(f"{path.name}: {error}. Each side has {_names()}.") from error
    if not sides:
        raise SettingsBroken(f"{path.name} has no side.")
    return sides


def fill(sides: tuple[SideWords, ...], jurisdiction: Jurisdiction, *, is_exercise: bool) -> RackCard:
    return RackCard(
        city=jurisdiction.name,
        is_exercise=is_exercise,
        sides=tuple(_side(each, jurisdiction) for each in sides),
        unread=tuple(each.language for each in sides if not each.is_read),
    )


def ways(side: SideWords, jurisdiction: Jurisdiction) -> tuple[tuple[str, str], ...]:
    reporting = jurisdiction.reporting
    return ((side.app, reporting.app), (side.phone, reporting.phone), (side.web, reporting.web))


def with_number(words: str, jurisdiction: Jurisdiction) -> str:
    return words.replace(EMERGENCY, jurisdiction.emergency_number)


def _side(side: SideWords, jurisdiction: Jurisdiction) -> Side:
    return Side(
        language=side.language,
        title=side.title,
        danger=with_number(side.danger, jurisdiction),
        danger_note=with_number(side.danger_note, jurisdiction),
        wires=side.wires,
        wires_note=side.wires_note,
        how=side.how,
        ways=ways(side, jurisdiction),
        say=side.say,
        next=side.next,
        steps=side.steps,
    )


def _names() -> str:
    return ", ".join(each.name for each in fields(SideWords))
