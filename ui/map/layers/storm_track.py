"""Where the storm has been, up to the clock's now: a line and a dot for each fix, named when pointed at."""

from __future__ import annotations

from bisect import bisect_right
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from dispatch.geo.folder import GeoFolder
from dispatch.geo.layers import read_places
from dispatch.records import Millis
from ui.map.frame import Column
from ui.map.layers.layer import Layer, Scene

DAY_MS = 86_400_000
# A storm is on the map while it is news: from its first fix to some days after its last.
AFTER_MS = 10 * DAY_MS
DOT_PX = 3.0
HIT_PX = 8.0


class Track(NamedTuple):
    """Fixes side by side, in the order of time: when, where (Mercator metres), what is said of them."""

    at: list[Millis]
    x: Column
    y: Column
    fixes: list[dict[str, Any]]

    def until(self, now: Millis) -> Track:
        known = bisect_right(self.at, now)
        return Track(self.at[:known], self.x[:known], self.y[:known], self.fixes[:known])


class StormTrack(Layer):
    name = "storm_track"

    def __init__(self, folder: GeoFolder) -> None:
        super().__init__(folder)
        self._file = folder.storm_tracks
        self.is_loaded = self._file.exists()

    @cached_property
    def _tracks(self) -> dict[str, Track]:
        places = read_places(self._file)
        rows: dict[str, list[int]] = {}
        for row, fix in enumerate(places.properties):
            if fix.get("kind") == "fix":
                rows.setdefault(fix["name"].title(), []).append(row)
        return {
            name: Track(
                [_millis(places.properties[row]["time"]) for row in chosen],
                places.x[chosen],
                places.y[chosen],
                [places.properties[row] for row in chosen],
            )
            for name, chosen in rows.items()
        }

    def get_ready(self) -> None:
        _ = self._tracks

    def label(self) -> str:
        return QCoreApplication.translate("map", "Storm track")

    def paint(self, painter: QPainter, scene: Scene) -> None:
        theme, frame = scene.theme, scene.frame
        width, height = frame.width / frame.ratio, frame.height / frame.ratio
        for track in self._known(scene.now).values():
            x, y = frame.point(track.x, track.y)
            points = [QPointF(px, py) for px, py in zip(x.tolist(), y.tolist(), strict=True)]
            is_seen = (x >= 0) & (x <= width) & (y >= 0) & (y <= height)
            painter.setPen(QPen(theme.color("text_faint"), 1.6))
            painter.drawPolyline(QPolygonF(points))
            painter.setBrush(theme.color("card"))
            for index in np.flatnonzero(is_seen).tolist():
                painter.drawEllipse(points[index], DOT_PX, DOT_PX)

    def says(self, px: float, py: float, scene: Scene) -> str:
        for name, track in self._known(scene.now).items():
            at_x, at_y = scene.frame.point(track.x, track.y)
            away = np.hypot(at_x - px, at_y - py)
            if away.min() <= HIT_PX:
                return f"{name}\n{_words(track.fixes[int(away.argmin())])}"
        return ""

    def _known(self, now: Millis) -> dict[str, Track]:
        """Fixes that have happened; in an exercise the rest of the track is not known yet."""
        return {
            name: track.until(now)
            for name, track in self._tracks.items()
            if track.at[0] <= now <= track.at[-1] + AFTER_MS
        }


def _millis(text: str) -> Millis:
    # Whole milliseconds by integers: a float of seconds would round.
    since = datetime.fromisoformat(text) - datetime(1970, 1, 1, tzinfo=UTC)
    return since // timedelta(milliseconds=1)


def _words(fix: dict[str, Any]) -> str:
    said = QCoreApplication.translate("map", "{time} UTC · {wind} kt · {pressure} mb\nBest track, NOAA")
    return said.format(
        time=str(fix["time"]).replace("T", " ")[:16],
        wind=fix.get("wind_kt", "?"),
        pressure=fix.get("pressure_mb", "?"),
    )
