"""What the wall shows in turn: the map with five numbers, the ten that wait longest, reports by hour."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication, QPointF, QRectF
from PySide6.QtGui import QPainter

from dispatch.insight.wall import HOUR_MS
from dispatch.records import Band
from ui.queue.hours import Hours
from ui.queue.strip_picture import TOP as STRIP_TOP
from ui.queue.strip_picture import StripPicture
from ui.wall.ink import CENTER, LEFT, RIGHT, Ink
from ui.wall.map import WallMap
from ui.wall.words import Figure, Row, Said
from ui.widgets import times
from ui.widgets.band_mark import paint_mark

NUMBERS_WIDE = 12.4  # times the smallest letters, as all lengths here
GAP = 0.6
MARK = 0.95
ROWS = 10
STALE_SHARE = 0.6
# The strip's own words, which become the wall's smallest.
STRIP_FONT_PX = 11


def _tr(text: str) -> str:
    return QCoreApplication.translate("wall", text)


def paint_map(
    painter: QPainter, box: QRectF, said: Said, *, ink: Ink, wall_map: WallMap, ratio: float
) -> None:
    wide = min(NUMBERS_WIDE * ink.px, box.width() * 0.5)
    left = QRectF(box.left(), box.top(), round(box.width() - wide), box.height())
    # What is old must not look like now (U6).
    wall_map.paint(painter, left, ink, ratio, share=STALE_SHARE if said.is_stale else 1.0)
    painter.fillRect(QRectF(left.right(), box.top(), 1, box.height()), ink.theme.color("line"))
    tall = box.height() / len(said.figures)
    inset = GAP * ink.px
    for index, figure in enumerate(said.figures):
        cell = QRectF(left.right() + inset, box.top() + index * tall, wide - 1.5 * inset, tall)
        if index:
            painter.fillRect(QRectF(left.right(), round(cell.top()), wide, 1), ink.theme.color("line"))
        _paint_figure(painter, cell, figure, ink=ink, is_stale=said.is_stale)


def _paint_figure(painter: QPainter, cell: QRectF, figure: Figure, *, ink: Ink, is_stale: bool) -> None:
    """The number above its label, both in the middle of the cell's height."""
    times_ = max(1.0, min(2.0, (cell.height() / ink.px - 1.25) * 0.8))
    number_tall, label_tall = times_ * 1.15 * ink.px, 1.2 * ink.px
    top = cell.top() + (cell.height() - number_tall - label_tall) / 2
    box = QRectF(cell.left(), top, cell.width(), number_tall)
    if figure.band:
        side = MARK * times_ * ink.px * 0.8
        paint_mark(painter, figure.band, QPointF(box.left() + side / 2, box.center().y()), side, ink.theme)
        box.setLeft(box.left() + side + 0.35 * ink.px)
    tone = "text_dim" if is_stale else "text"
    ink.write(painter, box, figure.number, tone=tone, times=times_, strong=True)
    label = QRectF(cell.left(), top + number_tall, cell.width(), label_tall)
    ink.write(painter, label, ink.longest(figure.label, label.width()), tone="text_dim")


def paint_rows(painter: QPainter, box: QRectF, said: Said, *, ink: Ink) -> None:
    inset = GAP * ink.px
    inner = box.adjusted(inset, 0, -inset, 0)
    tall = inner.height() / (ROWS + 1.1)
    head = QRectF(inner.left(), inner.top(), inner.width(), 1.1 * tall)
    ink.write(painter, head, said.rows_title, strong=True)
    if said.nothing:
        ink.write(painter, inner, said.nothing, tone="text_dim", align=CENTER)
        return
    ages = max(ink.width(row.age, strong=True) for row in said.rows)
    for index, row in enumerate(said.rows):
        line = QRectF(inner.left(), head.bottom() + index * tall, inner.width(), tall)
        painter.fillRect(QRectF(box.left(), round(line.top()), box.width(), 1), ink.theme.color("line"))
        _paint_row(painter, line, row, ink=ink, ages=ages, is_stale=said.is_stale)


