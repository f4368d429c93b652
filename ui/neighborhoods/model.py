"""The places as rows. Numbers change where they stand; the order only when nobody is in the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from dispatch.insight.neighborhoods import Neighborhoods
from dispatch.insight.quiet_areas import QUIET, Standing
from ui.neighborhoods import words
from ui.theme import Theme
from ui.widgets.words import hint

AREA, REPORTS, RATE, EXPECTED, MISSING, SURE, OUTREACH = range(7)
NUMBERS = (REPORTS, RATE, EXPECTED, MISSING)

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class NeighborhoodsModel(QAbstractTableModel):
    """`place_at` gives the number of the place in a row."""

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.found: Neighborhoods | None = None
        self._order: list[int] = []
        self._outreach: Mapping[int, str] = {}
        theme.changed.connect(self._repaint)

    def take(self, found: Neighborhoods) -> None:
        """New numbers in the rows as they stand; the first ones in their order."""
        is_first = self.found is None
        if is_first:
            self.beginInsertRows(_TOP, 0, len(found.places) - 1)
            self._order = found.order().tolist()
        self.found = found
        if is_first:
            self.endInsertRows()
        self._repaint()

    def show_outreach(self, last: Mapping[int, str]) -> None:
        """What was done last at each place, in a few words."""
        self._outreach = last
        self._repaint()

    def is_out_of_order(self) -> bool:
        """Whether a quiet place stands elsewhere by now than its row is."""
        if self.found is None:
            return False
        now = self.found.order()
        quiet = int((self.found.judged.standing <= Standing.UNDER).sum())
        return self._order[:quiet] != now[:quiet].tolist()

    def sort_anew(self) -> None:
        """Rows move, none is lost: the current one stays current."""
        if self.found is None or self._order == (now := self.found.order().tolist()):
            return
        self.layoutAboutToBeChanged.emit()
        held = self.persistentIndexList()
        places = [self._order[index.row()] for index in held]
        self._order = now
        moved = [
            self.index(now.index(place), index.column()) for place, index in zip(places, held, strict=True)
        ]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def place_at(self, row: int) -> int:
        return self._order[row]

    def row_of(self, place: int) -> int:
        return self._order.index(place)

    def is_quiet(self, row: int) -> bool:
        assert self.found is not None
        return Standing(self.found.judged.standing[self._order[row]]) in QUIET

    # -- Qt -----------------------------------------------------------------------------------------

    def rowCount(self, _parent: Index = _TOP) -> int:
        return len(self._order)

    def columnCount(self, _parent: Index = _TOP) -> int:
        return OUTREACH + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignBottom
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        answers: dict[int, Callable[[], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda: self._text(row, column),
            Qt.ItemDataRole.TextAlignmentRole: lambda: (
                (Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft)
                | Qt.AlignmentFlag.AlignVCenter
            ),
            Qt.ItemDataRole.ToolTipRole: lambda: hint(self._hint(row, column)),
            Qt.ItemDataRole.AccessibleTextRole: lambda: (
                f"{self._text(row, AREA)}, {self._headings()[column]}: {self._text(row, column)}"
            ),
        }
        answer = answers.get(role)
        return answer() if answer else None

    # -- inside -------------------------------------------------------------------------------------

    def _headings(self) -> tuple[str, ...]:
        return (
            self.tr("Area"),
            self.tr("Reports"),
            self.tr("Per\n1,000"),
            self.tr("Expected"),
            self.tr("Missing\nabout"),
            self.tr("How sure"),
            self.tr("Outreach"),
        )

    def _text(self, row: int, column: int) -> str:
        assert self.found is not None
        at, found = self._order[row], self.found
        match column:
            case n if n == AREA:
                return words.name(found.places[at])
            case n if n == REPORTS:
                return words.number(found.reports[at])
            case n if n == RATE:
                return words.number(float(found.per_1000[at]), 1)
            case n if n == EXPECTED:
                return words.number(float(found.judged.expected[at]))
            case n if n == MISSING:
                return words.number(missing) if (missing := found.missing(at)) else ""
            case n if n == SURE:
                return words.sure(found, at)
        return self._outreach.get(at, "")

    def _hint(self, row: int, column: int) -> str:
        assert self.found is not None
        at, found = self._order[row], self.found
        if column == AREA:
            return words.whole_name(found.places[at])
        if column == REPORTS:
            return self.tr("Enter shows these reports in the Queue.")
        if column == SURE:
            return words.chance(found, at)
        return self._text(row, column)

    def _repaint(self) -> None:
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, OUTREACH))


def shades(found: Neighborhoods, bounds: tuple[float, ...]) -> np.ndarray:
    """The class 1 to 5 of each place by its rate, 0 where there is none."""
    classes = (np.searchsorted(bounds, found.per_1000, side="left") + 1).astype(np.uint8)
    classes[~np.isfinite(found.per_1000)] = 0
    return classes
