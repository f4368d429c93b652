"""One line of the command line: what Enter would do, and how it is painted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.key_cap import cap_width, paint_cap

ENTRY = Qt.ItemDataRole.UserRole
ROW = 34


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing Enter would do."""

    title: str
    group: str
    key: str
    do: Callable[[], object]
    can: bool = True


def only_said(title: str) -> Entry:
    """A line that tells something and does nothing."""
    return Entry(title, "", "", _nothing, False)


class EntryDelegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(200, ROW)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        entry: Entry = index.data(ENTRY)
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


def _nothing() -> None:
    return None
