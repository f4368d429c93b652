"""The Statistics screen, for the supervisor: 1 alarms and the console itself, 2 what residents heard.
Counted on another thread when it is shown, each minute and on R; each number says what it counts and opens
its sites."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from dispatch.board import exactly
from dispatch.errors import LandfallError
from dispatch.records import Millis
from dispatch.rights import MASKED_FOR
from dispatch.statistics_desk import RoomCounts, TrustCounts
from ui.sound import Alarm
from ui.statistics import room_rows, trust_rows
from ui.statistics.saving import as_csv
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.chip import Chip
from ui.widgets.count_table import CountTable
from ui.widgets.family_words import family
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words, grounds

MINUTE_MS = 60_000
WEEK_MS = 7 * times.DAY_MS
ROOM, TRUST = range(2)
_NONE, _CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


class StatisticsView(KeyedScreen):
    """`opened` has the filters of the rows behind a number."""

    opened = Signal(object)

    def __init__(self, *, bridge: Any, theme: Theme, alarm: Alarm | None) -> None:
        super().__init__()
        self._bridge = bridge
        self._theme = theme
        self._alarm = alarm
        self.room: RoomCounts | None = None
        self.trust: TrustCounts | None = None
        self._weeks_back = 0
        self._counting: asyncio.Task[None] | None = None
        self._is_again = False
        self._going: set[asyncio.Future[Any]] = set()
        self._minute = QTimer(self, interval=MINUTE_MS)
        self._minute.timeout.connect(self.count)
        self._build()
        self._take_theme()
        theme.changed.connect(self._take_theme)

    # -- counting -------------------------------------------------------------------------------------

    @property
    def part(self) -> int:
        return self._parts.currentIndex()

    def count(self) -> None:
        """The part that is shown, anew; one count at a time."""
        if not self.isVisible() or self._is_masked():
            return
        if self._counting is not None and not self._counting.done():
            self._is_again = True
            return
        self._counting = asyncio.ensure_future(self._count())

    async def _count(self) -> None:
        desk, network = self._bridge.parts.statistics_desk, self._bridge.parts.workers.network
        try:
            # Reads for long where thousands are concerned: no click may stand behind it.
            if self.part == ROOM:
                take, counts = self.take_room, await network(desk.room)
            else:
                take, counts = self.take_trust, await network(desk.trust, self._week_of())
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
        else:
            if not isValid(self):
                return  # the window was closed meanwhile
            take(counts)
        if self._is_again:
            self._is_again = False
            self._counting = None
            self.count()

    def _week_of(self) -> Millis:
        return int(self._bridge.clock.now()) - self._weeks_back * WEEK_MS

    def _is_masked(self) -> bool:
        """Who sees the masked rows would count nothing and take it for all."""
        is_masked = self._bridge.parts.actor.role in MASKED_FOR
        if is_masked:
            self._counted.say(self.tr("Your role does not see what these numbers are counted from."))
        return is_masked

    # -- showing --------------------------------------------------------------------------------------

    def take_room(self, counts: RoomCounts) -> None:
        self.room = counts
        zone = self._bridge.zone
        said = room_rows.RoomWords(counts, alarm=self._alarm, zone=zone, opens=self._opener).rows()
        for name, rows in said.items():
            self.tables[name].show_rows(rows)
        self._say_counted()
        self._say_row()

    def take_trust(self, counts: TrustCounts) -> None:
        self.trust = counts
        self.tables["departments"].show_rows(trust_rows.department_rows(counts.heard))
        named = self.tr("by department, as the server names it")
        families = self.tr("by family of categories: no departments are known")
        self._by.say(named if counts.heard.is_named_by_server else families)
        zone = self._bridge.zone
        self.tables["measures"].show_columns(trust_rows.week_columns(counts.heard, zone))
        self.tables["told_by"].show_columns(trust_rows.day_columns(counts.heard, zone))
        self._show_department()
        self._say_counted()
        self._say_row()

    def _show_department(self) -> None:
        if self.trust is None:
            return
        name, by_week = trust_rows.department_of(self.trust.heard, self.tables["departments"].current)
        self._whose.say(name)
        self.tables["measures"].show_rows(trust_rows.measure_rows(by_week, self._opener))
        self.tables["told_by"].show_rows(trust_rows.told_by_rows(by_week))

    def _say_counted(self) -> None:
        shown = self.room if self.part == ROOM else self.trust
        if shown is None:
            self._counted.say(self.tr("counting…"))
            return
        at = times.clock(shown.at, self._bridge.clock.now(), self._bridge.zone)
        self._counted.say(self.tr("counted {} · R counts anew").format(at))

    def show_part(self, part: int) -> None:
        self._parts.setCurrentIndex(part)
        for at, chip in enumerate(self._chips):
            chip.setChecked(at == part)
        for button in self._of_trust:
            button.setVisible(part == TRUST)
        self._say_counted()
        self._first().setFocus()
        self.count()

    def turn(self, weeks: int) -> None:
        """To an earlier or a later week, no later than this one."""
        back = max(0, self._weeks_back + weeks)
        if self.part == TRUST and back != self._weeks_back:
            self._weeks_back = back
            self.count()

    def _say_row(self) -> None:
        table = self.focusWidget()
        row = table.row() if isinstance(table, CountTable) else None
        opens = self.tr(" Enter shows its sites.") if row and row.opens and "Enter" not in row.counts else ""
        self._about.say(f"{row.counts}{opens}" if row else "")
        if isinstance(table, CountTable):
            self._keep_in_sight(table)

    def _keep_in_sight(self, table: CountTable) -> None:
        area = self._parts.currentWidget()
        if isinstance(area, QScrollArea) and area.widget().isAncestorOf(table):
            spot = table.spot().translated(table.mapTo(area.widget(), QPoint(0, 0)))
            area.ensureVisible(0, spot.top(), 0, 40)
            area.ensureVisible(0, spot.bottom(), 0, 20)

    # -- acting ---------------------------------------------------------------------------------------

    def _opener(self, site_ids: Iterable[int], chosen_as: str) -> Callable[[], None] | None:
        ids = frozenset(site_ids)
        return (lambda: self.opened.emit(exactly(ids, chosen_as))) if ids else None

    def save(self) -> None:
        """The tables of the part that is shown."""
        name = "alarms-and-console" if self.part == ROOM else "what-residents-heard"
        tables = [self.tables[each] for each in self._names[self.part]]
        is_exercise = self._bridge.activation.is_exercise
        content = as_csv(tables, self._head_words(), is_exercise)
        self._write(self._bridge.parts.statistics_desk.save_tables, name, content, is_exercise)

    def _head_words(self) -> str:
        shown = self.room if self.part == ROOM else self.trust
        at = times.local(shown.at, self._bridge.zone) if shown else None
        return self.tr("Statistics, counted {}").format(f"{at:%Y-%m-%d %H:%M}" if at else "")

    def print_page(self) -> None:
        if self.part != TRUST or self.trust is None:
            return
        labels = {name: family(name) for name in self.trust.heard.departments}
        desk = self._bridge.parts.statistics_desk
        self._write(desk.print_weekly, self.trust, labels, then=self._show_file)

    def _write(self, work: Any, *given: Any, then: Callable[[Any], object] = lambda _path: None) -> None:
        async def write() -> None:
            try:
                path = await self._bridge.parts.workers.network(work, *given)
            except LandfallError as error:
                self._bridge.said.emit(str(error), True)
                return
            self._bridge.said.emit(self.tr("Saved as {}").format(path), False)
            then(path)

        task = asyncio.ensure_future(write())
        self._going.add(task)
        task.add_done_callback(self._going.discard)

    @staticmethod
    def _show_file(path: Any) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    # -- keys -----------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        works: dict[tuple[Any, Qt.Key], Callable[[], object]] = {
            (_NONE, Qt.Key.Key_1): lambda: self.show_part(ROOM),
            (_NONE, Qt.Key.Key_2): lambda: self.show_part(TRUST),
            (_NONE, Qt.Key.Key_R): self.count,
            (_NONE, Qt.Key.Key_Left): lambda: self.turn(1),
            (_NONE, Qt.Key.Key_Right): lambda: self.turn(-1),
            (_CTRL, Qt.Key.Key_S): self.save,
            (_CTRL, Qt.Key.Key_P): self.print_page,
        }
        if self.hasFocus():
            works[_NONE, Qt.Key.Key_Down] = works[_NONE, Qt.Key.Key_J] = lambda: self._first().setFocus()
        return works.get((held, Qt.Key(event.key())))

    def _first(self) -> CountTable:
        return self.tables[self._names[self.part][0]]

    def _next_table(self, table: CountTable, by: int) -> None:
        shown = (self.tables[name] for name in self._names[self.part])
        tables = [each for each in shown if each.rows or each is table]
        at = tables.index(table) + by
        if 0 <= at < len(tables):
            tables[at].go(0 if by > 0 else len(tables[at].rows))
            tables[at].setFocus()
            self._say_row()

    # -- Qt -------------------------------------------------------------------------------------------

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._minute.start()
        self._say_counted()
        self.count()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._minute.stop()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self._first().setFocus()

    # -- building -------------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Statistics"))
        theme = self._theme
        self._counted, self._about = (
            Words(theme=theme, tone="text_dim", wrap=False),
            Words(theme=theme, role="small", tone="text_soft"),
        )
        self._about.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._about.setMinimumHeight(34)
        self.tables = self._tables()
        self._names = (
            ("alarms", "kinds", "shelved", "sync", "seats", "channels", "database"),
            ("departments", "measures", "told_by"),
        )
        for table in self.tables.values():
            table.moved.connect(self._say_row)
            table.turned.connect(lambda by: self.turn(-by))
            table.left.connect(lambda by, table=table: self._next_table(table, by))
        self.tables["departments"].moved.connect(self._show_department)
        self._parts = QStackedWidget()
        self._parts.addWidget(self._scrolled(self._room_cards()))
        self._parts.addWidget(self._scrolled(self._trust_cards()))
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 12, 18, 8)
        page.setSpacing(8)
        page.addLayout(self._head())
        page.addWidget(self._parts, 1)
        page.addWidget(self._about)
        for button in self._of_trust:
            button.setVisible(False)

    def _tables(self) -> dict[str, CountTable]:
        tr, theme = self.tr, self._theme
        names = {
            "alarms": (tr("Alarms"), ""),
            "kinds": (tr("By what, since activation"), tr("No alarm since activation.")),
            "shelved": (tr("Shelved and muted"), ""),
            "sync": (tr("The 311 server"), ""),
            "channels": (tr("Channels"), tr("Nothing was handed over yet.")),
            "seats": (tr("Seats"), tr("Nobody has acted yet.")),
            "database": (tr("Database"), ""),
        }
        found = {
            key: CountTable(names[key][0], columns, theme=theme, empty=names[key][1])
            for key, columns in room_rows.columns().items()
        }
        none = tr("No report in these weeks.")
        weeks = [trust_rows.Column("", 27, is_number=False)]
        return found | {
            "departments": CountTable(
                tr("The week by department"), trust_rows.department_columns(), theme=theme, empty=none
            ),
            "measures": CountTable(tr("The week beside those before it"), weeks, theme=theme, empty=none),
            "told_by": CountTable(tr("Who told us"), weeks, theme=theme, empty=none),
        }

    def _head(self) -> QHBoxLayout:
        head, theme = QHBoxLayout(), self._theme
        head.setSpacing(8)
        head.addWidget(Words(self.tr("Statistics"), theme=theme, role="title", wrap=False))
        head.addSpacing(6)
        labels = (self.tr("Alarms and console  1"), self.tr("What residents heard  2"))
        self._chips = [Chip(label, theme=theme) for label in labels]
        for at, chip in enumerate(self._chips):
            chip.setCheckable(True)
            chip.setChecked(at == ROOM)
            chip.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            chip.clicked.connect(lambda _on=False, at=at: self.show_part(at))
            head.addWidget(chip)
        head.addSpacing(6)
        head.addWidget(self._counted)
        head.addStretch()
        earlier, later = (KeyButton(text, key, theme=theme) for text, key in self._turns())
        earlier.clicked.connect(lambda: self.turn(1))
        later.clicked.connect(lambda: self.turn(-1))
        paper = KeyButton(self.tr("Weekly page"), "Ctrl P", theme=theme)
        paper.clicked.connect(self.print_page)
        save = KeyButton(self.tr("Save tables"), "Ctrl S", theme=theme)
        save.clicked.connect(self.save)
        self._of_trust = (earlier, later, paper)
        for button in (*self._of_trust, save):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            head.addWidget(button)
        return head

    def _turns(self) -> tuple[tuple[str, str], ...]:
        return (self.tr("Week before"), "←"), (self.tr("Week after"), "→")

    def _room_cards(self) -> QGridLayout:
        tables = self.tables
        grid = QGridLayout()
        columns = (("alarms", "kinds", "shelved"), ("sync", "seats"), ("channels", "database"))
        for at, names in enumerate(columns):
            column = QVBoxLayout()
            column.setSpacing(10)
            for name in names:
                column.addWidget(self._card(tables[name].name, None, tables[name]))
            column.addStretch(1)
            grid.addLayout(column, 0, at)
        for at, share in enumerate((42, 26, 32)):
            grid.setColumnStretch(at, share)
        return grid

    def _trust_cards(self) -> QGridLayout:
        theme, tables = self._theme, self.tables
        self._by = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        self._whose = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        grid = QGridLayout()
        week = self._card(self.tr("The chosen week"), self._by, tables["departments"])
        weeks = self._card(self.tr("Beside the weeks before"), self._whose, tables["measures"])
        told_by = self._card(self.tr("Who told us"), None, tables["told_by"])
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(week, 0, 0, 1, 2, top)
        grid.addWidget(weeks, 1, 0, top)
        grid.addWidget(told_by, 1, 1, top)
        grid.setRowStretch(2, 1)
        for column, share in enumerate((62, 38)):
            grid.setColumnStretch(column, share)
        return grid

    def _scrolled(self, grid: QGridLayout) -> QWidget:
        inside = ScrollBody()
        grid.setContentsMargins(0, 0, 4, 4)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        inside.setLayout(grid)
        return scroller(inside)

    def _card(self, title: str, beside: QWidget | None, table: CountTable) -> QFrame:
        card = QFrame()
        card.setProperty("part", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(10, 9, 10, 9)
        column.setSpacing(2)
        head = QHBoxLayout()
        head.setContentsMargins(6, 0, 6, 0)
        head.addWidget(Words(title, theme=self._theme, role="strong", wrap=False))
        head.addStretch()
        if beside is not None:
            head.addWidget(beside)
        column.addLayout(head)
        column.addWidget(table)
        return card

    def _take_theme(self) -> None:
        self.setStyleSheet(grounds(self._theme.palette))
