"""The read model in memory: one numpy column for each thing the queue asks of a site. Never writes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.columns import Columns, Names, columns_of
from dispatch.packed_words import PackedWords
from dispatch.records import SITE_STATES, Band, EscalationState, Flag, Millis, ReportRow, SiteRow, SiteState
from dispatch.row_index import RowIndex

Rows = npt.NDArray[np.intp]
Mask = npt.NDArray[np.bool_]

CLOSED = SITE_STATES.index(SiteState.CLOSED)
MINUTE_MS = 60_000
MAX_WAITING_POINTS = 20

_COLUMNS: Mapping[str, type] = {
    "site_id": np.int64,
    "x": np.float64,
    "y": np.float64,
    "lat": np.float64,
    "lng": np.float64,
    "band": np.int8,
    "score": np.float32,
    "waiting": np.float32,
    "first_at": np.int64,
    "last_at": np.int64,
    "acted_at": np.int64,
    "reports": np.int32,
    "state": np.int8,
    "category": np.int16,
    "hood": np.int16,
    "why": np.int32,
    "flags": np.uint32,
    "snoozed_until": np.int64,
    "on_top": np.bool_,
}

_WORDS = ("what", "where", "state_reason")


@dataclass(frozen=True, slots=True)
class Claim:
    person: str
    seat: str
    at: Millis


@dataclass(frozen=True, slots=True)
class Ask:
    """Somebody asks the holder of a claim for it."""

    person: str
    seat: str
    at: Millis


@dataclass(frozen=True, slots=True)
class HandOver:
    """The open escalation of a site, as its row shows it. `due_at` is when its most pressing clock runs out,
    0 while none runs; `overdue_words` say what is missing then (S6)."""

    state: EscalationState
    number: str
    desk: str
    at: Millis
    due_at: Millis = 0
    overdue_words: str = ""

    def is_overdue(self, now: Millis) -> bool:
        return bool(self.due_at) and now >= self.due_at


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows the queue. Everything unset shows all open sites that are not set aside.

    `until` None with `since` set follows now (S5). `sites` is a choice made on the map, `found` the sites
    a text search named; both are ids. With `chosen_as` the sites are those of a number on another screen,
    and these are its words.
    """

    since: Millis | None = None
    until: Millis | None = None
    bands: frozenset[int] = frozenset()
    categories: frozenset[str] = frozenset()
    hoods: frozenset[str] = frozenset()
    # Names of reasons: a site that has any of them stays in view.
    whys: frozenset[str] = frozenset()
    sites: frozenset[int] | None = None
    chosen_as: str = ""
    text: str = ""
    found: frozenset[int] | None = None
    claimed_by: str = ""
    only_ids: frozenset[int] | None = None
    with_closed: bool = False
    set_aside: bool = False
    with_set_aside: bool = False
    with_snoozed: bool = False
    not_on_map: bool = False
    place_doubt: bool = False
    may_repeat: bool = False


def exactly(site_ids: Iterable[int], chosen_as: str) -> Filters:
    """All of these sites, whatever has become of them: the rows behind a number."""
    return Filters(
        sites=frozenset(site_ids),
        chosen_as=chosen_as,
        with_closed=True,
        with_snoozed=True,
        with_set_aside=True,
    )


@dataclass(frozen=True, slots=True)
class Delta:
    """Row numbers that are new and that changed, after one `apply`."""

    added: Rows
    changed: Rows

    def __bool__(self) -> bool:
        return bool(self.added.size or self.changed.size)


@dataclass(frozen=True, slots=True)
class StormModePreview:
    """Open sites that storm mode sets aside, and P1 and P2 ones it would have hidden but for S1."""

    set_aside: int
    kept_dangerous: int


