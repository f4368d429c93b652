"""What stands around every view of the wall: the line above, the lines below that never go away, the edge."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from ui.wall.ink import CENTER, RIGHT, Ink
from ui.wall.words import Notice, Said
from ui.widgets.band_mark import paint_mark

# Times the smallest letters.
HEAD_TALL, NOTICE_TALL, EDGE, GAP, MARK = 1.5, 1.45, 0.12, 0.6, 0.95


def edge_px(ink: Ink) -> int:
    """Of an exercise, on all four sides (S18)."""
    return max(4, round(EDGE * ink.px))


def paint_edge(painter: QPainter, box: QRectF, ink: Ink) -> None:
    edge = edge_px(ink)
    color = ink.theme.color("exercise")
    painter.fillRect(QRectF(box.left(), box.top(), box.width(), edge), color)
    painter.fillRect(QRectF(box.left(), box.bottom() - edge, box.width(), edge), color)
    painter.fillRect(QRectF(box.left(), box.top(), edge, box.height()), color)
    painter.fillRect(QRectF(box.right() - edge, box.top(), edge, box.height()), color)


def paint_head(painter: QPainter, box: QRectF, said: Said, ink: Ink) -> None:
    painter.fillRect(box, ink.theme.color("panel"))
    painter.fillRect(QRectF(box.left(), box.bottom() - 1, box.width(), 1), ink.theme.color("line"))
    px = ink.px
    inner = box.adjusted(GAP * px, 0, -GAP * px, 0)
    if said.is_exercise:
        inner.setLeft(_paint_exercise(painter, inner, ink) + GAP * px)
    name = ink.width(said.name, strong=True) + px
    clock, sync = _head_words(said, inner.width() - name, ink)
    ink.write(painter, inner, clock, strong=True, align=RIGHT)
    inner.setRight(inner.right() - ink.width(clock, strong=True) - px)
    # The storm's name gives way first: how old all this is has to be read whole.
    room = min(ink.width(sync), inner.width() * 0.75)
    words = QRectF(inner.right() - room, inner.top(), room, inner.height())
    ink.write(painter, words, sync, tone=said.sync_tone, align=RIGHT)
    inner.setRight(words.left() - 0.8 * px)
    ink.write(painter, inner, said.name, strong=True)


def _head_words(said: Said, room: float, ink: Ink) -> tuple[str, str]:
    """Clock and sync as long as they have room beside the name."""
    ways = [(clock, sync) for sync in said.sync for clock in said.clock]
    for clock, sync in ways:
        if ink.width(clock, strong=True) + ink.width(sync) + ink.px <= room:
            return clock, sync
    return ways[-1]


def _paint_exercise(painter: QPainter, room: QRectF, ink: Ink) -> float:
    words = QCoreApplication.translate("wall", "EXERCISE")
    wide = ink.width(words, strong=True) + 0.6 * ink.px
    badge = QRectF(room.left(), room.center().y() - 0.6 * ink.px, wide, 1.2 * ink.px)
    painter.fillRect(badge, ink.theme.color("exercise"))
    ink.write(painter, badge, words, tone="exercise_text", strong=True, align=CENTER)
    return badge.right()


def lines_of(said: Said, width: float, ink: Ink) -> list[list[tuple[Notice, str]]]:
    """Which notices stand side by side: on as few lines as there can be, in as many words as those hold."""
    longest = max(len(notice.words) for notice in said.notices)
    ways = [
        _packed([(n, n.words[min(short, len(n.words) - 1)]) for n in said.notices], width, ink)
        for short in range(longest)
    ]
    return [_grown(line, width, ink) for line in min(ways, key=len)]


def _grown(line: list[tuple[Notice, str]], width: float, ink: Ink) -> list[tuple[Notice, str]]:
    """In the most words that the line has room for, the first notice first."""
    for at, (notice, _words) in enumerate(line):
        for words in notice.words:
            longer = [*line[:at], (notice, words), *line[at + 1 :]]
            if sum(_needs(each, ink) for each in longer) <= width:
                line = longer
                break
    return line


def _packed(notices: list[tuple[Notice, str]], width: float, ink: Ink) -> list[list[tuple[Notice, str]]]:
    lines: list[list[tuple[Notice, str]]] = [[]]
    for each in notices:
        if lines[-1] and sum(_needs(one, ink) for one in (*lines[-1], each)) > width:
            lines.append([])
        lines[-1].append(each)
    return lines


def paint_notices(painter: QPainter, box: QRectF, lines: list[list[tuple[Notice, str]]], ink: Ink) -> None:
    px, theme = ink.px, ink.theme
    is_alarm = any(notice.is_alarm for line in lines for notice, _words in line)
    painter.fillRect(box, theme.color("alarm_bg" if is_alarm else "panel"))
    painter.fillRect(
        QRectF(box.left(), box.top(), box.width(), 2 if is_alarm else 1),
        theme.color("alarm" if is_alarm else "line"),
    )
    tall = box.height() / len(lines)
    for index, line in enumerate(lines):
        at = box.left() + GAP * px
        for notice, words in line:
            cell = QRectF(at, box.top() + index * tall, _needs((notice, words), ink) - GAP * px, tall)
            at = cell.right() + GAP * px
            if notice.band:
                side = MARK * px
                middle = QPointF(cell.left() + side / 2, cell.center().y())
                paint_mark(painter, notice.band, middle, side, theme)
                cell.setLeft(cell.left() + side + 0.35 * px)
            tone = "alarm" if notice.is_alarm else "text_dim"
            ink.write(painter, cell, words, tone=tone, strong=notice.is_alarm)


def paint_turn(painter: QPainter, box: QRectF, *, view: int, views: int, is_turning: bool, ink: Ink) -> None:
    """Dots at the right: which of the views this is, with a ring around it where it stays."""
    side = 0.26 * ink.px
    at = QPointF(box.right() - GAP * ink.px - side / 2, box.center().y())
    for index in reversed(range(views)):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink.theme.color("text_soft" if index == view else "line_strong"))
        painter.drawEllipse(at, side / 2, side / 2)
        if index == view and not is_turning:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(ink.theme.color("text_soft"), max(1.5, ink.px / 24)))
            painter.drawEllipse(at, side * 0.95, side * 0.95)
        at.setX(at.x() - 2.4 * side)


def _needs(each: tuple[Notice, str], ink: Ink) -> float:
    notice, words = each
    mark = (MARK + 0.35) * ink.px if notice.band else 0.0
    return mark + ink.width(words, strong=notice.is_alarm) + 2 * GAP * ink.px
