"""Prints the papers for outreach beside the window, shows them, and says where they lie."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from dispatch.errors import LandfallError
from dispatch.insight.neighborhoods import Place
from dispatch.records import Millis


class Printing(QObject):
    """One paper at a time: a key pressed twice makes one."""

    def __init__(self, *, bridge: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._printing: asyncio.Task[None] | None = None

    @property
    def is_at_rest(self) -> bool:
        return self._printing is None or self._printing.done()

    def print_sheet(self, places: Sequence[Place], at: int, since_at: Millis) -> None:
        self._begin(self._print_sheet(places, at, since_at))

    def print_card(self) -> None:
        self._begin(self._print_card())

    def _begin(self, work: Any) -> None:
        if self.is_at_rest:
            self._printing = asyncio.ensure_future(self._said_if_refused(work))
        else:
            work.close()

    async def _said_if_refused(self, work: Awaitable[None]) -> None:
        try:
            await work
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)

    async def _print_sheet(self, places: Sequence[Place], at: int, since_at: Millis) -> None:
        parts = self._bridge.parts
        path = await parts.workers.network(parts.outreach_papers.print_sheet, places, at, since_at)
        self._bridge.said.emit(self.tr("Neighborhood sheet saved as {path}").format(path=path), False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    async def _print_card(self) -> None:
        parts = self._bridge.parts
        path, unread = await parts.workers.network(parts.outreach_papers.print_card)
        said = self.tr("Rack card saved as {path}").format(path=path)
        if unread:
            sentence = self.tr("Not yet read by a speaker: {languages}.")
            said = f"{said}. {sentence.format(languages=', '.join(unread))}"
        self._bridge.said.emit(said, False)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
