"""The items in order, painted as one: a group's head, and a row for each item."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from dispatch.records import Millis, PlanLine, PlanState, StormPlan
from ui.storm_plan import words
from ui.storm_plan.strip import paint_mark
from ui.theme import Theme
from ui.widgets.guard import guarded

HEAD, ROW = 30, 46
_DUE, _OFFSET, _OWNER, _KIND = 46, 176, 170, 60
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class PlanRows(QWidget):
    """`moved`: another item is current; `opened`: it is to be done."""

    moved = Signal()
    opened = Signal()

    def __init__(self, *, theme: Theme, zone: ZoneInfo) -> None:
        super().__init__()
        self._theme, self._zone = theme, zone
        self._groups: list[tuple[str, list[PlanLine]]] = []
        self._now: Millis = 0
        self.chosen = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Items of the storm plan in their order"))
        theme.changed.connect(self.update)

    @property
    def lines(self) -> list[PlanLine]:
        return [line for _title, lines in self._groups for line in lines]

    @property
    def current(self) -> PlanLine | None:
        return next((line for line in self.lines if line.item.key == self.chosen), None)

    def show_plan(self, plan: StormPlan, now: Millis) -> None:
        self._groups, self._now = words.groups(plan, now), now
        if self.current is None and self.lines:
            self.chosen = self.lines[0].item.key
        self.setFixedHeight(self.sizeHint().height())
        self._tell()
        self.update()

    def step(self, by: int) -> None:
        keys = [line.item.key for line in self.lines]
        if keys:
            at = keys.index(self.chosen) if self.chosen in keys else 0
            self.choose(keys[min(max(at + by, 0), len(keys) - 1)])

    def choose(self, key: str) -> None:
        self.chosen = key
        self._tell()
        self.update()
        self.moved.emit()

    def top_of(self, key: str) -> int:
        y = 0
        for _title, lines in self._groups:
            y += HEAD
            for line in lines:
                if line.item.key == key:
                    return y
                y += ROW
        return 0

    def sizeHint(self) -> QSize:
        return QSize(700, sum(HEAD + ROW * len(lines) for _title, lines in self._groups) + 8)

    @guarded
    def mousePressEvent(self, event: QMouseEvent) -> None:
        y = event.position().y()
        for line in self.lines:
            top = self.top_of(line.item.key)
            if top <= y < top + ROW:
                self.choose(line.item.key)
        self.setFocus()

    @guarded
    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.opened.emit()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        y = 0.0
        for title, lines in self._groups:
            painter.setFont(self._theme.font("small_strong"))
            painter.setPen(self._theme.color("text_dim"))
            painter.drawText(QRectF(14, y, self.width() - 28, HEAD), _LEFT, f"{title} · {len(lines)}")
            y += HEAD
            for line in lines:
                if event.rect().top() <= y + ROW and y <= event.rect().bottom():
                    self._paint_row(painter, line, y)
                y += ROW

    def _paint_row(self, painter: QPainter, line: PlanLine, y: float) -> None:
        theme, width = self._theme, self.width()
        is_chosen = line.item.key == self.chosen
        painter.fillRect(QRectF(0, y, width, ROW), theme.color("selection" if is_chosen else "card"))
        painter.fillRect(QRectF(0, y + ROW - 1, width, 1), theme.color("row_line"))
        if is_chosen and self.hasFocus():
            painter.fillRect(QRectF(0, y, 3, ROW), theme.color("focus"))
        paint_mark(painter, QPointF(24, y + ROW / 2), line.state, theme)
        clock, ahead = words.due(line, self._now, self._zone)
        late = "alarm" if line.state is PlanState.OVERDUE else "text_dim"
        is_quiet = line.is_settled
        self._two(painter, QRectF(_DUE, y, 122, ROW), clock, ahead, is_quiet=is_quiet, tone=late)
        offset = words.offset(line.item.hours)
        self._one(painter, QRectF(_OFFSET, y, 62, ROW), offset, "text_dim")
        self._one(painter, QRectF(_OFFSET + 66, y, _KIND, ROW), words.kind(line.item.kind), "text_dim")
        state_width = min(260.0, width * 0.22)
        title = QRectF(_OFFSET + 66 + _KIND, y, 0, ROW)
        title.setRight(width - state_width - _OWNER - 28)
        self._two(painter, title, line.item.title, line.item.why, is_quiet=is_quiet)
        owner = QRectF(width - state_width - _OWNER - 16, y, _OWNER - 8, ROW)
        self._one(painter, owner, line.item.owner, "text_dim" if is_quiet else "text_soft")
        said, more = words.state(line, self._now, self._zone)
        tone = {PlanState.OVERDUE: "alarm", PlanState.DUE: "warn"}.get(line.state, "text_dim")
        room = QRectF(width - state_width - 8, y, state_width - 6, ROW)
        if more:
            self._two(painter, room, said, more, is_quiet=True)
        else:
            self._one(painter, room, said, tone)

    def _two(
        self, painter: QPainter, room: QRectF, first: str, second: str, *, is_quiet: bool, tone: str = ""
    ) -> None:
        theme = self._theme
        painter.setFont(theme.font("body" if is_quiet else "medium"))
        painter.setPen(theme.color("text_dim" if is_quiet else "text"))
        top = QRectF(room.left(), room.top() + (5 if second else 0), room.width(), 19 if second else ROW)
        painter.drawText(top, _LEFT, self._cut(painter, first, room.width()))
        if second:
            painter.setFont(theme.font("small"))
            painter.setPen(theme.color(tone or "text_dim"))
            under = QRectF(room.left(), room.top() + 24, room.width(), 16)
            painter.drawText(under, _LEFT, self._cut(painter, second, room.width()))

    def _one(self, painter: QPainter, room: QRectF, said: str, tone: str) -> None:
        painter.setFont(self._theme.font("body"))
        painter.setPen(self._theme.color(tone))
        painter.drawText(room, _LEFT, self._cut(painter, said, room.width()))

    def _cut(self, painter: QPainter, said: str, width: float) -> str:
        return painter.fontMetrics().elidedText(said, Qt.TextElideMode.ElideRight, int(width))

    def _tell(self) -> None:
        if (line := self.current) is not None:
            state = words.state(line, self._now, self._zone)
            told = (line.item.title, line.item.owner, *words.due(line, self._now, self._zone), *state)
            self.setAccessibleDescription(", ".join(filter(None, told)))
