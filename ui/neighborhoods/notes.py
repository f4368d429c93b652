"""The outreach notes by place, as any seat has left them, and what was heard around the last of each."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatch.errors import LandfallError
from dispatch.insight.neighborhoods import Place
from dispatch.records import Outreach
from ui.neighborhoods import place_words, words
from ui.widgets import times

DAYS_AROUND = (30, 90)


class Notes(QObject):
    """`heard`: what is to be said of the days around the last note of the place that was asked about."""

    heard = Signal(object)

    def __init__(self, *, bridge: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._of: Mapping[int, list[Outreach]] = {}
        self._asking: asyncio.Task[None] | None = None

    def of(self, place: int) -> list[Outreach]:
        """The newest first."""
        return self._of.get(place, [])

    async def read(self, places: Sequence[Place]) -> None:
        entries = await self._bridge.read(self._bridge.parts.outreach_desk.entries)
        place_of = {area: i for i, place in enumerate(places) for area in place.areas}
        found: dict[int, list[Outreach]] = {}
        for each in entries:
            # An area that the layer does not have any more lies outside of all.
            found.setdefault(place_of.get(each.said.area, len(places) - 1), []).append(each)
        self._of = found

    def last(self) -> dict[int, str]:
        """What was done last at each place, in a few words."""
        now, zone = self._bridge.clock.now(), self._bridge.zone
        return {
            place: f"{times.clock(of[0].said.at, now, zone)} {words.kind(of[0].said.kind)}"
            for place, of in self._of.items()
        }

    def ask_around(self, number: int, place: Place) -> None:
        """Before and after the last one: asked of the store, which knows how many reporters there were."""
        if self._asking is not None:
            self._asking.cancel()
        self.heard.emit(())
        if self.of(number) and place.areas:
            self._asking = asyncio.ensure_future(self._ask_around(place, self.of(number)[0].said.at))

    async def _ask_around(self, place: Place, at: int) -> None:
        lines = []
        for days in DAYS_AROUND:
            try:
                heard = await self._bridge.read(
                    self._bridge.parts.outreach_desk.around, place.areas, at, days
                )
            except LandfallError:
                return  # said already by whoever follows the store
            now = self._bridge.clock.now()
            lines.append(place_words.around_line(days, at, now, heard, place.residents))
        self.heard.emit(lines)
