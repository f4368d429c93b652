"""A row of the list of near-by sites: mark, what it is, and under it how far and how old."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtWidgets import QListWidget, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded
from ui.widgets.words import prose

LIST_EDGE = 4  # border and padding of a list
ROW_HEIGHT = 44
BAND_ROLE = Qt.ItemDataRole.UserRole + 1

_LINE = 17


class NearRow(QStyledItemDelegate):
    """The item's text has two lines; the first begins with the band's name, for those who hear it."""

    def __init__(self, parent: QObject, *, theme: Theme) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, ROW_HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        theme, rect = self._theme, QRectF(option.rect)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, theme.color("selection"))
        what, _, facts = index.data(Qt.ItemDataRole.DisplayRole).partition("\n")
        paint_mark(painter, index.data(BAND_ROLE), QPointF(rect.x() + 15, rect.y() + 14), 12, theme)
        room = rect.adjusted(30, 5, -8, 0)
        for text, role, tone in ((what, "body", "text"), (facts, "small", "text_dim")):
            painter.setFont(prose(theme, role))
            painter.setPen(theme.color(tone))
            shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, room.width())
            painter.drawText(
                QRectF(room.x(), room.y(), room.width(), _LINE), Qt.AlignmentFlag.AlignVCenter, shown
            )
            room.translate(0, _LINE)
        painter.restore()


def near_list(name: str, *, theme: Theme) -> QListWidget:
    """A list of such rows in which the sheet itself moves: one that has the focus keeps letters and Enter."""
    made = QListWidget()
    made.setUniformItemSizes(True)
    made.setFrameShape(QListWidget.Shape.NoFrame)
    made.setItemDelegate(NearRow(made, theme=theme))
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setAccessibleName(name)
    return made
