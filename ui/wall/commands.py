"""The commands of the wall."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from ui.commands import Command
from ui.wall.wall import Wall


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def wall_commands(wall: Wall) -> list[Command]:
    """Blanking is one key with Alt, so that it works from a sheet and while somebody types (S15)."""
    group = _tr("The wall")
    return [
        Command("wall", group, _tr("Open the wall for the big screen, or close it"), "G B", wall.toggle),
        Command("wall_blank", group, _tr("Blank the wall, or show it again"), "Alt+W", wall.blank),
    ]
