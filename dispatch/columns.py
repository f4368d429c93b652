"""Rows of the store turned into columns: the part of the board's work that any thread may do for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from dispatch.geo.projection import to_mercator
from dispatch.packed_words import PackedWords
from dispatch.records import EscalationState, ReportRow, SiteRow

BACK_TO_TOP = frozenset({EscalationState.RETURNED.value, EscalationState.EXPIRED.value})

# What the board takes as the store gives it, by its name in SiteRow.
_PLAIN: Mapping[str, type] = {
    "site_id": np.int64,
    "band": np.int8,
    "score": np.float32,
    "first_at": np.int64,
    "last_at": np.int64,
    "acted_at": np.int64,
    "reports": np.int32,
    "state": np.int8,
    "flags": np.uint32,
    "snoozed_until": np.int64,
    "lat": np.float64,
    "lng": np.float64,
}
# All plain columns: those, and where a site stands on the map, in metres of Mercator.
KINDS: Mapping[str, type] = {**_PLAIN, "x": np.float64, "y": np.float64}


@dataclass(frozen=True, slots=True)
class Names:
    """A column of names: each name once, and for each row the number of its name, -1 for none."""

    known: tuple[str, ...]
    codes: npt.NDArray[np.int32]

    @classmethod
    def of(cls, column: Iterable[str]) -> Names:
        index: dict[str, int] = {}
        codes = [index.setdefault(name, len(index)) if name else -1 for name in column]
        return cls(tuple(index), np.array(codes, np.int32))


@dataclass(frozen=True, slots=True)
class Columns:
    """Some sites and reports, ready to be written into the board. `marked` are those rows that are claimed or
    handed over, `is_back` says which came back from emergency management."""

    site_ids: npt.NDArray[np.int64]
    plain: Mapping[str, npt.NDArray[Any]]
    category: Names
    hood: Names
    why: Names
    what: tuple[str, ...] | PackedWords
    where: tuple[str, ...] | PackedWords
    state_reason: tuple[str, ...] | PackedWords
    marked: tuple[SiteRow, ...]
    is_back: npt.NDArray[np.bool_]
    report_keys: npt.NDArray[np.int64]
    report_at: npt.NDArray[np.int64]
    report_sites: npt.NDArray[np.int64]


def columns_of(rows: Sequence[SiteRow], reports: Iterable[ReportRow] = ()) -> Columns:
    """Each site once; of a report that is named twice the last word counts."""
    turned = zip(*rows, strict=True) if rows else ((),) * len(SiteRow._fields)
    field = dict(zip(SiteRow._fields, turned, strict=True))
    plain: dict[str, npt.NDArray[Any]] = {name: np.array(field[name], kind) for name, kind in _PLAIN.items()}
    plain["x"], plain["y"] = to_mercator(plain["lng"], plain["lat"])
    keys, entered_at, sites = tuple(zip(*{r.request_key: r for r in reports}.values(), strict=True)) or (
        (),
        (),
        (),
    )
    return Columns(
        site_ids=plain["site_id"],
        plain=plain,
        category=Names.of(field["category"]),
        hood=Names.of(field["neighborhood"]),
        why=Names.of(field["why"]),
        what=field["what"],
        where=field["where"],
        state_reason=field["state_reason"],
        marked=tuple(row for row in rows if row.claimed_by or row.escalation_state),
        is_back=np.array([state in BACK_TO_TOP for state in field["escalation_state"]], np.bool_),
        report_keys=np.array(keys, np.int64),
        report_at=np.array(entered_at, np.int64),
        report_sites=np.array(sites, np.int64),
    )
