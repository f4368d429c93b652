"""Which open sites a sweep covers, and why others inside its area are left to a person. Reads only.

Nothing here hides a site or moves it down: a covered site stays in the queue until somebody closes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection

from dispatch.geo.clusters import inside_ring
from dispatch.records import Band, Coverage, DrawnRing, Flag, LeftOut, Place, Sweep, SweepArea, SweepDraft
from dispatch.residents.slots import PRIVATE
from dispatch.store import escalations, many, sweeps
from dispatch.triage.categories import OTHER, Category, CategoryTable

# The gravest first: of several reasons the one that is said.
_BY_FLAG = (
    (Flag.PERSON, LeftOut.PERSON),
    (Flag.NEW_FACT, LeftOut.NEW_FACT),
    (Flag.NOT_ASSESSED, LeftOut.NOT_ASSESSED),
)


def may_cover(category: Category) -> bool:
    """A crew answers for places: never for people, what is restricted (S8, S15), or what has no kind yet."""
    return not category.is_restricted and "person" not in category.marks and category.key != OTHER


def keys_of(said: SweepDraft, table: CategoryTable) -> frozenset[str]:
    """The categories it covers; of a family those that a sweep may cover at all and that are not an
    owner's work: its residents hear so. Named by itself such a one is covered too."""
    return frozenset(
        each.key
        for each in table
        if may_cover(each)
        and (each.key in said.categories or (each.family in said.families and each.key not in PRIVATE))
    )


def covered(connection: Connection, activation_id: str, sweep: Sweep, *, table: CategoryTable) -> Coverage:
    """As it is now; of a sweep that is done, what of its area still stands open."""
    found = covered_by(connection, activation_id, sweep.said, table=table)
    return Coverage(
        found.sites, found.left, found.quiet, sweeps.told(connection, sweep.sweep_id, found.sites)
    )


def covered_by(
    connection: Connection, activation_id: str, said: SweepDraft, *, table: CategoryTable
) -> Coverage:
    """The same of words that nobody has kept yet: nobody has been told of them."""
    rows = _inside(connection, activation_id, said.area, keys_of(said, table))
    with_em = _with_em(connection, [row.site_id for row in rows])
    sites, left, quiet = [], {}, set()
    for row in rows:
        if why := why_left_out(row.band, row.flags | row.own_flags, has_em=row.site_id in with_em):
            left[row.site_id] = why
            continue
        sites.append(row.site_id)
        if (row.flags | row.own_flags) & Flag.RESTRICTED:
            quiet.add(row.site_id)
    return Coverage(tuple(sites), left, frozenset(quiet))


def why_left_out(band: int, flags: int, *, has_em: bool) -> LeftOut | None:
    """The rules that stand above every sweep (S1, S5, S10, S13)."""
    if flags & Flag.WIRE and not flags & Flag.MADE_SAFE:
        return LeftOut.WIRE
    if band <= Band.P2:
        return LeftOut.LIFE_SAFETY
    if has_em:
        return LeftOut.HANDED_OVER
    return next((why for flag, why in _BY_FLAG if flags & flag), None)


def holds(area: SweepArea, place: Place | None, neighborhood: str) -> bool:
    """Whether a place lies in a sweep's area; one without a pin only by its neighborhood's name."""
    if neighborhood and neighborhood in area.neighborhoods:
        return True
    return place is not None and bool(area.rings) and bool(in_rings(area.rings, [place.lng], [place.lat])[0])


def in_rings(rings: Sequence[DrawnRing], lng: Sequence[float], lat: Sequence[float]) -> np.ndarray[Any, Any]:
    """Even-odd over all rings, so that a ring inside another one is a hole."""
    x, y = np.asarray(lng, np.float64), np.asarray(lat, np.float64)
    odd = np.zeros(x.size, np.bool_)
    every = np.arange(x.size)
    for ring in rings:
        odd[inside_ring(x, y, every, np.asarray(ring, np.float64))] ^= True
    return odd


def _inside(connection: Connection, activation_id: str, area: SweepArea, keys: Iterable[str]) -> list[Any]:
    rows = sweeps.open_around(connection, activation_id, area, keys)
    if not rows or not area.rings:
        return rows
    nowhere = float("nan")
    lng = [nowhere if row.lng is None else row.lng for row in rows]
    lat = [nowhere if row.lat is None else row.lat for row in rows]
    inside = in_rings(area.rings, lng, lat)
    return [
        row
        for row, is_in in zip(rows, inside.tolist(), strict=True)
        if is_in or (row.neighborhood and row.neighborhood in area.neighborhoods)
    ]


def _with_em(connection: Connection, ids: list[int]) -> frozenset[int]:
    found: set[int] = set()
    for chunk in many.chunks(ids):
        found.update(escalations.open_by_site(connection, chunk))
    return frozenset(found)
