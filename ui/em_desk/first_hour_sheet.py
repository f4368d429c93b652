"""Make the first-hour list (S7): what is held for weather, on paper; and what opens when a service drives
again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from ui.theme import Theme
from ui.widgets.sheet import Sheet


class FirstHourSheet(Sheet):
    NAME = "first_hour"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.saved: Path | None = None
        self.say_title(self.tr("First-hour list"))
        self.say_effect(
            self.tr("What is held for weather on paper: P1, then P2, by area, with boxes to tick.")
        )
        self.say_act(self.tr("Make and open the page"))
        self._counting = asyncio.ensure_future(self._count())

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self.make())

    def done_words(self) -> tuple[str, bool]:
        return self.tr("First-hour list saved as {path}").format(path=self.saved), False

    async def make(self) -> None:
        self.saved = await make_first_hour(self.bridge)

    async def _count(self) -> None:
        page = await self.bridge.read(self.bridge.parts.form_desk.first_hour)
        said = ", ".join(words for words, _lines in page.parts)
        self.say_effect(
            self.tr("{counts}. Each line asks “still needed?”; nothing closes by itself.").format(counts=said)
        )
        self.grew.emit()


async def make_first_hour(bridge: Any) -> Path:
    """The page, written and opened."""
    path: Path = await bridge.read(bridge.parts.form_desk.print_first_hour)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    return path


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