class Board:
    """Columns over the sites in arrival order; a row number never changes while the program runs.

    `promise_ms` gives the promised time of each category: P3 and P4 gain a point for each tenth of it.
    """

    # The columns, as views of the rows in use; made in `_view`.
    site_id: npt.NDArray[np.int64]
    x: npt.NDArray[np.float64]
    y: npt.NDArray[np.float64]
    lat: npt.NDArray[np.float64]
    lng: npt.NDArray[np.float64]
    band: npt.NDArray[np.int8]
    score: npt.NDArray[np.float32]
    waiting: npt.NDArray[np.float32]
    first_at: npt.NDArray[np.int64]
    last_at: npt.NDArray[np.int64]
    acted_at: npt.NDArray[np.int64]
    reports: npt.NDArray[np.int32]
    state: npt.NDArray[np.int8]
    category: npt.NDArray[np.int16]
    hood: npt.NDArray[np.int16]
    why: npt.NDArray[np.int32]
    flags: npt.NDArray[np.uint32]
    snoozed_until: npt.NDArray[np.int64]
    on_top: npt.NDArray[np.bool_]
    report_at: npt.NDArray[np.int64]
    report_row: npt.NDArray[np.int32]

    def __init__(self, *, promise_ms: Mapping[str, Millis]) -> None:
        self._promise_ms = promise_ms
        self._store: dict[str, npt.NDArray[Any]] = {
            name: np.zeros(1024, kind) for name, kind in _COLUMNS.items()
        }
        self._report_store: dict[str, npt.NDArray[Any]] = {
            "report_at": np.zeros(1024, np.int64),
            "report_row": np.zeros(1024, np.int32),
        }
        self.is_storm_mode = True
        self.count = 0
        self.report_count = 0
        self.what: list[str] | PackedWords = []
        self.where: list[str] | PackedWords = []
        self.state_reason: list[str] | PackedWords = []
        self.categories: list[str] = []
        self.hoods: list[str] = []
        # What sites have for reasons, each set of names once; few sets hold for many sites.
        self.whys: list[str] = []
        self.claims: dict[int, Claim] = {}
        self.asks: dict[int, Ask] = {}
        self.hand_overs: dict[int, HandOver] = {}
        self._category_index: dict[str, int] = {}
        self._hood_index: dict[str, int] = {}
        self._why_index: dict[str, int] = {}
        self._row, self._report = RowIndex(), RowIndex()
        self._waited_at: Millis = 0
        self._view()

    # -- reading ------------------------------------------------------------------------------------

    def row(self, site_id: int) -> int:
        """The row number of a site, -1 when the board does not have it."""
        return self._row.get(site_id)

    def is_open(self) -> Mask:
        is_open: Mask = (self.state != CLOSED) & ((self.flags & Flag.MERGED) == 0)
        return is_open

    def is_set_aside(self) -> Mask:
        """Out of the queue until after the storm; nothing is while storm mode is off."""
        aside: Mask = (self.flags & (Flag.SET_ASIDE if self.is_storm_mode else Flag(0))) != 0
        return aside

    def storm_mode_preview(self, hidden: Iterable[str]) -> StormModePreview:
        """What switching storm mode on or off moves; `hidden` are the categories of the profile."""
        aside = self.is_open() & ((self.flags & Flag.SET_ASIDE) != 0)
        of_hidden = np.isin(self.category, [self._category_index.get(key, -1) for key in hidden])
        kept = self.is_open() & of_hidden & ~aside & (self.band <= Band.P2)
        return StormModePreview(int(aside.sum()), int(kept.sum()))

    def mask(self, filters: Filters, now: Millis) -> Mask:
        """Which rows the filters leave in view."""
        keep: Mask = (self.flags & Flag.MERGED) == 0
        if not filters.with_closed:
            keep &= self.state != CLOSED
        if not filters.with_set_aside:
            keep &= self.is_set_aside() == filters.set_aside
        if not filters.with_snoozed:
            keep &= self.snoozed_until <= now
        if filters.since is not None:
            keep &= self.last_at >= filters.since
        if filters.until is not None:
            keep &= self.first_at < filters.until
        if filters.bands:
            keep &= np.isin(self.band, list(filters.bands))
        if filters.categories:
            wanted = [
                self._category_index[name] for name in filters.categories if name in self._category_index
            ]
            keep &= np.isin(self.category, wanted)
        if filters.hoods:
            wanted = [self._hood_index[name] for name in filters.hoods if name in self._hood_index]
            keep &= np.isin(self.hood, wanted)
        if filters.whys:
            keep &= self._has_any_reason(filters.whys)
        if filters.not_on_map:
            keep &= np.isnan(self.x)
        if filters.place_doubt:
            keep &= (self.flags & Flag.PLACE_DOUBT) != 0
        if filters.may_repeat:
            keep &= (self.flags & Flag.MAY_REPEAT) != 0
        if filters.claimed_by:
            keep &= self._of(s for s, claim in self.claims.items() if claim.person == filters.claimed_by)
        for chosen in (filters.sites, filters.found, filters.only_ids):
            if chosen is not None:
                keep &= self._of(chosen)
        return keep

    def reasons(self, mask: Mask) -> dict[str, int]:
        """How many of these sites have each reason."""
        codes = self.why[mask]
        times = np.bincount(codes[codes >= 0], minlength=len(self.whys))
        counted: dict[str, int] = {}
        for code in np.flatnonzero(times):
            for name in self.whys[code].split(","):
                counted[name] = counted.get(name, 0) + int(times[code])
        return counted

    def order(self, rows: Rows) -> Rows:
        """Rows as the queue lists them (S4): handed back or with a new fact first, then band, nobody has
        acted, score, oldest first report; closed ones last, where a filter shows them."""
        return rows[np.argsort(self._keys(rows), kind="stable")]

    def is_first(self, rows: Rows, row: int) -> bool:
        """Whether none of these rows stands before this one: far less work than putting them in order."""
        keys = self._keys(rows)
        at = np.flatnonzero(rows == row)
        return bool(at.size) and bool(keys[at[0]] <= keys.min())

    def _keys(self, rows: Rows) -> npt.NDArray[np.int64]:
        points = self.score[rows] + self.waiting[rows]
        # One whole number a row sorts about four times faster than five lexsort keys.
        key: npt.NDArray[np.int64] = (self.state[rows] == CLOSED).astype(np.int64) << 61
        key |= (~self.on_top[rows]).astype(np.int64) << 60
        key |= self.band[rows].astype(np.int64) << 57
        key |= (self.acted_at[rows] > 0).astype(np.int64) << 56
        key |= (2047 - np.clip(points * 8, 0, 2047)).astype(np.int64) << 44
        key |= (self.first_at[rows] // 1000) & 0xFFF_FFFF_FFFF
        return key

    def life_safety_outside(self, mask: Mask) -> Rows:
        """Open P1 rows that a view does not show (S5); snoozed and set aside ones count as well."""
        return np.flatnonzero(self.is_open() & (self.band == Band.P1) & ~mask)

    def next_untouched_p1(self, after: int) -> int:
        """The site id of the next open P1 nobody acted on, in queue order, past `after`; 0 when none."""
        rows = self.order(np.flatnonzero(self.is_open() & (self.band == Band.P1) & (self.acted_at == 0)))
        ids = [int(i) for i in self.site_id[rows]]
        if not ids:
            return 0
        return ids[(ids.index(after) + 1) % len(ids)] if after in ids else ids[0]

    def per_hour(self, start: Millis, hours: int, mask: Mask | None = None) -> npt.NDArray[np.int64]:
        """Reports by hour and band: shape (hours, 5), from `start` on; with a mask only of its sites."""
        return self.per_step(start, hours, 60 * MINUTE_MS, mask)

    def per_step(
        self, start: Millis, steps: int, step_ms: int, mask: Mask | None = None, until: Millis | None = None
    ) -> npt.NDArray[np.int64]:
        """The same by steps of any length: shape (steps, 5); with `until` none entered after that."""
        at, row = self.report_at, self.report_row
        end = start + steps * step_ms if until is None else min(start + steps * step_ms, until + 1)
        keep = (at >= start) & (at < end)
        if mask is not None:
            keep &= mask[row]
        cell = (at[keep] - start) // step_ms * 5 + self.band[row[keep]] - 1
        return np.bincount(cell, minlength=steps * 5).reshape(steps, 5)

    def _has_any_reason(self, names: frozenset[str]) -> Mask:
        """By sets of reasons, not by sites: there are a few hundred of those."""
        wanted = np.array([not names.isdisjoint(said.split(",")) for said in self.whys] + [False], np.bool_)
        return wanted[self.why]

    # -- changing -----------------------------------------------------------------------------------

    def apply(self, rows: Sequence[SiteRow], reports: Iterable[ReportRow] = ()) -> Delta:
        """Take what the store says of these sites and reports now."""
        return self.take(columns_of(rows, reports))

    def take(self, said: Columns) -> Delta:
        """The same, with the columns made by another thread: what is left takes a blink."""
        old_count = self.count
        numbers = self._places(said.site_ids)
        if numbers.size:
            self._write(numbers, said)
        self._take_reports(said)
        return Delta(np.arange(old_count, self.count), numbers[numbers < old_count])

    def keep_only(self, site_ids: npt.NDArray[np.int64]) -> Delta:
        """Show no other sites any more: the store has never heard of them. Their rows stay, hidden as those
        that stand in another site, since a row number never changes; what reports there are is told anew."""
        gone = np.flatnonzero(~np.isin(self.site_id, site_ids))
        self.flags[gone] |= np.uint32(Flag.MERGED)
        self.on_top[gone] = False
        for site_id in self.site_id[gone].tolist():
            self.claims.pop(site_id, None)
            self.asks.pop(site_id, None)
            self.hand_overs.pop(site_id, None)
        self.report_at[:] = 0
        return Delta(np.empty(0, np.intp), gone)

    def twin(self) -> Board:
        """A board of its own with the same rows, to show another time on: nothing that changes on one reaches
        the other. The words are shared; they are those of now."""
        made = copy(self)
        made._store = {name: column[: self.count].copy() for name, column in self._store.items()}
        made._report_store = dict(self._report_store)
        made._row, made._report = self._row.copy(), self._report.copy()
        made.claims, made.asks = dict(self.claims), dict(self.asks)
        made.hand_overs = dict(self.hand_overs)
        made._waited_at = 0
        made._view()
        return made

    def put_reports(self, at: npt.NDArray[np.int64], rows: Rows) -> None:
        """Hold these reports instead: entry times and the rows they stand in. For a twin only."""
        self._report_store = {"report_at": at, "report_row": rows.astype(np.int32)}
        self.report_count = len(at)
        self._view()

    def report_index(self, request_key: int) -> int:
        """Where a report stands among the reports, -1 when the board does not have it."""
        return self._report.get(request_key)

    def set_clocks(self, clocks: Mapping[int, tuple[Millis, str]]) -> None:
        """The most pressing clock of these sites' hand-overs: (when it runs out, what is missing then)."""
        for site_id, (due_at, words) in clocks.items():
            if hand_over := self.hand_overs.get(site_id):
                self.hand_overs[site_id] = replace(hand_over, due_at=due_at, overdue_words=words)

    def keep_to(self, is_storm_mode: bool, promise_ms: Mapping[str, Millis]) -> None:
        """Storm mode as it is now, and a profile's clocks: what everything has waited is counted anew."""
        self.is_storm_mode = is_storm_mode
        self._promise_ms = promise_ms
        self.waiting[:] = self._waiting_points(np.arange(self.count))

    def refresh_waiting(self, now: Millis) -> bool:
        """Recompute waiting points, at most once a minute of the storm; True when one changed."""
        if abs(now - self._waited_at) < MINUTE_MS:
            return False
        self._waited_at = now
        points = self._waiting_points(np.arange(self.count))
        changed = bool((points != self.waiting).any())
        self.waiting[:] = points
        return changed

    # -- inside -------------------------------------------------------------------------------------

    def _waiting_points(self, rows: Rows) -> npt.NDArray[np.float32]:
        """What these rows have gained by waiting until the minute that counts for all of them."""
        if not self._waited_at:
            return np.zeros(rows.size, np.float32)
        promise = np.array([self._promise_ms.get(key, 0) for key in self.categories] or [0], np.float64)
        waits = (self.band[rows] == Band.P3) | (self.band[rows] == Band.P4)
        limit = promise[self.category[rows]]
        # Whole points only: a row moves when it gained one, not with every second that passes.
        points = np.floor(10 * (self._waited_at - self.first_at[rows]) / np.where(limit > 0, limit, np.inf))
        return np.where(waits, np.clip(points, 0, MAX_WAITING_POINTS), 0).astype(np.float32)

    def _of(self, site_ids: Iterable[int]) -> Mask:
        chosen = np.zeros(self.count, np.bool_)
        rows = self._row.rows(list(site_ids))
        chosen[rows[rows >= 0]] = True
        return chosen

    def _reserve(self, more: int) -> None:
        need = self.count + more
        size = len(self._store["site_id"])
        if need > size:
            grown = max(need, size * 2)
            self._store = {name: _grown(column, grown) for name, column in self._store.items()}

    def _view(self) -> None:
        for name, column in self._store.items():
            setattr(self, name, column[: self.count])
        for name, column in self._report_store.items():
            setattr(self, name, column[: self.report_count])

    def _places(self, site_ids: npt.NDArray[np.int64]) -> Rows:
        """The rows of these sites; those the board does not know yet get the next ones."""
        numbers = self._row.rows(site_ids)
        fresh = np.flatnonzero(numbers < 0)
        if not fresh.size:
            return numbers
        numbers[fresh] = np.arange(self.count, self.count + fresh.size)
        self._row.add(site_ids[fresh])
        self._reserve(fresh.size)
        self.count += fresh.size
        for name in _WORDS:
            words = getattr(self, name)
            words += [""] * fresh.size
        self._view()
        return numbers

    def _write(self, numbers: Rows, said: Columns) -> None:
        is_all = numbers.size == self.count and bool((numbers == np.arange(self.count)).all())
        at = slice(None) if is_all else numbers
        for name, column in said.plain.items():
            getattr(self, name)[at] = column
        self.category[at] = self._codes(said.category, self.categories, self._category_index)
        self.hood[at] = self._codes(said.hood, self.hoods, self._hood_index)
        self.why[at] = self._codes(said.why, self.whys, self._why_index)
        self.waiting[at] = self._waiting_points(numbers)
        for name in _WORDS:
            ours, texts = getattr(self, name), getattr(said, name)
            if is_all and isinstance(texts, PackedWords):
                # All rows in their order: their words need not be taken out one by one.
                setattr(self, name, texts)
                continue
            for number, text in zip(numbers.tolist(), texts, strict=True):
                ours[number] = text
        # Few sites are claimed or handed over: only those, and those that were, are looked at one by one.
        marked = self.claims.keys() | self.hand_overs.keys()
        for site_id in marked.intersection(said.site_ids.tolist()) if marked else ():
            self.claims.pop(site_id, None)
            self.asks.pop(site_id, None)
            self.hand_overs.pop(site_id, None)
        for row in said.marked:
            self._take_marks(row)
        is_new_fact = ((self.flags[at] & Flag.NEW_FACT) != 0) & (self.band[at] <= Band.P2)
        self.on_top[at] = (self.state[at] != CLOSED) & (is_new_fact | said.is_back)

    def _take_marks(self, row: SiteRow) -> None:
        if row.claimed_by:
            self.claims[row.site_id] = Claim(row.claimed_by, row.claimed_seat, row.claimed_at)
        if row.asked_by:
            self.asks[row.site_id] = Ask(row.asked_by, row.asked_seat, row.asked_at)
        if row.escalation_state:
            self.hand_overs[row.site_id] = HandOver(
                EscalationState(row.escalation_state),
                row.escalation_number,
                row.escalation_desk,
                row.escalation_state_at,
            )

    def _codes(self, said: Names, names: list[str], index: dict[str, int]) -> npt.NDArray[np.int32]:
        """Our numbers of these names; a name met for the first time gets the next one."""
        for name in said.known:
            if name not in index:
                index[name] = len(names)
                names.append(name)
        # The place after the last is that of -1: no name.
        ours = np.array([*(index[name] for name in said.known), -1], np.int32)
        return ours[said.codes]

    def _take_reports(self, said: Columns) -> None:
        at = self._report.rows(said.report_keys)
        fresh = np.flatnonzero(at < 0)
        if fresh.size:
            need = self.report_count + fresh.size
            size = len(self._report_store["report_at"])
            if need > size:
                grown = max(need, 2 * size)
                self._report_store = {name: _grown(c, grown) for name, c in self._report_store.items()}
            at[fresh] = np.arange(self.report_count, need)
            self._report.add(said.report_keys[fresh])
            self.report_count = need
            self._view()
        if at.size:
            self.report_at[at] = said.report_at
            rows = self._row.rows(said.report_sites)
            if rows.min() < 0:
                raise KeyError("a report stands in a site that the board does not have")
            self.report_row[at] = rows


def _grown(column: npt.NDArray[Any], size: int) -> npt.NDArray[Any]:
    made = np.zeros(size, column.dtype)
    made[: len(column)] = column
    return made
