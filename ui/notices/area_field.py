"""The area of a notice, chosen from the map's layers by name: nothing is typed that a layer could say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from PySide6.QtWidgets import QComboBox, QCompleter, QVBoxLayout, QWidget

from dispatch.notices.areas import Pickable
from ui.theme import Theme
from ui.widgets.fields import Field
from ui.widgets.words import Words


class AreaField(Field):
    """Its value is (layer, name) of each, none for the whole city. Chosen again, one goes."""

    def __init__(self, label: str, *, theme: Theme) -> None:
        box = QWidget()
        self.combo = QComboBox()
        self.combo.setEditable(True)
        self.combo.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.combo.completer().setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
        self._said = Words(theme=theme)
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.combo)
        column.addWidget(self._said)
        super().__init__(label, box, theme=theme)
        self._picks: list[tuple[str, str]] = []
        box.setFocusProxy(self.combo)
        self.combo.activated.connect(self._choose)
        self.combo.lineEdit().setPlaceholderText(self.tr("Type to find a zone or neighborhood"))
        self.offer(())

    def offer(self, layers: Sequence[Pickable]) -> None:
        self.combo.clear()
        self.combo.addItem(self.tr("Whole city"), None)
        for layer in layers:
            for name in layer.names:
                self.combo.addItem(f"{name} · {layer.label}", (layer.layer, name))
        self.combo.setCurrentIndex(-1)
        self._say()

    def value(self) -> tuple[tuple[str, str], ...]:
        return tuple(self._picks)

    def show_value(self, value: Iterable[Sequence[str]]) -> None:
        self._picks = [(layer, name) for layer, name in value]
        self._say()

    def said(self) -> str:
        return self._said.said()

    def _choose(self, at: int) -> None:
        pick: Any = self.combo.itemData(at)
        if pick is None:
            self._picks = []
        elif (chosen := (pick[0], pick[1])) in self._picks:
            self._picks.remove(chosen)
        else:
            self._picks.append(chosen)
        self.combo.setCurrentIndex(-1)
        self._say()
        self._edit()

    def _say(self) -> None:
        names = [name for _layer, name in self._picks]
        self._said.say(", ".join(names) if names else self.tr("The whole city"))
