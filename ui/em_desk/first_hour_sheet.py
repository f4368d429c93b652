"""Make the first-hour list (S7): what is held for weather, on paper."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import QUrl
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
        self._counting = self.read_for(self._count())

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
