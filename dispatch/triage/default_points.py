"""Points where a geocoder puts what it cannot place: found in the reports themselves, never by a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from dispatch.geo.street_grid import rounded
from dispatch.records import Place

AT_LEAST = 20
# Pins are cut to some ten metres in public tables: a corner with its four houses is still a place.
MANY_ADDRESSES = 8
# Of cities that give no addresses: kinds of trouble on one point, and its share of all reports.
MANY_KINDS = 8
LARGE_SHARE = 0.01


def find_default_points(reports: Iterable[tuple[Place, str, str]]) -> frozenset[Place]:
    """Points of (place, address, kind) that stand for "somewhere": on them lie many addresses, or many
    reports without one that elsewhere have theirs, or without any addresses a large share of all."""
    counts: Counter[Place] = Counter()
    nameless: Counter[Place] = Counter()
    addresses: dict[Place, set[str]] = defaultdict(set)
    kinds: dict[Place, set[str]] = defaultdict(set)
    for place, address, kind in reports:
        point = rounded(place)
        counts[point] += 1
        kinds[point].add(kind)
        if address:
            addresses[point].add(address)
        else:
            nameless[point] += 1
    total = counts.total()
    are_named = nameless.total() < total / 2

    def is_default(point: Place) -> bool:
        if len(addresses[point]) >= MANY_ADDRESSES:
            return True
        if len(kinds[point]) < MANY_KINDS or nameless[point] <= counts[point] / 2:
            return False
        return are_named or counts[point] >= total * LARGE_SHARE

    return frozenset(point for point, count in counts.items() if count >= AT_LEAST and is_default(point))
