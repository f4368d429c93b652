"""How well scores order the labelled messages: the measures of the card. Equal scores share their hits."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FIRST_LOOKS = 50
GRADES = 4

Scores = NDArray[np.float64]


def measures(
    scores: Sequence[float], is_life_safety: Sequence[bool], grades: Sequence[int]
) -> dict[str, float]:
    score, urgent, grade = np.array(scores), np.array(is_life_safety, float), np.array(grades)
    cut = _cut(score, grade)
    return {
        "ap": _average_precision(score, urgent),
        "recall_10": _found(score, urgent, round(len(score) * 0.10)) / urgent.sum(),
        "recall_20": _found(score, urgent, round(len(score) * 0.20)) / urgent.sum(),
        "p_at_50": _found(score, urgent, FIRST_LOOKS) / FIRST_LOOKS,
        "qwk": _kappa(grade, cut),
        "grade3_missed": float((cut[grade == GRADES - 1] <= 1).mean()),
    }


def _blocks(score: Scores, urgent: Scores) -> tuple[Scores, Scores]:
    """How many texts share each score, best first, and how many of them are urgent."""
    _, block = np.unique(-score, return_inverse=True)
    return np.bincount(block).astype(float), np.bincount(block, urgent)


def _average_precision(score: Scores, urgent: Scores) -> float:
    size, hits = _blocks(score, urgent)
    return float((hits * hits.cumsum() / size.cumsum()).sum() / urgent.sum())


def _found(score: Scores, urgent: Scores, first: int) -> float:
    size, hits = _blocks(score, urgent)
    looked_at = np.clip(first - (size.cumsum() - size), 0, size)
    return float((hits * looked_at / size).sum())


def _cut(score: Scores, grade: NDArray[np.int64]) -> NDArray[np.int64]:
    """Grades by score, as many of each as there are."""
    cut = np.empty_like(grade)
    cut[np.argsort(-score, kind="stable")] = -np.sort(-grade)
    return cut


def _kappa(true: NDArray[np.int64], given: NDArray[np.int64]) -> float:
    """Cohen's, with quadratic weights."""
    seen = np.zeros((GRADES, GRADES))
    np.add.at(seen, (true, given), 1)
    apart = np.subtract.outer(np.arange(GRADES), np.arange(GRADES)) ** 2
    by_chance = np.outer(seen.sum(1), seen.sum(0)) / seen.sum()
    return float(1 - (apart * seen).sum() / (apart * by_chance).sum())