def _paint_row(painter: QPainter, line: QRectF, row: Row, *, ink: Ink, ages: float, is_stale: bool) -> None:
    px, theme = ink.px, ink.theme
    side = MARK * px
    paint_mark(painter, row.band, QPointF(line.left() + side / 2, line.center().y()), side, theme)
    at = line.left() + side + 0.35 * px
    name = QRectF(at, line.top(), 1.6 * px, line.height())
    ink.write(painter, name, row.band.name, strong=True)
    age = QRectF(line.right() - ages, line.top(), ages, line.height())
    ink.write(painter, age, row.age, strong=True, tone="text_dim" if is_stale else "text", align=RIGHT)
    wide = ink.width(row.want)
    want = QRectF(age.left() - 0.7 * px - wide, line.top(), wide, line.height())
    ink.write(painter, want, row.want, tone="text_dim")
    _paint_what(painter, line, row, ink=ink, left=name.right() + 0.1 * px, right=want.left() - 0.6 * px)


def _paint_what(painter: QPainter, line: QRectF, row: Row, *, ink: Ink, left: float, right: float) -> None:
    """What and where; what is cut first, as its beginning says most of it."""
    between = ink.width(" · ")
    room = right - left - between
    where_wide = min(ink.width(row.where), room * 0.5)
    shown = ink.cut(row.what, room - where_wide)
    what = QRectF(left, line.top(), ink.width(shown), line.height())
    ink.write(painter, what, shown)
    rest = QRectF(what.right(), line.top(), right - what.right(), line.height())
    ink.write(painter, rest, f" · {row.where}", tone="text_soft")


def paint_hours(painter: QPainter, box: QRectF, said: Said, *, ink: Ink, zone: object) -> None:
    """The strip of the queue, as large as the wall: the last day, by band."""
    inset = GAP * ink.px
    inner = box.adjusted(inset, 0, -inset, -0.2 * ink.px)
    head = QRectF(inner.left(), inner.top(), inner.width(), 1.5 * ink.px)
    left = _paint_legend(painter, head, ink)
    words = QRectF(head)
    words.setRight(left - ink.px)
    ink.write(painter, words, said.hours_title, strong=True)
    under = QRectF(inner.left(), head.bottom(), inner.width(), 1.3 * ink.px)
    peak = _peak(said, zone)
    last = ink.longest(said.last_hour, under.width() - ink.width(peak) - ink.px)
    ink.write(painter, under, last, tone="text_dim" if said.is_stale else "text_soft")
    ink.write(painter, under, peak, tone="text_dim", align=RIGHT)
    room = QRectF(box.left(), under.bottom(), box.width(), inner.bottom() - under.bottom())
    _paint_bars(painter, room, said, ink=ink, zone=zone)


def _paint_bars(painter: QPainter, room: QRectF, said: Said, *, ink: Ink, zone: object) -> None:
    scale, counts = ink.px / STRIP_FONT_PX, said.hours.counts
    # The queue's strip has its own words above the bars: here they are none.
    above = STRIP_TOP - 2
    hours = Hours(said.hours.start_at, counts, np.zeros(len(counts), np.int64), 0)
    picture = StripPicture(
        hours=hours,
        theme=ink.theme,
        width=round(room.width() / scale),
        height=round(room.height() / scale) + above,
        brushed=None,
        is_compared=False,
        local=lambda at: times.local(at, zone),
    )
    painter.save()
    painter.translate(room.topLeft())
    painter.scale(scale, scale)
    painter.translate(0, -above)
    # Bars that touch have no seam then.
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    picture.paint_bars(painter)
    picture.paint_axis(painter)
    painter.restore()


def _paint_legend(painter: QPainter, head: QRectF, ink: Ink) -> float:
    """From the right; gives where it begins."""
    names = {Band.P1: _tr("P1"), Band.P2: _tr("P2"), Band.P3: _tr("P3"), Band.P4: _tr("P4 and info")}
    at, side = head.right(), MARK * ink.px * 0.8
    for band, name in reversed(names.items()):
        wide = ink.width(name)
        at -= wide
        ink.write(painter, QRectF(at, head.top(), wide, head.height()), name, tone="text_soft", align=LEFT)
        at -= side * 0.5 + 0.25 * ink.px
        paint_mark(painter, band, QPointF(at, head.center().y()), side, ink.theme)
        at -= side * 0.5 + 0.7 * ink.px
    return at


def _peak(said: Said, zone: object) -> str:
    totals = said.hours.counts.sum(axis=1)
    if not totals.max(initial=0):
        return ""
    at = int(np.argmax(totals))
    local = times.local(said.hours.start_at + at * HOUR_MS, zone)
    return _tr("peak {} at {}").format(int(totals[at]), f"{local:%H:%M}")
