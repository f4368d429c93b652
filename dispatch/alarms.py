"""What a seat was called to, kept to be measured: how often, how long in a flood, by what, how soon somebody
acted. The budget is one call in ten minutes for an operator; more than ten in ten minutes is a flood, and it
lasts until fewer than five (EEMUA 191 and ISA 18.2 count alike)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Container, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, repeat
from typing import TYPE_CHECKING

import numpy as np

from dispatch.board import CLOSED, Board
from dispatch.records import Band, EscalationState, Millis

if TYPE_CHECKING:
    from dispatch.records import Shelf, SyncStatus

WINDOW_MS = 10 * 60_000
BUDGET = 1
FLOOD_OVER, FLOOD_UNTIL = 10, 5
# A median stands with its slowest tenth from so many on.
ENOUGH = 10


class Kind(StrEnum):
    """Only what an operator must act on now."""

    UNSEEN_P1 = "unseen_p1"
    REFUSED = "refused"
    EXPIRED = "expired"
    OVERDUE = "overdue"
    SYNC_LOST = "sync_lost"
    MISMATCH = "mismatch"

    # In a storm ten thousand calls are compared each second, and an enum's own hash is no fast one.
    __hash__ = str.__hash__


Call = tuple[Kind, int]  # by what, at which site; 0 is no site
OF_NO_SITE = (Kind.SYNC_LOST, Kind.MISMATCH)
LOST_AFTER_S = 120.0

# How long an alarm may be set aside at most. A P1 as long as it may be snoozed (S5); what concerns no site as
# long as a shift, so that the next one hears of it.
LONGEST_P1_MS = 5 * 60_000
LONGEST_MS = 60 * 60_000
LONGEST_OF_NO_SITE_MS = 12 * 60 * 60_000
MOST_SOURCES = 3


def calls(board: Board, now: Millis) -> frozenset[Call]:
    """What calls now, whatever any filter shows (S14): P1 nobody acted on, hand-overs refused, run out or (P1
    and P2) past their time. `now` is storm time."""
    untouched = board.is_open() & (board.band == Band.P1) & (board.acted_at == 0)
    found = set(zip(repeat(Kind.UNSEEN_P1), board.site_id[np.flatnonzero(untouched)].tolist()))
    for site_id, hand_over in board.hand_overs.items():
        row = board.row(site_id)
        if row < 0 or board.state[row] == CLOSED:
            continue
        if hand_over.state is EscalationState.RETURNED:
            found.add((Kind.REFUSED, site_id))
        elif hand_over.state is EscalationState.EXPIRED:
            found.add((Kind.EXPIRED, site_id))
        elif board.band[row] <= Band.P2 and hand_over.is_overdue(now):
            found.add((Kind.OVERDUE, site_id))
    return frozenset(found)


def sync_calls(status: SyncStatus | None, wall_now_s: float, opened_s: float) -> frozenset[Call]:
    """What the syncing calls for, as far as this seat knows: the 311 server not in step for two minutes, and
    rows of it that the store could not read. `opened_s` is when this seat was opened: what was never in step
    is lost from then on. Nothing is known where another process syncs, or none does."""
    if status is None or status.state == "elsewhere":
        return frozenset()
    found: set[Call] = set()
    if _is_lost(status, wall_now_s, opened_s):
        found.add((Kind.SYNC_LOST, 0))
    if status.quarantined:
        found.add((Kind.MISMATCH, 0))
    return frozenset(found)


def _is_lost(status: SyncStatus, wall_now_s: float, opened_s: float) -> bool:
    out_s = wall_now_s - max(status.in_step_at or 0.0, opened_s if status.in_step_at is None else 0.0)
    if out_s <= LOST_AFTER_S:
        return False
    # A city that agreed on few calls is asked seldom: in step until the next look is two minutes late. The
    # first rows of a backlog may take long; they are not lost while they come.
    is_planned = status.next_look_at is not None and wall_now_s <= status.next_look_at + LOST_AFTER_S
    is_coming = status.in_step_at is None and status.state in ("starting", "behind")
    return not (status.state == "in_step" and is_planned) and not is_coming


def longest_ms(kind: Kind, band: int | None) -> int:
    """How long it may be set aside; 0 for a P1 that nobody acted on, which only an act quiets (S14)."""
    if kind is Kind.UNSEEN_P1:
        return 0
    if kind in OF_NO_SITE:
        return LONGEST_OF_NO_SITE_MS
    return LONGEST_P1_MS if band == Band.P1 else LONGEST_MS


def is_aside(shelf: Shelf | None, band: int | None, went_away_at: Millis, wall_now: Millis) -> bool:
    """Is a call quiet now? Not beyond the shelf's end, nor beyond what its band of now allows, nor where it
    had gone away since (`went_away_at`) and calls anew."""
    if shelf is None or went_away_at > shelf.at:
        return False
    return wall_now < min(shelf.until, shelf.at + longest_ms(Kind(shelf.kind), band))


@dataclass(frozen=True, slots=True)
class Tally:
    """Over `for_ms`. `per_window` is the mean number of calls in ten minutes; times are milliseconds, None
    where there are too few to say."""

    for_ms: int
    count: int
    last_window: int
    per_window: float
    is_flood: bool
    flood_ms: int
    by_kind: Mapping[Kind, int]
    top_sources: tuple[tuple[Call, int], ...]  # those that called more than once, the worst first
    answered: int
    median_ms: int | None
    slowest_tenth_ms: int | None

    @property
    def is_over_budget(self) -> bool:
        return self.per_window > BUDGET


class CallLog:
    """Of one seat since it was opened, by wall time. `look` is told what calls now; an act, by whomever, is
    what makes a call go away."""

    def __init__(self, now: Millis) -> None:
        self._since_at = self._looked_at = now
        self._calling: dict[Call, Millis] = {}
        self._recent: deque[Millis] = deque()
        self._by_kind: Counter[Kind] = Counter()
        self._by_source: Counter[Call] = Counter()
        self._ended: dict[Call, Millis] = {}
        self._took_ms: list[int] = []
        self._flood_ms = 0
        self.is_flood = False

    def oldest_at(self, among: Container[Call]) -> Millis:
        """Since when the oldest of these calls; now where none of them does."""
        return next((at for call, at in self._calling.items() if call in among), self._looked_at)

    def first(self, most: int) -> list[Call]:
        """What calls, longest first; of the P1 that nobody has acted on, which may be thousands, so many."""
        unseen = (call for call in self._calling if call[0] is Kind.UNSEEN_P1)
        return [*islice(unseen, most), *(call for call in self._calling if call[0] is not Kind.UNSEEN_P1)]

    def since(self, call: Call) -> Millis:
        """Since when it calls; 0 where it does not."""
        return self._calling.get(call, 0)

    def went_away_at(self, call: Call) -> Millis:
        """When it last stopped calling; 0 where it never did at this seat."""
        return self._ended.get(call, 0)

    def look(self, now_calling: frozenset[Call], now: Millis) -> None:
        if self.is_flood:
            self._flood_ms += max(0, now - self._looked_at)
        self._looked_at = now
        known = self._calling.keys()
        for call in now_calling - known:
            self._calling[call] = now
            self._recent.append(now)
            self._by_kind[call[0]] += 1
            self._by_source[call] += 1
        for call in known - now_calling if len(known) > len(now_calling) else ():
            self._took_ms.append(now - self._calling.pop(call))
            self._ended[call] = now
        while self._recent and self._recent[0] <= now - WINDOW_MS:
            self._recent.popleft()
        count = len(self._recent)
        self.is_flood = count > FLOOD_OVER or (self.is_flood and count >= FLOOD_UNTIL)

    def tally(self) -> Tally:
        from statistics import median, quantiles  # reads much, and nobody asks in the first minutes

        windows = max(1.0, (self._looked_at - self._since_at) / WINDOW_MS)
        count, took = self._by_kind.total(), self._took_ms
        return Tally(
            for_ms=self._looked_at - self._since_at,
            count=count,
            last_window=len(self._recent),
            per_window=count / windows,
            is_flood=self.is_flood,
            flood_ms=self._flood_ms,
            by_kind=dict(self._by_kind.most_common()),
            top_sources=tuple(
                (call, count) for call, count in self._by_source.most_common(MOST_SOURCES) if count > 1
            ),
            answered=len(took),
            median_ms=int(median(took)) if took else None,
            slowest_tenth_ms=int(quantiles(took, n=10)[-1]) if len(took) >= ENOUGH else None,
        )
