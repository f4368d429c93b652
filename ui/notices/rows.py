"""The list of notices: groups with their heads, a row each, one of them chosen."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words

# (notice's id, title, second line, what stands at its end, in which tone)
Line = tuple[str, str, str, str, str]


class NoticeRow(QWidget):
    pressed = Signal(str)

    def __init__(self, line: Line, *, theme: Theme) -> None:
        super().__init__()
        self.notice_id, title, under, end, tone = line
        self._theme = theme
        self.is_chosen = False
        self._title = Words(title, theme=theme, role="strong")
        self._under = Words(under, theme=theme, role="small", tone="text_dim")
        self._end = Words(end, theme=theme, role="small", tone=tone, wrap=False)
        first = QHBoxLayout()
        first.setSpacing(10)
        first.addWidget(self._title, 1)
        first.addWidget(self._end, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 7, 16, 8)
        column.setSpacing(1)
        column.addLayout(first)
        column.addWidget(self._under)
        self.setAccessibleName(f"{title}, {under}, {end}")

    def said(self) -> str:
        return "\n".join(each.said() for each in (self._title, self._under, self._end))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit(self.notice_id)
        event.accept()

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self.is_chosen:
            painter.fillRect(self.rect(), self._theme.color("selection"))
            painter.fillRect(QRectF(0, 0, 3, self.height()), self._theme.color("focus"))


class NoticeList(QWidget):
    """`chosen` has the notice's id."""

    chosen = Signal(str)

    def __init__(self, *, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[NoticeRow] = []
        self.current = ""
        self._inside = ScrollBody()
        self._column = QVBoxLayout(self._inside)
        self._column.setContentsMargins(0, 2, 0, 12)
        self._column.setSpacing(0)
        self._scroll = scroller(self._inside)
        frame = QVBoxLayout(self)
        frame.setContentsMargins(0, 0, 0, 0)
        frame.addWidget(self._scroll)

    def show_groups(self, groups: Sequence[tuple[str, str, Sequence[Line]]]) -> None:
        """(head, what is said where it has none, rows); the chosen one stays chosen."""
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.rows = []
        for head, none, lines in groups:
            if not lines and not none:
                continue
            title = Words(f"{head} · {len(lines)}", theme=self._theme, role="small", tone="text_dim")
            title.setContentsMargins(22, 14, 16, 4)
            self._column.addWidget(title)
            if not lines:
                empty = Words(none, theme=self._theme, tone="text_soft")
                empty.setContentsMargins(22, 2, 16, 6)
                self._column.addWidget(empty)
            for line in lines:
                row = NoticeRow(line, theme=self._theme)
                row.pressed.connect(self.choose)
                self.rows.append(row)
                self._column.addWidget(row)
        self._column.addStretch(1)
        ids = [row.notice_id for row in self.rows]
        self.choose(self.current if self.current in ids else next(iter(ids), ""))

    def choose(self, notice_id: str) -> None:
        self.current = notice_id
        for row in self.rows:
            row.is_chosen = row.notice_id == notice_id
            row.update()
            if row.is_chosen:
                self._scroll.ensureWidgetVisible(row, 0, 40)
        self.chosen.emit(notice_id)

    def move(self, step: int) -> None:
        ids = [row.notice_id for row in self.rows]
        if ids:
            at = ids.index(self.current) if self.current in ids else 0
            self.choose(ids[max(0, min(len(ids) - 1, at + step))])
