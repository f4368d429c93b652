"""The Volumes screen: is it rising, are we behind. Counts are made on another thread and drawn here; each
number opens its rows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.insight.frame import frame
from dispatch.insight.volumes import HOUR_MS, Group, Volumes
from dispatch.volume_reader import Asked
from ui.theme import Theme
from ui.volumes import words
from ui.volumes.behind import Behind
from ui.volumes.charts import Arrivals, Backlog
from ui.volumes.head import SPANS, VolumesHead
from ui.volumes.legend import Legend
from ui.volumes.numbers import BigNumber
from ui.volumes.saving import Saving
from ui.volumes.tables import TABLES, fill
from ui.widgets.count_table import CountTable
from ui.widgets.guard import guarded
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

log = logging.getLogger(__name__)

# A flood of changes is drawn once in this time; what the store alone says is read once in a minute.
REST_MS = 2000
STORE_MS = 60_000
_NONE = Qt.KeyboardModifier.NoModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


class VolumesView(KeyedScreen):
    """`opened` has the filters of the rows behind a number."""

    opened = Signal(object)
    figure_wanted = Signal()

    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self.asked = Asked()
        self.shown: Volumes | None = None
        self.first, self.last = 0, -1  # the hours chosen; none while last is before first
        self._counting: asyncio.Task[None] | None = None
        self._is_again = False
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.count)
        self._minute = QTimer(self, interval=STORE_MS)
        self._minute.timeout.connect(self.count_anew)
        self.saving = Saving(bridge=bridge, view=self)
        self.behind = Behind(bridge=bridge, parent=self)
        self.behind.opened.connect(self.opened)
        self._build()
        self._take_theme()
        theme.changed.connect(self._take_theme)
        bridge.changed.connect(lambda _delta: self._soon())
        bridge.escalated.connect(self.forget)
        # Figures, and what is suspended.
        bridge.room_changed.connect(self.count_anew)

    # -- counting -------------------------------------------------------------------------------------

    def count(self) -> None:
        """What is asked for, from the board as it stands; one count at a time."""
        if not self.isVisible():
            return
        if self._counting is not None and not self._counting.done():
            self._is_again = True
            return
        self._counting = asyncio.ensure_future(self._count())

    def count_anew(self) -> None:
        """With what the store alone knows read again."""
        self.forget()
        self.count()

    def forget(self) -> None:
        self._bridge.parts.volume_reader.forget()

    async def _count(self) -> None:
        bridge = self._bridge
        seen = frame(bridge.board, bridge.clock.now())
        families = {key: bridge.shown.family(key) for key in seen.categories}
        try:
            # Reads and counts for long where thousands are concerned: no click may stand behind it.
            shown = await bridge.parts.workers.network(
                bridge.parts.volume_reader.volumes,
                seen,
                self.asked,
                families=families,
                since=bridge.activation.started_at,
            )
        except LandfallError as error:
            bridge.said.emit(str(error), True)
            return
        if not isValid(self):
            return  # the window was closed meanwhile
        self.take(shown)
        if self._is_again:
            self._is_again = False
            self._soon()

    def _soon(self) -> None:
        if self.isVisible() and not self._rest.isActive():
            self._rest.start()

    # -- showing --------------------------------------------------------------------------------------

    def take(self, shown: Volumes) -> None:
        before, self.shown = self.shown, shown
        if before is not None and self.last >= self.first:
            # The chosen hours stay the same hours while time goes on.
            gone = (shown.start_at - before.start_at) // HOUR_MS
            self.first, self.last = self.first - gone, self.last - gone
            if self.first < 0 or self.last >= shown.hours:
                self.first, self.last = 0, -1
        self.arrivals.show_volumes(shown)
        self.backlog.show_volumes(shown)
        self.legend.show_volumes(shown)
        self._say(shown)
        self._say_numbers(shown)
        fill(self.tables, shown, self.behind)
        self.choose(self.first, self.last)

    def _say(self, shown: Volumes) -> None:
        bridge = self._bridge
        since = words.span(shown.start_at, shown.at, shown.at, bridge.zone).split("–")[0].strip()
        warning = words.inflated(shown.inflated) if shown.inflated else ""
        self.head.say(self.tr("since {}").format(since), warning, self.asked)
        self._errors.say(words.forecast_errors(shown.forecast.errors if shown.forecast else None))
        unknown = self.tr("{} closed at an unknown time are not in it").format(shown.unknown_closings)
        self._backlog_note.say(unknown if shown.unknown_closings else "")

    def _say_numbers(self, shown: Volumes) -> None:
        look = shown.takes[words.Step.FIRST_LOOK_P1]
        tone = "p1" if shown.p1.untouched else "text"
        said = (
            (words.number(shown.reports), self.tr("reports"), words.told_by(shown), "text"),
            (words.number(shown.open_sites), self.tr("sites open"), words.pace(shown), "text"),
            (words.number(shown.last_hour), self.tr("in the last hour"), words.next_hours(shown), "text"),
            (words.number(shown.p1.open), self.tr("P1 open"), words.p1(shown), tone),
            (words.lasts(look.half), self.tr("to first look, P1"), words.first_look(look), "text"),
        )
        for button, each in zip(self.numbers, said, strict=True):
            button.say(*each[:3], tone=each[3])

    def choose(self, first: int, last: int) -> None:
        """Hours to look at closely; none with last before first."""
        self.first, self.last = first, last
        self.arrivals.mark(first, last)
        self.backlog.mark(first, last)
        self._read_out(first, last)

    def _read_out(self, first: int, last: int) -> None:
        if self.shown is None:
            return
        if last < first:
            self._hour.say(self.tr("← → choose an hour, with Shift more of them. Enter opens their sites."))
        else:
            self._hour.say(words.hours(self.shown, first, last, self._bridge.zone))

    def _point(self, hour: int) -> None:
        """The hour under the pointer, else the chosen ones."""
        self._read_out(*((hour, hour) if hour >= 0 else (self.first, self.last)))

    # -- acting ---------------------------------------------------------------------------------------

    def show_span(self, hours: int) -> None:
        self._ask(Asked(self.asked.group, hours))

    def show_group(self, group: Group) -> None:
        self._ask(Asked(group, self.asked.hours))

    def _ask(self, asked: Asked) -> None:
        if asked != self.asked:
            self.asked = asked
            self.count()
        elif self.shown is not None:
            self._say(self.shown)

    def step(self, by: int, *, widen: bool = False) -> None:
        """To another hour; from none to the present one. Widening moves only the far end."""
        if self.shown is None:
            return
        most = self.shown.hours - 1
        if self.last < self.first:
            self.choose(most, most)
        elif widen:
            far = min(max((self.last if by > 0 else self.first) + by, 0), most)
            self.choose(*((self.first, far) if by > 0 else (far, self.last)))
        else:
            to = min(max((self.last if by > 0 else self.first) + by, 0), most)
            self.choose(to, to)

    def open_hours(self) -> None:
        if self.shown is not None and self.last >= self.first:
            self.behind.hours(self.shown, self.first, self.last)

    def open_number(self, which: int) -> None:
        if self.shown is not None:
            self.behind.number(which, self.shown)

    # -- keys -----------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        key = Qt.Key(event.key())
        works: dict[tuple[Any, Qt.Key], Callable[[], object]] = {
            (_NONE, Qt.Key.Key_Left): lambda: self.step(-1),
            (_NONE, Qt.Key.Key_Right): lambda: self.step(1),
            (_SHIFT, Qt.Key.Key_Left): lambda: self.step(-1, widen=True),
            (_SHIFT, Qt.Key.Key_Right): lambda: self.step(1, widen=True),
            (_NONE, Qt.Key.Key_Escape): lambda: self.choose(0, -1),
            (_CTRL, Qt.Key.Key_S): self.saving.ask_where,
            (_NONE, Qt.Key.Key_R): self.count_anew,
            (_NONE, Qt.Key.Key_N): self.figure_wanted.emit,
            (_NONE, Qt.Key.Key_Minus): lambda: self._next_span(1),
            (_NONE, Qt.Key.Key_Plus): lambda: self._next_span(-1),
            (_NONE, Qt.Key.Key_Equal): lambda: self._next_span(-1),
            (_NONE, Qt.Key.Key_B): lambda: self.show_group(Group.BAND),
            (_NONE, Qt.Key.Key_C): lambda: self.show_group(Group.CATEGORY),
            (_NONE, Qt.Key.Key_H): lambda: self.show_group(Group.CHANNEL),
        }
        if self.hasFocus():
            # On a number or in a table Enter is theirs.
            works[_NONE, Qt.Key.Key_Return] = works[_NONE, Qt.Key.Key_Enter] = self.open_hours
        return works.get((held, key))

    def _next_span(self, by: int) -> None:
        at = SPANS.index(self.asked.hours or SPANS[-1]) + by
        if 0 <= at < len(SPANS):
            self.show_span(SPANS[at])

    # -- Qt -------------------------------------------------------------------------------------------

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        self.count_anew()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._rest.stop()
        self._minute.stop()

    # -- building -------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Volumes"))
        theme, zone = self._theme, self._bridge.zone
        self.arrivals = Arrivals(zone=zone, theme=theme, name=self.tr("Reports per hour"))
        self.backlog = Backlog(zone=zone, theme=theme, name=self.tr("Sites open"))
        for chart in (self.arrivals, self.backlog):
            chart.pointed.connect(self._point)
            chart.chosen.connect(self.choose)
        self.legend = Legend(theme=theme)
        self.numbers = [BigNumber(theme=theme) for _ in range(5)]
        for which, button in enumerate(self.numbers):
            button.clicked.connect(lambda _on=False, which=which: self.open_number(which))
        empty = {"open": self.tr("No open site")}
        self.tables = {
            name: CountTable(name, columns(), theme=theme, empty=empty.get(name, ""))
            for name, columns in TABLES.items()
        }
        for table in self.tables.values():
            table.pressed.connect(table.open_current)
            table.turned.connect(self.step)
        self._hour = Words(theme=theme, role="small", tone="text_soft", wrap=False)
        self._errors = Words(theme=theme, role="small", tone="text_dim")
        self.head = VolumesHead(theme=theme)
        self.head.span_wanted.connect(self.show_span)
        self.head.group_wanted.connect(self.show_group)
        self.head.figure_wanted.connect(self.figure_wanted)
        self.head.save_wanted.connect(self.saving.ask_where)
        self._backlog_note = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        self._hour.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        inside = ScrollBody()
        page = QVBoxLayout(inside)
        page.setContentsMargins(22, 12, 22, 14)
        page.setSpacing(8)
        page.addWidget(self.head)
        page.addLayout(self._big_numbers())
        page.addLayout(self._cards(), 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroller(inside))

    def _big_numbers(self) -> QHBoxLayout:
        across = QHBoxLayout()
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(4)
        for button in self.numbers:
            across.addWidget(button, 1)
        return across

    def _cards(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(12)
        tables = self.tables
        wide = self._card(self.tr("Reports per hour"), self.legend, self.arrivals, self._hour, self._errors)
        what = self._card(self.tr("Open now, by what it is"), None, tables["open"])
        backlog = self._card(self.tr("Sites open"), None, self.backlog, self._backlog_note)
        takes = self._card(self.tr("How long things take"), None, tables["takes"])
        who = self._card(self.tr("Who has what"), None, tables["who"])
        self.arrivals.setMinimumHeight(150)
        self.backlog.setMinimumHeight(100)
        grid.addWidget(wide, 0, 0, 1, 2)
        grid.addWidget(what, 0, 2)
        for column, card in enumerate((backlog, takes, who)):
            grid.addWidget(card, 1, column)
        for column, share in enumerate((34, 36, 30)):
            grid.setColumnStretch(column, share)
        grid.setRowStretch(0, 3)
        grid.setRowStretch(1, 2)
        return grid

    def _card(self, title: str, beside: QWidget | None, *parts: QWidget) -> QFrame:
        card = QFrame()
        card.setProperty("part", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.addWidget(Words(title, theme=self._theme, role="strong", wrap=False))
        head.addStretch()
        if beside is not None:
            head.addWidget(beside)
        column.addLayout(head)
        for part in parts:
            is_chart = part in (self.arrivals, self.backlog)
            column.addWidget(part, 1 if is_chart else 0)
        if not any(part in (self.arrivals, self.backlog) for part in parts):
            column.addStretch(1)
        return card

    def _take_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
