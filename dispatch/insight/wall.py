"""What the wall counts: five numbers, what waits for an answer, arrivals by hour, and where marks may stand.

Nothing here reads what residents or operators wrote, nor a street (S15): of a site only its band, category,
neighborhood and times, and of a restricted one no category either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from dispatch.board import Board, Mask, Rows
from dispatch.records import Band, EscalationState, Flag, Millis

HOUR_MS = 3_600_000
LISTED = 10
HOURS = 24

Column = npt.NDArray[np.float64]


class Want(StrEnum):
    """What a site waits for."""

    FIRST_ACT = "first_act"
    ANSWER = "answer"
    CAME_BACK = "came_back"


# An answer is a person's yes, hold or no: that a hand-over was received is none.
_WANT_OF = {
    EscalationState.SENT: Want.ANSWER,
    EscalationState.RECEIVED: Want.ANSWER,
    EscalationState.EXPIRED: Want.ANSWER,
    EscalationState.RETURNED: Want.CAME_BACK,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One site that waits. `category` is empty for a restricted one; `since_at` is its first report: that is
    how long a person has waited, whatever was done meanwhile."""

    band: Band
    category: str
    hood: str
    since_at: Millis
    want: Want


@dataclass(frozen=True, slots=True)
class Unanswered:
    """`first` are the ten that stand on top; the counts are of all."""

    first: tuple[Waiting, ...]
    count: int
    oldest: Waiting | None  # of P1 and P2
    p1: int
    p1_oldest_at: Millis


@dataclass(frozen=True, slots=True)
class Numbers:
    """`reports` came in since `since_at`."""

    since_at: Millis
    reports: int
    sites_open: int
    p1_open: int
    p1_untouched: int
    last_hour: int
    hour_before: int


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Reports by hour and band, shape (hours, 5); the last hour is the present one."""

    start_at: Millis
    counts: npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where the map may put a mark, as columns beside the board's: what markers and their layer ask for."""

    x: Column
    y: Column
    band: npt.NDArray[np.int8]
    opened: Mask

    def is_open(self) -> Mask:
        return self.opened


def numbers(board: Board, started_at: Millis, now: Millis) -> Numbers:
    """`started_at` is when the EOC was activated; on its first day the last 24 hours are counted instead, as
    many reports came before it. P1 count also where they are snoozed or set aside (S5)."""
    since_at = min(started_at, now - HOURS * HOUR_MS)
    opened, at = board.is_open(), board.report_at
    p1 = opened & (board.band == Band.P1)
    return Numbers(
        since_at=since_at,
        reports=_between(at, since_at - 1, now),
        sites_open=int(np.count_nonzero(_shown(board, opened))),
        p1_open=int(np.count_nonzero(p1)),
        p1_untouched=int(np.count_nonzero(p1 & (board.acted_at == 0))),
        last_hour=_between(at, now - HOUR_MS, now),
        hour_before=_between(at, now - 2 * HOUR_MS, now - HOUR_MS),
    )


def unanswered(board: Board, *, most: int = LISTED) -> Unanswered:
    """P1 and P2 that nobody acted on, and open hand-overs without an answer: band first, then the oldest.

    Not all of the first kind before all of the second: in a flood of P2 a P1 that emergency management has
    not answered would never be seen."""
    wants = _wants(board)
    rows = np.fromiter(wants, np.intp, len(wants))
    rows = np.union1d(rows, _untouched(board))
    rows = rows[np.lexsort((board.first_at[rows], board.band[rows]))]
    p1 = rows[board.band[rows] == Band.P1]
    urgent = rows[board.band[rows] <= Band.P2]
    oldest = urgent[np.argmin(board.first_at[urgent])] if urgent.size else -1

    def said(row: int) -> Waiting:
        return _waiting(board, row, wants.get(row, Want.FIRST_ACT))

    return Unanswered(
        first=tuple(said(row) for row in rows[:most].tolist()),
        count=int(rows.size),
        oldest=said(int(oldest)) if oldest >= 0 else None,
        p1=int(p1.size),
        p1_oldest_at=int(board.first_at[p1[0]]) if p1.size else 0,
    )


def arrivals(board: Board, now: Millis, hours: int = HOURS) -> Arrivals:
    start_at = (now // HOUR_MS + 1 - hours) * HOUR_MS
    return Arrivals(start_at, board.per_hour(start_at, hours))


def places(board: Board, middles: Mapping[str, tuple[float, float]]) -> tuple[Places, Mask]:
    """Where marks stand, and which sites have one. A mark is as good as a street: that of a restricted site
    stands in the middle of its neighborhood (`middles`, Mercator metres), or nowhere (S15)."""
    opened = board.is_open()
    by_code = np.array([*(middles.get(name, _NOWHERE) for name in board.hoods), _NOWHERE])
    middle = by_code[board.hood]
    is_restricted = (board.flags & Flag.RESTRICTED) != 0
    x = np.where(is_restricted, middle[:, 0], board.x)
    y = np.where(is_restricted, middle[:, 1], board.y)
    return Places(x, y, board.band, opened), _shown(board, opened) & np.isfinite(x)


_NOWHERE = (np.nan, np.nan)


def _shown(board: Board, opened: Mask) -> Mask:
    """Open and not held until after the storm; a P1 is never held (S1, S5)."""
    shown: Mask = opened & (~board.is_set_aside() | (board.band == Band.P1))
    return shown


def _untouched(board: Board) -> Rows:
    return np.flatnonzero(board.is_open() & (board.band <= Band.P2) & (board.acted_at == 0))


def _wants(board: Board) -> dict[int, Want]:
    """By row: hand-overs of open sites that nobody has answered, or that came back."""
    opened, found = board.is_open(), {}
    for site_id, hand_over in board.hand_overs.items():
        want, row = _WANT_OF.get(hand_over.state), board.row(site_id)
        if want is not None and row >= 0 and opened[row]:
            found[row] = want
    return found


def _waiting(board: Board, row: int, want: Want) -> Waiting:
    is_restricted, hood = bool(board.flags[row] & Flag.RESTRICTED), int(board.hood[row])
    return Waiting(
        band=Band(int(board.band[row])),
        category="" if is_restricted else board.categories[int(board.category[row])],
        hood=board.hoods[hood] if hood >= 0 else "",
        since_at=int(board.first_at[row]),
        want=want,
    )


def _between(at: npt.NDArray[np.int64], after: Millis, until: Millis) -> int:
    return int(np.count_nonzero((at > after) & (at <= until)))
