"""The commands of the wall."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from ui.commands import Command

if TYPE_CHECKING:
    from ui.wall.wall import Wall


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def wall_commands(wall: Callable[[], Wall]) -> list[Command]:
    """`wall` gives it once it is needed. Blanking is one key with Alt, so that it works from a sheet and
    while somebody types (S15)."""
    group, opens = _tr("The wall"), _tr("Open the wall for the big screen, or close it")
    blanks = _tr("Blank the wall, or show it again")
    return [
        Command("wall", group, opens, "G B", lambda: wall().toggle()),
        Command("wall_blank", group, blanks, "Alt+W", lambda: wall().blank()),
    ]
