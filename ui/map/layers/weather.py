"""What the weather services say, among the layers of the map. Until something is said, nothing is read that
it takes to paint it (`sky`)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QPainter

from dispatch.geo.folder import GeoFolder
from ui.map.layers.layer import Layer, Scene

if TYPE_CHECKING:
    from ui.map.layers.sky import Sky


class WeatherAlerts(Layer):
    name = "weather_alerts"
    color = "weather"
    is_from_feed = is_everywhere = True

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self.is_loaded = False
        self._said: tuple[Sky, ZoneInfo] | None = None
        self.is_stale = False

    def label(self) -> str:
        return QCoreApplication.translate("map", "Weather alerts")

    def take(self, sky: Sky, zone: ZoneInfo) -> None:
        self._said = sky, zone
        self.is_loaded = sky.weather.nws.is_loaded

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self._said is not None:
            from ui.map.layers.sky import paint_alerts

            paint_alerts(painter, scene, self._said[0], is_stale=self.is_stale)

    def says(self, px: float, py: float, scene: Scene) -> str:
        if self._said is None:
            return ""
        from ui.map.layers.sky import alert_words

        return alert_words(px, py, scene, *self._said)


class StormForecast(Layer):
    name = "storm_forecast"
    is_from_feed = True
    color = "text_dim"

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self.is_loaded = False
        self._said: tuple[Sky, ZoneInfo] | None = None

    def label(self) -> str:
        return QCoreApplication.translate("map", "Storm forecast")

    def take(self, sky: Sky, zone: ZoneInfo) -> None:
        self._said = sky, zone
        self.is_loaded = sky.weather.nhc.is_loaded

    def paint(self, painter: QPainter, scene: Scene) -> None:
        if self._said is None:
            return
        from ui.map.layers.sky import paint_forecast

        sky, zone = self._said
        for advisory in sky.weather.advisories:
            paint_forecast(painter, scene, advisory, zone)

    def says(self, px: float, py: float, scene: Scene) -> str:
        if self._said is None:
            return ""
        from ui.map.layers.sky import forecast_words

        sky, zone = self._said
        said = (forecast_words(px, py, scene, each, zone) for each in sky.weather.advisories)
        return next(filter(None, said), "")
