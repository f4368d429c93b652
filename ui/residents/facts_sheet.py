"""The facts to tell residents as a sheet of its own, where no reply is open: Enter copies the line."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from ui.residents.facts_panel import FactsPanel
from ui.theme import Theme
from ui.widgets.sheet import Sheet

HEIGHT = 560


class FactsSheet(Sheet):
    NAME = "city_facts"
    ACT_KEY = "Enter"

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme, width=520)
        self.bridge = bridge
        self._types = False
        self.say_title(self.tr("Facts to tell residents"))
        self.panel = FactsPanel(bridge=bridge, theme=theme)
        self.panel.be_inside()
        self.panel.setFixedHeight(HEIGHT)
        self.panel.copied.connect(self._copy)
        self.panel.left.connect(self.leave)
        self.panel.typing_wanted.connect(self._type)
        self.body.addWidget(self.panel)
        self._gone = self.add_side_button(self.tr("It holds no longer"), "Alt R", self._take_away)
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_R)] = self._take_away
        self.shortcuts[(Qt.KeyboardModifier.AltModifier, Qt.Key.Key_T)] = self._type
        self.say_act(self.tr("Copy"))
        self.panel.look()

    def first_focus(self) -> QWidget:
        return self.panel.table

    def confirm(self) -> None:
        """Copying leaves the sheet where it is: the next line may be wanted too."""
        self.panel.copy()

    def act(self) -> asyncio.Task[Any] | None:
        return None

    def _copy(self, text: str) -> None:
        QApplication.clipboard().setText(text)
        self.say_effect(self.tr("Copied: {}").format(text))

    def follows(self) -> Sheet | None:
        if not self._types:
            return None
        from ui.residents.fact_sheet import FactSheet

        sheet = FactSheet(bridge=self.bridge, theme=self.theme)
        sheet.comes_back = True
        sheet.begin()
        return sheet

    def _type(self) -> None:
        self._types = True
        self.finished.emit(True)

    def _take_away(self) -> None:
        line = self.panel.current()
        if line is None or line.fact is None:
            self.say_effect(self.tr("Nobody has typed this in: there is nothing to take away."), "warn")
            return
        self.bridge.act(self.bridge.parts.city_fact_desk.gone, line.fact.fact_id)
