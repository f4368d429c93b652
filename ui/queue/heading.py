"""A group's heading in the list: what it is, how many sites, how many open P1, folded or not."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QPointF, QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPolygonF

from dispatch.groups import Group, GroupBy
from dispatch.records import Band
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets import counts

_SIGN_X, _WORDS_X, _RIGHT, _GAP = 12, 28, 8, 12
_COUNT_LEAST = 58  # so that the P1 of short numbers stand below each other


def _tr(text: str) -> str:
    return QCoreApplication.translate("groups", text)


def by_words(by: GroupBy) -> str:
    return {
        GroupBy.NOTHING: _tr("No groups"),
        GroupBy.HOOD: _tr("By neighborhood"),
        GroupBy.CATEGORY: _tr("By category"),
        GroupBy.CLAIM: _tr("By claim"),
    }[by]


def group_words(group: Group, by: GroupBy, selection: Selection, me: str) -> str:
    """The name a person reads."""
    if by is GroupBy.CLAIM:
        if not group.name:
            return _tr("Nobody has claimed it")
        return _tr("Mine") if group.name == me else group.name
    if not group.name:
        return _tr("No neighborhood") if by is GroupBy.HOOD else _tr("No category")
    return selection.category_label(group.name) if by is GroupBy.CATEGORY else group.name


def paint_heading(painter: QPainter, rect: QRect, group: Group, words: str, *, theme: Theme) -> None:
    painter.fillRect(rect, theme.color("chip"))
    painter.fillRect(rect.left(), rect.bottom(), rect.width(), 1, theme.color("line"))
    _paint_sign(painter, rect, is_folded=group.is_folded, theme=theme)
    middle = Qt.AlignmentFlag.AlignVCenter
    right = rect.right() - _RIGHT
    painter.setFont(theme.font("small"))
    said = counts.sites(group.count)
    width = QFontMetrics(painter.font()).horizontalAdvance(said)
    painter.setPen(theme.color("text_soft"))
    painter.drawText(QRect(right - width, rect.top(), width + 2, rect.height()), middle, said)
    right -= max(width, _COUNT_LEAST) + _GAP
    if group.p1:
        painter.setFont(theme.font("small_strong"))
        said = _tr("{} P1").format(group.p1)
        width = QFontMetrics(painter.font()).horizontalAdvance(said)
        painter.setPen(theme.band_color(Band.P1))
        painter.drawText(QRect(right - width, rect.top(), width + 2, rect.height()), middle, said)
        right -= width + _GAP
    painter.setFont(theme.font("strong"))
    painter.setPen(theme.color("text"))
    room = right - rect.left() - _WORDS_X
    shown = QFontMetrics(painter.font()).elidedText(words, Qt.TextElideMode.ElideRight, room)
    painter.drawText(QRect(rect.left() + _WORDS_X, rect.top(), room, rect.height()), middle, shown)


def _paint_sign(painter: QPainter, rect: QRect, *, is_folded: bool, theme: Theme) -> None:
    x, y = rect.left() + _SIGN_X, rect.center().y() + 0.5
    if is_folded:
        points = [QPointF(x + 1, y - 4.5), QPointF(x + 1, y + 4.5), QPointF(x + 6.5, y)]
    else:
        points = [QPointF(x - 1, y - 2.5), QPointF(x + 8, y - 2.5), QPointF(x + 3.5, y + 3)]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("text_dim"))
    painter.drawPolygon(QPolygonF(points))
    painter.restore()
