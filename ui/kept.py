"""What this seat keeps while the room's database is away, and what of it could not be done."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, Signal

from dispatch.journal import KeptAct
from dispatch.records import Millis


class Kept(QObject):
    """As the journal has it, looked at each second; nothing of it is ever there on a seat of its own."""

    changed = Signal(object)  # ids of the sites that have more or fewer of them now

    def __init__(self, *, bridge: Any, parent: QObject) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.waiting: tuple[KeptAct, ...] = ()
        self.refused: tuple[KeptAct, ...] = ()
        self.away_since: Millis = 0  # 0 while the database answers
        self._at: dict[int, tuple[KeptAct, ...]] = {}

    def begin(self) -> None:
        """The store is open: from now on, where others may be on it, too."""
        if not self._bridge.parts.store.is_sqlite:
            self._bridge.ticked.connect(self.look)
            self._bridge.said.connect(self.look)
            self.look()

    def at(self, site_id: int) -> tuple[KeptAct, ...]:
        return self._at.get(site_id, ())

    def look(self, *_what: object) -> None:
        parts = self._bridge.parts
        journal = parts.acts.journal
        now = parts.follow.away_since, journal.waiting(), journal.refused()
        if now == (self.away_since, self.waiting, self.refused):
            return
        self.away_since, self.waiting, self.refused = now
        before, self._at = self._at, {}
        for act in (*self.refused, *self.waiting):
            for site_id in act.sites:
                self._at[site_id] = (*self.at(site_id), act)
        ids = before.keys() | self._at.keys()
        self.changed.emit({each for each in ids if before.get(each) != self._at.get(each)})
