"""One notice: its words by language side by side, where and when it holds, who stands for it, where it is."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from dispatch.records import Notice, NoticePlace
from ui.notices import words
from ui.theme import Theme
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words


class NoticePage(QWidget):
    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._title = Words(theme=theme, role="title")
        self._under = Words(theme=theme, tone="text_dim")
        self._mark = Words(theme=theme, role="strong", tone="warn")
        self._texts = QHBoxLayout()
        self._texts.setSpacing(12)
        self._holds = Words(theme=theme)
        self._order = Words(theme=theme)
        self._persons = Words(theme=theme, tone="text_soft")
        self._places = Words(theme=theme, tone="text_soft", copyable=True)
        self._none = Words(theme=theme, tone="text_soft")
        inside = ScrollBody()
        column = QVBoxLayout(inside)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(6)
        self._heads = {}
        for widget in (self._none, self._title, self._under, self._mark):
            column.addWidget(widget)
        column.addLayout(self._texts)
        for name, head, widget in (
            ("holds", self.tr("Where and when"), self._holds),
            ("order", self.tr("Order"), self._order),
            ("persons", self.tr("Who stands for it"), self._persons),
            ("places", self.tr("Where it stands"), self._places),
        ):
            label = Words(head, theme=theme, role="small", tone="text_dim")
            label.setContentsMargins(0, 12, 0, 0)
            self._heads[name] = label
            column.addWidget(label)
            column.addWidget(widget)
        column.addStretch(1)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(scroller(inside), 1)

    def show_notice(
        self,
        item: Notice | None,
        places: tuple[NoticePlace, ...],
        *,
        now: int,
        zone: Any,
        end: str,
        none: str,
    ) -> None:
        for head in self._heads.values():
            head.setVisible(item is not None)
        while (old := self._texts.takeAt(0)) is not None:
            if (widget := old.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._none.say("" if item else none)
        if item is None:
            for each in (self._title, self._under, self._mark, self._holds, self._order, self._persons):
                each.say("")
            self._places.say("")
            return
        self._title.say(words.title(item))
        self._under.say(f"{item.number} · {words.kind(item.kind)} · {end}")
        waits = item.kind.is_order and not item.second_by and not item.published_at
        self._mark.say(self.tr("An order: it needs two approvals") if waits else "")
        for each in item.texts:
            self._texts.addWidget(self._card(each.language, each.title, each.text), 1)
        self._holds.say(f"{self._whole_area(item)}\n{words.holds(item, now, zone)}")
        self._order.say(f"{item.authority} · {item.order}".strip(" ·"))
        self._heads["order"].setVisible(bool(self._order.said()))
        self._persons.say("\n".join(words.persons(item, now, zone)))
        self._places.say("\n".join(words.placed(places, now, zone)) or self.tr("Nowhere yet"))

    def said(self) -> str:
        parts = (self._title, self._under, self._mark, self._holds, self._order, self._persons, self._places)
        cards = [each.said() for each in self.findChildren(Words) if each.property("is_text")]
        return "\n".join([*(each.said() for each in (self._none, *parts)), *cards])

    def _whole_area(self, item: Notice) -> str:
        names = item.area.names
        return ", ".join(names) if names else self.tr("The whole city")

    def _card(self, language: str, title: str, text: str) -> QFrame:
        card = QFrame()
        card.setProperty("part", "public")
        column = QVBoxLayout(card)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        name = words.LANGUAGES.get(language, language)
        head = Words(name, theme=self._theme, role="small", tone="text_dim", wrap=False)
        said = [
            Words(title, theme=self._theme, role="strong", copyable=True),
            Words(text, theme=self._theme, copyable=True),
        ]
        column.addWidget(head)
        for each in said:
            each.setProperty("is_text", True)
            column.addWidget(each)
        column.addStretch(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        return card
