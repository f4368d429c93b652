"""What was written and not sent: which sheet of which site, to go on with it."""

from __future__ import annotations

import asyncio
from typing import Any

from PySide6.QtCore import QTimer

from ui.theme import Theme
from ui.widgets.fields import PickField
from ui.widgets.sheet import Sheet
from ui.widgets.words import Words


class UnsentSheet(Sheet):
    NAME = "unsent"
    ENTER_ACTS = True

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int = 0) -> None:
        super().__init__(theme=theme)
        self._sheets: Any = None
        self.say_title(self.tr("Not sent yet"))
        self.say_act(self.tr("Go on with it"))
        self.button.setEnabled(False)

    def begin(self, *, sheets: Any) -> None:
        self._sheets = sheets
        if not (left := sheets.left_behind()):
            self.body.addWidget(Words(self.tr("Nothing was left unsent."), theme=self.theme, tone="text_dim"))
            return
        choices = [(key, words) for key, words in left.items()]
        field = self.add("which", PickField(self.tr("Text that was left"), choices, theme=self.theme))
        field.show_value(choices[0][0])
        self.button.setEnabled(True)
        field.setFocus()

    def draft(self) -> dict[str, Any]:
        return {}

    def act(self) -> asyncio.Task[Any] | None:
        name, subject = self.fields["which"].value()
        # Once this one has gone.
        QTimer.singleShot(0, self._sheets, lambda: self._sheets.open(name, int(subject)))
        return None
