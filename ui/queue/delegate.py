"""One row of the list, painted: mark, band and score, what and where, reports, age, state."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.queue.heading import paint_heading
from ui.queue.model import QueueModel
from ui.queue.row_words import RowWords
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets.band_mark import paint_mark
from ui.widgets.guard import guarded

ROW_HEIGHT = 48
_MARK_X = 26
_BAND_X = 46
_WORDS_X, _WORDS_X_NARROW = 94, 84
_RIGHT_MARGIN = 8
_AGE_WIDTH = 110  # "12 h 05 · last 59"
_NARROW = 450
_GAP = 10
_KEPT = 64  # pictures of rows: about two windows full, 6 MB
_HOOD_LEAST = 36  # less of a neighborhood says nothing
_FIRST_LINE = 21  # base lines, from the top of the row
_SECOND_LINE = 39

# Words; is current, is ticked, is hovered: all that a row's picture shows.
_Look = tuple[RowWords, bool, bool, bool]
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class RowDelegate(QStyledItemDelegate):
    """Paints from the board directly: the view asks the model for nothing but the row number."""

    def __init__(
        self, model: QueueModel, *, selection: Selection, theme: Theme, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._selection = selection
        self._theme = theme
        self._pictures: OrderedDict[tuple[object, ...], QPixmap | None] = OrderedDict()
        self._metrics = {role: QFontMetrics(theme.font(role)) for role in ("body", "small", "number")}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(320, ROW_HEIGHT)

    @guarded
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.setOpacity(1.0)
        if (group := self._model.group_at(index.row())) is not None:
            paint_heading(painter, option.rect, group, self._model.group_words(group), theme=self._theme)
            return
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if not self._show_row(painter, option.rect, index.row(), hovered):
            painter.setPen(self._theme.color("text_dim"))
            site_id = self._model.site_at(index.row())
            line = option.rect.adjusted(_WORDS_X, 0, 0, 0)
            painter.drawText(line, _LEFT, self.tr("Site {} cannot be shown").format(site_id))

    @guarded
    def paint_row(self, painter: QPainter, rect: QRect, position: int, hovered: bool = False) -> bool:
        """The row anew, wherever it is wanted."""
        self._paint_row(painter, rect, self._look_of(position, hovered))
        return True

    @guarded
    def _show_row(self, painter: QPainter, rect: QRect, position: int, hovered: bool) -> bool:
        """Copies the row as it was last painted. Most rows of a repaint say what they said: painted anew each
        calls into Qt fifteen times, and every call may wait for whoever else works in the interpreter."""
        look = self._look_of(position, hovered)
        ratio = painter.device().devicePixelRatioF()
        key = (look, rect.width(), ratio, self._theme.palette.name)
        if key not in self._pictures:
            # Seen for the first time, as when somebody scrolls: a picture would be made for nothing.
            self._pictures[key] = None
            if len(self._pictures) > _KEPT:
                self._pictures.popitem(last=False)
            self._paint_row(painter, rect, look)
            return True
        self._pictures.move_to_end(key)
        picture = self._pictures[key]
        if picture is None:
            picture = QPixmap(round(rect.width() * ratio), round(ROW_HEIGHT * ratio))
            picture.setDevicePixelRatio(ratio)
            picture.fill(self._theme.color("window"))
            with QPainter(picture) as into:
                self._paint_row(into, QRect(0, 0, rect.width(), ROW_HEIGHT), look)
            self._pictures[key] = picture
        painter.drawPixmap(rect.topLeft(), picture)
        return True

    def _look_of(self, position: int, hovered: bool) -> _Look:
        row = int(self._model.order[position])
        site_id = int(self._model.board.site_id[row])
        words, selection = self._model.writer.words(row), self._selection
        return words, site_id == selection.current, site_id in selection.checked, hovered

    def _paint_row(self, painter: QPainter, rect: QRect, look: _Look) -> None:
        words, is_current, is_ticked, hovered = look
        self._paint_ground(painter, rect, is_current, is_ticked, hovered)
        left, top = rect.left(), rect.top()
        if words.is_closed:
            painter.setOpacity(0.6)
        center = QPointF(left + _MARK_X, top + ROW_HEIGHT / 2 - 0.5)
        paint_mark(painter, words.band, center, 16, self._theme)
        self._paint_band(painter, left, top, words)
        self._paint_words(painter, rect, words)
        painter.setOpacity(1.0)

    def _paint_ground(
        self, painter: QPainter, rect: QRect, is_current: bool, is_ticked: bool, hovered: bool
    ) -> None:
        theme = self._theme
        ground: QColor | None = None
        if is_current:
            ground = theme.color("selection")
        elif is_ticked:
            ground = theme.color("chip")
        elif hovered:
            ground = theme.color("hover")
        if ground is not None:
            painter.fillRect(rect, ground)
        painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("row_line"))
        if is_current:
            painter.fillRect(rect.left(), rect.top(), 3, rect.height(), theme.color("focus"))
        if is_ticked:
            self._paint_tick(painter, rect)

    def _paint_tick(self, painter: QPainter, rect: QRect) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._theme.color("text"), 2))
        x, y = rect.left() + 6, rect.top() + ROW_HEIGHT / 2
        painter.drawPolyline([QPointF(x, y), QPointF(x + 3, y + 3.5), QPointF(x + 8.5, y - 4)])
        painter.restore()

    def _paint_band(self, painter: QPainter, left: int, top: int, words: RowWords) -> None:
        theme = self._theme
        name = words.band_name
        loud = words.band <= 2
        painter.setFont(theme.font("number" if len(name) == 2 else "small"))
        painter.setPen(theme.band_color(words.band) if loud else theme.color("text_soft"))
        painter.drawText(left + _BAND_X, top + _FIRST_LINE, name)
        painter.setFont(theme.font("small"))
        painter.setPen(theme.color("text_dim"))
        painter.drawText(left + _BAND_X, top + _SECOND_LINE, words.score)

    def _paint_words(self, painter: QPainter, rect: QRect, words: RowWords) -> None:
        """What and how old on the first line, where and how it stands on the second; each line gives its
        words all the room that its right side leaves."""
        theme, top = self._theme, rect.top()
        right = rect.right() - _RIGHT_MARGIN
        is_narrow = rect.width() < _NARROW
        x = rect.left() + (_WORDS_X_NARROW if is_narrow else _WORDS_X)
        body, small = self._metrics["body"], self._metrics["small"]

        painter.setFont(theme.font("small"))
        state = small.elidedText(words.state, Qt.TextElideMode.ElideRight, (right - x) // 2)
        state_left = right - small.horizontalAdvance(state)
        age_left = right - small.horizontalAdvance(words.age)
        reports_right = min(right - _AGE_WIDTH, age_left - _GAP)  # a column of its own
        reports_left = reports_right - small.horizontalAdvance(words.reports)
        painter.setPen(theme.color("text_soft"))
        painter.drawText(age_left, top + _FIRST_LINE, words.age)
        painter.drawText(reports_left, top + _FIRST_LINE, words.reports)
        painter.setPen(theme.color(words.state_tone))
        painter.drawText(state_left, top + _SECOND_LINE, state)
        if words.others:
            state_left -= _GAP + small.horizontalAdvance(words.others)
            painter.setPen(theme.color("text_soft"))
            painter.drawText(state_left, top + _SECOND_LINE, words.others)
        painter.setPen(theme.color("text_dim"))
        self._paint_where(painter, x, top + _SECOND_LINE, state_left - _GAP - x, words, small)

        painter.setFont(theme.font("body"))
        painter.setPen(theme.color("text"))
        what = body.elidedText(words.what, Qt.TextElideMode.ElideRight, reports_left - _GAP - x)
        painter.drawText(x, top + _FIRST_LINE, what)

    def _paint_where(
        self, painter: QPainter, x: int, y: int, room: int, words: RowWords, metrics: QFontMetrics
    ) -> None:
        if not words.place_doubt:
            painter.drawText(x, y, fit_place(words, room, metrics))
            return
        # The doubt is never cut off; the place gives way.
        doubt_width = metrics.horizontalAdvance(words.place_doubt)
        shown = fit_place(words, max(0, room - doubt_width - _GAP), metrics)
        painter.drawText(x, y, shown)
        painter.setPen(self._theme.color("warn"))
        painter.drawText(x + metrics.horizontalAdvance(shown) + _GAP, y, words.place_doubt)


def fit_place(words: RowWords, room: int, metrics: QFontMetrics) -> str:
    """The neighborhood gives way first and the street from its left: 22nd Ave S, 22nd Ave N and 22nd St S are
    three places, so that a name never stands without its ending (S11)."""
    if metrics.horizontalAdvance(words.where) <= room or not words.street:
        return metrics.elidedText(words.where, Qt.TextElideMode.ElideRight, room)
    left = room - metrics.horizontalAdvance(f" · {words.street}")
    if words.hood and left >= _HOOD_LEAST:
        return f"{metrics.elidedText(words.hood, Qt.TextElideMode.ElideRight, left)} · {words.street}"
    return metrics.elidedText(words.street, Qt.TextElideMode.ElideLeft, room)
