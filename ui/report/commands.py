"""The commands of the Report screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.commands import Command


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def report_commands(window: Any, screen: Callable[[], Any]) -> list[Command]:
    """`screen` gives the screen; it is asked for only while it is the one that is shown."""

    def is_there() -> bool:
        return window.screen == "report"

    def here(name: str, title: str, key: str, act: str) -> Command:
        return Command(name, group, title, key, lambda: getattr(screen(), act)(), is_there)

    group = _tr("Report")
    return [
        Command(
            "go_report",
            group,
            _tr("Report"),
            "G S",
            lambda: window.go_to("report"),
        ),
        here("report_period", _tr("Period and filter of the report"), "Alt+T", "change_period"),
        here("report_facts", _tr("What heads the report"), "Alt+E", "change_facts"),
        here("report_count", _tr("Count again"), "Alt+R", "count"),
        here("report_keep", _tr("Keep a working copy"), "Alt+V", "keep"),
        here("report_export", _tr("Export the report"), "Ctrl+E", "export"),
        here("report_give_up", _tr("Stop the export"), "Alt+S", "stop_export"),
    ]
