"""Open sites that a call may be about: each keeps its row and its key for as long as it is there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidgetItem, QVBoxLayout, QWidget

from dispatch.records import Millis, NearSite
from ui.sheets import call_words
from ui.sheets.near_row import BAND_ROLE, LIST_EDGE, ROW_HEIGHT, near_list
from ui.theme import Theme
from ui.widgets.words import Words

MOST = 5
Slots = tuple[NearSite | None, ...]


def steady(shown: Slots, found: Sequence[NearSite], chosen: int = 0) -> Slots:
    """Nothing changes its place under who is about to press a key: what is still there stays where it was,
    new ones take free rows, and the chosen one stays until it is let go."""
    by_id = {each.site_id: each for each in found}
    slots: list[NearSite | None] = [
        by_id.pop(each.site_id, each if each.site_id == chosen else None) if each else None for each in shown
    ]
    for each in found:
        if each.site_id not in by_id:
            continue
        if None in slots:
            slots[slots.index(None)] = each
        elif len(slots) < MOST:
            slots.append(each)
    while slots and slots[-1] is None:
        slots.pop()
    return tuple(slots)


class NearPanel(QWidget):
    changed = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._slots: Slots = ()
        self._now: Millis = 0
        self.chosen_id = 0
        self._head = Words(theme=theme, role="small", tone="text_dim")
        self.list = near_list(self.tr("Sites it may be about"), theme=theme)
        self.list.itemClicked.connect(lambda item: self.choose(self.list.row(item) + 1))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        column.addWidget(self.list)
        self._fill()

    def show_found(self, found: Sequence[NearSite], now: Millis) -> None:
        self._slots, self._now = steady(self._slots, found, self.chosen_id), now
        self._fill()

    def choose(self, number: int) -> None:
        """The site of this row; the same once more lets it go."""
        near = self._slots[number - 1] if 0 < number <= len(self._slots) else None
        if near is None:
            return
        self.chosen_id = 0 if near.site_id == self.chosen_id else near.site_id
        self._fill()
        self.changed.emit()

    def chosen(self) -> NearSite | None:
        return next((each for each in self._slots if each and each.site_id == self.chosen_id), None)

    def lines(self) -> list[str]:
        return [self.list.item(at).text() for at in range(self.list.count())]

    def _fill(self) -> None:
        self.list.clear()
        for number, near in enumerate(self._slots, 1):
            gone = self.tr("Alt {}  no longer near\n").format(number)
            item = QListWidgetItem(call_words.near_lines(number, near, self._now) if near else gone)
            item.setData(BAND_ROLE, near.band if near else 5)
            if near is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
            if near is not None and near.site_id == self.chosen_id:
                self.list.setCurrentItem(item)
        self.list.setFixedHeight(len(self._slots) * ROW_HEIGHT + 2 * LIST_EDGE)
        self.list.setVisible(bool(self._slots))
        near = self.chosen()
        if near is None:
            said = self.tr("Known already? Alt and its number adds this call to it.") if self._slots else ""
            self._head.say(said, "text_dim")
        elif near.is_link:
            self._head.say(
                self.tr("About persons: tied to site {}, each stays its own.").format(near.site_id), "text"
            )
        else:
            self._head.say(self.tr("One more report of site {}.").format(near.site_id), "text")
