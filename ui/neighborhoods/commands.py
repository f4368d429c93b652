"""The commands of the Neighborhoods screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.commands import Command


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def neighborhood_commands(window: Any, screen: Callable[[], Any]) -> list[Command]:
    """`screen` gives the screen; it is asked for only while it is the one that is shown."""

    def is_there() -> bool:
        return window.screen == "neighborhoods"

    def here(name: str, title: str, key: str, act: str) -> Command:
        return Command(name, group, title, key, lambda: getattr(screen(), act)(), is_there)

    def paper(name: str, title: str, key: str, act: str) -> Command:
        # Over a sheet nobody sees what would be printed.
        return replace(here(name, title, key, act), not_in_text=True)

    group = _tr("Neighborhoods")
    return [
        Command("go_neighborhoods", group, group, "G N", lambda: window.go_to("neighborhoods")),
        here("outreach", _tr("Add outreach note"), "Ctrl+N", "add_note"),
        here("outreach_correct", _tr("Correct the last outreach note"), "Alt+O", "correct_note"),
        here("neighborhood_span", _tr("Since activation, or the last 72 hours"), "Alt+D", "change_span"),
        here("neighborhood_method", _tr("How quiet areas are counted"), "Alt+H", "show_method"),
        paper("neighborhood_sheet", _tr("Print the sheet of this neighborhood"), "Ctrl+P", "print_sheet"),
        paper("rack_card", _tr("Print the rack card: how to report damage"), "Alt+C", "print_card"),
    ]
