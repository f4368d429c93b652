"""The narrow rail on the left: one button for each screen that exists."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.icon import icon

WIDTH = 72
_HEIGHT = 64
# Where a title that is too long for one line breaks.
SOFT_HYPHEN = "\u00ad"


class RailButton(QAbstractButton):
    """`badge` is a short number in alarm color, for what waits on that screen."""

    def __init__(self, name: str, title: str, icon_name: str, *, theme: Theme) -> None:
        super().__init__()
        self.name = name
        self.badge = ""
        self._icon = icon_name
        self._theme = theme
        self.setText(title)
        self.setCheckable(True)
        self.setAccessibleName(title.replace(SOFT_HYPHEN, ""))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH - 1, _HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        rect = self.rect()
        if self.isChecked():
            painter.fillRect(rect, theme.color("selection"))
            painter.fillRect(0, 0, 3, rect.height(), theme.color("focus"))
        elif self.underMouse():
            painter.fillRect(rect, theme.color("hover"))
        tone = "text" if self.isChecked() else "text_dim"
        drawn = icon(self._icon, color=theme.color(tone), size=22, ratio=self.devicePixelRatioF())
        painter.drawPixmap(round((rect.width() - 22) / 2), 12, drawn)
        painter.setFont(theme.font("tiny"))
        painter.setPen(theme.color(tone))
        said = self.text().replace(SOFT_HYPHEN, "-\n")
        room = QRectF(0, 36, rect.width(), 26) if "\n" in said else QRectF(0, 38, rect.width(), 18)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, said)
        if self.badge:
            self._paint_badge(painter)
        if self.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(rect.adjusted(1, 1, -1, -1))

    def _paint_badge(self, painter: QPainter) -> None:
        theme = self._theme
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.font("cap"))
        width = max(18, painter.fontMetrics().horizontalAdvance(self.badge) + 10)
        spot = QRectF(self.width() / 2 + 5, 6, width, 17)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("alarm"))
        painter.drawRoundedRect(spot, 8.5, 8.5)
        painter.setPen(theme.color("badge_text"))
        painter.drawText(spot, Qt.AlignmentFlag.AlignCenter, self.badge)


class Rail(QWidget):
    chosen = Signal(str)

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self.buttons: dict[str, RailButton] = {}
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Screens"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 8, 1, 8)
        self._column.setSpacing(0)
        self._column.addStretch(1)
        theme.changed.connect(self.update)

    def add(self, name: str, title: str, icon_name: str) -> None:
        button = RailButton(name, title, icon_name, theme=self._theme)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._group.addButton(button)
        self._column.insertWidget(len(self.buttons), button)
        self.buttons[name] = button

    def show_chosen(self, name: str) -> None:
        """A screen may have no button: none is chosen then."""
        button = self.buttons.get(name)
        self._group.setExclusive(button is not None)
        for each in self.buttons.values():
            each.setChecked(each is button)

    def show_badge(self, name: str, count: int) -> None:
        button, badge = self.buttons[name], str(count) if count else ""
        if badge == button.badge:
            return
        button.badge = badge
        waiting = self.tr(", {} overdue").format(count) if count else ""
        button.setAccessibleName(button.text().replace(SOFT_HYPHEN, "") + waiting)
        button.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("panel"))
        painter.fillRect(self.width() - 1, 0, 1, self.height(), self._theme.color("line"))
