"""Check boxes and radio buttons whose outlines can be seen in both themes (3:1 on their ground)."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QCheckBox, QRadioButton

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import prose

SIGN = 16
GAP = 8
HEIGHT = 26
_ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class Tick(QCheckBox):
    def __init__(self, words: str, *, theme: Theme) -> None:
        super().__init__(words)
        _dress(self, theme)

    def sizeHint(self) -> QSize:
        return _size(self)

    def hitButton(self, _point: object) -> bool:
        return True

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, box = _begin(self, self.theme)
        _paint_check(painter, box, is_on=self.isChecked(), theme=self.theme)
        _end(painter, self, self.theme)


class Radio(QRadioButton):
    """Where nothing of its group is chosen yet, the first arrow key chooses the one that has the focus: Qt
    would only move the focus, which looks like a choice and is none."""

    def __init__(self, words: str, *, theme: Theme) -> None:
        super().__init__(words)
        _dress(self, theme)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        group = self.group()
        if event.key() in _ARROWS and group is not None and group.checkedButton() is None:
            self.click()
            return
        super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return _size(self)

    def hitButton(self, _point: object) -> bool:
        return True

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, box = _begin(self, self.theme)
        painter.drawEllipse(box)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self.theme.color("accent_text"))
            painter.drawEllipse(box.center(), 3.2, 3.2)
        _end(painter, self, self.theme)


def paint_tick(painter: QPainter, box: QRectF, *, is_on: bool, theme: Theme) -> None:
    """A check box as part of something that is painted: a row of a table."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(theme.color("accent" if is_on else "text_faint"), 1.2))
    painter.setBrush(theme.color("accent" if is_on else "card"))
    _paint_check(painter, box, is_on=is_on, theme=theme)
    painter.restore()


def _paint_check(painter: QPainter, box: QRectF, *, is_on: bool, theme: Theme) -> None:
    painter.drawRoundedRect(box, 3, 3)
    if is_on:
        painter.setPen(QPen(theme.color("accent_text"), 2))
        x, y = box.x(), box.y()
        painter.drawPolyline([QPointF(x + 3.5, y + 8), QPointF(x + 6.5, y + 11), QPointF(x + 11.5, y + 4.5)])


def _dress(button: QAbstractButton, theme: Theme) -> None:
    button.theme = theme
    button.setFont(prose(theme, "body"))
    theme.changed.connect(button.update)


def _size(button: QAbstractButton) -> QSize:
    words = QFontMetricsF(button.font()).horizontalAdvance(button.text().replace("&&", "&"))
    return QSize(round(words) + SIGN + GAP + 6, HEIGHT)


def _begin(button: QAbstractButton, theme: Theme) -> tuple[QPainter, QRectF]:
    painter = QPainter(button)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    box = QRectF(2.5, (button.height() - SIGN) / 2 + 0.5, SIGN - 1, SIGN - 1)
    is_on = button.isChecked()
    edge = "accent" if is_on else "text_faint"
    painter.setPen(QPen(theme.color(edge if button.isEnabled() else "line_strong"), 1.2))
    painter.setBrush(theme.color("accent" if is_on else "card"))
    return painter, box


def _end(painter: QPainter, button: QAbstractButton, theme: Theme) -> None:
    words = QRectF(SIGN + GAP, 0, button.width() - SIGN - GAP, button.height())
    painter.setPen(theme.color("text" if button.isEnabled() else "text_faint"))
    painter.setFont(button.font())
    painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, button.text().replace("&&", "&"))
    if button.hasFocus():
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("focus"), 2))
        painter.drawRoundedRect(QRectF(button.rect()).adjusted(1, 1, -1, -1), 4, 4)
    painter.end()
