"""What a seat was called to, kept to be measured: how often, how long in a flood, by what, how soon somebody
acted. The budget is one call in ten minutes for an operator; more than ten in ten minutes is a flood, and it
lasts until fewer than five (EEMUA 191 and ISA 18.2 count alike)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles

import numpy as np

from dispatch.board import CLOSED, Board
from dispatch.records import Band, EscalationState, Millis

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


Call = tuple[Kind, int]  # by what, at which site


def calls(board: Board, now: Millis) -> frozenset[Call]:
    """What calls now, whatever any filter shows (S14): P1 nobody acted on, hand-overs refused, run out or (P1
    and P2) past their time. `now` is storm time."""
    untouched = board.is_open() & (board.band == Band.P1) & (board.acted_at == 0)
    found = {(Kind.UNSEEN_P1, site_id) for site_id in board.site_id[np.flatnonzero(untouched)].tolist()}
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
        self._took_ms: list[int] = []
        self._flood_ms = 0
        self.is_flood = False

    @property
    def oldest_at(self) -> Millis | None:
        """Since when the oldest of those that call now does; None where nothing calls."""
        return min(self._calling.values(), default=None)

    def look(self, now_calling: Iterable[Call], now: Millis) -> None:
        now_calling = frozenset(now_calling)
        if self.is_flood:
            self._flood_ms += max(0, now - self._looked_at)
        self._looked_at = now
        for call in now_calling - self._calling.keys():
            self._calling[call] = now
            self._recent.append(now)
            self._by_kind[call[0]] += 1
        for call in self._calling.keys() - now_calling:
            self._took_ms.append(now - self._calling.pop(call))
        while self._recent and self._recent[0] <= now - WINDOW_MS:
            self._recent.popleft()
        count = len(self._recent)
        self.is_flood = count > FLOOD_OVER or (self.is_flood and count >= FLOOD_UNTIL)

    def tally(self) -> Tally:
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
            answered=len(took),
            median_ms=int(median(took)) if took else None,
            slowest_tenth_ms=int(quantiles(took, n=10)[-1]) if len(took) >= ENOUGH else None,
        )
