"""The commands that play the storm back."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.commands import Command
from ui.queue.play_back import PlayBack


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


def past_commands(play_back: PlayBack, *, window: Any) -> list[Command]:
    """Steps are the strip's: an hour, a quarter where it is zoomed so far."""

    def start() -> None:
        window.go_to("queue")
        play_back.start()

    def is_on() -> bool:
        return play_back.is_on

    def may_leave() -> bool:
        # What lies over the screen takes Esc first.
        return play_back.is_on and not (window.help.isVisible() or window.sync_panel.isVisible())

    def in_queue() -> bool:
        return window.screen == "queue"

    group = _tr("As it stood earlier")
    return [
        Command("as_it_stood", group, _tr("Show an earlier time"), "G H", start),
        Command(
            "past_back",
            group,
            _tr("A step earlier"),
            "Alt+Left",
            lambda: play_back.step(-1),
            in_queue,
            not_in_text=True,
        ),
        Command(
            "past_forward",
            group,
            _tr("A step later"),
            "Alt+Right",
            lambda: play_back.step(1),
            is_on,
            not_in_text=True,
        ),
        Command("past_play", group, _tr("Play on, or stop"), "Alt+P", play_back.play, is_on),
        Command("past_leave", group, _tr("Back to now"), "Esc", play_back.leave, may_leave),
    ]
