"""The command line: every command by name, and whole lines such as `esc 18234`, `dup 18234 18230`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from dispatch.board import Board
from dispatch.jurisdiction import DeskEntry
from ui.commands import Commands, QueueActs
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.guard import guarded
from ui.widgets.key_cap import cap_width, paint_cap

_ENTRY = Qt.ItemDataRole.UserRole
_WIDTH, _ROW, _ROWS = 560, 34, 9
_OPENERS = {"command_line", "palette", "undo_ask"}  # they lead here
_EARTH_M = 6_371_000.0

SiteByNumber = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing Enter would do."""

    title: str
    group: str
    key: str
    do: Callable[[], object]
    can: bool = True


class CommandLine(QFrame):
    def __init__(
        self,
        *,
        commands: Commands,
        acts: QueueActs,
        selection: Selection,
        site_by_number: SiteByNumber,
        sheets_open: Callable[..., object],
        desks: Sequence[DeskEntry],
        theme: Theme,
        host: QWidget,
    ) -> None:
        """`site_by_number` finds a site by what the operator reads on the screen; 0 when there is none."""
        super().__init__(host)
        self._commands = commands
        self._acts = acts
        self._selection = selection
        self._site_by_number = site_by_number
        self._sheets_open = sheets_open
        self._desks = desks
        self._host = host
        self._focus_before: QWidget | None = None
        self.setProperty("part", "popup")
        self.line = QLineEdit()
        self.line.setPlaceholderText(self.tr("A command, words in reports, esc 18234, near 27.77 -82.64 300"))
        self.line.setAccessibleName(self.tr("Command line"))
        self.line.textChanged.connect(self._fill)
        self.line.installEventFilter(self)
        self.list = QListWidget()
        self.list.setProperty("look", "plain")
        self.list.setItemDelegate(_EntryDelegate(theme, self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setMouseTracking(True)
        self.list.itemClicked.connect(lambda _item: self.run())
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 10, 10, 8)
        column.setSpacing(6)
        column.addWidget(self.line)
        column.addWidget(self.list)
        self.hide()

    def open(self, text: str = "") -> None:
        if not self.isVisible():
            self._focus_before = self.window().focusWidget()
        self.line.setText(text)
        self._fill()
        self.show()
        self.raise_()
        self.line.setFocus()

    def leave(self) -> None:
        self.hide()
        if self._focus_before is not None:
            self._focus_before.setFocus()

    def run(self) -> None:
        """Do what is chosen; what cannot be done now stays open and dim."""
        item = self.list.currentItem()
        if item is None:
            return
        entry: Entry = item.data(_ENTRY)
        if entry.can:
            self.leave()
            entry.do()

    def entries(self) -> list[Entry]:
        text = self.line.text().strip()
        spoken = self._whole_line(text.lower().split())
        matching = [
            Entry(command.title, command.group, command.key, command.do, command.can())
            for command in self._commands
            if command.name not in _OPENERS and _matches(text, command.title, command.name)
        ]
        matching.sort(key=lambda entry: (not entry.title.lower().startswith(text.lower()), not entry.can))
        search = []
        if text:
            title = self.tr("Search the reports for “{}”").format(text)
            search = [Entry(title, "", "", lambda: self._selection.look_for(text))]
        return [*spoken, *matching, *search]

    # -- whole lines --------------------------------------------------------------------------------

    def _whole_line(self, words: list[str]) -> list[Entry]:
        if not words:
            return []
        verb, rest = words[0], words[1:]
        if verb == "esc" and rest:
            return self._escalate(rest[0], " ".join(rest[1:]))
        if verb == "dup" and len(rest) >= 2:
            others = [self._site_by_number(number) for number in rest[1:]]
            if not all(others):
                return [Entry(self._no_site(rest[1:], others), "", "", _nothing, False)]
            is_one = len(others) == 1
            verb = self.tr("Duplicate") if is_one else self.tr("Merge into")
            to = self.tr(" of {}").format(rest[1]) if is_one else ""
            return [
                self._about_site(verb, rest[0], lambda s: self._acts.duplicate_of(s, others), to=to),
            ]
        if verb == "near" and len(rest) == 3:
            return [self._near(rest)]
        if verb.isdigit() and not rest:
            return [self._about_site(self.tr("Go to"), verb, self._selection.go)]
        return []

    def _escalate(self, number: str, to: str) -> list[Entry]:
        """One entry for each desk that is meant: ESF 3 may be two of them."""
        if not to:
            open_sheet = self._sheets_open
            return [self._about_site(self.tr("Escalate"), number, lambda s: open_sheet("escalate", s))]
        desks = list(desks_called(to, self._desks))
        if not desks:
            return [Entry(self.tr("No desk is called {}").format(to), "", "", _nothing, False)]
        return [self._escalate_to(number, desk) for desk in desks]

    def _escalate_to(self, number: str, desk: DeskEntry) -> Entry:
        return self._about_site(
            self.tr("Escalate"),
            number,
            lambda s: self._sheets_open("escalate", s, desk=desk.name),
            to=self.tr(" to {}").format(desk.name),
        )

    def _about_site(self, verb: str, number: str, do: Callable[[int], object], *, to: str = "") -> Entry:
        site_id = self._site_by_number(number.lstrip("#"))
        if not site_id:
            return Entry(self._no_site([number], [0]), "", "", _nothing, False)
        board = self._selection.board
        what = board.what[board.row(site_id)]
        where = board.where[board.row(site_id)]

        def run() -> None:
            self._selection.go(site_id)
            do(site_id)

        return Entry(f"{verb} {number}{to}: {what}", where, "", run)

    def _near(self, rest: list[str]) -> Entry:
        try:
            lat, lng, metres = (float(word.rstrip("m")) for word in rest)
        except ValueError:
            return Entry(self.tr("near needs latitude, longitude and metres"), "", "", _nothing, False)
        ids = sites_near(self._selection.board, lat, lng, metres)
        title = self.tr("{sites} within {metres} m").format(
            sites=counts.sites(len(ids)), metres=round(metres)
        )
        return Entry(title, f"{lat:.4f}, {lng:.4f}", "", lambda: self._selection.narrow(sites=frozenset(ids)))

    def _no_site(self, numbers: list[str], found: list[int]) -> str:
        missing = [number for number, site in zip(numbers, found, strict=True) if not site]
        return self.tr("There is no site {} here").format(", ".join(missing))

    # -- showing ------------------------------------------------------------------------------------

    def _fill(self) -> None:
        self.list.clear()
        entries = self.entries()
        for entry in entries:
            item = QListWidgetItem(entry.title)
            item.setData(_ENTRY, entry)
            self.list.addItem(item)
        if entries:
            self.list.setCurrentRow(0)
        rows = max(1, min(len(entries), _ROWS))
        self.list.setFixedHeight(rows * _ROW)
        self.setFixedWidth(min(_WIDTH, self._host.width() - 40))
        self.adjustSize()
        self.move((self._host.width() - self.width()) // 2, 72)

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = event.key()
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run()
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                step = 1 if key == Qt.Key.Key_Down else -1
                row = self.list.currentRow() + step
                self.list.setCurrentRow(min(max(row, 0), self.list.count() - 1))
                return True
        return False


class _EntryDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, _ROW)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(_ENTRY)
        theme, rect = self._theme, option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        right = rect.right() - 10
        key = entry.key.replace("+", " ").replace("Return", "Enter")
        if key:
            width = cap_width(key, theme)
            cap = QRectF(right - width, rect.center().y() - 9, width, 18)
            painter.save()
            paint_cap(painter, cap, key, tone="text_dim", theme=theme)
            painter.restore()
            right -= width + 12
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_dim"))
        group = painter.fontMetrics().elidedText(entry.group, Qt.TextElideMode.ElideRight, rect.width() // 3)
        group_width = painter.fontMetrics().horizontalAdvance(group)
        painter.drawText(
            QRectF(right - group_width - 2, rect.y(), group_width + 4, rect.height()), middle, group
        )
        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text" if entry.can else "text_faint"))
        room = right - group_width - 12 - (rect.x() + 10)
        title = painter.fontMetrics().elidedText(entry.title, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(rect.x() + 10, rect.y(), room + 4, rect.height()), middle, title)


def sites_near(board: Board, lat: float, lng: float, metres: float) -> list[int]:
    """Ids of the open sites within so many metres; good to centimetres at a city's size."""
    north = np.radians(board.lat - lat) * _EARTH_M
    east = np.radians(board.lng - lng) * _EARTH_M * math.cos(math.radians(lat))
    ids: list[int] = board.site_id[(np.hypot(north, east) <= metres) & board.is_open()].tolist()
    return ids


def desks_called(words: str, desks: Iterable[DeskEntry]) -> Iterable[DeskEntry]:
    """By the number of their function, typed esf12 or "esf 12", or by the beginning of their name."""
    meant = words.replace(" ", "").lower()
    for desk in desks:
        if desk.esf.replace(" ", "").lower() == meant or desk.name.replace(" ", "").lower().startswith(meant):
            yield desk


def _matches(text: str, title: str, name: str) -> bool:
    """Each word typed begins a word of the title or of the name."""
    words = (title.lower() + " " + name.replace("_", " ")).split()
    return all(any(word.startswith(typed) for word in words) for typed in text.lower().split())


def _nothing() -> None:
    return None
