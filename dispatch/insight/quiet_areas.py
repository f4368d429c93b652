"""Which areas report fewer than expected, and how sure that is. Numbers in, numbers out; no board, no map.

How it is counted, in plain words:

1. *Expected* in an area: the reports of all other areas together, shared out by residents (and by what the
   area usually reports, where there is history).
2. Areas differ by much more than chance: streets, age, roofs, where the wind stood. How much they differ is
   taken from the areas themselves: each area's rate is the city's times a factor of its own, the factors are
   spread as a gamma distribution, and its shape is the one under which the counts are most likely. This is
   the gamma-Poisson model of D. Clayton and J. Kaldor, "Empirical Bayes estimates of age-standardized
   relative risks for use in disease mapping", Biometrics 43 (1987). Areas are never taken to be more alike
   than `MOST_ALIKE` says.
3. *How sure*: how likely an area that is like all others would report so few or fewer (the lower tail of the
   negative binomial that follows from 2). Called *under* is an area where that is 5 % at most: where all
   report evenly, at most one area in twenty is called so by chance. A hundred areas are looked at at once,
   and those of them that also pass Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate",
   J. R. Statist. Soc. B 57 (1995), at 5 %, are *sure*: where all report evenly, the chance that any area of
   the whole city is called so is 5 % at most. tests/quiet_areas.py tries both, and what is missed.
4. *Under by 60 to 80 %*: where the share that is missing lies, with a chance of four in five. Two things are
   not known: what so small a count would be at length (R. Garwood, "Fiducial limits for the Poisson
   distribution", Biometrika 28 (1936), with half a count added), and the due itself, by 2.

No wind or flood is in it: the console has no such figures by area. What the areas beside report is not in it
on purpose: quiet areas lie beside each other, and would hide each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

FALSE_ALARMS = 0.05
# Up to here it is worth a look, no more.
MAYBE = 0.15
# Four times in five the true share lies between the ends that are said.
INTERVAL = 0.8
# The shape of the gamma: areas are taken to differ by a fifth of the rate at least, twice the rate at most.
# Against their own first half-year the wards of New Haven differed by a fifth in the second (shape 27).
MOST_ALIKE, LEAST_ALIKE = 30.0, 0.25
# Fewer reports in the whole city say nothing about any part of it.
LEAST_REPORTS = 30
_STEPS = 24
_GRID = np.linspace(-6.0, 3.0, 721)  # log of the share: from a four-hundredth to twenty times


class Standing(IntEnum):
    """In the order of the list."""

    SURE = 0
    UNDER = 1
    MAYBE_UNDER = 2
    AS_EXPECTED = 3
    ABOVE = 4
    TOO_FEW = 5  # too few people: not even silence would stand out
    NOT_KNOWN = 6  # residents not known, or hardly a report in the whole city


QUIET = (Standing.SURE, Standing.UNDER)


@dataclass(frozen=True, slots=True)
class Judged:
    """Side by side for each area. `tail`: how likely so few or fewer are by chance. `under_low` and
    `under_high`: the share that is missing, as an interval (negative: above). NaN where nothing is expected.

    `shape` says how alike the areas are: the spread of their factors is 1 / sqrt(shape).
    """

    expected: Floats
    tail: Floats
    under_low: Floats
    under_high: Floats
    standing: npt.NDArray[np.int8]
    shape: float


def judge(
    reports: Counts,
    residents: Floats,
    habit: Floats | None = None,
    apart: npt.NDArray[np.bool_] | None = None,
) -> Judged:
    """`habit`: how much more or less than its share an area usually reports, 1 for as much as others. `apart`
    are judged by the others, which learn nothing from them: land that is no area."""
    weight = residents if habit is None else residents * habit
    known = np.isfinite(weight) & (weight > 0)
    expected = np.full(reports.size, np.nan)
    y, w = reports[known], weight[known]
    teaches = np.ones(y.size, np.bool_) if apart is None else ~apart[known]
    all_y, all_w = y[teaches].sum(), w[teaches].sum()
    if teaches.sum() < 2 or all_y < LEAST_REPORTS:
        return _nothing(reports.size)
    e = w * (all_y - y * teaches) / (all_w - w * teaches)
    if not (e > 0).all():
        return _nothing(reports.size)
    shape = shape_of(y[teaches], e[teaches])
    # The city's rate is itself known from few areas only: by as much the tail is wider.
    wide = shape / (1 + float((w[teaches] ** 2).sum() / all_w**2))
    tail, above = lower_tail(y, e, wide), upper_tail(y, e, wide)
    standing = np.full(y.size, Standing.AS_EXPECTED, np.int8)
    standing[(wide / (wide + e)) ** wide > FALSE_ALARMS] = Standing.TOO_FEW
    standing[tail <= MAYBE] = Standing.MAYBE_UNDER
    standing[chosen(above, FALSE_ALARMS)] = Standing.ABOVE
    standing[tail <= FALSE_ALARMS] = Standing.UNDER
    standing[chosen(tail, FALSE_ALARMS)] = Standing.SURE
    low, high = share_interval(y, e, wide)
    expected[known] = e
    return Judged(
        expected,
        _spread(tail, known),
        _spread(1 - high, known),
        _spread(1 - low, known),
        _spread(standing, known, Standing.NOT_KNOWN).astype(np.int8),
        shape,
    )


def shape_of(reports: Counts, expected: Floats) -> float:
    """The shape of the gamma under which these counts are most likely (golden section on its log)."""
    # How many counts go beyond k, for each k: the sum of log gammas without a log gamma.
    beyond = reports.size - np.searchsorted(np.sort(reports), np.arange(int(reports.max())), side="right")
    ks = np.arange(beyond.size)

    def likelihood(log_shape: float) -> float:
        a = float(np.exp(log_shape))
        return float(
            (beyond * np.log(a + ks)).sum() + (a * np.log(a) - (a + reports) * np.log(a + expected)).sum()
        )

    low, high = float(np.log(LEAST_ALIKE)), float(np.log(MOST_ALIKE))
    part = (5**0.5 - 1) / 2
    left, right = high - part * (high - low), low + part * (high - low)
    at_left, at_right = likelihood(left), likelihood(right)
    for _ in range(_STEPS):
        if at_left > at_right:
            high, right, at_right = right, left, at_left
            left = high - part * (high - low)
            at_left = likelihood(left)
        else:
            low, left, at_left = left, right, at_right
            right = low + part * (high - low)
            at_right = likelihood(right)
    return float(np.exp((low + high) / 2))


def lower_tail(reports: Counts, expected: Floats, shape: float) -> Floats:
    """P(so many or fewer) under a negative binomial with these means and this shape."""
    return _below(reports + 1, expected, shape)


def upper_tail(reports: Counts, expected: Floats, shape: float) -> Floats:
    """P(so many or more)."""
    return np.clip(1 - _below(reports, expected, shape), 0, 1)


def _below(bounds: Counts, expected: Floats, shape: float) -> Floats:
    """P(fewer than the bound) of each; as much work as there are reports."""
    ks = np.arange(int(bounds.max(initial=0)))
    ways = np.concatenate(([0.0], np.cumsum(np.log((shape + ks[:-1]) / (ks[:-1] + 1))))) if ks.size else ks
    found = np.zeros(bounds.size)
    for i, (bound, mean) in enumerate(zip(bounds.tolist(), expected.tolist(), strict=True)):
        if bound:
            log_p = ways[:bound] + ks[:bound] * np.log(mean / (shape + mean))
            found[i] = np.exp(log_p + shape * np.log(shape / (shape + mean))).sum()
    return np.clip(found, 0, 1)


def chosen(tails: Floats, level: float) -> npt.NDArray[np.bool_]:
    """Those whose tail is so small that among all that are chosen at most `level` are expected to be chance
    (the step-up rule of Benjamini and Hochberg)."""
    order = np.argsort(tails, kind="stable")
    passes = np.flatnonzero(tails[order] <= level * np.arange(1, tails.size + 1) / max(tails.size, 1))
    found = np.zeros(tails.size, np.bool_)
    if passes.size:
        found[order[: passes[-1] + 1]] = True
    return found


def share_interval(
    reports: Counts, expected: Floats, shape: float, share: float = INTERVAL
) -> tuple[Floats, Floats]:
    """Which share of its due an area reports. What it reports at length is a gamma of shape count + 1/2, its
    due a gamma of the areas' shape around what is expected; the quotient of the two, summed up over a grid
    of its log."""
    a = (reports + 0.5)[:, None]
    z = _GRID + np.log(expected / shape)[:, None]
    log_density = a * z - (a + shape) * np.log1p(np.exp(z))
    density = np.exp(log_density - log_density.max(axis=1, keepdims=True))
    mass = np.cumsum(density, axis=1)
    mass /= mass[:, -1:]
    edge = (1 - share) / 2
    ends = [(mass < at).sum(axis=1).clip(0, _GRID.size - 1) for at in (edge, 1 - edge)]
    low, high = (np.exp(_GRID[end]) for end in ends)
    return low, high


def _spread(values: npt.NDArray[np.generic], known: npt.NDArray[np.bool_], rest: float = np.nan) -> Floats:
    found = np.full(known.size, float(rest))
    found[known] = values
    return found


def _nothing(count: int) -> Judged:
    empty = np.full(count, np.nan)
    return Judged(empty, empty, empty, empty, np.full(count, Standing.NOT_KNOWN, np.int8), float("nan"))
