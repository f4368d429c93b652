"""Logistic regression over texts as sparse sums of stems, by numpy alone.

It is driven so far that three decimals do not depend on the machine: the same texts give the same weights.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

ENOUGH = 1e-9
STEPS = 50

Vector = NDArray[np.float64]
Indices = NDArray[np.int64]


class Read(Protocol):
    """How texts are read: a number for each text from a weight for each stem, and the way back."""

    @property
    def shape(self) -> tuple[int, int]: ...

    def sums(self, weights: Vector) -> Vector: ...

    def turned_sums(self, per_text: Vector) -> Vector: ...


@dataclass(frozen=True, slots=True)
class Texts:
    """Which text holds which stem, and how much: a sparse matrix."""

    rows: Indices
    columns: Indices
    values: Vector
    shape: tuple[int, int]

    def sums(self, weights: Vector) -> Vector:
        return np.bincount(self.rows, self.values * weights[self.columns], self.shape[0])

    def turned_sums(self, per_text: Vector) -> Vector:
        return np.bincount(self.columns, self.values * per_text[self.rows], self.shape[1])

    def louder(self, by_stem: Vector) -> Texts:
        return replace(self, values=self.values * by_stem[self.columns])


@dataclass(frozen=True, slots=True)
class Spread:
    """The same texts, where each stem also stands for those beside it in any text, as often as they are."""

    texts: Texts
    scale: float

    @classmethod
    def of(cls, texts: Texts) -> Spread:
        """Scaled by the size of the texts, so that more of them are not read louder."""
        return cls(texts, float(1 / (texts.values * texts.values).sum()))

    @property
    def shape(self) -> tuple[int, int]:
        return self.texts.shape

    def shared(self, weights: Vector) -> Vector:
        """What each stem weighs when it shares the weights of those beside it."""
        return self.scale * self.texts.turned_sums(self.texts.sums(weights))

    def sums(self, weights: Vector) -> Vector:
        return self.texts.sums(self.shared(weights))

    def turned_sums(self, per_text: Vector) -> Vector:
        return self.shared(self.texts.turned_sums(per_text))


def fit(texts: Read, target: Vector, strength: float) -> Vector:
    """A weight for each stem, and one more for all texts alike. Newton's method, each step by conjugate
    gradients; `strength` pulls every weight to nothing, but not the last."""
    pull = np.full(texts.shape[1] + 1, strength)
    pull[-1] = 0.0
    weights = np.zeros(texts.shape[1] + 1)
    for _ in range(STEPS):
        likely = 1 / (1 + np.exp(-_times(texts, weights)))
        slope = _turned(texts, likely - target) + pull * weights
        if np.abs(slope).max() < ENOUGH:
            return weights
        bend = likely * (1 - likely)
        weights = weights - _solved(
            lambda step, bend=bend: _turned(texts, bend * _times(texts, step)) + pull * step, slope
        )
    raise ArithmeticError("The weights did not settle.")


def _times(texts: Read, weights: Vector) -> Vector:
    return texts.sums(weights[:-1]) + weights[-1]


def _turned(texts: Read, per_text: Vector) -> Vector:
    return np.append(texts.turned_sums(per_text), per_text.sum())


def _solved(times: Callable[[Vector], Vector], right: Vector) -> Vector:
    found = np.zeros_like(right)
    rest = right.copy()
    way = rest.copy()
    size = float((rest * rest).sum())
    goal = size * 1e-16
    while size > goal and size > ENOUGH**4:
        turned = times(way)
        length = size / float((way * turned).sum())
        found += length * way
        rest -= length * turned
        before, size = size, float((rest * rest).sum())
        way = rest + size / before * way
    return found
