"""What lies on the map: the box that panels stand in, and the legend with counts."""

from __future__ import annotations

from PySide6.QtCore import QLocale, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFontMetrics, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QPushButton,
    QWidget,
)

from dispatch.records import Band
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded

ROUND_PX = 4.0
# The rim around a panel that the map paints, so that the panel itself is a plain opaque box and is not
# painted again with every frame of a pan.
RIM_PX = 5


class Panel(QWidget):
    """An opaque box on the map; `paint_rim` draws its rounded edge on the map under it."""

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        theme.changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(event.rect(), self._theme.color("card"))

    def paint_rim(self, painter: QPainter) -> None:
        box = QRectF(self.geometry()).adjusted(-RIM_PX, -RIM_PX, RIM_PX, RIM_PX)
        painter.setBrush(self._theme.color("card"))
        painter.setPen(QPen(self._theme.color("line"), 1.0))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), ROUND_PX, ROUND_PX)

    # A click on a panel is not a click on the map under it.
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        self.setCursor(Qt.CursorShape.ArrowCursor)
        super().enterEvent(event)


class Legend(Panel):
    """Shape, band and count of what is in view, and how many sites have no place on the map."""

    not_on_map_wanted = Signal()

    HEIGHT_PX, PAD_PX, MARK_PX, GAP_PX = 28, 6, 13, 12

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme=theme, parent=parent)
        self._words = {
            Band.P1: self.tr("P1 life {}"),
            Band.P2: self.tr("P2 hazard {}"),
            Band.P3: self.tr("P3 damage {}"),
            Band.P4: self.tr("P4 can wait {}"),
            Band.INFO: self.tr("Info {}"),
        }
        self._counts: dict[Band, int] = dict.fromkeys(Band, 0)
        self._without_place = 0
        self._is_short = False
        self.not_on_map = QPushButton(self)
        self.not_on_map.setFlat(True)
        self.not_on_map.setCursor(Qt.CursorShape.PointingHandCursor)
        self.not_on_map.setToolTip(self.tr("Show only the sites without a place (G, then P)"))
        self.not_on_map.clicked.connect(self.not_on_map_wanted)
        theme.changed.connect(self._dress)
        self._dress()

    def show_counts(self, counts: dict[Band, int], not_on_map: int) -> None:
        self._counts, self._without_place = counts, not_on_map
        self.not_on_map.setVisible(not_on_map > 0)
        self._set_short(self._is_short)
        self.setAccessibleName(self.text())
        self.update()

    def fit(self, width: int) -> None:
        """Take the room the words need; where the map is narrow only band and count remain, and where it is
        narrower still those without a place stand on a line of their own."""
        self._set_short(False)
        self._set_short(sum(self._needs()) > width)
        bands, button_needs = self._needs()
        is_folded = button_needs > 0 and bands + button_needs > width
        wide = max(bands, button_needs) if is_folded else bands + button_needs
        self.resize(min(wide, width), self.HEIGHT_PX * (2 if is_folded else 1))
        button = self.not_on_map
        button.setFixedSize(button.fontMetrics().horizontalAdvance(button.text()) + 2, self.HEIGHT_PX)
        if is_folded:
            button.move(self.PAD_PX, self.HEIGHT_PX - 3)
        else:
            button.move(self.width() - self.PAD_PX - button.width(), 0)
        self.update()

    def text(self) -> str:
        """The legend as one line, also for screen readers."""
        said = [words for _, words in self._entries()]
        if not self.not_on_map.isHidden():
            said.append(self.not_on_map.text())
        return ", ".join(said)

    def _set_short(self, is_short: bool) -> None:
        self._is_short = is_short
        words = self.tr("Off map ({})") if is_short else self.tr("Not on map ({})")
        self.not_on_map.setText(words.format(QLocale().toString(self._without_place)))

    def _entries(self) -> list[tuple[Band, str]]:
        number = QLocale().toString
        is_short = self._is_short
        return [
            (band, (f"{band.name.title()} {{}}" if is_short else self._words[band]).format(number(count)))
            for band, count in self._counts.items()
            if count or band != Band.INFO
        ]

    def _width_of(self, words: str) -> int:
        return self.MARK_PX + 6 + QFontMetrics(self._theme.font("small")).horizontalAdvance(words)

    def _needs(self) -> tuple[int, int]:
        """The width of the bands with both margins, and what the button beside them takes."""
        bands = sum(self._width_of(words) + self.GAP_PX for _, words in self._entries())
        bands += 2 * self.PAD_PX - self.GAP_PX
        button = self.not_on_map
        if button.isHidden():
            return bands, 0
        return bands, button.fontMetrics().horizontalAdvance(button.text()) + 2 + self.GAP_PX

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.fillRect(event.rect(), theme.color("card"))
        painter.setFont(theme.font("small"))
        at, middle = self.PAD_PX, self.HEIGHT_PX / 2
        for band, words in self._entries():
            paint_mark(painter, band, QPointF(at + self.MARK_PX / 2, middle), self.MARK_PX, theme)
            painter.setPen(theme.color("text_soft"))
            room = QRect(at + self.MARK_PX + 6, 0, self.width(), self.HEIGHT_PX)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
            at += self._width_of(words) + self.GAP_PX

    def _dress(self) -> None:
        self.not_on_map.setFont(self._theme.font("small"))
        self.not_on_map.setStyleSheet(
            "QPushButton { border: none; background: transparent; padding: 0; min-height: 0;"
            f" color: {self._theme.palette.text_dim}; text-decoration: underline; }}"
        )
