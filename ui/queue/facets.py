"""The panel behind "+ category, area, text": words, categories, areas, reasons and switches, by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from dispatch.board import Rows
from dispatch.records import Band
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.chip import Chip
from ui.widgets.flow import FlowLayout
from ui.widgets.guard import guarded
from ui.widgets.words import Words, hint

_KEY = Qt.ItemDataRole.UserRole
_TYPING_MS = 250
# The check box of an item, its gap and the scroll bar.
_CHECK_PX = 46


class FacetPanel(QFrame):
    """Every choice narrows at once; Esc or a click elsewhere closes the panel and keeps the choices."""

    def __init__(
        self, *, selection: Selection, theme: Theme, me: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._theme = theme
        self._me = me
        self._is_filling = False
        self.setProperty("part", "popup")
        self.setFixedSize(736, 490)
        self.text = QLineEdit()
        self.text.setPlaceholderText(self.tr("Words in the reports, a street, a number"))
        self.text.setClearButtonEnabled(True)
        self.text.setAccessibleName(self.tr("Search words"))
        self._typing = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._typing.timeout.connect(lambda: selection.look_for(self.text.text()))
        self.text.textEdited.connect(lambda _text: self._typing.start())
        self.bands = {band: Chip(band.name, theme=theme) for band in Band}
        for band, chip in self.bands.items():
            chip.setCheckable(True)
            chip.setAccessibleName(self.tr("Band {}").format(band.name))
            chip.toggled.connect(self._choose_bands)
        self.categories = self._list(self.tr("Categories"), "categories")
        self.hoods = self._list(self.tr("Neighborhoods"), "hoods")
        self.whys = self._list(self.tr("Why here"), "whys")
        self.switches = self._switches()
        self._lay_out()
        selection.narrowed.connect(self._fill_if_shown)
        self.hide()

    def open(self) -> None:
        self._fill()
        self.show()
        self.raise_()
        self.text.setFocus()
        self.text.selectAll()

    # -- building -----------------------------------------------------------------------------------

    def _list(self, name: str, field: str) -> QListWidget:
        made = QListWidget()
        made.setAccessibleName(name)
        made.setUniformItemSizes(True)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setFont(self._theme.font("small"))
        made.itemChanged.connect(lambda _item: self._choose(field, made))
        return made

    def _switches(self) -> dict[str, QCheckBox]:
        labels = {
            "claimed_by": self.tr("Claimed by me"),
            "not_on_map": self.tr("Not on the map"),
            "place_doubt": self.tr("Place in doubt"),
            "may_repeat": self.tr("May repeat another"),
            "with_closed": self.tr("Closed too"),
            "with_snoozed": self.tr("Snoozed too"),
            "set_aside": self.tr("Held until after the storm"),
        }
        made = {}
        for name, label in labels.items():
            box = made[name] = QCheckBox(label)
            box.setFont(self._theme.font("small"))
            box.toggled.connect(self._chooser(name))
        if not self._me:
            # Shown before it has a parent it would open as a window of its own, and take the focus.
            made["claimed_by"].hide()
        return made

    def show_me(self, me: str) -> None:
        """Somebody else sits here; "claimed by me" goes on to mean whoever does."""
        before, self._me = self._me, me
        self.switches["claimed_by"].setVisible(bool(me))
        if before and self._selection.filters.claimed_by == before:
            self._selection.narrow(claimed_by=me)

    def _chooser(self, name: str) -> Callable[[bool], None]:
        def choose(on: bool) -> None:
            if not self._is_filling:
                value: Any = (self._me if on else "") if name == "claimed_by" else on
                self._selection.narrow(**{name: value})

        return choose

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 12)
        column.setSpacing(10)
        column.addWidget(self.text)
        bands = QHBoxLayout()
        bands.setSpacing(6)
        for chip in self.bands.values():
            bands.addWidget(chip)
        bands.addStretch(1)
        column.addLayout(bands)
        lists = QHBoxLayout()
        lists.setSpacing(14)
        columns = (
            (self.tr("Category"), self.categories),
            (self.tr("Area"), self.hoods),
            (self.tr("Why here"), self.whys),
        )
        for label, made in columns:
            part = QVBoxLayout()
            part.setSpacing(4)
            part.addWidget(Words(label, theme=self._theme, role="small_strong", tone="text_dim"))
            part.addWidget(made)
            lists.addLayout(part, 1)
        column.addLayout(lists, 1)
        switches = QWidget()
        flow = FlowLayout(switches, gap=14)
        for box in self.switches.values():
            flow.addWidget(box)
        column.addWidget(switches)

    # -- filling ------------------------------------------------------------------------------------

    def _fill_if_shown(self) -> None:
        if self.isVisible():
            self._fill()

    def _fill(self) -> None:
        self._is_filling = True
        f, board = self._selection.filters, self._selection.board
        if not self.text.hasFocus():
            self.text.setText(f.text)
        for band, chip in self.bands.items():
            chip.setChecked(band in f.bands)
        for name, box in self.switches.items():
            box.setChecked(bool(getattr(f, name)))
        selection = self._selection
        categories = self._counts("categories", board.categories, board.category)
        self._fill_list(self.categories, categories, "categories", selection.category_label)
        self._fill_list(self.hoods, self._counts("hoods", board.hoods, board.hood), "hoods", str)
        whys = board.reasons(selection.mask_without("whys"))
        self._fill_list(self.whys, whys, "whys", selection.reason_label)
        self._is_filling = False

    def _fill_list(
        self, into: QListWidget, counts: Mapping[str, int], field: str, label: Callable[[str], str]
    ) -> None:
        """Names with how many sites each would leave, the other filters staying as they are."""
        chosen = getattr(self._selection.filters, field)
        names = {name for name, count in counts.items() if count} | chosen
        wanted = sorted(names, key=lambda name: (name not in chosen, -counts.get(name, 0), label(name), name))
        kept = into.currentItem().data(_KEY) if into.currentItem() else None
        into.clear()
        for name in wanted:
            item = QListWidgetItem(_with_count(into, label(name), counts.get(name, 0)))
            item.setData(_KEY, name)
            item.setToolTip(hint(label(name)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
            into.addItem(item)
            if name == kept:
                into.setCurrentItem(item)
        if into.currentItem() is None and into.count():
            into.setCurrentRow(0)

    def _counts(self, field: str, names: list[str], column: Any) -> dict[str, int]:
        values: Rows = column[self._selection.mask_without(field)]
        counted = np.bincount(values[values >= 0], minlength=len(names))
        return dict(zip(names, counted.tolist(), strict=False))

    # -- choosing -----------------------------------------------------------------------------------

    def _choose(self, field: str, made: QListWidget) -> None:
        if self._is_filling:
            return
        items = (made.item(i) for i in range(made.count()))
        chosen = {item.data(_KEY) for item in items if item.checkState() == Qt.CheckState.Checked}
        # Filling anew inside the list's own signal would delete the item it speaks of.
        QTimer.singleShot(0, self, lambda: self._selection.narrow(**{field: frozenset(chosen)}))

    def _choose_bands(self, _on: bool) -> None:
        if not self._is_filling:
            chosen = frozenset(int(band) for band, chip in self.bands.items() if chip.isChecked())
            self._selection.narrow(bands=chosen)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            if self.parentWidget() is not None:
                self.parentWidget().setFocus()
        elif event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            super().keyPressEvent(event)


def _with_count(into: QListWidget, label: str, count: int) -> str:
    """The label gives way to its number, never the number to the label."""
    metrics = QFontMetrics(into.font())
    number = f"  {count}"
    room = into.viewport().width() - _CHECK_PX - metrics.horizontalAdvance(number)
    return metrics.elidedText(label, Qt.TextElideMode.ElideRight, room) + number
