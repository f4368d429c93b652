"""The position under the pointer, in the map's corner: paints itself alone, never the map under it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from dispatch.geo.coordinates import Position, decimal, national_grid
from ui.map.panels import Panel
from ui.theme import Theme
from ui.widgets.guard import guarded

PAD_PX = 3
# As wide as the longest there is, so that the box never changes its size under a moving pointer.
WIDEST = "27.77120, -128.63900 · 17R LL 38497 72933"


class Whereabouts(Panel):
    """Decimal degrees and, in the conterminous states, the National Grid beside them."""

    HEIGHT_PX = 14

    def __init__(self, *, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme=theme, parent=parent)
        self.at: Position | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def say(self, at: Position | None) -> None:
        """Show a position; None where the pointer is not on the map."""
        if at != self.at:
            self.at = at
            self.setVisible(at is not None)
            self.update()

    def text(self) -> str:
        if self.at is None:
            return ""
        return " · ".join(part for part in (decimal(self.at), national_grid(self.at)) if part)

    def fit(self, left_top: QPointF, width: int) -> None:
        needs = QFontMetrics(self._theme.font("tiny")).horizontalAdvance(WIDEST) + 2 * PAD_PX
        at = left_top.toPoint()
        self.setGeometry(QRect(at.x(), at.y(), min(needs, width), self.HEIGHT_PX))

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._theme.color("card"))
        painter.setFont(self._theme.font("tiny"))
        painter.setPen(self._theme.color("text_dim"))
        said = painter.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, self.width() - 2 * PAD_PX
        )
        painter.drawText(self.rect().adjusted(PAD_PX, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, said)
