"""The board's columns as they stood at one moment, copied so that another thread can count in peace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.board import CLOSED, Board, Claim, HandOver, Mask
from dispatch.records import Flag, Millis

Times = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """Side by side for each site, and for each report when it came in and in which row it stands. `category`
    has numbers into `categories`."""

    at: Millis
    site_id: npt.NDArray[np.int64]
    first_at: Times
    acted_at: Times
    band: npt.NDArray[np.int8]
    state: npt.NDArray[np.int8]
    flags: npt.NDArray[np.uint32]
    category: npt.NDArray[np.int16]
    categories: tuple[str, ...]
    report_at: Times
    report_row: npt.NDArray[np.int32]
    claims: Mapping[int, Claim]
    hand_overs: Mapping[int, HandOver]

    def has(self, flag: Flag) -> Mask:
        has: Mask = (self.flags & np.uint32(int(flag))) != 0
        return has

    def is_site(self) -> Mask:
        """Not one whose reports stand in another."""
        return ~self.has(Flag.MERGED)

    def is_open(self) -> Mask:
        is_open: Mask = (self.state != CLOSED) & self.is_site()
        return is_open


def frame(board: Board, now: Millis) -> Frame:
    """On the thread that changes the board: some megabytes for 100,000 sites."""
    return Frame(
        at=now,
        site_id=board.site_id.copy(),
        first_at=board.first_at.copy(),
        acted_at=board.acted_at.copy(),
        band=board.band.copy(),
        state=board.state.copy(),
        flags=board.flags.copy(),
        category=board.category.copy(),
        categories=tuple(board.categories),
        report_at=board.report_at.copy(),
        report_row=board.report_row.copy(),
        claims=dict(board.claims),
        hand_overs=dict(board.hand_overs),
    )
