"""Make the walk list: one page of open P1 and P2 hand-overs with boxes to tick (S16)."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QDesktopServices

from dispatch.escalation.walk import walk_list
from dispatch.records import Band
from dispatch.reports import pdf
from ui.em_desk.walk_reminder import on_walk_list
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.sheet import Sheet


class WalkListSheet(Sheet):
    NAME = "walk_list"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self.say_title(self.tr("Walk list"))
        self.say_effect(
            self.tr("Every open P1 and P2 hand-over on paper, with boxes to tick and reply codes.")
        )
        self.say_act(self.tr("Make and open the page"))
        self.saved: Path | None = None
        self._counting = self.read_for(self._count())

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self.make())

    async def make(self) -> Path:
        self.saved = await make_walk_list(self.bridge)
        return self.saved

    async def _count(self) -> None:
        cards = await self.bridge.read(self.bridge.em_desk.cards, self.bridge.clock.now())
        listed = on_walk_list(cards)
        first = sum(card.band == Band.P1 for card in listed)
        self.say_effect(
            self.tr("{first} P1 and {second} P2 on paper, with boxes to tick and reply codes.").format(
                first=first, second=len(listed) - first
            )
        )


async def make_walk_list(bridge: Any) -> Path:
    """Write the page into the data folder, whole or not at all, and show it in the desktop's viewer."""
    path = await write_walk_list(bridge)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
    said = QCoreApplication.translate("WalkListSheet", "Walk list saved as {path}")
    bridge.said.emit(said.format(path=path), False)
    return path


async def write_walk_list(bridge: Any) -> Path:
    now, zone, activation = bridge.clock.now(), bridge.zone, bridge.activation
    cards = await bridge.read(bridge.em_desk.cards, now)
    page = walk_list(cards, now, zone, incident=activation.name, is_exercise=activation.is_exercise)
    return await bridge.read(_write, page, Path(bridge.data_dir), f"{times.local(now, zone):%Y-%m-%d-%H%M}")


def _write(page: Any, data_dir: Path, stamp: str) -> Path:
    folder = data_dir / "walk-lists"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"walk-list-{stamp}.pdf"
    half = path.with_suffix(".part")
    half.write_bytes(pdf.walk_list(page))
    os.replace(half, path)
    return path
