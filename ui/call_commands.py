"""The commands of call-takers: a call, and a list of calls out of a spreadsheet."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.commands import Command


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def call_commands(*, sheets: Any) -> list[Command]:
    everywhere = _tr("Everywhere")
    return [
        Command("call", everywhere, _tr("Take a call"), "O", lambda: sheets.open("call")),
        Command(
            "paste_calls",
            everywhere,
            _tr("Paste calls from a spreadsheet"),
            "Ctrl+Shift+V",
            lambda: sheets.open("paste_calls"),
            not_in_text=True,
        ),
    ]
