"""The commands of the map's instruments, for the console's list of commands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from ui.map.instruments import read_for_map
from ui.map.shade_words import title

Row = tuple[str, str, str, Callable[[], object]]


def _tr(text: str) -> str:
    return QCoreApplication.translate("commands", text)


class MapActs:
    """What the map's commands do; `map_view` is asked only when one is given."""

    def __init__(self, *, map_view: Any, window: Any) -> None:
        self._map, self._window = map_view, window

    def rows(self) -> list[Row]:
        """Name, title, key and work of each."""
        return [
            ("zoom_selection", _tr("Zoom to the ticked or filtered sites"), "Shift+Z", self.zoom_to_all),
            ("zoom_city", _tr("Zoom to the city"), "Alt+Z", lambda: self._map.zoom_to_city()),
            ("shade", _tr("Shade neighborhoods: off, count, rate"), "Alt+N", self.shade),
            ("measure", _tr("Measure length and area; again: set a point"), "Ctrl+M", self.measure),
            ("save_map", _tr("Save the map as a picture or PDF"), "Ctrl+Shift+S", self.save),
            ("print_map", _tr("Print the map"), "Ctrl+Shift+P", self.print),
            ("goto", _tr("Go to coordinates…"), "Ctrl+G", lambda: self._window.open_command_line("goto ")),
            ("unmark", _tr("Take the mark off the map"), "Ctrl+Shift+G", self.unmark),
            ("copy_position", _tr("Copy the position under the pointer"), "Ctrl+Shift+C", self.copy),
        ]

    def zoom_to_all(self) -> None:
        if not self._map.zoom_to_all(self._map.selection.checked):
            self._window.say(_tr("None of these sites has a place on the map."))

    def shade(self) -> None:
        """The next way; what it shows now is said, as the layer box may be folded."""
        shading = self._map.shading
        shading.show_next()
        if not shading.is_loaded:
            self._window.say(_tr("No neighborhoods are loaded."))
        elif shading.found is None:
            self._window.say(_tr("Neighborhoods are not shaded."))
        else:
            self._window.say(title(shading.found, is_narrowed=shading.is_narrowed) + ".")

    def measure(self) -> None:
        self._map.instruments.measure()

    def save(self) -> None:
        self._map.save_wanted.emit()

    def print(self) -> None:
        self._map.print_wanted.emit()

    def copy(self) -> None:
        self._map.instruments.open_copy_menu()

    def unmark(self) -> None:
        if not self._map.instruments.take_mark_away():
            self._window.say(_tr("There is no mark on the map."))

    def goto(self, text: str) -> tuple[str, str, Callable[[], object]]:
        """What `goto …` would do: a title, where that is, the work. Raises NotAPosition."""
        position = read_for_map(text)
        label = " ".join(text.split()).upper()
        where = "" if self._map.covers(position) else _tr("beyond the city's map")

        def go() -> None:
            self._window.go_to("queue")
            self._map.instruments.go_to(position, label)

        return _tr("Go to {}").format(label), where, go
