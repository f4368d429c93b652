"""Map, weather and sheets over a real seat, put together as the console does it."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from dispatch import assembly, settings
from dispatch.geo.projection import to_mercator
from ui.bridge import Bridge
from ui.map.view import MapView
from ui.map.weather import WeatherOnMap
from ui.sheets.registry import Sheets


class WeatherSeat:
    def __init__(self, folder, clock, qtbot, theme, select, run, *, geo, home, helper, **urls) -> None:
        self._run, self.clock = run, clock
        self.parts = assembly.build(
            folder=folder,
            settings=replace(settings.load(folder), person="Sam Reyes", seat="Seat 2", **urls),
            clock=clock,
            storm=assembly.Storm("Hurricane Test", is_exercise=True),
        )
        self.bridge = Bridge(self.parts)
        self.said: list[tuple[str, bool]] = []
        self.bridge.said.connect(lambda *words: self.said.append(words))
        self.window = QWidget()
        self.window.resize(1200, 900)
        qtbot.addWidget(self.window)
        self.view = MapView(
            selection=select([]),
            theme=theme,
            folder=geo,
            home=home,
            tiles_dir=folder / "tiles",
            command=helper,
            parent=self.window,
        )
        self.view.resize(900, 700)
        self.sheets = Sheets(host=self.window, bridge=self.bridge, theme=theme)
        self.opened: list[str] = []
        self.weather = WeatherOnMap(
            bridge=self.bridge, view=self.view, open_import=self.opened.append, parent=self.view
        )
        with qtbot.waitExposed(self.window):
            self.window.show()

    def until(self, condition) -> None:
        async def wait() -> None:
            for _ in range(600):
                if condition():
                    return
                await asyncio.sleep(0.05)
            raise AssertionError("it did not come to that")

        self._run(wait())

    def ask(self, feed) -> None:
        """One look at a service, as the timer has it."""
        self.parts.feeds.ask(feed)
        self.tell()

    def tell(self) -> None:
        timer = self.parts.feed_timer
        self._run(timer._tell())
        self.until(lambda: not self.weather._tasks)

    def lines(self):
        return self.view.layer_box.weather.text().splitlines()

    def box_words(self):
        return [tick.text() for tick in self.view.layer_box._ticks.values()]

    def hover(self, lat, lng):
        self.view.grab()
        spot = self.view.frame.point(*to_mercator(lng, lat))
        self.view.pointer._hover(QPointF(*map(float, spot)))
        return self.view.card.text().splitlines()

    def drop(self, path) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        none = Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, none)
        self.view.dropEvent(event)
        self.until(lambda: not self.weather._tasks)
        self.tell()

    def close(self) -> None:
        self.view.close_tiles()
        self.parts.close()
