"""The weather as it is painted: alerts by area, and the storm's forecast with its cone."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen, QPolygonF

from dispatch.feeds.records import Advisory, ForecastPoint, Ring, Severity
from dispatch.feeds.shown import AlertArea, areas
from dispatch.feeds.weather import AlertShown, Weather, is_stale_advisory
from dispatch.geo import geometry as shapely
from dispatch.geo.projection import to_mercator
from dispatch.records import Millis
from ui.map.frame import Frame
from ui.map.layers.layer import Scene
from ui.weather_words import advisory_words, clock_words, event_words, severity_words, until_words

DOT_PX, HIT_PX, EDGE_PX = 3.5, 9.0, 60
# Labels at the forecast points only where they do not stand on each other.
LABEL_ROOM_PX = 90
STALE_ALPHA, FILL_ALPHA, HATCH_ALPHA, CONE_ALPHA = 0.55, 0.04, 0.13, 0.07
SOLID, DASH, DOT = Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine
DASH_DOT = Qt.PenStyle.DashDotLine
# Told apart without any color: how thick, how broken, hatched or not.
LOOKS = {
    Severity.EXTREME: (2.2, SOLID, Qt.BrushStyle.BDiagPattern),
    Severity.SEVERE: (1.4, SOLID, Qt.BrushStyle.SolidPattern),
    Severity.MODERATE: (1.2, DASH, Qt.BrushStyle.NoBrush),
    Severity.MINOR: (1.0, DOT, Qt.BrushStyle.NoBrush),
    Severity.UNKNOWN: (1.0, DOT, Qt.BrushStyle.NoBrush),
}


@dataclass(frozen=True, slots=True)
class Sky:
    """The weather made ready to be painted; made off the window's thread (`ready`)."""

    weather: Weather
    areas: tuple[AlertArea, ...]
    tree: shapely.STRtree
    placed: tuple[AlertShown, ...]  # side by side with the tree


def ready(weather: Weather) -> Sky:
    placed = tuple(each for each in weather.alerts if each.cover.shape is not None)
    tree = shapely.STRtree([each.cover.shape for each in placed])
    return Sky(weather, areas(weather.alerts), tree, placed)


def paint_alerts(painter: QPainter, scene: Scene, sky: Sky, *, is_stale: bool) -> None:
    for area in sky.areas:
        is_doubtful = is_stale or area.is_lapsed
        _paint_area(painter, scene.frame, area, scene.theme.color("weather"), is_doubtful=is_doubtful)


def alert_words(px: float, py: float, scene: Scene, sky: Sky, zone: ZoneInfo) -> str:
    """The worst alert there, its end and headline, and the names of the others."""
    if not sky.placed:
        return ""
    spot = shapely.Point(*scene.frame.place(px, py))
    found = [sky.placed[i] for i in sorted(sky.tree.query(spot, predicate="intersects").tolist())]
    if not found:
        return ""
    worst, now = found[0], scene.now
    alert = worst.in_force.alert
    head = f"{event_words(worst)} · {severity_words(alert.severity)}"
    others = list(dict.fromkeys(each.in_force.alert.event for each in found[1:]))
    others = [each for each in others if each != alert.event]
    also = QCoreApplication.translate("map", "Also: {}").format(", ".join(others)) if others else ""
    until = until_words(worst, now, zone)
    return "\n".join(filter(None, (head, until[:1].upper() + until[1:], alert.headline, also)))


def paint_forecast(painter: QPainter, scene: Scene, advisory: Advisory, zone: ZoneInfo) -> None:
    theme, frame = scene.theme, scene.frame
    color, is_stale = theme.color("text_dim"), is_stale_advisory(advisory, scene.now)
    ink, shade = QColor(color), QColor(color)
    ink.setAlphaF(STALE_ALPHA if is_stale else 1.0)
    shade.setAlphaF(CONE_ALPHA)
    for ring in advisory.cone:
        path = _path(shapely.polygons(_mercator(ring)), frame)
        if path is not None:
            painter.fillPath(
                path, QBrush(shade, Qt.BrushStyle.NoBrush if is_stale else Qt.BrushStyle.SolidPattern)
            )
            painter.strokePath(path, QPen(ink, 1.6, DOT if is_stale else DASH_DOT))
    if len(advisory.track) > 1:
        painter.setPen(QPen(ink, 1.8, DASH))
        painter.drawPolyline(_polygon(np.array(_mercator(advisory.track)), frame))
    _paint_points(painter, scene, advisory, ink, zone)


def forecast_words(px: float, py: float, scene: Scene, advisory: Advisory, zone: ZoneInfo) -> str:
    """What is expected at the forecast point under the pointer; empty where there is none."""
    for point in advisory.points:
        x, y = _on_map(scene.frame, point)
        if np.hypot(x - px, y - py) <= HIT_PX:
            return _point_words(advisory, point, scene.now, zone)
    return ""


