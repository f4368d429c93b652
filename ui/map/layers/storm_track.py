"""Where the storm has been, up to the clock's now: a line and a dot for each fix, named when pointed at."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_places
from dispatch.records import Millis
from ui.map.layers.layer import Layer, Scene

DAY_MS = 86_400_000
# A storm is on the map while it is news: from its first fix to some days after its last.
AFTER_MS = 10 * DAY_MS
Fix = tuple[Millis, float, float, str]  # when, where (Mercator metres), in words
DOT_PX = 3.0
HIT_PX = 8.0


class StormTrack(Layer):
    name = "storm_track"

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._file = folder.storm_tracks
        self.is_loaded = self._file.exists()

    @cached_property
    def _fixes(self) -> dict[str, list[Fix]]:
        places = read_places(self._file)
        found: dict[str, list[Fix]] = {}
        for x, y, fix in zip(places.x.tolist(), places.y.tolist(), places.properties, strict=True):
            if fix.get("kind") == "fix":
                found.setdefault(fix["name"].title(), []).append((_millis(fix["time"]), x, y, _words(fix)))
        return found

    def get_ready(self) -> None:
        _ = self._fixes

    def label(self) -> str:
        return QCoreApplication.translate("map", "Storm track")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        theme, frame = scene.theme, scene.frame
        window = QRectF(0, 0, frame.width / frame.ratio, frame.height / frame.ratio)
        for fixes in self._known(scene.now).values():
            points = [QPointF(*frame.point(x, y)) for _, x, y, _ in fixes]
            painter.setPen(QPen(theme.color("text_faint"), 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.setBrush(theme.color("card"))
            for point in points:
                if window.contains(point):
                    painter.drawEllipse(point, DOT_PX, DOT_PX)

    def says(self, px: float, py: float, scene: Scene) -> str:
        for name, fixes in self._known(scene.now).items():
            at = np.array([scene.frame.point(x, y) for _, x, y, _ in fixes])
            away = np.hypot(at[:, 0] - px, at[:, 1] - py)
            if away.min() <= HIT_PX:
                return f"{name}\n{fixes[int(away.argmin())][3]}"
        return ""

    def _known(self, now: Millis) -> dict[str, list[Fix]]:
        """Fixes that have happened; in an exercise the rest of the track is not known yet."""
        return {
            name: [fix for fix in fixes if fix[0] <= now]
            for name, fixes in self._fixes.items()
            if fixes[0][0] <= now <= fixes[-1][0] + AFTER_MS
        }


def _millis(text: str) -> Millis:
    # Whole milliseconds by integers: a float of seconds would round.
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def _words(fix: dict[str, object]) -> str:
    said = QCoreApplication.translate("map", "{time} UTC · {wind} kt · {pressure} mb\nBest track, NOAA")
    return said.format(
        time=str(fix["time"]).replace("T", " ")[:16],
        wind=fix.get("wind_kt", "?"),
        pressure=fix.get("pressure_mb", "?"),
    )
