"""Under the layers' switches: which advisory and which alerts the map shows, how old, and the way to them."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from ui.theme import Theme

Line = tuple[str, bool]  # the words, and whether they warn


class WeatherLines(QWidget):
    """One line a feed, none while nothing is set and nothing was brought. A click opens the list."""

    wanted = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._lines: tuple[Line, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 3, 0, 0)
        column.setSpacing(0)
        self._buttons = [QPushButton(self), QPushButton(self)]
        for button in self._buttons:
            button.setFlat(True)
            button.setCursor(Qt.CursorShape.PointingHandCursor)
            button.setToolTip(self.tr("List the alerts in force (G, then A)"))
            button.clicked.connect(self.wanted)
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        theme.changed.connect(self._dress)
        self._dress()

    def say(self, lines: tuple[Line, Line]) -> bool:
        """True when the words are others than before."""
        if lines == self._lines:
            return False
        self._lines = lines
        self._dress()
        return True

    def text(self) -> str:
        return "\n".join(words for words, _ in self._lines if words)

    @property
    def warns(self) -> bool:
        return any(is_warning for _, is_warning in self._lines)

    def _dress(self) -> None:
        lines = self._lines or (("", False), ("", False))
        for button, (words, is_warning) in zip(self._buttons, lines, strict=True):
            color = self._theme.palette.warn if is_warning else self._theme.palette.text_dim
            button.setFont(self._theme.font("small_strong" if is_warning else "small"))
            button.setText(words.replace("&", "&&"))
            button.setAccessibleName(words)
            button.setVisible(bool(words))
            button.updateGeometry()
            button.setStyleSheet(
                f"QPushButton {{ border: none; background: transparent; padding: 2px 0; color: {color};"
                " text-align: left; }"
                "QPushButton:focus { border: none; text-decoration: underline; }"
            )
