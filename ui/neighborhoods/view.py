"""The Neighborhoods screen: map and table are one selection, the panel below tells of the chosen place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from dispatch.board import Filters, Mask
from dispatch.errors import LandfallError
from dispatch.geo.folder import GeoFolder
from dispatch.insight.by_area import class_bounds
from dispatch.insight.neighborhoods import Neighborhoods, Place, sites_of
from dispatch.insight.quiet_areas import QUIET
from dispatch.records import Flag
from ui.neighborhoods import place_words, words
from ui.neighborhoods.area_map import AreaMap, Shown
from ui.neighborhoods.counting import Counting, Span
from ui.neighborhoods.frame import ScreenFrame, look
from ui.neighborhoods.model import NeighborhoodsModel, shades
from ui.neighborhoods.notes import Notes
from ui.neighborhoods.panel import PlacePanel
from ui.neighborhoods.printing import Printing
from ui.neighborhoods.table import PlaceTable
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets.guard import guarded
from ui.widgets.keyed_screen import KeyedScreen

# Without a key or a click for so long, nobody is in the list: it may take its new order.
QUIET_MS = 30_000
_NONE = Qt.KeyboardModifier.NoModifier


class NeighborhoodsScreen(KeyedScreen):
    """`open_rows` shows sites in the Queue by these filters; `place` is the number of the chosen place."""

    def __init__(
        self,
        *,
        bridge: Any,
        theme: Theme,
        sheets: Sheets,
        folder: GeoFolder,
        open_rows: Callable[[Filters], None],
    ) -> None:
        super().__init__()
        self._bridge, self._theme, self._sheets, self._open_rows = bridge, theme, sheets, open_rows
        self.place = -1
        self._is_fresh = True  # nobody has chosen among these numbers
        self._reading: asyncio.Task[None] | None = None
        self.counting = Counting(bridge=bridge, folder=folder, parent=self)
        self.notes = Notes(bridge=bridge, parent=self)
        self.printing = Printing(bridge=bridge, parent=self)
        self.model = NeighborhoodsModel(theme=theme)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._order_if_quiet)
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.room_changed.connect(self.read)

    @property
    def found(self) -> Neighborhoods | None:
        return self.counting.found

    @property
    def is_at_rest(self) -> bool:
        """Everything is read and counted."""
        return self.counting.is_at_rest and (self._reading is None or self._reading.done())

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        """The map's files once, the outreach notes as any seat has left them; then count."""
        if self.isVisible():
            self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        try:
            is_first = self.counting.loaded is None
            loaded = await self.counting.load()
            if loaded is None:
                self.frame.setCurrentIndex(1)
                return
            if is_first:
                self.map.show_ground(loaded.ground)
            await self.notes.read(loaded.places)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self.model.show_outreach(self.notes.last())
        self._say_place()
        self.counting.count()
        if self.place >= 0:
            self.notes.ask_around(self.place, loaded.places[self.place])

    def _take(self) -> None:
        """New numbers: in the rows, on the map, in the panel."""
        assert self.found is not None
        self.model.take(self.found)
        self._order_if_quiet()
        bounds = class_bounds(self.found.per_1000, is_whole=False)
        is_quiet = [each in QUIET for each in self.found.judged.standing.tolist()]
        self.map.show_found(Shown(shades(self.found, bounds).tolist(), is_quiet, bounds))
        if self._is_fresh:
            self._is_fresh = False
            self.table.go(0)
        self._say()

    # -- what a person does ---------------------------------------------------------------------------

    def choose(self, place: int) -> None:
        """From the map: the table follows, and with it everything else."""
        self._quiet.start()
        if self.found is not None:
            self.table.go(self.model.row_of(place))
            self.table.setFocus()

    def open_place(self, place: int) -> None:
        """The sites behind a place's number, in the Queue."""
        if self.found is None:
            return
        if areas := self.found.places[place].areas:
            since = self.counting.since_at
            self._open_rows(Filters(hoods=frozenset(areas), with_closed=True, since=since))
        else:
            self._open_sites(sites_of(self._bridge.board, self.found.places, place))

    def open_rest(self) -> None:
        """What stands in no place: bulk entries, reports without a place, other cities."""
        board = self._bridge.board
        self._open_sites(((board.flags & (Flag.BULK | Flag.OUTSIDE_CITY)) != 0) | np.isnan(board.x))

    def add_note(self) -> None:
        if self.found is not None:
            self._sheets.open("outreach", **self._areas())

    def correct_note(self) -> None:
        if entries := self.notes.of(self.place):
            self._sheets.open("outreach", entry=entries[0], **self._areas())
        else:
            self._bridge.said.emit(self.tr("No outreach is noted here."), False)

    def change_span(self) -> None:
        self._quiet.stop()  # other numbers: an order of their own, from its top
        self._is_fresh = True
        self.counting.change_span()
        self.frame.span.say(self._span_words()[1])

    def show_method(self) -> None:
        self._sheets.open("quiet_areas")

    def print_sheet(self) -> None:
        """The chosen place on paper, of the time that is counted here."""
        if self.found is not None and self.place >= 0:
            self.printing.print_sheet(self.found.places, self.place, self.found.since_at)

    def print_card(self) -> None:
        self.printing.print_card()

    # -- keys ---------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Any:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != _NONE or self.place < 0:
            return None
        works = {
            Qt.Key.Key_J: lambda: self._step(1),
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_K: lambda: self._step(-1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_R: self._order_now,
            Qt.Key.Key_Return: lambda: self.open_place(self.place),
            Qt.Key.Key_Enter: lambda: self.open_place(self.place),
        }
        return works.get(Qt.Key(event.key()))

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.counting.is_wanted = True
        self.read()

    @guarded
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.counting.is_wanted = False

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.table.setFocus()

    # -- inside -------------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        self._quiet.start()
        self.table.step(by)

    def _order_now(self) -> None:
        self.model.sort_anew()
        self._say()

    def _order_if_quiet(self) -> None:
        if not self._quiet.isActive():
            self.model.sort_anew()

    def _take_moved(self, row: int) -> None:
        assert self.found is not None
        self.place = self.model.place_at(row)
        self.map.show_place(self.place)
        self._say_place()
        self.notes.ask_around(self.place, self.found.places[self.place])

    def _open_sites(self, mask: Mask) -> None:
        board = self._bridge.board
        ids = board.site_id[mask & (board.last_at >= self.counting.since_at)].tolist()
        self._open_rows(Filters(sites=frozenset(ids), with_closed=True))

    def _areas(self) -> dict[str, tuple[str, ...]]:
        """What the outreach sheet offers: the areas of the chosen place first."""
        assert self.found is not None
        mine = self.found.places[self.place].areas or ("",)
        return {"areas": mine, "choices": tuple(sorted(a for p in self.found.places for a in p.areas))}

    # -- saying -------------------------------------------------------------------------------------

    def _say(self) -> None:
        assert self.found is not None
        frame = self.frame
        frame.head.say(words.head(self.found, self._span_words()[0]))
        frame.rests_on.say(words.rests_on(self.found))
        frame.moved.say(self.tr("R puts them in order") if self.model.is_out_of_order() else "")
        frame.say_rest(words.not_counted(self.found))
        self._say_place()

    def _say_place(self) -> None:
        if self.found is None or self.place < 0:
            return
        found, at, zone, now = self.found, self.place, self._bridge.zone, self._bridge.clock.now()
        entries = self.notes.of(at)
        poverty = self.counting.loaded.poverty if self.counting.loaded else {}
        self.panel.show_place(
            words.name(found.places[at]),
            place_words.people(found, at),
            " ".join(filter(None, (words.sentence(found, at), words.chance(found, at)))),
            place_words.causes(found, at, poverty, self._held(found.places), zone),
        )
        lines = place_words.outreach_lines(self._bridge.board, found, at, entries, now, zone)
        self.panel.show_outreach(lines, bool(entries))

    def _held(self, places: tuple[Place, ...]) -> int:
        """Sites of the chosen place that storm mode holds: the Queue does not list them."""
        board = self._bridge.board
        mine = sites_of(board, places, self.place) & (board.last_at >= self.counting.since_at)
        return int((mine & board.is_set_aside() & ((board.flags & Flag.MERGED) == 0)).sum())

    def _span_words(self) -> tuple[str, str]:
        """What is counted from, and what the button changes to."""
        if self.counting.span is Span.ACTIVATION:
            return self.tr("since activation"), self.tr("Last 72 hours")
        return self.tr("in the last 72 hours"), self.tr("Since activation")

    def _paint_in_theme(self) -> None:
        self.setStyleSheet(look(self._theme))

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Neighborhoods"))
        theme = self._theme
        self.table = PlaceTable(self.model, theme=theme)
        self.map = AreaMap(
            theme=theme, says=lambda place: words.hover(self.found, place) if self.found else ""
        )
        self.panel = PlacePanel(theme=theme)
        self.frame = ScreenFrame(theme=theme, area_map=self.map, table=self.table, panel=self.panel)
        self.frame.span.say(self._span_words()[1])
        page = QVBoxLayout(self)
        page.setContentsMargins(0, 0, 0, 0)
        page.addWidget(self.frame)
        self.counting.counted.connect(self._take)
        self.notes.heard.connect(self.panel.show_around)
        self.table.moved.connect(self._take_moved)
        self.table.clicked.connect(lambda _index: self._quiet.start())
        self.table.opened.connect(lambda row: self.open_place(self.model.place_at(row)))
        self.map.chosen.connect(self.choose)
        self.map.opened.connect(self.open_place)
        self.panel.note_wanted.connect(self.add_note)
        self.panel.correction_wanted.connect(self.correct_note)
        self.panel.rows_wanted.connect(lambda: self.open_place(self.place))
        self.panel.sheet_wanted.connect(self.print_sheet)
        self.frame.card.clicked.connect(self.print_card)
        self.frame.rest.clicked.connect(self.open_rest)
        self.frame.span.clicked.connect(self.change_span)
        self.frame.method.clicked.connect(self.show_method)
