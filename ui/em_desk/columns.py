"""A column of the board: its heading with a count, and its cards in order, scrolling by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.em_desk.card import Card
from ui.em_desk.card_words import CardWords
from ui.theme import Theme
from ui.widgets.scroll_body import scroller
from ui.widgets.words import Words

MOST_CLOSED = 12


class Column(QWidget):
    chosen = Signal(str)
    opened = Signal(str)

    def __init__(
        self, name: str, heading: str, empty: str, *, theme: Theme, most: int = 0, is_still: bool = False
    ) -> None:
        super().__init__()
        self.name = name
        self.ids: tuple[str, ...] = ()
        self._theme = theme
        self._most = most
        self._is_still = is_still
        self._cards: dict[str, Card] = {}
        self._heading = Words(heading, theme=theme, role="strong", wrap=False)
        self._count = Words("0", theme=theme, role="body", tone="text_dim", wrap=False)
        self._empty = Words(empty, theme=theme, role="small", tone="text_faint")
        self._more = Words(theme=theme, role="small", tone="text_dim")
        self._more.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._build()

    def show_cards(self, cards: list[tuple[str, CardWords]]) -> None:
        """Keep the widgets of cards that stay; nothing is built anew for a tick of the clock."""
        self._count.say(str(len(cards)))
        shown = cards[: self._most] if self._most else cards
        left = len(cards) - len(shown)
        self._more.say(self.tr("%n more", "", left) if left else "")
        self._empty.setVisible(not cards)
        keep = {key for key, _words in shown}
        for key in [key for key in self._cards if key not in keep]:
            gone = self._cards.pop(key)
            gone.hide()
            gone.deleteLater()
        for place, (key, words) in enumerate(shown):
            self._show_card(key, words, place)
        self.ids = tuple(key for key, _words in shown)

    def card(self, escalation_id: str) -> Card | None:
        return self._cards.get(escalation_id)

    def reveal(self, card: Card) -> None:
        self.scroll.ensureWidgetVisible(card, 0, 12)

    def _show_card(self, key: str, words: CardWords, place: int) -> None:
        card = self._cards.get(key)
        if card is None:
            card = Card(key, words, theme=self._theme, is_still=self._is_still)
            card.chosen.connect(self.chosen)
            card.opened.connect(self.opened)
            self._cards[key] = card
            self._list.insertWidget(place, card)
            return
        card.say(words)
        if self._list.indexOf(card) != place:
            self._list.removeWidget(card)
            self._list.insertWidget(place, card)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(2, 0, 6, 0)
        head.addWidget(self._heading)
        head.addStretch()
        head.addWidget(self._count)
        column.addLayout(head)
        inside = QWidget()
        self._list = QVBoxLayout(inside)
        self._list.setContentsMargins(0, 0, 4, 16)
        self._list.setSpacing(10)
        self._list.addWidget(self._empty)
        self._list.addWidget(self._more)
        self._list.addStretch()
        self.scroll = scroller(inside)
        column.addWidget(self.scroll, 1)
