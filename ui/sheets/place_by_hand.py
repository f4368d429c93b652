"""Put a site on the map by hand: address, coordinates or a spot aimed at, with the words in view (S11)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QListWidget, QListWidgetItem, QVBoxLayout

from dispatch.errors import LandfallError
from dispatch.geo.lookup import Found, Hit
from dispatch.records import Place, SiteView
from ui.sheets.site_sheet import SiteSheet
from ui.theme import Theme
from ui.widgets import times
from ui.widgets.fields import LineField
from ui.widgets.words import Words

log = logging.getLogger(__name__)

TYPING_MS = 200
ROW_PX = 44
MOST_ROWS = 4
MOST_REPORTS, MOST_CHARS = 3, 420
_HIT = Qt.ItemDataRole.UserRole
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class PlaceByHandSheet(SiteSheet):
    """Down and up move in the list while typing; Ctrl+M goes to the map, where Enter takes the cross.

    `aim_wanted` asks for the map's keys, `meant` says which place is chosen now, None for none.
    """

    NAME = "place_by_hand"
    NEEDS_WHOLE = True
    AIMS = True
    IS_LEFT = True  # over the list: the map is what one looks at

    aim_wanted = Signal()
    meant = Signal(object)

    def __init__(self, *, bridge: Any, theme: Theme, site_id: int) -> None:
        super().__init__(bridge=bridge, theme=theme, site_id=site_id)
        self._spot: Hit | None = None
        self._found: tuple[Hit, ...] = ()
        self._looking: asyncio.Task[None] | None = None
        self.say_title(self.tr("Place by hand"))
        self._reports = QVBoxLayout()
        self._reports.setSpacing(6)
        self.body.addLayout(self._reports)
        placeholder = self.tr("2214 22nd Ave S · 22nd Ave S & 31st St S · 27.749 -82.663")
        self._typed = self.add(
            "typed", LineField(self.tr("Address or coordinates"), theme=theme, placeholder=placeholder)
        )
        self._said = Words(theme=theme, role="small", tone="text_dim")
        self.list = self._make_list()
        self.body.addWidget(self._said)
        self.body.addWidget(self.list)
        self._timer = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._timer.timeout.connect(self._look_up)
        self._typed.edited.connect(self._timer.start)
        self.list.currentRowChanged.connect(lambda _row: self._say())
        # The body, which may scroll, would take the arrows before the sheet sees them.
        self._arrows = _Arrows(self._move)
        self._typed.line.installEventFilter(self._arrows)
        self.shortcuts[(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_M)] = self.aim_wanted.emit
        self.add_side_button(self.tr("Aim on the map"), "Ctrl M", self.aim_wanted.emit)
        self.say_act(self.tr("Place it here"))
        self._fill()

    def _make_list(self) -> QListWidget:
        made = QListWidget()
        made.setFrameShape(QListWidget.Shape.NoFrame)
        made.setUniformItemSizes(True)
        made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        made.setTextElideMode(Qt.TextElideMode.ElideRight)
        made.setFont(self.theme.font("small"))
        made.setAccessibleName(self.tr("Places that may be meant"))
        return made

    # -- what the site says -----------------------------------------------------------------------------

    def show_site(self, view: SiteView) -> None:
        if view.place_doubt:
            self.say_effect(view.place_doubt, "warn")
        elif own := view.own_place:
            at = times.clock(own.at, self.now, self.bridge.zone)
            self.say_effect(self.tr("Placed by hand by {who}, {at}.").format(who=own.who, at=at))
        elif view.row.lat is None:
            self.say_effect(self.tr("Not on the map: no report gives a place that can be used."))
        else:
            self.say_effect(
                self.tr("It stands where the reports say. Placing it by hand overrules that here.")
            )
        self._show_reports(view)
        self._fill()
        if not self._typed.touched:
            self._typed.fill(view.address)
            self._look_up()

    def _show_reports(self, view: SiteView) -> None:
        while item := self._reports.takeAt(0):
            item.widget().deleteLater()
        for request in view.requests[:MOST_REPORTS]:
            words = (request.description or request.summary)[:MOST_CHARS].strip() or self.tr(
                "No words, only the category."
            )
            address = request.address.strip() or self.tr("no address given")
            at = times.clock(request.created_at, self.now, self.bridge.zone)
            card = QFrame()
            card.setProperty("part", "card")
            column = QVBoxLayout(card)
            column.setContentsMargins(10, 8, 10, 8)
            column.setSpacing(3)
            column.addWidget(Words(words, theme=self.theme, copyable=True))
            column.addWidget(Words(f"{at} · {address}", theme=self.theme, role="small", tone="text_dim"))
            self._reports.addWidget(card)
        if (more := len(view.requests) - MOST_REPORTS) > 0:
            words = self.tr("%n more reports in the detail", "", more)
            self._reports.addWidget(Words(words, theme=self.theme, role="small", tone="text_dim"))

    # -- choosing ---------------------------------------------------------------------------------------

    def chosen(self) -> Hit | None:
        item = self.list.currentItem()
        return item.data(_HIT) if item else None

    def take_spot(self, place: Place) -> None:
        """A spot on the map was aimed at: it stands first, and is the one that is chosen."""
        self._spot = Hit(place, "", self.tr("the spot aimed at on the map"))
        self._fill(first=True)
        self._looking = self.read_for(self._name_spot(place))

    def take_found(self, found: Found) -> None:
        self._found = found.hits
        self._typed.say_aside(self.tr("%n hits", "", len(found.hits)) if len(found.hits) > 1 else "")
        self._fill(first=bool(found.hits), say=found.say)

    def _fill(self, *, first: bool = False, say: str = "") -> None:
        """The spot on the map, what was found for the words, what the reports say once somebody else did."""
        hits = self._hits()
        kept = self.chosen()
        self.list.blockSignals(True)
        self.list.clear()
        for hit in hits:
            item = QListWidgetItem(self._line(hit))
            item.setData(_HIT, hit)
            item.setSizeHint(QSize(0, ROW_PX))
            self.list.addItem(item)
        self.list.blockSignals(False)
        shown = min(MOST_ROWS, len(hits))
        self.list.setFixedHeight(shown * ROW_PX + 8)
        self.list.setVisible(bool(hits))
        if hits:
            places = [hit.place for hit in hits]
            at = places.index(kept.place) if kept and kept.place in places and not first else 0
            self.list.setCurrentRow(at)
        hint = self.tr("Type above, or click the spot on the map.")
        self._said.say(say or ("" if hits else hint), "warn" if say else "text_dim")
        self._say()
        self.grew.emit()

    def _hits(self) -> Sequence[Hit]:
        hits = [*([self._spot] if self._spot else []), *self._found]
        own = self.view.own_place if self.view else None
        reported = next((r.place for r in self.view.requests if r.place), None) if self.view else None
        if own is not None:
            hits.append(Hit(own.place, own.words, self.tr("as placed by hand by {}").format(own.who)))
            if reported is not None:
                hits.append(Hit(reported, "", self.tr("where the reports have it, no longer by hand")))
        return hits

    def _line(self, hit: Hit) -> str:
        spot = f"{hit.place.lat:.5f}, {hit.place.lng:.5f}"
        about = self.tr("within {m:.0f} m").format(m=hit.within_m) if hit.within_m else ""
        how = ", ".join(filter(None, (hit.how, about)))
        under = " · ".join(filter(None, (hit.area, how)))
        return f"{hit.words or spot}\n{under}"

    def _say(self) -> None:
        hit = self.chosen()
        self.meant.emit(hit.place if hit else None)

    def _move(self, by: int) -> None:
        last = self.list.count() - 1
        self.list.setCurrentRow(min(max(self.list.currentRow() + by, 0), last))

    # -- looking up -------------------------------------------------------------------------------------

    def _look_up(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
        self._looking = asyncio.ensure_future(self._find(self._typed.value()))

    async def _find(self, typed: str) -> None:
        try:
            found = await self.bridge.read(self.bridge.detail.find_place, typed)
        except LandfallError as error:
            found = Found((), str(error))
        if typed == self._typed.value():
            self.take_found(found)

    async def _name_spot(self, place: Place) -> None:
        """In which area the spot lies, once that is known."""
        area = await self.bridge.read(self.bridge.detail.area_of, place)
        if self._spot is not None and self._spot.place == place:
            self._spot = Hit(place, "", self._spot.how, area=area)
            self._fill()

    # -- acting -----------------------------------------------------------------------------------------

    def problem(self) -> tuple[str, str] | None:
        if self.chosen() is None:
            return "typed", self.tr("Type where it is and choose a hit, or aim on the map.")
        return None

    def doubt(self) -> str:
        hit = self.chosen()
        west, south, east, north = self.bridge.jurisdiction.box
        if hit and not (west <= hit.place.lng <= east and south <= hit.place.lat <= north):
            return self.tr("This lies outside the city's area: place it there all the same?")
        return ""

    def done_words(self) -> tuple[str, bool]:
        return self.tr("Placed by hand.") if not self._is_back() else self.tr("Placed as reported."), True

    def act(self) -> asyncio.Task[Any]:
        hit, desk = self.chosen(), self.bridge.desk
        assert hit is not None
        if self._is_back():
            return self.bridge.act(desk.place_as_reported, self.site_id)
        return self.bridge.act(desk.place_by_hand, self.site_id, hit.place, hit.words)

    def _is_back(self) -> bool:
        """Whether the reports' own place is chosen again."""
        hit = self.chosen()
        is_last = self.list.currentRow() == self.list.count() - 1
        own = self.view.own_place if self.view else None
        reported = next((r.place for r in self.view.requests if r.place), None) if self.view else None
        return bool(hit and own and reported and is_last and hit.place == reported)


class _Arrows(QObject):
    """Up and down in a line mean the list under it."""

    def __init__(self, move: Callable[[int], None]) -> None:
        super().__init__()
        self._move = move

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = _STEPS.get(Qt.Key(event.key()))
            if step is not None:
                self._move(step)
                return True
        return super().eventFilter(watched, event)
