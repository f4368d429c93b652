"""Brings the weather onto the map as it changes, and tells an operator of a new warning that cannot wait."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject

from dispatch.clock import WallClock
from dispatch.feeds.weather import AlertShown, Weather, is_stale_advisory
from ui.map.layers.sky import ready
from ui.map.view import MapView
from ui.weather_file import take_and_say
from ui.weather_words import new_warning_words, nhc_line, nws_line

log = logging.getLogger(__name__)


class WeatherOnMap(QObject):
    def __init__(
        self, *, bridge: Any, view: MapView, open_import: Callable[[str], object], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._bridge, self._view = bridge, view
        self._open_import = open_import
        self._weather: Weather = bridge.parts.feed_timer.weather
        self._told: set[str] = set()
        self._stale: tuple[bool, ...] = ()
        self._tasks: set[asyncio.Task[None]] = set()
        bridge.parts.feed_timer.on_change = self._take
        bridge.ticked.connect(self._tick)
        view.file_dropped.connect(self._take_file)
        self._tick()

    def _take(self, weather: Weather) -> None:
        is_same = (weather.alerts, weather.advisories) == (self._weather.alerts, self._weather.advisories)
        was_loaded = self._weather.nws.is_loaded, self._weather.nhc.is_loaded
        self._weather = weather
        if not is_same or was_loaded != (weather.nws.is_loaded, weather.nhc.is_loaded):
            self._start(self._show(weather))
        self._tell_new(weather)
        self._tick()

    async def _show(self, weather: Weather) -> None:
        # Joining the zones of a whole state takes longer than a frame.
        sky = await self._bridge.parts.workers.network(ready, weather)
        if weather is self._weather:
            self._view.show_weather(sky, self._bridge.zone)

    def _tell_new(self, weather: Weather) -> None:
        """An update of an event that was told is no news; what is elsewhere, neither."""
        grave = [each for each in weather.alerts if each.is_extreme and each.is_here]
        fresh = [each for each in grave if _event(each) not in self._told]
        self._told |= {_event(each) for each in grave}
        if fresh:
            now, zone = self._bridge.clock.now(), self._bridge.zone
            self._bridge.said.emit(new_warning_words(fresh, now, zone), True)

    def _tick(self, *_: object) -> None:
        now, wall_now, zone = self._bridge.clock.now(), WallClock().now(), self._bridge.zone
        nhc, nws = nhc_line(self._weather, now, zone), nws_line(self._weather, now, wall_now)
        self._view.say_weather((nhc, nws))
        stale = nws[1], *(is_stale_advisory(each, now) for each in self._weather.advisories)
        if stale != self._stale:
            self._stale = stale
            self._view.doubt_alerts(is_stale=nws[1])

    def _take_file(self, path: Path) -> None:
        self._start(self._take_dropped(path))

    async def _take_dropped(self, path: Path) -> None:
        if not await take_and_say(self._bridge, path):
            self._open_import(str(path))

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()):
            log.error("The weather could not be shown", exc_info=error)


def _event(shown: AlertShown) -> str:
    """One warning through all its updates; that it became an emergency is news of its own."""
    alert = shown.in_force.alert
    key = alert.vtec[0].key if alert.vtec else alert.alert_id
    return f"{key} {alert.is_emergency}"