def _paint_area(
    painter: QPainter, frame: Frame, area: AlertArea, color: QColor, *, is_doubtful: bool
) -> None:
    width, line, fill = LOOKS[area.severity]
    ink, shade = QColor(color), QColor(color)
    ink.setAlphaF(STALE_ALPHA if is_doubtful else 1.0)
    shade.setAlphaF(HATCH_ALPHA if fill is Qt.BrushStyle.BDiagPattern else FILL_ALPHA)
    path = _path(area.shape, frame) if not is_doubtful and fill is not Qt.BrushStyle.NoBrush else None
    if path is not None:
        # The edge is drawn over it: smoothing here would take as long as all the rest.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.fillPath(path, QBrush(shade, fill))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ink, width, DASH if is_doubtful else line))
    for points in _lines(area.edges, frame):
        painter.drawPolyline(points)


def _point_words(advisory: Advisory, point: ForecastPoint, now: Millis, zone: ZoneInfo) -> str:
    tr = QCoreApplication.translate
    when = clock_words(point.at, now, zone)
    wind = tr("map", "{} kt").format(point.wind_kt) if point.wind_kt else ""
    drawn = tr("map", "The cone is drawn here, not by NHC.") if advisory.is_cone_ours else ""
    is_past = point.at <= advisory.issued_at
    head = (tr("map", "{name}, {when}") if is_past else tr("map", "{name}, expected {when}")).format(
        name=advisory.name, when=when
    )
    return "\n".join(filter(None, (head, wind, advisory_words(advisory, now, zone), drawn)))


def _paint_points(painter: QPainter, scene: Scene, advisory: Advisory, ink: QColor, zone: ZoneInfo) -> None:
    theme, frame = scene.theme, scene.frame
    window = QRectF(0, 0, frame.width / frame.ratio, frame.height / frame.ratio)
    painter.setFont(theme.font("tiny"))
    last = QPointF(-1e9, -1e9)
    for number, point in enumerate(advisory.points):
        at = QPointF(*_on_map(frame, point))
        if not window.contains(at):
            continue
        painter.setPen(QPen(ink, 1.6))
        painter.setBrush(theme.color("card"))
        painter.drawEllipse(at, DOT_PX, DOT_PX)
        if (at - last).manhattanLength() < LABEL_ROOM_PX:
            continue
        last = at
        advisory_said = advisory_words(advisory, scene.now, zone)
        said = clock_words(point.at, scene.now, zone) if number else advisory_said
        _paint_label(painter, scene, at + QPointF(9, 0), said)


def _paint_label(painter: QPainter, scene: Scene, at: QPointF, words: str) -> None:
    """On a ground of its own: hatching and streets run under it."""
    metrics = painter.fontMetrics()
    high = metrics.height()
    box = QRectF(at.x(), at.y() - high / 2, metrics.horizontalAdvance(words) + 8, high)
    ground = QColor(scene.theme.color("card"))
    ground.setAlphaF(0.85)
    painter.fillRect(box, ground)
    painter.setPen(scene.theme.color("text_soft"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _on_map(frame: Frame, point: ForecastPoint) -> tuple[float, float]:
    x, y = to_mercator(point.lng, point.lat)
    px, py = frame.point(float(x), float(y))
    return px, py


def _mercator(ring: Ring) -> list[tuple[float, float]]:
    lng, lat = np.array(ring, float).T
    x, y = to_mercator(lng, lat)
    return list(zip(x.tolist(), y.tolist(), strict=True))


def _lines(edges: shapely.Geometry, frame: Frame) -> list[QPolygonF]:
    """What of some lines lies in a frame, no finer than its pixels."""
    seen = shapely.clip_by_rect(edges, *frame.bounds)
    parts = shapely.get_parts(shapely.simplify(seen, frame.metres_per_px))
    return [_polygon(shapely.get_coordinates(part), frame) for part in parts if not shapely.is_empty(part)]


def _polygon(places: np.ndarray, frame: Frame) -> QPolygonF:
    x, y = frame.point(*places.T)
    return QPolygonF([QPointF(px, py) for px, py in zip(x.tolist(), y.tolist(), strict=True)])


def _path(shape: shapely.Geometry, frame: Frame) -> QPainterPath | None:
    """What of an area lies in a frame, no finer than its pixels; None when nothing does. Its cut edges lie
    outside the frame."""
    beyond = EDGE_PX * frame.metres_per_px * frame.ratio
    west, south, east, north = frame.bounds
    seen = shapely.clip_by_rect(shape, west - beyond, south - beyond, east + beyond, north + beyond)
    if shapely.is_empty(seen):
        return None
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for part in shapely.get_parts(shapely.simplify(seen, frame.metres_per_px / 2)):
        if shapely.get_dimensions(part) < 2:
            continue
        for ring in shapely.get_rings(part):
            path.addPolygon(_polygon(shapely.get_coordinates(ring), frame))
            path.closeSubpath()
    return path
