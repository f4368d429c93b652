"""The pages as they will print, one at a time and as wide as there is room."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from ui.report.looking import Look
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words

REST_MS = 120
# White paper in a dark room: as bright as is read well, no brighter.
PAPER_AT_NIGHT = 0.84
LETTER = 11 / 8.5


class PageView(QWidget):
    turned = Signal()

    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self.look: Look | None = None
        self.page = 0
        self._drawing: asyncio.Task[None] | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._draw)
        self._which = Words(theme=theme, tone="text_dim", wrap=False)
        self._back = KeyButton(self.tr("Back"), "PgUp", theme=theme)
        self._on = KeyButton(self.tr("Next page"), "PgDn", theme=theme)
        self._back.clicked.connect(lambda: self.turn(-1))
        self._on.clicked.connect(lambda: self.turn(1))
        self.paper = _Paper(theme=theme)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QScrollArea.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setWidget(self.paper)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Words(self.tr("As it will print"), theme=theme, role="strong", wrap=False))
        head.addWidget(self._which)
        head.addStretch()
        head.addWidget(self._back)
        head.addWidget(self._on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.area, 1)
        self._say()

    @property
    def is_at_rest(self) -> bool:
        return not self._rest.isActive() and (self._drawing is None or self._drawing.done())

    def show_look(self, look: Look | None) -> None:
        """The page that was shown stays, where there still is one."""
        self.look = look
        self.page = min(self.page, max(0, look.pages - 1)) if look else 0
        if look is None:
            self.paper.show_image(None)
        self._say()
        self._draw()

    def turn(self, by: int) -> None:
        """Down the page first, where it does not fit; then to the next."""
        bar = self.area.verticalScrollBar()
        if self.look is None:
            return
        if (by > 0 and bar.value() < bar.maximum()) or (by < 0 and bar.value() > bar.minimum()):
            bar.setValue(bar.value() + by * round(self.area.viewport().height() * 0.85))
            return
        page = min(max(self.page + by, 0), self.look.pages - 1)
        if page != self.page:
            self.go(page)
            bar.setValue(bar.minimum() if by > 0 else bar.maximum())

    def go(self, page: int) -> None:
        self.page = page
        self._say()
        self._draw()
        self.turned.emit()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest.start()

    def _draw(self) -> None:
        if self.look is not None and self.isVisible():
            self._drawing = asyncio.ensure_future(self._drawn(self.look, self.page))

    async def _drawn(self, look: Look, page: int) -> None:
        ratio = self.devicePixelRatioF()
        width = round(self.area.viewport().width() * ratio)
        try:
            image = await self._bridge.parts.workers.network(look.page, page, width)
        except (LandfallError, OSError):
            return  # counted anew meanwhile: the new one is drawn
        if isValid(self) and (look, page) == (self.look, self.page):
            image.setDevicePixelRatio(ratio)
            self.paper.show_image(image)

    def _say(self) -> None:
        pages = self.look.pages if self.look else 0
        self._which.say(self.tr("page {0} of {1}").format(self.page + 1, pages) if pages else "")
        self.paper.setAccessibleName(self._which.said())
        self._back.setEnabled(pages > 0)
        self._on.setEnabled(pages > 0)


class _Paper(QWidget):
    """As tall as a page of the width there is, also before it is drawn: nothing jumps."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.image: QImage | None = None
        theme.changed.connect(self.update)

    def show_image(self, image: QImage | None) -> None:
        self.image = image
        self._stretch()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, self.minimumHeight())

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._stretch()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        spot = QRect(0, 0, self.width(), self._height())
        if self.image is None:
            painter.fillRect(spot, theme.color("card"))
            return
        painter.fillRect(spot, theme.color("window"))
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if theme.palette.name != "light":
            painter.setOpacity(PAPER_AT_NIGHT)
        painter.drawImage(spot, self.image)
        painter.setOpacity(1.0)
        painter.setPen(theme.color("line"))
        painter.drawRect(spot.adjusted(0, 0, -1, -1))

    def _stretch(self) -> None:
        self.setMinimumHeight(self._height())

    def _height(self) -> int:
        if self.image is not None and self.image.width():
            return round(self.width() * self.image.height() / self.image.width())
        return round(self.width() * LETTER)
