"""Ties the sheet that places a site to the map: while it is open, the map takes the spot that is meant."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from dispatch.records import Place
from ui.map.view import MapView
from ui.sheets.registry import Sheets


class Placing(QObject):
    def __init__(self, *, sheets: Sheets, view: MapView, show_map: Callable[[], None] = lambda: None) -> None:
        super().__init__(view)
        self._sheets = sheets
        self._view = view
        self._show_map = show_map
        sheets.opened.connect(self._opened)
        sheets.closed.connect(lambda _is_done: self._view.aim.stop())
        view.aim.taken.connect(self._take)
        view.aim.given_up.connect(self._back)

    def _opened(self, _name: str) -> None:
        sheet = self._sheets.current
        if not self._is_placing():
            self._view.aim.stop()
            return
        self._view.aim.start()
        sheet.meant.connect(self._show)
        sheet.aim_wanted.connect(self._aim)

    def _aim(self) -> None:
        self._show_map()
        self._view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show(self, place: Place | None) -> None:
        """What the sheet means is marked, and brought into view."""
        aim = self._view.aim
        aim.show(place)
        if aim.spot is not None and not self._view.shows(*aim.spot):
            self._view.look_at(*aim.spot, level=self._view.frame.level)

    def _take(self, place: Place) -> None:
        if self._is_placing():
            self._sheets.current.take_spot(place)
            self._back()

    def _is_placing(self) -> bool:
        return self._sheets.current is not None and self._sheets.current.AIMS

    def _back(self) -> None:
        """The keys go to the sheet again."""
        if self._sheets.current is not None:
            self._sheets.current.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
