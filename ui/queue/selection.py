"""The one selection that list, map, strip and detail share: filters, current site, ticked sites."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from PySide6.QtCore import QObject, Signal

from dispatch.board import Board, Delta, Filters, Mask, Rows
from dispatch.clock import Clock
from dispatch.records import Band, Millis
from ui.widgets import times
from ui.widgets.turns import Turns

log = logging.getLogger(__name__)

Search = Callable[[str], Awaitable[Iterable[int]]]

NOTHING = Delta(np.empty(0, np.intp), np.empty(0, np.intp))


@dataclass(frozen=True, slots=True)
class Crumb:
    """One filter in force, in words; `name` is what `Selection.clear` takes."""

    name: str
    label: str


class LookClock:
    """The time of what is looked at: the storm's own, or standing still at an earlier one."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.moment: Millis | None = None

    def now(self) -> int:
        return self._clock.now() if self.moment is None else self.moment


class Selection(QObject):
    """What the operator looks at. Everything a part shows, it reads from here and from the board.

    `mask` says which rows of the board the filters leave; the list may show them in an older order.
    """

    narrowed = Signal()
    moved = Signal(object)
    ticked = Signal()
    took = Signal(object)
    search_failed = Signal(str)
    turned = Signal()  # to the board of another time, before anything is told of it

    def __init__(
        self,
        board: Board,
        *,
        clock: Clock,
        zone: ZoneInfo,
        search: Search,
        category_label: Callable[[str], str] = str,
        reason_label: Callable[[str], str] = str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.board = board
        self.turns = Turns(self)
        self.clock = LookClock(clock)
        self.zone = zone
        self.filters = Filters()
        self.current = 0
        self.checked: set[int] = set()
        self.category_label = category_label
        self.reason_label = reason_label
        self._search = search
        self._looking: asyncio.Task[None] | None = None
        self._before_p1: Filters | None = None
        self._looked_at = clock.now()
        self._ring: tuple[frozenset[int], tuple[tuple[float, float], ...]] = (frozenset(), ())
        self.mask: Mask = np.zeros(0, np.bool_)
        self.outside: Rows = np.empty(0, np.intp)
        self._recompute()

    def choose_ring(self, sites: frozenset[int], ring: Sequence[tuple[float, float]]) -> None:
        """The sites inside what was drawn on the map, and the drawing itself: (lng, lat), closed."""
        self._ring = sites, tuple(ring)
        self.narrow(sites=sites)

    @property
    def ring(self) -> tuple[tuple[float, float], ...]:
        """What was drawn last, as long as its sites are what is looked at; else nothing."""
        return self._ring[1] if self.filters.sites is not None and self.filters.sites == self._ring[0] else ()

    # -- narrowing ----------------------------------------------------------------------------------

    def narrow(self, **changes: Any) -> None:
        """Change some of the filters; all parts follow."""
        self.show(replace(self.filters, **changes))

    def show(self, filters: Filters) -> None:
        if filters == self.filters:
            return
        self.filters = filters
        self._recompute()
        self.narrowed.emit()

    def clear(self, name: str) -> None:
        """Take one crumb away."""
        if name == "only_ids" and self._before_p1 is not None:
            before, self._before_p1 = self._before_p1, None
            self.show(before)
        elif name == "time":
            self.narrow(since=None, until=None)
        elif name == "text":
            self.look_for("")
        elif name == "sites" and self.filters.chosen_as:
            self.clear_all()
        elif name == "open":
            self.narrow(with_closed=True)
        else:
            self.narrow(**{name: getattr(_UNSET, name)})

    def clear_all(self) -> None:
        self._before_p1 = None
        self._stop_looking()
        self.show(Filters())

    def open_view(self, filters: Filters) -> None:
        """All filters at once, as a saved view has them; its words are looked for anew. P1 that it hides are
        in the fixed line, like with any filter (S5)."""
        self._before_p1 = None
        self._stop_looking()
        self.show(replace(filters, text="", found=None))
        if filters.text:
            self.look_for(filters.text)

    def brush(self, since: int | None, until: int | None) -> None:
        """A span of time; one that reaches now has no end and follows now (S5)."""
        if until is not None and until >= self.clock.now():
            until = None
        self.narrow(since=since, until=until)

    def look_for(self, text: str) -> asyncio.Task[None] | None:
        """Ask the store which sites hold these words; the list narrows when the answer is there."""
        self._stop_looking()
        text = text.strip()
        if not text:
            self.narrow(text="", found=None)
            return None
        self.narrow(text=text)
        self._looking = asyncio.ensure_future(self._look_for(text))
        return self._looking

    def show_outside(self) -> None:
        """Open P1 that the filters hide, and only those, until the crumb is cleared."""
        if not self.outside.size:
            return
        ids = frozenset(self.board.site_id[self.outside].tolist())
        if self.filters.only_ids is None:
            self._before_p1 = self.filters
        self.show(Filters(only_ids=ids, with_snoozed=True))

    def show_not_on_map(self) -> None:
        """Only the sites without a place, under the other filters; asked for again, everything as before."""
        self.narrow(not_on_map=not self.filters.not_on_map)

    def not_on_map(self) -> int:
        """How many of those under the filters have no place."""
        return int((self.mask_without("not_on_map") & np.isnan(self.board.x)).sum())

    def crumbs(self) -> tuple[Crumb, ...]:
        """The filters in force as people say them, in a fixed order."""
        f = self.filters
        tr = self.tr
        found: list[Crumb] = []

        def add(name: str, is_set: object, label: str) -> None:
            if is_set:
                found.append(Crumb(name, label))

        add("only_ids", f.only_ids is not None, tr("P1 outside the view"))
        add("time", f.since is not None or f.until is not None, self._time_label())
        add("bands", f.bands, ", ".join(Band(band).name for band in sorted(f.bands)))
        add("categories", f.categories, _some(map(self.category_label, sorted(f.categories))))
        add("hoods", f.hoods, _some(sorted(f.hoods)))
        add("whys", f.whys, _some(map(self.reason_label, sorted(f.whys))))
        chosen = f.chosen_as or tr("%n chosen on the map", "", len(f.sites or ()))
        add("sites", f.sites is not None, chosen)
        add("text", f.text, tr("“{}”").format(f.text))
        add("claimed_by", f.claimed_by, tr("Claimed by {}").format(f.claimed_by))
        add("not_on_map", f.not_on_map, tr("Not on the map"))
        add("place_doubt", f.place_doubt, tr("Place in doubt"))
        add("may_repeat", f.may_repeat, tr("May repeat another"))
        if f.chosen_as:
            return tuple(found)  # these and no others, closed or not: the number says it
        add("with_snoozed", f.with_snoozed and f.only_ids is None, tr("Snoozed too"))
        add("set_aside", f.set_aside, tr("Held until after the storm"))
        add("open", not f.with_closed and f.only_ids is None, tr("Not closed"))
        add("with_closed", f.with_closed, tr("Closed too"))
        return tuple(found)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beyond the plain queue is asked for."""
        return self.filters != Filters()

    # -- moving and ticking -------------------------------------------------------------------------

    def go(self, site_id: int) -> None:
        if site_id != self.current:
            self.current = site_id
            self.moved.emit(site_id)

    def tick(self, ids: Iterable[int], on: bool) -> None:
        before = len(self.checked)
        self.checked = self.checked | set(ids) if on else self.checked - set(ids)
        if len(self.checked) != before:
            self.ticked.emit()

    def targets(self) -> tuple[int, ...]:
        """What an act is about: the ticked sites, else the current one."""
        if self.checked:
            return tuple(sorted(self.checked))
        return (self.current,) if self.current else ()

    # -- the board ----------------------------------------------------------------------------------

    @property
    def moment(self) -> Millis | None:
        """The earlier time that is looked at, None for now."""
        return self.clock.moment

    def look_at(self, board: Board, moment: Millis | None) -> None:
        """Every part shows this board, as it stood then; None with the board of now."""
        self.board, self.clock.moment = board, moment
        self.turned.emit()
        self.refresh()

    def take(self, delta: Delta) -> None:
        """The board has changed: see anew who is in view, then tell every part once; what takes long a part
        does in a turn of its own. An earlier time stays as it was."""
        if self.moment is not None:
            return
        self._recompute()
        self.took.emit(delta)

    def refresh(self) -> None:
        """Something beside filters and sites decides who is in view (storm mode): look again."""
        self._recompute()
        self.narrowed.emit()

    def wake(self, now: int) -> None:
        """Time has gone on: sites whose snooze ended come back without anybody's doing."""
        until = self.board.snoozed_until
        woke = np.flatnonzero((until > self._looked_at) & (until <= now))
        self._looked_at = now
        if woke.size:
            self.take(replace(NOTHING, changed=woke))

    def mask_without(self, name: str) -> Mask:
        """What would be in view if this one filter were not set: for the counts beside a choice."""
        return self.board.mask(replace(self.filters, **{name: getattr(_UNSET, name)}), self.clock.now())

    def untouched_p1(self) -> Rows:
        """Open P1 nobody has acted on, whatever the filters."""
        board = self.board
        return np.flatnonzero(board.is_open() & (board.band == Band.P1) & (board.acted_at == 0))

    def _recompute(self) -> None:
        board, only = self.board, self.filters.only_ids
        if only is not None:
            # A P1 that an operator raised in a set-aside category must show here as well.
            self.mask = np.isin(board.site_id, list(only)) & board.is_open()
        else:
            self.mask = board.mask(self.filters, self.clock.now())
        self.outside = board.life_safety_outside(self.mask)

    # -- inside -------------------------------------------------------------------------------------

    async def _look_for(self, text: str) -> None:
        try:
            found = frozenset(await self._search(text))
        except asyncio.CancelledError:
            raise
        except Exception as error:
            # An edge: whatever the search ran into, the operator is told and the view stays as it was.
            log.exception("The text search failed")
            self.narrow(text="", found=None)
            self.search_failed.emit(str(error))
            return
        if text == self.filters.text:
            self.narrow(found=found)

    def _stop_looking(self) -> None:
        if self._looking is not None and not self._looking.done():
            self._looking.cancel()
        self._looking = None

    def _time_label(self) -> str:
        f, now = self.filters, self.clock.now()
        since = times.clock(f.since, now, self.zone) if f.since is not None else self.tr("start")
        until = times.clock(f.until, now, self.zone) if f.until is not None else self.tr("now")
        return f"{since} – {until}"


_UNSET = Filters()


def _some(names: Iterable[str]) -> str:
    """The first two by name, the others as a number."""
    listed: Sequence[str] = list(names)
    if len(listed) <= 2:
        return ", ".join(listed)
    return f"{listed[0]}, {listed[1]} +{len(listed) - 2}"
