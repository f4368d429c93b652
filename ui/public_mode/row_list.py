"""The list the sheet moves in: headings, and categories with a box, their name and what is said beside."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.public_mode.rows import Row
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.ticks import SIGN, paint_tick
from ui.widgets.words import hint, prose

HEIGHT, HEAD_HEIGHT = 28, 34
ROW_ROLE = Qt.ItemDataRole.UserRole + 1
_EDGE, _INDENT = 10, 34
_ASIDE_SHARE = 0.52


class _RowPaint(QStyledItemDelegate):
    def __init__(self, parent: QObject, *, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, HEAD_HEIGHT if index.data(ROW_ROLE).is_head else HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect, row = self._theme, QRectF(option.rect), index.data(ROW_ROLE)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        middle = Qt.AlignmentFlag.AlignVCenter
        if row.is_head:
            painter.setFont(prose(theme, "small_strong"))
            painter.setPen(theme.color("text_dim"))
            painter.drawText(rect.adjusted(_EDGE, 8, -_EDGE, 0), middle, row.title)
            painter.restore()
            return
        if row.is_on is not None:
            box = QRectF(rect.x() + _EDGE + 0.5, rect.center().y() - SIGN / 2 + 0.5, SIGN - 1, SIGN - 1)
            paint_tick(painter, box, is_on=row.is_on, theme=theme)
        room = rect.adjusted(_INDENT, 0, -_EDGE, 0)
        painter.setFont(prose(theme, "small"))
        small = QFontMetricsF(painter.font())
        aside = small.elidedText(row.aside, Qt.TextElideMode.ElideRight, room.width() * _ASIDE_SHARE)
        painter.setPen(theme.color(row.tone))
        painter.drawText(room, middle | Qt.AlignmentFlag.AlignRight, aside)
        painter.setFont(prose(theme, "body"))
        painter.setPen(theme.color("text"))
        width = room.width() - small.horizontalAdvance(aside) - 14
        title = QFontMetricsF(painter.font()).elidedText(row.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(room, middle, title)
        painter.restore()


class RowList(QListWidget):
    """Takes no focus: keys stay with the sheet, which moves here by `step`."""

    def __init__(self, name: str, *, theme: Theme) -> None:
        super().__init__()
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setItemDelegate(_RowPaint(self, theme=theme))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(name)

    def show_rows(self, rows: Sequence[Row], *, most: int) -> None:
        """What was chosen stays chosen; as high as the rows are, `most` pixels at most."""
        chosen = self.current()
        self.clear()
        for row in rows:
            item = QListWidgetItem(f"{row.title}  {row.aside}".strip())
            item.setData(ROW_ROLE, row)
            if row.aside:
                item.setToolTip(hint(row.aside))
            if row.is_head:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.addItem(item)
        heights = sum(HEAD_HEIGHT if row.is_head else HEIGHT for row in rows)
        self.setFixedHeight(min(most, heights + 8))
        self.setVisible(bool(rows))
        ids = [row.category_id for row in rows]
        if chosen is not None and chosen.category_id in ids:
            self.setCurrentRow(ids.index(chosen.category_id))
        else:
            self.step(1)

    def current(self) -> Row | None:
        item = self.currentItem()
        return None if item is None else item.data(ROW_ROLE)

    def rows(self) -> list[Row]:
        return [self.item(at).data(ROW_ROLE) for at in range(self.count())]

    def step(self, by: int) -> None:
        """To the next category; headings are passed over."""
        at, count = self.currentRow(), self.count()
        for _ in range(count):
            at = (at + by) % count
            if not self.item(at).data(ROW_ROLE).is_head:
                self.setCurrentRow(at)
                if at <= 1:
                    self.scrollToTop()
                return
