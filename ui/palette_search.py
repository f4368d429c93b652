"""What the command line finds while somebody types: sites by number, address and words, areas, places."""

from __future__ import annotations

import asyncio
import logging
import math
import re
from collections.abc import Awaitable, Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from dispatch.board import Board
from dispatch.records import Band, LookUp
from ui.palette_entry import Entry, only_said
from ui.queue.selection import Selection
from ui.widgets import counts

log = logging.getLogger(__name__)

LookUpBy = Callable[[str], Awaitable[LookUp]]

TYPING_MS = 120
SHOWN = 8  # sites; the list takes all of them
PLACES = 4  # that an address may mean
LEAST = 2  # signs, below which everything would be found
NEAR_M = 300
_EARTH_M = 6_371_000.0
_POINT = re.compile(r"(-?\d{1,2}\.\d+)[\s,]+(-?\d{1,3}\.\d+)")
_METRES = re.compile(r"(\d{1,5})\s?m?$")
_HERE = ("", "here", "this", "this site")


def sites_near(board: Board, lat: float, lng: float, metres: float) -> list[int]:
    """Ids of the open sites within so many metres; good to centimetres at a city's size."""
    north = np.radians(board.lat - lat) * _EARTH_M
    east = np.radians(board.lng - lng) * _EARTH_M * math.cos(math.radians(lat))
    ids: list[int] = board.site_id[(np.hypot(north, east) <= metres) & board.is_open()].tolist()
    return ids


def is_near(text: str) -> bool:
    """Whether it asks for what lies around a place."""
    return text.lower().split()[:1] == ["near"]


class Finder(QObject):
    """Answers come a moment after the last sign; until then `entries` says that it looks."""

    found = Signal(str)

    def __init__(
        self, *, selection: Selection, look_up: LookUpBy | None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._selection = selection
        self._look_up = look_up
        self._text = ""
        self._answer: LookUp | None = None
        self._asking: asyncio.Task[None] | None = None
        self._typing = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._typing.timeout.connect(self._ask_store)

    def ask(self, text: str) -> None:
        if text == self._text:
            return
        self._text, self._answer = text, None
        self._typing.stop()
        if self._asking is not None:
            self._asking.cancel()
        if self._look_up is not None and len(_asked(text)) >= LEAST:
            self._typing.start()

    def stop(self) -> None:
        """Nobody waits for an answer any more."""
        self.ask("")

    def entries(self, text: str) -> list[Entry]:
        """Best first. `text` is what stands in the line now."""
        if is_near(text):
            return self._near(text.split(maxsplit=1)[1:])
        if point := _POINT.fullmatch(text):
            return [self._around(float(point[1]), float(point[2]), NEAR_M, "")]
        found = [*self._areas(text), *self._sites()]
        if not found and self._answer is not None and text == self._text:
            return [only_said(self.tr("No number, street, area or report has “{}”.").format(text))]
        return found

    # -- inside -------------------------------------------------------------------------------------

    def _ask_store(self) -> None:
        self._asking = asyncio.ensure_future(self._read(self._text))

    async def _read(self, text: str) -> None:
        assert self._look_up is not None
        try:
            answer = await self._look_up(_asked(text))
        except asyncio.CancelledError:
            raise
        except Exception:
            # An edge: commands work without the search; the list's own search says what is wrong.
            log.exception("The command line could not look something up")
            return
        if text == self._text:
            self._answer = answer
            self.found.emit(text)

    def _sites(self) -> list[Entry]:
        answer = self._answer or LookUp()
        ids = dict.fromkeys([answer.by_number, *answer.site_ids] if answer.by_number else answer.site_ids)
        known = [site_id for site_id in ids if self._selection.board.row(site_id) >= 0]
        return [self._site(site_id) for site_id in known[:SHOWN]]

    def _site(self, site_id: int) -> Entry:
        selection, board = self._selection, self._selection.board
        row = board.row(site_id)
        is_in_view = bool(selection.mask[row])
        where = board.where[row] if is_in_view else self.tr("{} · not in view").format(board.where[row])
        title = f"{Band(int(board.band[row])).name}  {board.what[row]}"
        return Entry(title, where, "", lambda: selection.go(site_id))

    def _areas(self, text: str) -> list[Entry]:
        """Neighborhoods with a word that begins like this."""
        if len(text) < LEAST:
            return []
        board, typed = self._selection.board, text.lower()
        is_open = board.is_open()
        found = []
        for code, name in enumerate(board.hoods):
            words = name.lower()
            if words.startswith(typed) or f" {typed}" in words:
                count = int(((board.hood == code) & is_open).sum())
                found.append((-count, name))
        return [self._area(name, -count) for count, name in sorted(found)[:3] if count]

    def _area(self, name: str, count: int) -> Entry:
        title = self.tr("{area}: {sites}").format(area=name, sites=counts.sites(count))
        show = self._selection.narrow
        return Entry(title, self.tr("neighborhood"), "", lambda: show(hoods=frozenset({name})))

    def _near(self, rest: list[str]) -> list[Entry]:
        """`near 27.77 -82.64 300`, `near 300` around the current site, `near 22nd Ave S 300`."""
        said = rest[0].strip() if rest else ""
        if point := _POINT.match(said):
            behind = said[point.end() :].strip()
            metres = _METRES.fullmatch(behind)
            if behind and metres is None:
                return [only_said(self.tr("near needs latitude, longitude and metres"))]
            return [
                self._around(float(point[1]), float(point[2]), float(metres[1]) if metres else NEAR_M, "")
            ]
        place, metres_wide = _place_and_metres(said)
        board = self._selection.board
        if place.lower() in _HERE:
            row = board.row(self._selection.current)
            if row < 0 or np.isnan(board.lat[row]):
                return [
                    only_said(self.tr("Choose a site that is on the map first, or say near which street."))
                ]
            return [self._around(board.lat[row], board.lng[row], metres_wide, board.where[row])]
        return self._around_address(place, metres_wide)

    def _around_address(self, place: str, metres: float) -> list[Entry]:
        """Around where reports of that address stand. Two places of one name are two lines (S11)."""
        if self._answer is None:
            return []
        board, found = self._selection.board, {}
        for site_id in self._answer.as_typed:
            row = board.row(site_id)
            if row >= 0 and not np.isnan(board.lat[row]):
                found.setdefault(board.where[row], row)
        if not found:
            return [only_said(self.tr("No report on the map names “{}”.").format(place))]
        return [
            self._around(board.lat[row], board.lng[row], metres, where)
            for where, row in list(found.items())[:PLACES]
        ]

    def _around(self, lat: float, lng: float, metres: float, where: str) -> Entry:
        ids = sites_near(self._selection.board, lat, lng, metres)
        title = self.tr("{sites} within {metres} m").format(
            sites=counts.sites(len(ids)), metres=round(metres)
        )
        group = where or f"{lat:.4f}, {lng:.4f}"
        return Entry(title, group, "", lambda: self._selection.narrow(sites=frozenset(ids)))


def _asked(text: str) -> str:
    """What the store is asked for: of `near 22nd Ave S 300` the street."""
    if _POINT.fullmatch(text):
        return ""
    if not is_near(text):
        return text
    place, _ = _place_and_metres(text[4:].strip())
    return "" if place.lower() in _HERE or _POINT.match(place) else place


def _place_and_metres(said: str) -> tuple[str, float]:
    """A number behind the place is metres; a house number stands before its street."""
    metres = _METRES.search(said)
    if metres is None or (metres.start() and not said[metres.start() - 1].isspace()):
        return said, NEAR_M
    return said[: metres.start()].strip(), float(metres[1])
