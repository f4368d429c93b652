"""Labels for words from outside: always plain text, wrapped, in a color of the palette."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QWidget

from ui.theme import Palette, Theme
from ui.widgets.guard import guarded

_LONG_RUN = re.compile(r"\S{28,}")


def grounds(palette: Palette) -> str:
    """The style of everything this module makes; set once on the outermost widget of a part."""
    tones = "".join(
        f'QLabel[tone="{name}"] {{ color: {color}; background: transparent; }}\n'
        for name, color in palette._asdict().items()
        if name != "name"
    )
    return f"""{tones}
    QFrame[part="rule"] {{ background: {palette.line}; border: none; }}
    QFrame[part="card"] {{ background: {palette.card}; border: none; border-radius: 4px; }}
    QFrame[part="ours"] {{ background: {palette.public_bg}; border: none; border-radius: 4px; }}
    QFrame[part="note"] {{ background: {palette.internal_bg}; border: none; border-radius: 4px;
        border-left: 3px solid {palette.warn}; }}
    QFrame[part="public"] {{ background: {palette.public_bg}; border: 1px solid {palette.line_strong};
        border-radius: 4px; }}
    QPlainTextEdit {{ border: 1px solid {palette.line_strong}; }}
    QPlainTextEdit:focus {{ border: 2px solid {palette.focus}; }}
    QPlainTextEdit:disabled {{ border: 1px solid {palette.line}; }}
    QFrame[part="alarm"] {{ background: {palette.alarm_bg}; border: 1px solid {palette.alarm};
        border-radius: 4px; }}
    """


def prose(theme: Theme, role: str) -> QFont:
    """The role's font with figures and hyphens as wide as they are: one width is for columns of numbers."""
    font = QFont(theme.font(role))
    font.unsetFeature(QFont.Tag("tnum"))
    return font


class Words(QLabel):
    """A label in a font role and a tone (a palette field); it leaves no gap while it says nothing."""

    def __init__(
        self,
        text: str = "",
        *,
        theme: Theme,
        role: str = "body",
        tone: str = "text",
        wrap: bool = True,
        copyable: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(prose(theme, role) if wrap else theme.font(role))
        self.setWordWrap(wrap)
        self.setProperty("tone", tone)
        if wrap:
            self.setMinimumWidth(1)
        self.setSizePolicy(
            QSizePolicy.Policy.Preferred if wrap else QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed
        )
        if copyable:
            self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.say(text)

    def say(self, text: str, tone: str = "") -> None:
        if tone and tone != self.property("tone"):
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setText(breakable(text) if self.wordWrap() else text)
        # Showing a label that has no parent yet would open it as a window of its own: see changeEvent.
        if self.parent() is not None:
            self.setVisible(bool(text))

    @guarded
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ParentChange and self.parent() is not None and not self.text():
            self.hide()

    def said(self) -> str:
        return self.text().replace("\u200b", "")


def breakable(text: str) -> str:
    """An unbroken run (a web address, a row of signs) may break anywhere, or it would be cut off."""
    return _LONG_RUN.sub(
        lambda run: "\u200b".join(run[0][i : i + 12] for i in range(0, len(run[0]), 12)), text
    )


def hint(text: str) -> str:
    """A hover text that shows the words as they stand: Qt would take tags in it for its own, and fetch the
    pictures of a resident's `<img>` from this computer or from a share on the network."""
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>' if "<" in text else text


def rule() -> QFrame:
    """A hair line between sections."""
    line = QFrame()
    line.setProperty("part", "rule")
    line.setFixedHeight(1)
    return line
