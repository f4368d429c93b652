"""How the Neighborhoods screen is laid out: head, map, table in its card, panel, and the empty state."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.key_button import KeyButton
from ui.widgets.words import Words, grounds

MAP_SHARE, TABLE_SHARE = 40, 58


def _tr(text: str) -> str:
    return QCoreApplication.translate("neighborhoods", text)


class ScreenFrame(QStackedWidget):
    """The screen's parts in their places; the second page says that there are no neighborhoods."""

    def __init__(self, *, theme: Theme, area_map: QWidget, table: QWidget, panel: QWidget) -> None:
        super().__init__()
        self.head = Words(theme=theme, tone="text_dim", wrap=False)
        self.moved = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        self.rests_on = Words(theme=theme, role="small", tone="text_dim")
        self.rest = QPushButton()
        self.rest.setProperty("look", "link")
        self.rest.setFont(theme.font("small"))
        self.rest.setMinimumHeight(24)
        self.span = KeyButton("", "Alt D", theme=theme)
        self.card = KeyButton(_tr("Rack card"), "Alt C", theme=theme)
        self.method = KeyButton(_tr("How this is counted"), "Alt H", theme=theme)
        whole = QWidget()
        across = QHBoxLayout()
        across.setSpacing(14)
        across.addWidget(area_map, MAP_SHARE)
        right = QVBoxLayout()
        right.setSpacing(12)
        right.addWidget(self._card(table, theme), TABLE_SHARE)
        right.addWidget(panel, 100 - TABLE_SHARE)
        across.addLayout(right, 100 - MAP_SHARE)
        page = QVBoxLayout(whole)
        page.setContentsMargins(22, 12, 18, 14)
        page.setSpacing(10)
        page.addLayout(self._top(theme))
        page.addLayout(across, 1)
        self.addWidget(whole)
        self.addWidget(_no_areas(theme))

    def say_rest(self, words: str) -> None:
        """What is counted nowhere; no line where there is nothing."""
        self.rest.setText(words)
        self.rest.setAccessibleName(words)
        self.rest.setVisible(bool(words))

    def _top(self, theme: Theme) -> QHBoxLayout:
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(Words(_tr("Neighborhoods"), theme=theme, role="title", wrap=False))
        top.addWidget(self.head)
        top.addStretch()
        top.addWidget(self.card)
        top.addWidget(self.span)
        top.addWidget(self.method)
        return top

    def _card(self, table: QWidget, theme: Theme) -> QFrame:
        card = QFrame()
        card.setProperty("part", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(10, 12, 10, 12)
        inside.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(Words(_tr("Fewer than expected"), theme=theme, role="strong", wrap=False))
        head.addStretch()
        head.addWidget(self.moved)
        under = QVBoxLayout()
        under.setContentsMargins(8, 2, 8, 0)
        under.setSpacing(2)
        under.addWidget(self.rests_on)
        under.addWidget(self.rest, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addLayout(head)
        inside.addWidget(table, 1)
        inside.addLayout(under)
        return card


def look(theme: Theme) -> str:
    """The style of the screen: cards with a hair line, and a table that stands on one."""
    card, line = theme.palette.card, theme.palette.line
    return (
        grounds(theme.palette)
        + f'QFrame[part="card"] {{ background: {card}; border: 1px solid {line}; border-radius: 6px; }}'
        + f"QTableView, QHeaderView, QHeaderView::section {{ background: {card}; }}"
        + "QHeaderView::section { padding: 4px 8px; }"
    )


def _no_areas(theme: Theme) -> QWidget:
    empty = QWidget()
    column = QVBoxLayout(empty)
    column.setContentsMargins(22, 14, 18, 14)
    column.addWidget(Words(_tr("Neighborhoods"), theme=theme, role="title", wrap=False))
    words = _tr("No neighborhoods are loaded: reports cannot be told by area.")
    column.addWidget(Words(words, theme=theme, tone="text_dim"))
    column.addStretch()
    return empty
