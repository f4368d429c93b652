"""The weather in force: advisories and alerts with their end, how the feeds do, and taking a file."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from dispatch.clock import WallClock
from dispatch.errors import FeedRefused
from dispatch.feeds.desk import Taken
from dispatch.feeds.weather import AlertShown, Weather, is_stale_advisory
from ui.theme import Theme
from ui.weather_file import take_weather_file, taken_words
from ui.weather_words import (
    advisory_words,
    event_words,
    feed_words,
    place_words,
    severity_words,
    until_words,
)
from ui.widgets.fields import LineField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words

_CTRL = Qt.KeyboardModifier.ControlModifier
# More is no list any more; the map has them all.
MOST = 40


class WeatherSheet(Sheet):
    NAME = "weather"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self.bridge = bridge
        self._shown: Weather | None = None
        self._rows: list[Words] = []
        self._taken: Taken | None = None
        self.say_title(self.tr("Weather in force"))
        self._nhc = self._words("body")
        self._nhc_feed = self._words("small", "text_dim")
        self._nws = self._words("strong")
        self._nws_feed = self._words("small", "text_dim")
        self._count = self.body.count()
        self._file = self.add(
            "file",
            LineField(self.tr("Take a file"), theme=theme, placeholder=self.tr("Path, or choose it: Ctrl+O")),
        )
        self.add_side_button(self.tr("Choose a file"), "Ctrl O", self.choose)
        self.shortcuts[(_CTRL, Qt.Key.Key_O)] = self.choose
        self.say_effect(
            self.tr("Alerts as GeoJSON or CAP, advisories as NHC's zip, KMZ or text; or drop it on the map.")
        )
        self.say_act(self.tr("Take the file"))
        bridge.ticked.connect(self._look)
        self._look()

    def text(self) -> str:
        """Everything it says of the weather, for screen readers and tests."""
        heads = (self._nhc, self._nhc_feed, self._nws, self._nws_feed)
        return "\n".join(each.said() for each in (*heads, *self._rows) if each.said())

    def choose(self) -> None:
        dialog = QFileDialog(self, self.tr("A weather file"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        kinds = "*.json *.geojson *.xml *.cap *.zip *.kmz *.kml *.txt"
        dialog.setNameFilters([self.tr("Weather ({})").format(kinds), self.tr("All files (*)")])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._take_path)
        dialog.open()

    def problem(self) -> tuple[str, str] | None:
        return None if self._file.value() else ("file", self.tr("Choose a file first."))

    def act(self) -> asyncio.Task[Any]:
        return asyncio.ensure_future(self._take(Path(self._file.value()).expanduser()))

    def done_words(self) -> tuple[str, bool]:
        return (taken_words(self._taken) if self._taken else ""), False

    def _take_path(self, path: str) -> None:
        self._file.show_value(path)
        self._file.touched = True

    async def _take(self, path: Path) -> None:
        self._taken = await take_weather_file(self.bridge, path)
        if self._taken is None:
            raise FeedRefused(
                self.tr("{} is no weather: Shift+L imports it as a map layer.").format(path.name)
            )

    def _words(self, role: str, tone: str = "text") -> Words:
        words = Words(theme=self.theme, role=role, tone=tone, copyable=True)
        self.body.addWidget(words)
        return words

    def _look(self, *_: object) -> None:
        weather = self.bridge.parts.feed_timer.weather
        self._say_feeds(weather)
        if self._shown is None or weather.alerts != self._shown.alerts:
            self._list(weather)
        self._shown = weather

    def _say_feeds(self, weather: Weather) -> None:
        now, wall_now, zone = self.bridge.clock.now(), WallClock().now(), self.bridge.zone
        lines = [advisory_words(each, now, zone) for each in weather.advisories]
        is_stale = any(is_stale_advisory(each, now) for each in weather.advisories)
        none = self.tr("No storm of the hurricane center.") if weather.nhc.is_loaded else ""
        self._nhc.say("\n".join(lines) or none, "warn" if is_stale else "text")
        self._nhc_feed.say(
            self.tr("Hurricane center. {}").format(feed_words(weather.nhc, "feeds.nhc_url", wall_now)[0]),
            feed_words(weather.nhc, "feeds.nhc_url", wall_now)[1],
        )
        said, tone = feed_words(weather.nws, "feeds.nws_url", wall_now)
        self._nws_feed.say(self.tr("Weather alerts. {}").format(said), tone)

    def _list(self, weather: Weather) -> None:
        for row in self._rows:
            self.body.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows = []
        here = [each for each in weather.alerts if each.is_here or each.cover.shape is None]
        elsewhere = [each for each in weather.alerts if not (each.is_here or each.cover.shape is None)]
        self._nws.say(self._head(weather, len(here)))
        groups = self._groups(here)
        for head, told in groups[:MOST]:
            self._row(head, "medium", "text")
            self._row(told, "small", "text_dim")
        if len(groups) > MOST:
            self._row(self.tr("And {} more.").format(len(groups) - MOST), "small", "text_dim")
        if elsewhere:
            events = ", ".join(dict.fromkeys(event_words(each) for each in elsewhere))
            words = self.tr("Elsewhere {n}: {events}").format(n=len(elsewhere), events=events)
            self._row(words, "small", "text_dim")
        self.grew.emit()

    def _head(self, weather: Weather, here: int) -> str:
        if not weather.nws.is_loaded:
            return ""
        return self.tr("Alerts here: {}").format(here) if here else self.tr("No alert in force here.")

    def _groups(self, alerts: list[AlertShown]) -> list[tuple[str, str]]:
        """One event is one entry, though NWS writes of each zone by itself: what, until when, where, who."""
        now, zone = self.bridge.clock.now(), self.bridge.zone
        together: dict[tuple[str, str], list[AlertShown]] = {}
        for each in alerts:
            head = f"{event_words(each)} · {severity_words(each.in_force.alert.severity)}"
            together.setdefault((head, until_words(each, now, zone)), []).append(each)
        found = []
        for (head, until), same in together.items():
            areas = dict.fromkeys(each.in_force.alert.area for each in same)
            offices = dict.fromkeys(each.in_force.alert.office for each in same)
            places = dict.fromkeys(map(place_words, same))
            parts = (until[:1].upper() + until[1:], ", ".join(areas), *places, *offices)
            found.append((head, " · ".join(part for part in parts if part)))
        return found

    def _row(self, words: str, role: str, tone: str) -> None:
        row = Words(words, theme=self.theme, role=role, tone=tone, copyable=True)
        self.body.insertWidget(self._count + len(self._rows), row)
        self._rows.append(row)
