"""One card, painted: cheap enough for sixty of them, calm until its clock has run out."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QVariantAnimation, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.records import Band
from ui.em_desk.card_words import CardWords
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded
from ui.widgets.words import prose

PAD = 12
LINE = 17
HEAD = 20
EDGE = 3
PULSE_MS = 900
GAP = 10
WHO_LEAST = 0.42


class Card(QWidget):
    chosen = Signal(str)
    opened = Signal(str)

    def __init__(self, escalation_id: str, words: CardWords, *, theme: Theme, is_still: bool = False) -> None:
        super().__init__()
        self.escalation_id = escalation_id
        self.words = words
        self.is_current = False
        self._theme = theme
        self._is_still = is_still
        self._has_pulsed = False
        self._glow = 0.0
        self._lines: list[tuple[str, str, str]] = []
        self._width = self._who_room = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.say(words)

    def say(self, words: CardWords) -> None:
        """Take new words; paint only when they differ."""
        if words == self.words and self._lines:
            return
        is_first_overdue = words.is_overdue and not self._has_pulsed
        self.words = words
        self.setAccessibleName(words.aloud())
        self._lay_out(force=True)
        if is_first_overdue:
            self._pulse()
        self.update()

    def mark_current(self, is_current: bool) -> None:
        if is_current != self.is_current:
            self.is_current = is_current
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(180, self.height())

    @guarded
    def resizeEvent(self, _event: object) -> None:
        self._lay_out()

    @guarded
    def mousePressEvent(self, _event: QMouseEvent) -> None:
        self.chosen.emit(self.escalation_id)

    @guarded
    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.opened.emit(self.escalation_id)

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        theme, words = self._theme, self.words
        middle = PAD + HEAD / 2 - 2
        paint_mark(painter, words.band, QPointF(PAD + 7, middle), 12, theme)
        painter.setFont(theme.font("medium"))
        painter.setPen(theme.band_color(words.band))
        head = QRectF(PAD + 19, PAD - 2, self.width() - 2 * PAD - 19, HEAD)
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, Band(words.band).name)
        painter.setFont(theme.font("strong" if words.is_overdue else "body"))
        painter.setPen(theme.color(words.timer_tone))
        painter.drawText(head, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, words.timer)
        self._paint_lines(painter)

    def _paint_ground(self, painter: QPainter) -> None:
        theme = self._theme
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        ground = theme.mixed("alarm_bg", "card", self._glow) if self._glow else theme.color("panel")
        painter.setPen(QPen(theme.color("focus" if self.is_current else "line"), 2 if self.is_current else 1))
        painter.setBrush(ground)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5) if self.is_current else box, 4, 4)
        edge = self._edge()
        if edge is not None:
            path = QPainterPath()
            path.addRoundedRect(QRectF(self.rect()), 4, 4)
            painter.setClipPath(path)
            painter.fillRect(QRectF(0, 0, EDGE, self.height()), edge)
            painter.setClipping(False)

    def _edge(self) -> QColor | None:
        if self.words.is_overdue:
            return self._theme.color("alarm")
        if self.words.is_untouched and self.words.band == Band.P1:
            return self._theme.color("text")
        return None

    def _paint_lines(self, painter: QPainter) -> None:
        theme = self._theme
        y = PAD + HEAD + 2
        room = self.width() - 2 * PAD
        for text, role, tone in self._lines:
            if text:
                painter.setFont(prose(theme, role))
                painter.setPen(theme.color(tone))
                painter.drawText(QRectF(PAD, y, room, LINE), Qt.AlignmentFlag.AlignVCenter, text)
            if role == "desk":
                continue
            y += LINE if text else 5
        if self.words.who:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color("text_dim"))
            who = QFontMetricsF(painter.font()).elidedText(
                self.words.who, Qt.TextElideMode.ElideRight, self._who_room
            )
            painter.drawText(
                QRectF(PAD, self._desk_y, room, LINE),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                who,
            )

    def _lay_out(self, *, force: bool = False) -> None:
        if self.width() == self._width and not force:
            return
        self._width = self.width()
        room = max(80, self.width() - 2 * PAD)
        theme, words = self._theme, self.words
        lines = [(t, "medium", "text") for t in wrapped(words.title, prose(theme, "medium"), room, most=2)]
        lines += [(t, "small", "text_dim") for t in wrapped(words.place, prose(theme, "small"), room, most=3)]
        lines.append(("", "", ""))
        self._desk_y = PAD + HEAD + 2 + LINE * (len(lines) - 1) + 5
        desk_room = self._share(room)
        lines += [(t, "small", "text") for t in wrapped(words.desk, prose(theme, "small"), desk_room, most=1)]
        for note, tone in words.notes:
            role = "small"
            lines += [(t, role, tone) for t in wrapped(note, prose(theme, role), room, most=3)]
        self._lines = lines
        text_lines = sum(1 for text, *_ in lines if text)
        self.setFixedHeight(PAD + HEAD + 2 + LINE * text_lines + 5 + PAD)

    def _share(self, room: int) -> int:
        """The desk's part of the line it shares with who answered: one gives way when the other is long."""
        if not self.words.who:
            return room
        desk = math.ceil(QFontMetricsF(prose(self._theme, "small")).horizontalAdvance(self.words.desk)) + 1
        who = math.ceil(QFontMetricsF(self._theme.font("small")).horizontalAdvance(self.words.who)) + 1
        self._who_room = min(who, max(round(room * WHO_LEAST), room - desk - GAP))
        return room - self._who_room - GAP

    def _pulse(self) -> None:
        """Once, and not at all where motion is to be reduced: the border stays either way."""
        self._has_pulsed = True
        if self._is_still:
            return
        pulse = QVariantAnimation(self)
        pulse.setDuration(PULSE_MS)
        pulse.setStartValue(1.0)
        pulse.setEndValue(0.0)
        pulse.valueChanged.connect(self._take_glow)
        pulse.start(QVariantAnimation.DeletionPolicy.DeleteWhenStopped)

    def _take_glow(self, glow: float) -> None:
        self._glow = glow
        self.update()


def wrapped(text: str, font: QFont, width: float, *, most: int) -> list[str]:
    """Break at words into at most `most` lines; the last one ends in … when something is left."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    lines: list[str] = []
    while len(lines) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, length = line.textStart(), line.textLength()
        is_last = len(lines) == most - 1
        part = text[start:] if is_last else text[start : start + length]
        lines.append(
            QFontMetricsF(font).elidedText(part.strip(), Qt.TextElideMode.ElideRight, width)
            if is_last
            else part.strip()
        )
    layout.endLayout()
    return lines
