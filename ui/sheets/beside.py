"""Says in the open sheet of a site what others do there: who writes, who has claimed it, who closed it."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject

from ui.presence import Presence
from ui.presence_words import sheet_lines
from ui.sheets.registry import Sheets


class Beside(QObject):
    def __init__(self, *, bridge: Any, sheets: Sheets, presence: Presence) -> None:
        super().__init__(sheets)
        self._bridge, self._sheets, self._presence = bridge, sheets, presence
        sheets.opened.connect(self._say)
        presence.changed.connect(self._say)
        bridge.changed.connect(self._say)
        bridge.ticked.connect(self._say)

    def _say(self, _what: object = None) -> None:
        sheet, bridge = self._sheets.current, self._bridge
        if sheet is None or not sheet.READS_SITE:
            return
        sheet.say_beside(
            sheet_lines(
                bridge.board,
                sheet.site_id,
                self._presence.at(sheet.site_id),
                me=bridge.person,
                with_claim=not sheet.NAMES_HOLDER,
                now=bridge.clock.now(),
                zone=bridge.zone,
            )
        )
