"""A pack as rows: a heading for each section, its lines, and how many more there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt

from dispatch.board import Board
from dispatch.forms.shift import OF_SITES, TITLES, due_words
from dispatch.records import PackLine, Section, ShiftPack

Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


@dataclass(frozen=True, slots=True)
class Row:
    """`line` is None for a heading, which has a count, and for what only says how many more there are."""

    section: Section
    words: str = ""
    count: int | None = None
    line: PackLine | None = None
    what: str = ""
    where: str = ""
    next: str = ""

    @property
    def is_heading(self) -> bool:
        return self.count is not None

    @property
    def is_of_site(self) -> bool:
        return self.line is not None and self.section in OF_SITES

    def said(self, remark: str = "") -> str:
        """All of it in one sentence, for who hears the screen."""
        if self.line is None:
            return f"{self.words}: {self.count}" if self.is_heading else self.words
        line = self.line
        return ". ".join(filter(None, (line.number, self.what, self.where, line.who, self.next, remark)))


class PackModel(QAbstractListModel):
    """`remarks` are those that are being written, by the key of a line."""

    def __init__(self, *, board: Board, zone: ZoneInfo) -> None:
        super().__init__()
        self._board, self._zone = board, zone
        self._rows: list[Row] = []
        self.remarks: dict[str, str] = {}

    def take(self, pack: ShiftPack | None) -> None:
        """Other rows in place of those that are there."""
        if self._rows:
            self.beginRemoveRows(_TOP, 0, len(self._rows) - 1)
            self._rows = []
            self.endRemoveRows()
        rows = list(self._made(pack)) if pack is not None and not pack.is_masked else []
        if rows:
            self.beginInsertRows(_TOP, 0, len(rows) - 1)
            self._rows = rows
            self.endInsertRows()

    def row(self, at: int) -> Row | None:
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def remark_of(self, row: Row) -> str:
        return self.remarks.get(row.line.key, "") if row.line is not None else ""

    def say_remark(self, at: int, words: str) -> None:
        row = self.row(at)
        if row is None or row.line is None:
            return
        self.remarks[row.line.key] = words
        index = self.index(at, 0)
        self.dataChanged.emit(index, index)

    def first(self) -> int:
        """The first row that somebody can stand on; -1 where there is none."""
        return next((at for at, row in enumerate(self._rows) if row.line is not None), -1)

    def next(self, at: int, step: int) -> int:
        """The next row with a line of its own; the same one at the end."""
        to = at + step
        while 0 <= to < len(self._rows):
            if self._rows[to].line is not None:
                return to
            to += step
        return at

    def rowCount(self, parent: Index = _TOP) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            row = self._rows[index.row()]
            return row.said(self.remark_of(row))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.row(index.row())
        if row is None or row.line is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    # -- inside -------------------------------------------------------------------------------------

    def _made(self, pack: ShiftPack) -> Iterator[Row]:
        for section in TITLES:
            lines, count = pack.lines(section), pack.totals.counts.get(section.value, 0)
            # By exception: what there is none of is said on paper, and takes no room here.
            if section == Section.WEATHER or not (lines or section in (Section.P1, Section.P2)):
                continue
            yield Row(section, TITLES[section], count)
            yield from (self._row(pack, section, line) for line in lines)
            if count > len(lines):
                yield Row(section, self.tr("and {} more: the Queue has them").format(count - len(lines)))

    def _row(self, pack: ShiftPack, section: Section, line: PackLine) -> Row:
        what, where = line.what, line.where
        at = self._board.row(line.site_id) if line.is_restricted and line.site_id else -1
        if at >= 0:
            # The room may see what no paper shows (S15); a masked seat's board does not hold it.
            what, where = self._board.what[at], self._board.where[at] or line.where
        said = line.next
        if section == Section.PROMISES:
            said = " · ".join((due_words(pack, line, self._zone), said))
        return Row(section, line=line, what=what, where=where, next=said)
