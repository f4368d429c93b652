"""Commands of area sweeps and of the facts beside a reply."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from dispatch.records import SweepArea
from ui.commands import Command
from ui.queue.selection import Selection


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def sweep_commands(*, sheets: Any, selection: Selection, facts: Callable[[], Any]) -> list[Command]:
    """`facts` is asked for only when its command is given: it is made later."""

    group = _tr("Everywhere")
    return [
        Command("sweep", group, _tr("Sweep of an area"), "Shift+W", lambda: plan_sweep(sheets, selection)),
        Command("facts", group, _tr("Facts to tell residents"), "Alt+F", lambda: facts().toggle()),
        Command(
            "keep_fact",
            group,
            _tr("Type in a shelter, a closure, a number"),
            "",
            lambda: sheets.open("city_fact"),
        ),
    ]


def plan_sweep(sheets: Any, selection: Selection) -> None:
    """Of what is drawn on the map, else of the neighborhoods looked at, else of the current site's."""
    sheets.open("sweep", areas=areas_of(selection))


def areas_of(selection: Selection) -> tuple[SweepArea, ...]:
    """What can be swept, the likeliest first."""
    board, found = selection.board, []
    if ring := selection.ring:
        found.append(SweepArea(_tr("Area drawn on the map"), rings=(ring,)))
    chosen = sorted(selection.filters.hoods)
    if len(chosen) > 1:
        found.append(SweepArea(_tr("{} neighborhoods").format(len(chosen)), tuple(chosen)))
    row = board.row(selection.current) if selection.current else -1
    here = board.hoods[int(board.hood[row])] if row >= 0 and board.hood[row] >= 0 else ""
    names = dict.fromkeys((*chosen, here, *sorted(board.hoods)))
    return (*found, *(SweepArea(name, (name,)) for name in names if name))
