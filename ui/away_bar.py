"""The bar over every screen while the room's database is away, and until what it refused was read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from ui.kept import Kept
from ui.kept_words import bar_words
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.words import grounds


class AwayBar(QWidget):
    """Stays as long as it holds: nobody works on an old board unknowing."""

    def __init__(self, *, bridge: Any, kept: Kept, theme: Theme, sheets: Any) -> None:
        super().__init__()
        self._bridge, self._kept, self._theme, self._sheets = bridge, kept, theme, sheets
        self._is_filled = self._is_bad = False
        self.hide()
        kept.changed.connect(self.look)
        theme.changed.connect(self._paint_in_theme)

    def said(self) -> str:
        return str(self.words.said()) if self._is_filled and not self.isHidden() else ""

    @guarded
    def look(self, _what: object = None) -> None:
        kept, bridge = self._kept, self._bridge
        said, self._is_bad = bar_words(
            len(kept.waiting),
            len(kept.refused),
            kept.away_since,
            now=bridge.clock.now(),
            zone=bridge.zone,
        )
        if said and not self._is_filled:
            self._fill()
        self.setVisible(bool(said))
        if said:
            self.words.say(said, "alarm" if self._is_bad else "text")
            self.show_button.setVisible(bool(kept.waiting or kept.refused))
            self.setAccessibleName(said)
            self.update()

    # -- inside -----------------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Not before it is needed for the first time."""
        from ui.widgets.key_button import KeyButton
        from ui.widgets.words import Words

        self._is_filled = True
        self.words = Words(theme=self._theme, role="medium", tone="alarm")
        self.show_button = KeyButton(self.tr("Show them"), "G K", theme=self._theme)
        self.show_button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.show_button.clicked.connect(lambda: self._sheets.open("kept", kept=self._kept))
        row = QHBoxLayout(self)
        row.setContentsMargins(18, 7, 18, 8)
        row.setSpacing(8)
        row.addWidget(self.words, 1)
        row.addWidget(self.show_button)
        self._paint_in_theme()

    def _paint_in_theme(self) -> None:
        if self._is_filled:
            self.setStyleSheet(grounds(self._theme.palette))
            self.update()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        ground, line = ("alarm_bg", "alarm") if self._is_bad else ("internal_bg", "warn")
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(ground))
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color(line))
