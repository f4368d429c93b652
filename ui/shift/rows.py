"""The rows of a pack painted as they print: number, what and where, who has it, what comes next."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyledItemDelegate, QStyleOptionViewItem

from dispatch.records import Band
from ui.shift.model import PackModel, Row
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded

HEADING, LINE, REMARK, SENTENCE, MORE = 38, 44, 19, 28, 26
PAD, NUMBER, WHO, NEXT = 10, 136, 0.25, 0.27
GAP = 14
Index = QModelIndex | QPersistentModelIndex


class PackRows(QStyledItemDelegate):
    def __init__(self, view: QListView, model: PackModel, *, theme: Theme) -> None:
        super().__init__(view)
        self._view, self._model, self._theme = view, model, theme

    def sizeHint(self, _option: QStyleOptionViewItem, index: Index) -> QSize:
        row = self._model.row(index.row())
        if row is None or row.line is None:
            return QSize(200, HEADING if row is not None and row.is_heading else MORE)
        tall = LINE if row.is_of_site else SENTENCE
        return QSize(200, tall + (REMARK if self._model.remark_of(row) else 0))

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = self._model.row(index.row())
        if row is None:
            return
        theme, box = self._theme, option.rect
        is_current = self._view.currentIndex().row() == index.row()
        painter.fillRect(box, theme.color("selection" if is_current and row.line is not None else "window"))
        if row.line is None:
            self._heading(painter, box, row) if row.is_heading else self._more(painter, box, row)
            return
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, theme.color("row_line"))
        self._site(painter, box, row) if row.is_of_site else self._sentence(painter, box, row)
        if remark := self._model.remark_of(row):
            left = box.left() + PAD + (NUMBER if row.is_of_site else 0)
            place = QRect(left, box.bottom() - REMARK - 1, box.right() - left - PAD, REMARK)
            self._put(painter, place, self.tr("Remark: {}").format(remark), "small_strong", "text")
        if is_current and self._view.hasFocus():
            painter.setPen(QPen(theme.color("focus"), 2))
            painter.drawRect(box.adjusted(1, 1, -1, -2))

    def _heading(self, painter: QPainter, box: QRect, row: Row) -> None:
        line = QRect(box.left() + PAD, box.top() + 10, box.width() - 2 * PAD, box.height() - 12)
        self._put(painter, line, row.words, "strong", "text")
        self._put(painter, line, str(row.count), "strong", "text", Qt.AlignmentFlag.AlignRight)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, self._theme.color("line_strong"))

    def _more(self, painter: QPainter, box: QRect, row: Row) -> None:
        self._put(painter, box.adjusted(PAD, 0, -PAD, 0), row.words, "small", "text_dim")

    def _sentence(self, painter: QPainter, box: QRect, row: Row) -> None:
        assert row.line is not None
        tone = "alarm" if row.line.is_overdue else "text"
        place = QRect(box.left() + PAD, box.top(), box.width() - 2 * PAD, SENTENCE)
        self._put(painter, place, row.what, "body", tone)

    def _site(self, painter: QPainter, box: QRect, row: Row) -> None:
        line = row.line
        assert line is not None
        if line.band:
            paint_mark(
                painter, Band(line.band), QPointF(box.left() + PAD + 7, box.top() + 14), 14, self._theme
            )
        half, top = 18, box.top() + 4
        who, then = (round((box.width() - NUMBER) * share) for share in (WHO, NEXT))
        left = box.left() + PAD
        what = QRect(left + NUMBER, top, box.width() - NUMBER - who - then - 2 * PAD, half)
        named = f"{Band(line.band).name} {line.number}" if line.band else line.number
        self._put(painter, QRect(left + 20, top, NUMBER - 24, half), named, "small_strong", "text")
        self._put(painter, what.adjusted(0, 0, -GAP, 0), row.what, "medium", "text")
        self._put(painter, what.adjusted(0, half, -GAP, half), row.where, "small", "text_dim")
        tone = "alarm" if line.is_overdue else "text"
        self._two(painter, QRect(what.right(), top, who - GAP, half), line.who, "text")
        self._two(painter, QRect(what.right() + who, top, then, half), row.next, tone)

    def _two(self, painter: QPainter, place: QRect, words: str, tone: str) -> None:
        """On two lines, the second one cut where it has to be."""
        metrics, first, rest = QFontMetrics(self._theme.font("small")), "", words
        for word in words.split(" "):
            tried = f"{first} {word}".strip()
            if metrics.horizontalAdvance(tried) > place.width():
                break
            first, rest = tried, words[len(tried) :].strip()
        if not first:
            first, rest = words, ""
        self._put(painter, place, first, "small", tone)
        self._put(painter, place.translated(0, place.height()), rest, "small", tone)

    def _put(
        self,
        painter: QPainter,
        place: QRect,
        words: str,
        role: str,
        tone: str,
        side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(tone))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, shown)


class PackList(QListView):
    """J and K step over the lines; headings are passed over."""

    def __init__(self, model: PackModel, *, theme: Theme) -> None:
        super().__init__()
        self._pack, self._theme = model, theme
        self.why_empty = ""  # said where no line may be shown
        self.setModel(model)
        self.setItemDelegate(PackRows(self, model, theme=theme))
        self.setAccessibleName(self.tr("The pack, section by section"))
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        theme.changed.connect(self.viewport().update)

    @property
    def at(self) -> int:
        return self.currentIndex().row()

    def go_to(self, at: int) -> None:
        if at >= 0:
            self.setCurrentIndex(self._pack.index(at, 0))
            if at <= self._pack.first():
                self.scrollToTop()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.why_empty and not self._pack.rowCount():
            painter = QPainter(self.viewport())
            painter.setFont(self._theme.font("body"))
            painter.setPen(self._theme.color("text_dim"))
            room = self.viewport().rect().adjusted(24, 40, -24, 0)
            how = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
            painter.drawText(room, how, self.why_empty)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or step is None:
            if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp, Qt.Key.Key_Home, Qt.Key.Key_End):
                super().keyPressEvent(event)
            else:
                event.ignore()
            return
        self.go_to(self._pack.next(self.at, step) if self.at >= 0 else self._pack.first())

    @guarded
    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
