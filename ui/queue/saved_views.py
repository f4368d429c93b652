"""A person's saved views at this seat: kept in the settings, opened by key, menu and palette."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QKeySequence

from dispatch.errors import LandfallError
from dispatch.saved_views import SavedView, keep_views, read_views, view_of
from ui.commands import VIEW, Command, Commands
from ui.queue.selection import Selection

log = logging.getLogger(__name__)

# What fields of text and the window's own keys need.
RESERVED = ("Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+Z", "Ctrl+Y", "Tab", "Shift+Tab", "Esc", "Return")
FREE_KEYS = tuple(f"Alt+{n}" for n in range(1, 10))


class SavedViews(QObject):
    """`said` is for the person here; the file is written on the network lane, never by the window."""

    changed = Signal()
    said = Signal(str, bool)

    def __init__(
        self,
        *,
        selection: Selection,
        person: str,
        folder: Path,
        told: Any,
        network: Callable[..., Any],
        parent: QObject | None = None,
    ) -> None:
        """`told` is what the settings hold of everybody's views; `network` runs work that may block."""
        super().__init__(parent)
        self._selection = selection
        self.person = person
        self._folder = folder
        self._network = network
        self._commands: Commands | None = None
        self._writing = asyncio.Lock()
        self.views: list[SavedView] = read_views(told.get(person, {}))

    def show_person(self, person: str, told: Any) -> None:
        """Somebody else sits here: their views, of what the settings hold of everybody's."""
        self.person = person
        self.views = read_views(told.get(person, {}))
        self._offer()
        self.changed.emit()

    def give_commands(self, commands: Commands) -> None:
        self._commands = commands
        self._offer()

    def called(self, name: str) -> SavedView | None:
        return next((view for view in self.views if view.name.casefold() == name.casefold()), None)

    def now(self) -> SavedView | None:
        """The view whose filters are in force, if one's are."""
        return next((view for view in self.views if self._is_in_force(view)), None)

    def of_filters(self, name: str, key: str) -> SavedView:
        return view_of(name, key, self._selection.filters, self._selection.clock.now())

    def open(self, view: SavedView) -> None:
        self._selection.open_view(view.filters_at(self._selection.clock.now(), self.person))

    def free_key(self) -> str:
        return next((key for key in FREE_KEYS if not self.why_not_key(key, "")), "")

    def why_not_key(self, key: str, own_name: str) -> str:
        """Why a view cannot have this key, in a sentence; `own_name` is the view that may have it now."""
        if not key:
            return ""
        if not QKeySequence(key).toString() or "," in key:
            return self.tr("“{}” is no key: write it like Alt+1 or F7.").format(key)
        if key in RESERVED:
            return self.tr("{} is needed for writing: choose another key.").format(key)
        commands = self._commands
        if commands is None:
            return ""
        if commands.begins(key):
            return self.tr("{} begins other keys: choose another one.").format(key)
        taken = commands.with_key(key)
        if taken is None or taken.name == VIEW + own_name:
            return ""
        return self.tr("{key} is “{command}” already: choose another key.").format(
            key=key, command=taken.title
        )

    def put(self, view: SavedView, *, instead_of: str = "") -> asyncio.Task[None]:
        """Keep it, in place of the view of that name where one is given."""
        gone = {view.name, instead_of}
        self.views = sorted(
            [*(each for each in self.views if each.name not in gone), view],
            key=lambda each: each.name.casefold(),
        )
        return self._keep()

    def remove(self, name: str) -> asyncio.Task[None]:
        self.views = [view for view in self.views if view.name != name]
        return self._keep()

    def _is_in_force(self, view: SavedView) -> bool:
        wanted = view.filters_at(self._selection.clock.now(), self.person)
        have = replace(self._selection.filters, found=None)
        if not view.last_h or have.since is None or wanted.since is None:
            return have == wanted
        # Its hours began when it was opened.
        return replace(have, since=None) == replace(wanted, since=None)

    def _keep(self) -> asyncio.Task[None]:
        self._offer()
        self.changed.emit()
        return asyncio.ensure_future(self._write(self.person, list(self.views)))

    async def _write(self, person: str, views: list[SavedView]) -> None:
        async with self._writing:  # one after the other: the last to be wished is the last to be written
            try:
                await self._network(keep_views, self._folder, person, views)
            except LandfallError as error:
                self.said.emit(str(error), True)
                log.info("saved views were not written: %s", error)

    def _offer(self) -> None:
        if self._commands is not None:
            self._commands.replace_views([self._command(view) for view in self.views])

    def _command(self, view: SavedView) -> Command:
        return Command(VIEW + view.name, self.tr("Saved views"), view.name, view.key, lambda: self.open(view))
