"""Areas that lie beside each other, and small ones put together until enough people live in them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from dispatch.geo import geometry as shapely

# Drawn by hand or simplified, neighbors may lie a street apart (metres of Mercator).
STREET_M = 60.0

Pool = tuple[int, ...]


def beside(shapes: Sequence[shapely.Geometry], within_m: float = STREET_M) -> list[set[int]]:
    """For each shape the numbers of those that touch it, or lie no further from it than a street is wide."""
    tree = shapely.STRtree(list(shapes))
    found: list[set[int]] = [set() for _ in shapes]
    for one, other in zip(*tree.query(list(shapes), predicate="dwithin", distance=within_m), strict=True):
        if one != other:
            found[int(one)].add(int(other))
    return found


def pooled(residents: npt.NDArray[np.float64], neighbors: Sequence[set[int]], least: int) -> tuple[Pool, ...]:
    """The areas in groups of at least so many residents: the smallest group joins the smallest beside it.

    An area whose residents are not known stays by itself, and so does a small one with nobody beside it.
    The order is that of the first area of each, the same for the same map whoever asks.
    """
    people = {i: float(n) for i, n in enumerate(residents)}
    members: dict[int, set[int]] = {i: {i} for i in range(len(residents))}
    group_of = list(range(len(residents)))
    is_alone: set[int] = set()
    while small := [g for g, n in people.items() if n < least and g not in is_alone]:
        group = min(small, key=lambda g: (people[g], g))
        around = {group_of[other] for each in members[group] for other in neighbors[each]} - {group}
        near = [g for g in around if not np.isnan(people[g])]
        if not near:
            is_alone.add(group)
            continue
        into = min(near, key=lambda g: (people[g], g))
        for each in members[group]:
            group_of[each] = into
        members[into] |= members.pop(group)
        people[into] += people.pop(group)
    return tuple(sorted(tuple(sorted(group)) for group in members.values()))
