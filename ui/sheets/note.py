"""An internal note: another place, color, border and key than a message, so that none is ever made public
(U11). Where the city's server takes internal comments it goes there, too, and nowhere else."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout

from dispatch.records import SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.theme import Theme
from ui.widgets.fields import TextField
from ui.widgets.words import Words


class NoteSheet(SiteSheet):
    NAME = "note"
    ACT_KEY = "Ctrl S"
    PLACE = Qt.AlignmentFlag.AlignBottom

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self.say_title(self.tr("Internal note"))
        self._text = self.keep("text", TextField("", theme=theme, least=3, most=12))
        self._text.box.setAccessibleName(self.tr("Internal note"))
        self.body.addWidget(self._internal_box())
        self.say_act(self.tr("Keep note"))
        self.shortcuts[(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_S)] = self.confirm

    def show_site(self, view: SiteView) -> None:
        self.button.setEnabled(True)

    def take_ctrl_enter(self) -> None:
        # The key that sends a message must not be the one that keeps a note, nor the other way round.
        self.say_effect(self.tr("A note is kept with Ctrl S. Ctrl Enter sends messages."), "warn")
        self.grew.emit()

    def problem(self) -> tuple[str, str] | None:
        return None if self._text.value() else ("text", self.tr("Write the note first."))

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Note kept, for the city alone."), False

    def act(self) -> asyncio.Task[Any]:
        return self.bridge.act(self.bridge.desk.internal_note, self.site_id, self._text.value())

    def _internal_box(self) -> QFrame:
        box = QFrame()
        box.setProperty("part", "note")
        inside = QVBoxLayout(box)
        inside.setContentsMargins(10, 8, 10, 10)
        inside.setSpacing(6)
        inside.addWidget(
            Words(self.tr("INTERNAL, never public"), theme=self.theme, role="strong", tone="warn")
        )
        inside.addWidget(self._text)
        return box
