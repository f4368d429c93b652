"""The numbers of a pack: how the room stands and how it stood, over two boards of the same rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from dispatch.board import CLOSED, Board, Mask
from dispatch.records import Band, CloseReason, Flag, PackTotals, Tally


@dataclass(frozen=True, slots=True)
class Standing:
    """A board, and which of its rows count: of this activation, no spam, none that stands in another one."""

    board: Board
    real: Mask

    @property
    def is_open(self) -> Mask:
        found: Mask = self.real & (self.board.state != CLOSED)
        return found

    def tally(self) -> Tally:
        board = self.board
        by_band = np.bincount(board.band[self.is_open], minlength=len(Band) + 1)
        first, second, third, fourth, fifth = (int(by_band[band]) for band in Band)
        return Tally(
            reports=int(self.real[board.report_row].sum()),
            sites=int(self.real.sum()),
            open=(first, second, third, fourth, fifth),
            closed=int((self.real & (board.state == CLOSED)).sum()),
        )


def countable(board: Board, own: frozenset[int]) -> Mask:
    """Rows of this activation that are not closed as spam; `board` is the one of now, which alone knows."""
    is_spam = [reason == CloseReason.SPAM.value for reason in board.state_reason]
    found: Mask = np.isin(board.site_id, np.fromiter(own, np.int64, len(own)))
    found &= ~np.array(is_spam, np.bool_) if is_spam else True
    return found


def standing(board: Board, counts: Mask) -> Standing:
    return Standing(board, counts & ((board.flags & Flag.MERGED) == 0))


def totals(then: Standing, now: Standing, *, unknown_closings: int, counts: Mapping[str, int]) -> PackTotals:
    was_open, is_open = then.is_open, now.is_open
    first = is_open & (now.board.band == Band.P1)
    wires = now.board.flags & (Flag.WIRE | Flag.MADE_SAFE)
    return PackTotals(
        then=then.tally(),
        now=now.tally(),
        came=int((now.real & ~then.real).sum()),
        closed=int((now.real & ~is_open & ~(then.real & ~was_open)).sum()),
        reopened=int((is_open & then.real & ~was_open).sum()),
        merged=int((was_open & ~now.real).sum()),
        untouched_p1=int((first & (now.board.acted_at == 0)).sum()),
        oldest_p1_at=int(now.board.first_at[first].min()) if first.any() else None,
        live_wires=int((is_open & (wires == Flag.WIRE)).sum()),
        unknown_closings=unknown_closings,
        counts=counts,
    )
