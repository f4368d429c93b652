"""The sites behind a number: their ids, as the board has them now."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from dispatch.board import Board, Mask
from dispatch.records import Band, EscalationState, Millis

Ids = npt.NDArray[np.int64]


def reported_between(board: Board, since: Millis, until: Millis) -> Ids:
    """Sites with a report that was entered from `since` on and before `until`."""
    rows = board.report_row[(board.report_at >= since) & (board.report_at < until)]
    ids: Ids = board.site_id[np.unique(rows)]
    return ids


def open_p1(board: Board) -> Ids:
    return _open(board, board.band == Band.P1)


def open_of(board: Board, categories: frozenset[str]) -> Ids:
    wanted = [number for number, key in enumerate(board.categories) if key in categories]
    return _open(board, np.isin(board.category, wanted))


def claimed_at(board: Board, seat: str) -> Ids:
    return _open(
        board, np.isin(board.site_id, [key for key, each in board.claims.items() if each.seat == seat])
    )


def untouched_p1(board: Board) -> Ids:
    return _open(board, (board.band == Band.P1) & (board.acted_at == 0))


def not_accepted(board: Board) -> Ids:
    """Handed over, and emergency management has said neither yes nor no."""
    waiting = (EscalationState.SENT, EscalationState.RECEIVED, EscalationState.EXPIRED)
    return _open(
        board,
        np.isin(board.site_id, [key for key, each in board.hand_overs.items() if each.state in waiting]),
    )


def handed_over(board: Board) -> Ids:
    return _open(board, np.isin(board.site_id, list(board.hand_overs)))


def untouched(board: Board) -> Ids:
    """Nobody has acted on them (S4)."""
    return _open(board, board.acted_at == 0)


def _open(board: Board, rows: Mask) -> Ids:
    ids: Ids = board.site_id[board.is_open() & rows]
    return ids
