"""On which screen the wall stands, also after one was unplugged; never over the console."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect
from PySide6.QtGui import QScreen

from ui.wall.letters import Glass

_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class Screen:
    """One that is plugged in. `screen` is Qt's own, None where there is none behind it."""

    name: str
    model: str
    serial: str
    box: QRect
    glass: Glass
    screen: QScreen | None = None

    @property
    def key(self) -> str:
        """What it is known again by: a cable may be put into another socket."""
        return _BETWEEN.join(
            part.replace(_BETWEEN, " ").strip() for part in (self.model, self.serial, self.name)
        )


@dataclass(frozen=True, slots=True)
class Place:
    """`waits` is for a screen that is not there just now."""

    screen: Screen
    is_full: bool
    waits: bool = False


def seen(screen: QScreen) -> Screen:
    box, size = screen.geometry(), screen.physicalSize()
    glass = Glass(box.width(), box.height(), size.width(), size.height())
    return Screen(screen.name(), screen.model(), screen.serialNumber(), box, glass, screen)


def known_again(key: str, screens: Sequence[Screen]) -> Screen | None:
    """The same one in the same socket, else the same one in another. One without a serial number is known by
    its socket alone: the next one of its model may be what an operator works at."""
    model, serial, *_name = [*key.split(_BETWEEN), ""]
    same = [each for each in screens if each.key == key]
    moved = [each for each in screens if serial and (each.model, each.serial) == (model, serial)]
    return next(iter(same + moved), None)


def place_for(wanted: str, screens: Sequence[Screen], console: str) -> Place:
    """`wanted` is the key of the screen it stood on, empty before the first time; `console` the name of the
    one the console is on, empty where nobody works at one."""
    free = [each for each in screens if each.name != console]
    here = next((each for each in screens if each.name == console), screens[0])
    if not wanted:
        if free:
            return Place(_largest(free), is_full=True)
        return Place(here, is_full=False)
    found = known_again(wanted, screens)
    if found is None:
        return Place(here, is_full=False, waits=True)
    return Place(found, is_full=found.name != console)


def _largest(screens: Sequence[Screen]) -> Screen:
    """In millimetres where all say them: the big one is not always the one with more pixels."""
    if all(each.glass.width_mm for each in screens):
        return max(screens, key=lambda each: each.glass.width_mm * each.glass.height_mm)
    return max(screens, key=lambda each: each.box.width() * each.box.height())
