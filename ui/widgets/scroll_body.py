"""What a scroll area scrolls: exactly as tall as its wrapped words need at the width there is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QScrollArea, QWidget


class ScrollBody(QWidget):
    def minimumSizeHint(self) -> QSize:
        # Qt takes the height at the least width, where every sentence wraps most, and leaves gaps.
        layout = self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return super().minimumSizeHint()
        return QSize(0, layout.totalHeightForWidth(max(1, self.width())))


def scroller(body: QWidget) -> QScrollArea:
    """A frameless area that scrolls `body` up and down only and lets the ground show through."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    area.viewport().setAutoFillBackground(False)
    body.setAutoFillBackground(False)
    return area
