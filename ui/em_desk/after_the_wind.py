"""Asks what is still needed when a service drives again (S7)."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject


class AfterTheWind(QObject):
    """The seat that lets a service drive again is asked what is still needed; the others are not interrupted:
    their EM desk counts what has no answer."""

    def __init__(self, *, bridge: Any, sheets: Any) -> None:
        super().__init__(sheets)
        self._bridge = bridge
        self._sheets = sheets
        self._before: frozenset[str] = frozenset()
        sheets.opened.connect(self._take_opened)
        sheets.closed.connect(self._take_closed)

    def _suspended(self) -> frozenset[str]:
        return frozenset(each.service for each in self._bridge.suspensions)

    def _take_opened(self, name: str) -> None:
        if name == "suspend":
            self._before = self._suspended()

    def _take_closed(self, is_done: bool) -> None:
        if is_done and self._sheets.last == "suspend" and self._before - self._suspended():
            self._sheets.open("still_needed")
