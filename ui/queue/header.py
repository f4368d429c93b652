"""Above the list: how much is in view, the filters in force, and the line about P1 outside the view."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from dispatch.groups import GroupBy
from dispatch.records import Band
from ui.queue.heading import by_words
from ui.queue.kept_order import KeptOrder
from ui.queue.selection import Selection
from ui.theme import Theme
from ui.widgets import counts
from ui.widgets.chip import Chip
from ui.widgets.flow import FlowLayout
from ui.widgets.guard import guarded
from ui.widgets.key_cap import KeyCap
from ui.widgets.words import Words, hint

_WIDE = 460


class QueueHeader(QWidget):
    """`facets_wanted` asks for the panel of categories, areas and text."""

    facets_wanted = Signal()
    views_wanted = Signal()
    outside_wanted = Signal()
    next_p1_wanted = Signal()

    def __init__(
        self, *, selection: Selection, order: KeptOrder, theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._order = order
        self._theme = theme
        self.count = Words(theme=theme, role="title", wrap=False)
        self.rest = Words(theme=theme, tone="text_dim", wrap=False)
        self.rest.setMinimumWidth(1)
        self.held = QPushButton()
        self.held.setProperty("look", "link")
        self.held.setCursor(Qt.CursorShape.PointingHandCursor)
        self.held.clicked.connect(self._show_held)
        self.new = Chip("", theme=theme)
        self.new.clicked.connect(order.apply)
        self.ticked = Chip("", theme=theme, is_removable=True)
        self.ticked.clicked.connect(lambda: selection.tick(set(selection.checked), False))
        self.grouped = Chip("", theme=theme, is_removable=True)
        self.grouped.clicked.connect(lambda: order.group_by(GroupBy.NOTHING))
        self.more = Chip(self.tr("+ category, area, text"), theme=theme)
        self.more.clicked.connect(self.facets_wanted)
        self.views = Chip(self.tr("Views"), theme=theme)
        self.views.setToolTip(self.tr("Saved views (V)"))
        self.views.clicked.connect(self.views_wanted)
        self.line = LifeSafetyLine(selection=selection, theme=theme)
        self.line.outside_wanted.connect(self.outside_wanted)
        self.line.next_wanted.connect(self.next_p1_wanted)
        self._crumbs: dict[str, Chip] = {}
        self._rests: tuple[tuple[str, str], ...] = (("", ""),)
        self._lay_out()
        selection.narrowed.connect(self._tell)
        selection.ticked.connect(self._tell_ticked)
        selection.moved.connect(self._tell_ticked)
        order.counted.connect(self._tell)
        self._tell()
        self._tell_ticked()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.count, 0, Qt.AlignmentFlag.AlignBaseline)
        top.addSpacing(10)
        top.addWidget(self.rest, 0, Qt.AlignmentFlag.AlignBaseline)
        top.addWidget(self.held, 0, Qt.AlignmentFlag.AlignBaseline)
        top.addStretch(1)
        chips = QWidget()
        self._flow = FlowLayout(chips)
        self._flow.addWidget(self.new)
        self._flow.addWidget(self.ticked)
        self._flow.addWidget(self.grouped)
        self._flow.addWidget(self.more)
        self._flow.addWidget(self.views)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 11, 8, 7)
        column.setSpacing(7)
        column.addLayout(top)
        column.addWidget(chips)
        column.addWidget(self.line)

    def _tell(self, *_: object) -> None:
        selection, board, number = self._selection, self._selection.board, QLocale().toString
        is_set_aside = board.is_set_aside()
        is_open = board.is_open()
        in_view = int(selection.mask.sum())
        reports = int(board.reports[selection.mask].sum())
        still_open = int((is_open & ~is_set_aside).sum())
        held = int((is_open & is_set_aside).sum())
        self.count.say(counts.sites(in_view))
        opened = self.tr("of {} open").format(number(still_open))
        told = opened + " · " + counts.reports(reports)
        self._rests = (
            (told, self.tr(" · {} held until after the storm").format(number(held))),
            (told, self.tr(" · {} held").format(number(held))),
            (opened, self.tr(" · {} held").format(number(held))),
        )
        self.held.setVisible(held > 0)
        self._fit()
        self._tell_new()
        self.grouped.say(by_words(self._order.by))
        self.grouped.setVisible(self._order.by is not GroupBy.NOTHING)
        self._tell_crumbs()
        self.line.tell(self._untouched_waiting())

    def _fit(self) -> None:
        """The longest way to say it that the width allows; the whole stands in the hover text."""
        room = self.width() - 34 - self.count.sizeHint().width()
        words = self.rest.fontMetrics()
        for rest, held in self._rests:
            if words.horizontalAdvance(rest + held * self.held.isVisibleTo(self)) <= room:
                break
        self.rest.say(rest)
        self.held.setText(held)
        whole = "".join(self._rests[0]) if self.held.isVisibleTo(self) else self._rests[0][0]
        self.rest.setToolTip(hint(whole))
        self.held.setToolTip(self.tr("Show what is set aside until after the storm"))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.more.say(self.tr("+ category, area, text") if self.width() > _WIDE else self.tr("+ filter"))
        self._fit()

    def _tell_new(self) -> None:
        waiting, risen = self._order.waiting, self._order.risen
        said = []
        if waiting:
            said.append(self.tr("{} new").format(waiting))
        if risen:
            said.append(self.tr("{} back on top").format(risen))
        self.new.say(" · ".join(said) + " ↑" if said else self.tr("Nothing new"), is_strong=bool(said))
        self.new.setEnabled(bool(said))

    def _tell_ticked(self, *_: object) -> None:
        """How many are ticked, and what can be done with them; pressing the chip unticks them."""
        selection = self._selection
        count = len(selection.checked)
        others = count - (selection.current in selection.checked)
        said = self.tr("{} ticked").format(QLocale().toString(count)) + " · " + self.tr("T acts on them")
        if others and selection.current:
            said += ", " + self.tr("D merges")
        self.ticked.say(said, is_strong=True)
        self.ticked.setVisible(bool(count))

    def _tell_crumbs(self) -> None:
        """Chips in the order of the filters; one whose words change, as under a moving brush, stays."""
        crumbs = self._selection.crumbs()
        names = [crumb.name for crumb in crumbs]
        if names != list(self._crumbs):
            kept = {name: self._crumbs.get(name) or self._crumb_chip(name) for name in names}
            for name, chip in self._crumbs.items():
                self._flow.removeWidget(chip)
                if name not in kept:
                    chip.hide()
                    chip.deleteLater()
            for chip in (self.more, self.views):
                self._flow.removeWidget(chip)
            for chip in (*kept.values(), self.more, self.views):
                self._flow.addWidget(chip)
            self._crumbs = kept
        for crumb in crumbs:
            chip = self._crumbs[crumb.name]
            if chip.text() != crumb.label:
                chip.say(crumb.label)
            chip.show()

    def show_view(self, name: str) -> None:
        """The saved view whose filters are in force; empty when none is."""
        said = self.tr("View: {}").format(name) if name else self.tr("Views")
        if said != self.views.text():
            self.views.say(said, is_strong=bool(name))

    def _crumb_chip(self, name: str) -> Chip:
        chip = Chip("", theme=self._theme, is_removable=True, parent=self._flow.parentWidget())
        chip.clicked.connect(lambda: self._selection.clear(name))
        return chip

    def _untouched_waiting(self) -> int:
        """Untouched P1 in view that the kept order does not show yet."""
        board, selection = self._selection.board, self._selection
        rows = np.flatnonzero(selection.mask & (board.band == Band.P1) & (board.acted_at == 0))
        return int(len(rows) - self._order.held(rows).sum())

    @guarded
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("line"))

    def _show_held(self) -> None:
        self._selection.narrow(set_aside=not self._selection.filters.set_aside)


class LifeSafetyLine(QWidget):
    """The fixed line of S5: always there, so that nothing moves when it begins to speak."""

    outside_wanted = Signal()
    next_wanted = Signal()

    def __init__(self, *, selection: Selection, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self.setFixedHeight(20)
        self.calm = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        self.outside = _Call(theme=theme, key="P", after=self.tr("shows them"))
        self.fresh = _Call(theme=theme, key="N", after=self.tr("goes to it"))
        self.outside.clicked.connect(self.outside_wanted)
        self.fresh.clicked.connect(self.next_wanted)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(14)
        for part in (self.calm, self.outside, self.fresh):
            row.addWidget(part)
        row.addStretch(1)

    def tell(self, untouched_waiting: int) -> None:
        outside = int(self._selection.outside.size)
        self.outside.say(self.tr("%n P1 outside this view", "", outside) if outside else "")
        self.fresh.say(self.tr("%n new P1", "", untouched_waiting) if untouched_waiting else "")
        self.calm.say("" if outside or untouched_waiting else self.tr("Every open P1 is in this view"))

    def said(self) -> str:
        parts = (self.calm.said(), self.outside.said(), self.fresh.said())
        return " · ".join(part for part in parts if part)


class _Call(QPushButton):
    """Words in alarm color with the key that answers them; pressing it does the same."""

    def __init__(self, *, theme: Theme, key: str, after: str) -> None:
        super().__init__()
        self.setProperty("look", "bare")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._before = Words(theme=theme, role="small_strong", tone="alarm", wrap=False)
        self._after = Words(after, theme=theme, role="small_strong", tone="alarm", wrap=False)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        row.addWidget(self._before)
        row.addWidget(KeyCap(key, theme=theme, tone="alarm"))
        row.addWidget(self._after)
        self.key = key

    def sizeHint(self):  # type: ignore[no-untyped-def]  # Qt's own type
        return self.layout().sizeHint()

    def said(self) -> str:
        return f"{self._before.said()} {self.key} {self._after.text()}" if not self.isHidden() else ""

    def say(self, text: str) -> None:
        self._before.say(text)
        self.setVisible(bool(text))
        self.setAccessibleName(f"{text}, {self.key} {self._after.text()}")
