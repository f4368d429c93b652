"""The Neighborhoods screen: map and table are one selection, the panel below tells of the chosen place."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from dispatch.board import Filters
from dispatch.errors import LandfallError
from dispatch.geo.folder import GeoFolder
from dispatch.insight.by_area import class_bounds
from dispatch.insight.neighborhoods import Neighborhoods, neighborhoods, sites_of
from dispatch.records import Flag, Millis, Outreach
from ui.neighborhoods import place_words, words
from ui.neighborhoods.area_map import AreaMap, Shown
from ui.neighborhoods.model import NeighborhoodsModel, shades
from ui.neighborhoods.panel import PlacePanel
from ui.neighborhoods.reading import Loaded, read
from ui.neighborhoods.table import PlaceTable
from ui.sheets.registry import Sheets
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.guard import guarded
from ui.widgets.key_button import KeyButton
from ui.widgets.keyed_screen import KeyedScreen
from ui.widgets.words import Words, grounds

# In a flood of reports they are counted anew so often.
REST_MS = 500
# Without a key or a click for so long, nobody is in the list: it may take its new order.
QUIET_MS = 30_000
LAST_MS = 72 * times.HOUR_MS
DAYS_AROUND = (30, 90)
_NONE = Qt.KeyboardModifier.NoModifier


class Span(Enum):
    ACTIVATION = "activation"
    LAST_HOURS = "last_hours"


class NeighborhoodsScreen(KeyedScreen):
    """`open_rows` shows sites in the Queue by these filters."""

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
        self._bridge, self._theme, self._sheets = bridge, theme, sheets
        self._folder, self._open_rows = folder, open_rows
        self.loaded: Loaded | None = None
        self.found: Neighborhoods | None = None
        self.place = -1
        self._span = Span.ACTIVATION
        self._entries: Mapping[int, list[Outreach]] = {}
        self._reading: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self.model = NeighborhoodsModel(theme=theme)
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self.look)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self._order_if_quiet)
        self._looked_at: Millis = 0
        self._build()
        self._paint_in_theme()
        theme.changed.connect(self._paint_in_theme)
        bridge.changed.connect(lambda _delta: self._look_soon())
        bridge.ticked.connect(self._tick)
        bridge.room_changed.connect(self.read)

    # -- reading ------------------------------------------------------------------------------------

    def read(self) -> None:
        """The map's files once, the outreach log as any seat has left it."""
        if self.isVisible():
            self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        parts = self._bridge.parts
        try:
            if self.loaded is None:
                self.loaded = await parts.workers.network(read, self._folder)
                if self.loaded is None:
                    self._empty.setCurrentIndex(1)
                    return
                self.map.show_ground(self.loaded.ground)
            entries = await self._bridge.read(parts.outreach_desk.entries)
        except LandfallError as error:
            self._bridge.said.emit(str(error), True)
            return
        self._take_entries(entries)
        self.look()
        self._ask_around()

    def look(self) -> None:
        """Count anew, from the board as it stands."""
        if self.loaded is None or not self.isVisible():
            return
        self._looked_at = self._bridge.clock.now()
        self.found = neighborhoods(
            self._bridge.board,
            self.loaded.places,
            since_at=self.since_at,
            activated_at=self._bridge.activation.started_at,
        )
        self.model.take(self.found)
        self._order_if_quiet()
        standing = self.found.judged.standing
        bounds = class_bounds(self.found.per_1000, is_whole=False)
        self.map.show_found(
            Shown(
                shades(self.found, bounds).tolist(),
                [each in words.QUIET for each in standing.tolist()],
                bounds,
            )
        )
        if self.place < 0:
            self.table.go(0)
        self._say()

    @property
    def since_at(self) -> Millis:
        if self._span is Span.ACTIVATION:
            return int(self._bridge.activation.started_at)
        return int(self._bridge.clock.now()) - LAST_MS

    # -- one place ----------------------------------------------------------------------------------

    def choose(self, place: int) -> None:
        """From the map: the table follows, and with it everything else."""
        self._touch()
        if self.found is not None:
            self.table.go(self.model.row_of(place))
            self.table.setFocus()

    def open_place(self, place: int) -> None:
        """The sites behind a place's number, in the Queue."""
        if self.found is None:
            return
        there = self.found.places[place]
        plain = Filters(with_closed=True, since=self.since_at)
        if there.areas:
            self._open_rows(Filters(hoods=frozenset(there.areas), with_closed=True, since=plain.since))
        else:
            self._open_rows(Filters(sites=self._ids(sites_of(*self._board_and(), place)), with_closed=True))

    def open_rest(self) -> None:
        """What stands in no place: bulk entries, reports without a place, other cities."""
        board = self._bridge.board
        out = (board.flags & (Flag.BULK | Flag.OUTSIDE_CITY)) != 0
        self._open_rows(Filters(sites=self._ids(out | np.isnan(board.x)), with_closed=True))

    def add_note(self) -> None:
        if self.found is not None and self.place >= 0:
            self._sheets.open("outreach", areas=self._areas(), choices=self._all_areas())

    def correct_note(self) -> None:
        entries = self._entries.get(self.place, [])
        if entries:
            given = {"areas": self._areas(), "choices": self._all_areas(), "entry": entries[0]}
            self._sheets.open("outreach", **given)
        else:
            self._bridge.said.emit(self.tr("No outreach is noted here."), False)

    def change_span(self) -> None:
        self._span = Span.LAST_HOURS if self._span is Span.ACTIVATION else Span.ACTIVATION
        self._span_button.say(self._span_words()[1])
        self.look()
        self.model.sort_anew()

    def show_method(self) -> None:
        self._sheets.open("quiet_areas")

    # -- keys ---------------------------------------------------------------------------------------

    def work_of(self, event: QKeyEvent) -> Any:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier != _NONE:
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
        return works.get(Qt.Key(event.key())) if self.place >= 0 else None

    @guarded
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self.read()

    def focusInEvent(self, event: Any) -> None:
        super().focusInEvent(event)
        self.table.setFocus()

    # -- inside -------------------------------------------------------------------------------------

    def _step(self, by: int) -> None:
        self._touch()
        self.table.step(by)

    def _touch(self) -> None:
        self._quiet.start()

    def _look_soon(self) -> None:
        if self.isVisible() and not self._rest.isActive():
            self._rest.start()

    def _tick(self, now: Millis) -> None:
        # Hours go on without a report, and an hour after an outreach is over some time.
        if self.isVisible() and abs(now - self._looked_at) >= times.MINUTE_MS:
            self._look_soon()

    def _order_now(self) -> None:
        self.model.sort_anew()
        self._say()

    def _order_if_quiet(self) -> None:
        if not self._quiet.isActive():
            self.model.sort_anew()

    def _take_entries(self, entries: tuple[Outreach, ...]) -> None:
        assert self.loaded is not None
        place_of = {area: i for i, place in enumerate(self.loaded.places) for area in place.areas}
        outside = len(self.loaded.places) - 1
        found: dict[int, list[Outreach]] = {}
        for each in entries:
            found.setdefault(place_of.get(each.said.area, outside), []).append(each)
        self._entries = found
        now, zone = self._bridge.clock.now(), self._bridge.zone
        self.model.show_outreach(
            {
                place: f"{times.clock(of[0].said.at, now, zone)} {words.kind(of[0].said.kind)}"
                for place, of in found.items()
            }
        )

    def _take_moved(self, row: int) -> None:
        self.place = self.model.place_at(row)
        self.map.show_place(self.place)
        self._say_place()
        self._ask_around()

    def _ask_around(self) -> None:
        self.panel.show_around(())
        if self._looking is not None:
            self._looking.cancel()
        if self._entries.get(self.place):
            self._looking = asyncio.ensure_future(self._look_around(self.place))

    async def _look_around(self, place: int) -> None:
        """Before and after the last outreach there: asked of the store, which knows the reporters."""
        assert self.loaded is not None
        desk, there = self._bridge.parts.outreach_desk, self.loaded.places[place]
        at = self._entries[place][0].said.at
        lines = []
        for days in DAYS_AROUND if there.areas else ():
            try:
                heard = await self._bridge.read(desk.around, there.areas, at, days)
            except LandfallError:
                return  # said already by whoever follows the store
            now = self._bridge.clock.now()
            lines.append(place_words.around_line(days, at, now, heard, there.residents))
        if place == self.place:
            self.panel.show_around(lines)

    def _say(self) -> None:
        assert self.found is not None
        self._head.say(words.head(self.found, self._span_words()[0]))
        self._rests_on.say(words.rests_on(self.found))
        self._moved.say(self.tr("R puts them in order") if self.model.is_out_of_order() else "")
        self._rest_line.say(self._rest_words(self.found))
        self._rest_line.setVisible(bool(self._rest_line.text()))
        self._say_place()

    def _say_place(self) -> None:
        if self.found is None or self.place < 0:
            return
        found, at, zone = self.found, self.place, self._bridge.zone
        entries, now = self._entries.get(at, []), self._bridge.clock.now()
        self.panel.show_place(
            words.name(found.places[at]),
            place_words.people(found, at),
            " ".join(filter(None, (words.sentence(found, at), words.chance(found, at)))),
            place_words.causes(found, at, self._poverty(), self._held(at), zone),
        )
        lines = place_words.outreach_lines(self._bridge.board, found, at, entries, now, zone)
        self.panel.show_outreach(lines, bool(entries))

    def _hover(self, place: int) -> str:
        if self.found is None:
            return ""
        found = self.found
        rate = words.number(float(found.per_1000[place]), 1)
        said = [words.whole_name(found.places[place]), words.sentence(found, place), words.sure(found, place)]
        if rate:
            said.insert(2, self.tr("{} per 1,000 residents").format(rate))
        return "\n".join(said)

    def _held(self, at: int) -> int:
        board = self._bridge.board
        mine = sites_of(board, self._places(), at) & (board.last_at >= self.since_at)
        return int((mine & board.is_set_aside() & ((board.flags & Flag.MERGED) == 0)).sum())

    def _rest_words(self, found: Neighborhoods) -> str:
        said = (
            (found.bulk, self.tr("{} from bulk entries")),
            (found.not_placed, self.tr("{} without a place")),
            (found.other_city, self.tr("{} outside the city")),
        )
        parts = [sentence.format(words.number(count)) for count, sentence in said if count]
        return self.tr("Not counted: {}").format(", ".join(parts)) if parts else ""

    def _span_words(self) -> tuple[str, str]:
        """What is counted from, and what the button changes to."""
        since, last = self.tr("activation"), self.tr("72 hours ago")
        if self._span is Span.ACTIVATION:
            return since, self.tr("Last 72 hours")
        return last, self.tr("Since activation")

    def _ids(self, mask: Any) -> frozenset[int]:
        board = self._bridge.board
        return frozenset(board.site_id[mask & (board.last_at >= self.since_at)].tolist())

    def _board_and(self) -> tuple[Any, Any]:
        return self._bridge.board, self._places()

    def _places(self) -> Any:
        assert self.loaded is not None
        return self.loaded.places

    def _poverty(self) -> Mapping[str, float]:
        return self.loaded.poverty if self.loaded is not None else {}

    def _areas(self) -> tuple[str, ...]:
        return tuple(self._places()[self.place].areas) or ("",)

    def _all_areas(self) -> tuple[str, ...]:
        return tuple(sorted(area for place in self._places() for area in place.areas))

    def _paint_in_theme(self) -> None:
        card, line = self._theme.palette.card, self._theme.palette.line
        self.setStyleSheet(
            grounds(self._theme.palette)
            + f'QFrame[part="card"] {{ background: {card}; border: 1px solid {line}; border-radius: 6px; }}'
            + f"QTableView, QHeaderView, QHeaderView::section {{ background: {card}; }}"
            + "QHeaderView::section { padding: 4px 8px; }"
        )

    # -- building -----------------------------------------------------------------------------------

    def _build(self) -> None:
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Neighborhoods"))
        theme = self._theme
        self.table = PlaceTable(self.model, theme=theme)
        self.table.moved.connect(self._take_moved)
        self.table.clicked.connect(lambda _index: self._touch())
        self.table.opened.connect(lambda row: self.open_place(self.model.place_at(row)))
        self.map = AreaMap(theme=theme, says=self._hover)
        self.map.chosen.connect(self.choose)
        self.map.opened.connect(self.open_place)
        self.panel = PlacePanel(theme=theme)
        self.panel.note_wanted.connect(self.add_note)
        self.panel.correction_wanted.connect(self.correct_note)
        self.panel.rows_wanted.connect(lambda: self.open_place(self.place))
        whole = QWidget()
        across = QHBoxLayout(whole)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(14)
        across.addWidget(self.map, 40)
        across.addLayout(self._right(), 60)
        self._empty = QStackedWidget()
        self._empty.addWidget(whole)
        self._empty.addWidget(self._no_areas())
        page = QVBoxLayout(self)
        page.setContentsMargins(22, 12, 18, 14)
        page.setSpacing(10)
        page.addLayout(self._top())
        page.addWidget(self._empty, 1)

    def _top(self) -> QHBoxLayout:
        theme = self._theme
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(Words(self.tr("Neighborhoods"), theme=theme, role="title", wrap=False))
        self._head = Words(theme=theme, tone="text_dim", wrap=False)
        top.addWidget(self._head)
        top.addStretch()
        self._span_button = KeyButton(self._span_words()[1], "Alt D", theme=theme)
        self._span_button.clicked.connect(self.change_span)
        method = KeyButton(self.tr("How this is counted"), "Alt H", theme=theme)
        method.clicked.connect(self.show_method)
        for button in (self._span_button, method):
            top.addWidget(button)
        return top

    def _right(self) -> QVBoxLayout:
        theme = self._theme
        column = QVBoxLayout()
        column.setSpacing(12)
        card = QFrame()
        card.setProperty("part", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(10, 12, 10, 12)
        inside.setSpacing(6)
        head = QHBoxLayout()
        head.setContentsMargins(8, 0, 8, 0)
        head.addWidget(Words(self.tr("Fewer than expected"), theme=theme, role="strong", wrap=False))
        head.addStretch()
        self._moved = Words(theme=theme, role="small", tone="text_dim", wrap=False)
        head.addWidget(self._moved)
        inside.addLayout(head)
        inside.addWidget(self.table, 1)
        self._rests_on = Words(theme=theme, role="small", tone="text_dim")
        self._rest_line = KeyButton("", theme=theme, look="link")
        self._rest_line.clicked.connect(self.open_rest)
        under = QVBoxLayout()
        under.setContentsMargins(8, 2, 8, 0)
        under.setSpacing(2)
        under.addWidget(self._rests_on)
        under.addWidget(self._rest_line, 0, Qt.AlignmentFlag.AlignLeft)
        inside.addLayout(under)
        column.addWidget(card, 58)
        column.addWidget(self.panel, 42)
        return column

    def _no_areas(self) -> QWidget:
        empty = QWidget()
        column = QVBoxLayout(empty)
        words_ = self.tr(
            "No neighborhoods are loaded: reports cannot be told by area. Import them as a layer (Shift L)."
        )
        column.addWidget(Words(words_, theme=self._theme, tone="text_dim"))
        column.addStretch()
        return empty
