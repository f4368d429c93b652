"""How many reports the next hours may bring: a few simple forecasters, each weighed by how well it has done
in this storm so far.

No storm is like the last one, and nobody here can train on the next: so none of the forecasters is trusted
for itself. They are "same as last hour", "same hour yesterday", the mean of three hours, and the storm's own
level by the time of day, dying away slower or faster. Those that have been off least lately count most
(exponentially weighted forecasters: Cesa-Bianchi and Lugosi, Prediction, Learning, and Games, chapter 2).
Errors are taken between square roots, in which the chance of counts is as large at night as in the surge.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DAY = 24
AHEAD = 12
# A day, and an hour to be off by.
FIRST = DAY + 1
# How fast a forecaster loses weight by being off, and how fast that is forgotten, an hour.
SHARPNESS, MEMORY = 0.3, 0.95
# Levels: how much the hour before counts for less, and how much of what is over the base is left an hour on.
LEVELS = tuple((older, stays) for older in (0.5, 0.7, 0.9) for stays in (0.85, 0.95))
BASE_OLDER = 0.99
# In this many days the storm's own hours of the day count as much as those of other storms.
DAYS_OF_OTHERS = 6.0
LEAST_SHARE = 0.05
# Eight of ten hours shall lie in the band. Square roots of counts spread by a half by chance alone.
BAND = 0.8
LEAST_SPREAD = 0.64
# Until the storm has taught better: how far off eight of ten hours were elsewhere, counted as so many hours.
FIRST_SPREAD, FIRST_SPREAD_HOURS = 1.3, 12


@dataclass(frozen=True, slots=True)
class Errors:
    """Reports an hour by which each way was off, at the mean over all twelve hours ahead; `hours` is on how
    many forecasts that rests."""

    ours: float
    last_hour: float
    yesterday: float
    hours: int


@dataclass(frozen=True, slots=True)
class Forecast:
    """Reports in each of the next twelve hours, with the band that eight of ten should lie in."""

    expected: Floats
    low: Floats
    high: Floats
    errors: Errors | None


def forecast(counts: npt.NDArray[np.int64], first_hour: int, shares: Floats) -> Forecast | None:
    """`counts` are reports of whole hours, the first of them `first_hour` o'clock; `shares` how other storms
    went over the hours of a day, 24 values of mean 1. None before there is a day to look back on."""
    y = counts.astype(np.float64)
    if len(y) < FIRST:
        return None
    walk = _Walk(y, first_hour, shares)
    expected = walk.mixed[-1]
    spread = walk.spread()
    root = np.sqrt(expected)
    low, high = np.maximum(root - spread, 0.0) ** 2, (root + spread) ** 2
    return Forecast(expected, low, high, walk.errors())


class _Walk:
    """The forecasts as they would have been made at the end of each hour, with what was known by then."""

    def __init__(self, y: Floats, first_hour: int, shares: Floats) -> None:
        self._y = y
        made = np.array([_each(y[:known], first_hour, shares) for known in range(FIRST, len(y) + 1)])
        self._made = made  # (times, forecasters, hours ahead)
        off = self._off(made)
        lost = np.zeros(made.shape[1:])
        mixed = []
        for at in range(len(made)):
            lost *= MEMORY
            # What was said of the hour that has just ended, by each forecast since twelve hours ago.
            for ahead in range(1, min(at, AHEAD) + 1):
                lost[:, ahead - 1] += off[at - ahead, :, ahead - 1]
            weights = np.exp(-SHARPNESS * (lost - lost.min(axis=0)))
            mixed.append((weights / weights.sum(axis=0) * made[at]).sum(axis=0))
        self.mixed = np.array(mixed)

    def spread(self) -> Floats:
        """By hours ahead: how far off eight of ten were, between square roots."""
        off = self._off(self.mixed[:, np.newaxis])[:, 0]
        found = []
        for ahead in range(AHEAD):
            known = off[:, ahead][np.isfinite(off[:, ahead])]
            share = len(known) / (len(known) + FIRST_SPREAD_HOURS)
            own = float(np.quantile(known, BAND)) if len(known) else 0.0
            found.append(max(LEAST_SPREAD, share * own + (1 - share) * FIRST_SPREAD))
        return np.array(found)

    def errors(self) -> Errors | None:
        came = self._came()
        known = np.isfinite(came)
        if not known.any():
            return None
        ways = (self.mixed, self._made[:, 0], self._made[:, 1])
        ours, last, yesterday = (float(np.abs(way - came)[known].mean()) for way in ways)
        return Errors(ours, last, yesterday, int(known.any(axis=1).sum()))

    def _off(self, made: Floats) -> Floats:
        """NaN where it has not come yet."""
        off: Floats = np.abs(np.sqrt(made) - np.sqrt(self._came())[:, np.newaxis])
        return off

    def _came(self) -> Floats:
        """What came in the twelve hours after each time."""
        padded = np.append(self._y, np.full(AHEAD, np.nan))
        return np.lib.stride_tricks.sliding_window_view(padded, AHEAD)[FIRST : len(self._y) + 1]


def _each(y: Floats, first_hour: int, shares: Floats) -> Floats:
    """What each forecaster says of the next twelve hours; the first two are those that anybody would name."""
    hours = (first_hour + np.arange(len(y) + AHEAD)) % DAY
    own = _own_shares(y, hours[: len(y)], shares)
    then, now = own[hours[len(y) :]], own[hours[: len(y)]]
    age, ahead = np.arange(len(y))[::-1], np.arange(1, AHEAD + 1)
    base = _level(y, now, BASE_OLDER**age)
    levels = [then * (base + (_level(y, now, older**age) - base) * stays**ahead) for older, stays in LEVELS]
    plain = [np.full(AHEAD, y[-1]), y[-DAY : AHEAD - DAY], np.full(AHEAD, y[-3:].mean())]
    return np.array(plain + levels)


def _level(y: Floats, shares: Floats, weights: npt.NDArray[np.floating]) -> float:
    return float((weights * y).sum() / (weights * shares).sum())


def _own_shares(y: Floats, hours: npt.NDArray[np.int64], shares: Floats) -> Floats:
    """This storm's hours of the day, beside those of others as long as it has few of its own."""
    mean = y.mean()
    if not mean:
        return shares
    came = np.bincount(hours, weights=y, minlength=DAY) / mean
    found = (came + DAYS_OF_OTHERS * shares) / (np.bincount(hours, minlength=DAY) + DAYS_OF_OTHERS)
    found = np.maximum(found, LEAST_SHARE)
    mixed: Floats = found / found.mean()
    return mixed
