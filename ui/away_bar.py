"""The bar over every screen while the room's database is away, and until what it refused was read."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from ui.kept import Kept
from ui.kept_words import bar_words
from ui.theme import Theme
from ui.widgets.bar import Bar
from ui.widgets.guard import guarded


class AwayBar(Bar):
    """Stays as long as it holds: nobody works on an old board unknowing."""

    def __init__(self, *, bridge: Any, kept: Kept, theme: Theme, sheets: Any) -> None:
        super().__init__(theme=theme, ground="alarm_bg", line="alarm")
        self._bridge, self._kept, self._sheets = bridge, kept, sheets
        self._is_filled = False
        kept.changed.connect(self.look)

    def said(self) -> str:
        return str(self.words.said()) if self._is_filled and not self.isHidden() else ""

    @guarded
    def look(self, _what: object = None) -> None:
        kept, bridge = self._kept, self._bridge
        said, is_bad = bar_words(
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
            self.words.say(said, "alarm" if is_bad else "text")
            self.stand_on(*(("alarm_bg", "alarm") if is_bad else ("internal_bg", "warn")))
            self.show_button.setVisible(bool(kept.waiting or kept.refused))
            self.setAccessibleName(said)

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
