"""How long things take, those that still wait counted in: a median over what is done alone flatters a room
that is behind.

The share that is done within a time is the product-limit estimate (Kaplan and Meier, 1958): who still waits
counts for as long as they have waited.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from dispatch.records import Millis

Times = npt.NDArray[np.int64]

HALF, NINE_IN_TEN = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Lasting:
    """`half` and `nine_in_ten` are None where fewer than so many are done within any time seen so far; `done`
    and `waiting` say on how many it rests."""

    half: Millis | None
    nine_in_ten: Millis | None
    done: int
    waiting: int


def lasting(done: Times, waiting: Times) -> Lasting:
    """Of what took `done` milliseconds, and of what has waited `waiting` milliseconds and goes on waiting."""
    took, share = _share_done(done, waiting)
    return Lasting(_within(took, share, HALF), _within(took, share, NINE_IN_TEN), len(done), len(waiting))


def _share_done(done: Times, waiting: Times) -> tuple[Times, npt.NDArray[np.float64]]:
    """Each time at which something was done, and the share that is done by then."""
    took, ended = np.unique(done, return_counts=True)
    # Who has waited exactly as long was there to be done then.
    at_risk = len(done) + len(waiting)
    gone_before = np.searchsorted(np.sort(done), took) + np.searchsorted(np.sort(waiting), took)
    left = np.cumprod(1 - ended / (at_risk - gone_before))
    return took, 1 - left


def _within(took: Times, share: npt.NDArray[np.float64], wanted: float) -> Millis | None:
    # A share of exactly nine tenths must not be missed by a rounding.
    at = int(np.searchsorted(share, wanted - 1e-9))
    return int(took[at]) if at < len(took) else None
