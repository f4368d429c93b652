"""The map as a page that leaves the room: heading, map, legend, filters, times, credits (S15, S18)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QCoreApplication, QLocale, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen

from dispatch.board import Mask
from dispatch.records import Band, Flag
from ui.map.ground import Ground
from ui.map.layers import Scene
from ui.map.markers import Markers
from ui.map.scale_bar import ScaleBar
from ui.map.sprites import Sprites
from ui.map.view import MapView
from ui.queue.selection import Selection
from ui.theme import PaperTheme, Theme
from ui.widgets.band_mark import paint_mark

MARGIN_PX, HEAD_PX, LINE_PX, LEGEND_PX, GAP_PX = 24.0, 40.0, 17.0, 30.0, 14.0
NARROWEST_PX = 480.0
NAMED = 6


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the page says, so that it can be painted away from the screen. `lines` are plain text."""

    title: str
    is_exercise: bool
    picture: QImage
    counts: dict[Band, int]
    lines: tuple[str, ...]

    @property
    def width(self) -> float:
        ratio = self.picture.devicePixelRatio()
        return max(self.picture.width() / ratio, NARROWEST_PX)

    def size(self, theme: Theme) -> QSizeF:
        foot = sum(_height(line, self.width, theme) for line in self.lines)
        tall = self.picture.height() / self.picture.devicePixelRatio()
        return QSizeF(self.width + 2 * MARGIN_PX, 2 * MARGIN_PX + HEAD_PX + tall + LEGEND_PX + foot)

    def paint(self, painter: QPainter, theme: Theme) -> None:
        """In pixels of the page from its corner; the painter may be scaled."""
        painter.fillRect(QRectF(QPointF(), self.size(theme)), theme.color("card"))
        ratio = self.picture.devicePixelRatio()
        box = QRectF(
            MARGIN_PX, MARGIN_PX + HEAD_PX, self.picture.width() / ratio, self.picture.height() / ratio
        )
        self._paint_head(painter, theme)
        painter.drawImage(box, self.picture)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("line_strong"), 1.0))
        painter.drawRect(box)
        self._paint_legend(painter, box.bottom() + LEGEND_PX / 2 + 2, theme)
        y = box.bottom() + LEGEND_PX
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_soft"))
        for line in self.lines:
            tall = _height(line, self.width, theme)
            painter.drawText(QRectF(MARGIN_PX, y, self.width, tall), Qt.TextFlag.TextWordWrap, line)
            y += tall

    def _paint_head(self, painter: QPainter, theme: Theme) -> None:
        left = MARGIN_PX
        middle = Qt.AlignmentFlag.AlignVCenter
        if self.is_exercise:
            painter.setFont(theme.font("cap"))
            words = _tr("EXERCISE")
            box = QRectF(
                left, MARGIN_PX + 2, QFontMetrics(theme.font("cap")).horizontalAdvance(words) + 16, 20
            )
            painter.fillRect(box, theme.color("exercise"))
            painter.setPen(theme.color("exercise_text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            left = box.right() + 10
        painter.setFont(theme.font("title"))
        painter.setPen(theme.color("text"))
        painter.drawText(QRectF(left, MARGIN_PX, self.width + MARGIN_PX - left, 24), middle, self.title)

    def _paint_legend(self, painter: QPainter, middle: float, theme: Theme) -> None:
        words = {
            Band.P1: _tr("P1 life {}"),
            Band.P2: _tr("P2 hazard {}"),
            Band.P3: _tr("P3 damage {}"),
            Band.P4: _tr("P4 can wait {}"),
            Band.INFO: _tr("Info {}"),
        }
        at, font = MARGIN_PX, theme.font("small")
        for band, count in self.counts.items():
            said = words[band].format(QLocale().toString(count))
            paint_mark(painter, band, QPointF(at + 7, middle), 13, theme)
            painter.setFont(font)
            painter.setPen(theme.color("text_soft"))
            wide = QFontMetrics(font).horizontalAdvance(said) + 4
            painter.drawText(QRectF(at + 19, middle - 10, wide, 20), Qt.AlignmentFlag.AlignVCenter, said)
            at += 19 + wide + GAP_PX


def page_of(
    view: MapView, *, title: str, is_exercise: bool, times: tuple[str, str], theme: PaperTheme
) -> Page:
    """The map as it stands on the screen, without what S15 keeps in the room; `times` of data and paper."""
    selection = view.selection
    mask = selection.mask
    restricted = mask & ((selection.board.flags & Flag.RESTRICTED) != 0)
    bands = np.bincount(selection.board.band[mask], minlength=6)
    lines = [
        _tr("Filters: {}").format(filters_in_words(selection)),
        *times,
        restricted_in_words(selection, restricted),
        not_on_map_in_words(int((mask & np.isnan(selection.board.x)).sum())),
        view.shade_legend.text(),
        _tr("A number in a circle is so many sites. Reported by residents and staff, not assessed."),
        view.credits.text(view.frame),
    ]
    return Page(
        title=title,
        is_exercise=is_exercise,
        picture=_picture(view, mask & ~restricted, theme),
        counts={band: int(bands[band]) for band in Band if bands[band] or band != Band.INFO},
        lines=tuple(line for line in lines if line),
    )


def filters_in_words(selection: Selection) -> str:
    """The crumbs; what was searched for stays in the room: it may be a name or a resident's words."""
    said = [_tr("a word search") if c.name == "text" else c.label for c in selection.crumbs()]
    return " · ".join(said) or _tr("none")


def restricted_in_words(selection: Selection, restricted: Mask) -> str:
    """Band and neighborhood only: a mark on the map would be the street (S15)."""
    rows = np.flatnonzero(restricted)
    if not rows.size:
        return ""
    board = selection.board
    unknown = _tr("neighborhood unknown")
    where = Counter(
        (Band(band), board.hoods[hood] or unknown if hood >= 0 else unknown)
        for band, hood in zip(board.band[rows].tolist(), board.hood[rows].tolist(), strict=True)
    )
    ordered = sorted(where.items(), key=lambda each: (each[0][0], -each[1], each[0][1]))
    said = [f"{band.name} {hood} {QLocale().toString(count)}" for (band, hood), count in ordered[:NAMED]]
    if len(ordered) > NAMED:
        said.append(_tr("and others"))
    counted = QLocale().toString(int(rows.size))
    return _tr("Counted but not drawn, restricted ({}): {}").format(counted, ", ".join(said))


def not_on_map_in_words(count: int) -> str:
    return (
        _tr("Counted but without a place on the map: {}").format(QLocale().toString(count)) if count else ""
    )


def _picture(view: MapView, mask: Mask, theme: PaperTheme) -> QImage:
    """Light like paper; where the light map has not been drawn here yet, as it is on the screen."""
    frame = view.frame
    used: Theme = theme
    ground = Ground(store=view.tiles, theme=theme, home=view.home)
    ground.variant = view.ground_variant
    if not ground.is_whole(frame):
        used = view.theme
        ground = Ground(store=view.tiles, theme=used, home=view.home)
        ground.variant = view.ground_variant
    image = QImage(frame.width, frame.height, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(frame.ratio)
    sprites = Sprites(used)
    sprites.use(frame.ratio)
    board = view.selection.board
    scene = Scene(
        frame=frame,
        theme=used,
        sprites=sprites,
        markers=Markers(board, mask, frame, frame),
        board=board,
        now=view.selection.clock.now(),
        is_shaded=view.shading.found is not None,
    )
    with QPainter(image) as painter:
        ground.paint(painter, frame)
        view.picture.paint_scene(painter, scene)
        if view.shading.found is not None:
            _paint_shades(painter, view, used)
        bar = ScaleBar(used).picture(frame)
        size = bar.deviceIndependentSize()
        wide, tall = frame.width / frame.ratio, frame.height / frame.ratio
        painter.drawPixmap(QPointF(round(wide - size.width() - 10), round(tall - size.height() - 8)), bar)
    return image


def _paint_shades(painter: QPainter, view: MapView, theme: Theme) -> None:
    """The classes of the shading in the picture's lower left corner, in the picture's own colors."""
    size = view.shade_legend.size_in(theme)
    tall = view.frame.height / view.frame.ratio
    box = QRectF(QPointF(8, round(tall - size.height() - 8)), size)
    painter.fillRect(box, theme.color("card"))
    painter.translate(box.topLeft())
    view.shade_legend.paint(painter, theme)
    painter.translate(-box.topLeft())


def _height(line: str, width: float, theme: Theme) -> float:
    metrics = QFontMetrics(theme.font("small"))
    room = metrics.boundingRect(0, 0, int(width), 10_000, Qt.TextFlag.TextWordWrap, line)
    return max(LINE_PX, room.height() + 3.0)


def _tr(text: str) -> str:
    return QCoreApplication.translate("map", text)
