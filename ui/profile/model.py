"""The categories as rows: the city's own beside what the profile in force says and what is being changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont

from dispatch.profile_desk import ProfileNow
from dispatch.records import Band
from dispatch.triage.categories import Category
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.words import hint

SHOWN, LABEL, OPEN, BAND, POINTS, FIRST_LOOK, DAYS = range(7)
# What each column changes; the others only say.
FIELDS: Mapping[int, str] = {
    SHOWN: "is_essential",
    BAND: "default_band",
    POINTS: "base_points",
    FIRST_LOOK: "first_look_min",
    DAYS: "storm_days",
}
NUMBERS = (OPEN, POINTS, FIRST_LOOK, DAYS)

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


class ProfileModel(QAbstractTableModel):
    """`edited` after each change a person makes. Nothing is applied from here."""

    edited = Signal()

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._city: list[Category] = []
        self._in_force: list[Category] = []
        self._draft: list[Category] = []
        self._open: Mapping[str, int] = {}
        theme.changed.connect(self._repaint)

    # -- the draft ----------------------------------------------------------------------------------

    def take(self, now: ProfileNow) -> None:
        """The profile in force; what a person has changed and not applied yet stays."""
        kept = {draft.key: self._changed(i) for i, draft in enumerate(self._draft) if self._changed(i)}
        is_first = not self._city
        if is_first:
            self.beginInsertRows(QModelIndex(), 0, len(now.rows) - 1)
        self._city = [city for city, _ in now.rows]
        self._in_force = [in_force for _, in_force in now.rows]
        self._draft = [replace(each, **kept.get(each.key, {})) for each in self._in_force]
        self._open = now.open_sites
        if is_first:
            self.endInsertRows()
        self._repaint()

    def discard(self) -> None:
        self._draft = list(self._in_force)
        self._repaint()
        self.edited.emit()

    def rows(self) -> list[tuple[Category, Category]]:
        """(as the city has it, as it shall be)."""
        return list(zip(self._city, self._draft, strict=True))

    @property
    def changes(self) -> int:
        """How many categories differ from what is in force."""
        return sum(draft != now for draft, now in zip(self._draft, self._in_force, strict=True))

    @property
    def shown(self) -> int:
        return sum(each.is_essential for each in self._draft)

    def set_field(self, row: int, column: int, value: Any) -> None:
        self._draft[row] = replace(self._draft[row], **{FIELDS[column]: value})
        self.dataChanged.emit(self.index(row, 0), self.index(row, DAYS))
        self.edited.emit()

    def toggle(self, row: int) -> None:
        self.set_field(row, SHOWN, not self._draft[row].is_essential)

    def row_of(self, key: str) -> int:
        return next(i for i, each in enumerate(self._draft) if each.key == key)

    def band(self, row: int) -> Band:
        return self._draft[row].default_band

    def is_changed(self, row: int, column: int) -> bool:
        field = FIELDS.get(column)
        return field is not None and getattr(self._draft[row], field) != getattr(self._in_force[row], field)

    # -- Qt -----------------------------------------------------------------------------------------

    def rowCount(self, _parent: Index = _TOP) -> int:
        return len(self._draft)

    def columnCount(self, _parent: Index = _TOP) -> int:
        return DAYS + 1

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._headings()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section in NUMBERS else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        plain = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if index.column() == SHOWN:
            return plain | Qt.ItemFlag.ItemIsUserCheckable
        is_text = index.column() in FIELDS and index.column() != BAND
        return plain | Qt.ItemFlag.ItemIsEditable if is_text else plain

    def data(self, index: Index, role: int = 0) -> Any:
        row, column = index.row(), index.column()
        answers: dict[int, Callable[[], Any]] = {
            Qt.ItemDataRole.DisplayRole: lambda: self._text(row, column),
            Qt.ItemDataRole.EditRole: lambda: self._edit_text(row, column),
            Qt.ItemDataRole.CheckStateRole: lambda: self._check(row) if column == SHOWN else None,
            Qt.ItemDataRole.TextAlignmentRole: lambda: (
                (Qt.AlignmentFlag.AlignRight if column in NUMBERS else Qt.AlignmentFlag.AlignLeft)
                | Qt.AlignmentFlag.AlignVCenter
            ),
            Qt.ItemDataRole.FontRole: lambda: self._font(row, column),
            Qt.ItemDataRole.ForegroundRole: lambda: self._color(row, column),
            Qt.ItemDataRole.ToolTipRole: lambda: hint(self._hint(row, column)),
            Qt.ItemDataRole.AccessibleTextRole: lambda: (
                f"{self._draft[row].label}, {self._headings()[column]}: {self._text(row, column)}"
            ),
        }
        answer = answers.get(role)
        return answer() if answer else None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row, column = index.row(), index.column()
        if role == Qt.ItemDataRole.CheckStateRole and column == SHOWN:
            self.set_field(row, SHOWN, Qt.CheckState(value) == Qt.CheckState.Checked)
            return True
        if role != Qt.ItemDataRole.EditRole or column not in FIELDS:
            return False
        read = _read(str(value), column)
        if read is None:
            return False
        self.set_field(row, column, read[0])
        return True

    # -- inside -------------------------------------------------------------------------------------

    def _headings(self) -> tuple[str, ...]:
        return (
            self.tr("In queue"),
            self.tr("Category"),
            self.tr("Open"),
            self.tr("Band"),
            self.tr("Points"),
            self.tr("First look"),
            self.tr("Told"),
        )

    def _changed(self, row: int) -> dict[str, Any]:
        draft, now = self._draft[row], self._in_force[row]
        return {f: getattr(draft, f) for f in FIELDS.values() if getattr(draft, f) != getattr(now, f)}

    def _text(self, row: int, column: int) -> str:
        draft = self._draft[row]
        match column:
            case n if n == SHOWN:
                return self.tr("yes") if draft.is_essential else self.tr("held")
            case n if n == LABEL:
                return draft.label
            case n if n == OPEN:
                return str(self._open.get(draft.key, 0) or "–")
            case n if n == BAND:
                return draft.default_band.name
            case n if n == POINTS:
                return f"{draft.base_points:g}"
            case n if n == FIRST_LOOK:
                return self.tr("{} min").format(draft.first_look_min)
        days = draft.storm_days
        return self.tr("no date") if days is None else counts.days(days)

    def _edit_text(self, row: int, column: int) -> str:
        draft = self._draft[row]
        values = {POINTS: f"{draft.base_points:g}", FIRST_LOOK: draft.first_look_min, DAYS: draft.storm_days}
        value = values.get(column)
        return "" if value is None else str(value)

    def _check(self, row: int) -> Qt.CheckState:
        return Qt.CheckState.Checked if self._draft[row].is_essential else Qt.CheckState.Unchecked

    def _font(self, row: int, column: int) -> QFont:
        return self._theme.font("strong" if self.is_changed(row, column) else "body")

    def _color(self, row: int, column: int) -> Any:
        if self.is_changed(row, column):
            return self._theme.color("warn")
        is_quiet = column in (OPEN, SHOWN) or not self._draft[row].is_essential
        return self._theme.color("text_dim" if is_quiet else "text")

    def _hint(self, row: int, column: int) -> str:
        field = FIELDS.get(column)
        if field is None:
            return self._draft[row].label
        said = getattr(self._city[row], field)
        words = (
            said.name
            if isinstance(said, Band)
            else {True: "yes", False: "held", None: "no date"}.get(said, said)
        )
        return self.tr("The city's table says: {}").format(words)

    def _repaint(self) -> None:
        if self._draft:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._draft) - 1, DAYS))


def _read(text: str, column: int) -> tuple[Any] | None:
    """What a person typed into a cell; None when it is no number."""
    text = text.strip()
    if column == DAYS and not text:
        return (None,)
    try:
        return (float(text) if column == POINTS else int(text),)
    except ValueError:
        return None
