"""Boards with made-up sites for the tests and benchmarks of the screens."""

from __future__ import annotations

import random
from typing import Any

from dispatch.board import Board
from dispatch.records import Band, ReportRow, SiteRow

NOW = 1_505_154_720_000  # 11 Sep 2017, 14:32 in St. Petersburg
MINUTE = 60_000

_PLAIN = SiteRow(
    site_id=0,
    band=int(Band.P4),
    score=12.0,
    first_at=NOW - 30 * MINUTE,
    last_at=NOW - 30 * MINUTE,
    acted_at=0,
    reports=1,
    state=0,
    state_reason="",
    category="tree_down",
    neighborhood="Lakewood Estates",
    lat=27.74,
    lng=-82.66,
    flags=0,
    snoozed_until=0,
    what="Large branch on sidewalk",
    where="22nd Ave S",
    why="",
    claimed_by="",
    claimed_seat="",
    claimed_at=0,
    escalation_state="",
    escalation_number="",
    escalation_desk="",
    escalation_state_at=0,
)


def site(site_id: int, **changes: Any) -> SiteRow:
    """A site in the form the store gives it; times by `first_min` and `last_min` ago read best."""
    for name in ("first", "last", "acted", "claimed", "escalation_state"):
        if (ago := changes.pop(f"{name}_min", None)) is not None:
            changes[f"{name}_at"] = NOW - ago * MINUTE
    if "first_at" in changes and "last_at" not in changes:
        changes["last_at"] = changes["first_at"]
    return _PLAIN._replace(site_id=site_id, **changes)


def board_of(*rows: SiteRow) -> Board:
    board = Board(promise_ms={})
    put(board, *rows)
    return board


def put(board: Board, *rows: SiteRow) -> Any:
    """Apply rows, with as many reports as each says it has."""
    reports = [
        ReportRow(row.site_id * 1000 + n, row.first_at, row.site_id)
        for row in rows
        for n in range(row.reports)
    ]
    return board.apply(rows, reports)


_WHAT = (
    (1, "wire_down", "Power line down, sparking on sidewalk"),
    (1, "medical_power", "Neighbor on oxygen, no power"),
    (2, "signal_out", "Traffic signal dark, near miss"),
    (2, "street_flooded", "Street flooding, cars stalled"),
    (3, "tree_down", "Tree on parked car"),
    (3, "roof", "Roof tarp torn loose"),
    (4, "tree_down", "Large branch on sidewalk"),
    (4, "fence", "Fence down between yards"),
    (5, "question", "When will sandbags be given out?"),
)
_WHERE = (
    ("Lakewood Estates", "22nd Ave S"),
    ("Childs Park", "11th Ave S"),
    ("Shore Acres", "Bayou Grande Blvd NE"),
    ("Historic Kenwood", "5th Ave N"),
    ("Riviera Bay", "83rd Ave NE"),
    ("Snell Isle", "Brightwaters Blvd NE"),
)


def storm_board(count: int, *, seed: int = 1, hours: int = 40) -> Board:
    return board_of(*storm_rows(count, seed=seed, hours=hours))


def storm_rows(count: int, *, seed: int = 1, hours: int = 40) -> list[SiteRow]:
    """Many sites in the mix of a storm's first day, always the same ones."""
    chance = random.Random(seed)
    weights = (1, 1, 4, 4, 20, 12, 40, 14, 4)
    rows = []
    for site_id in range(1, count + 1):
        band, category, what = chance.choices(_WHAT, weights)[0]
        hood, street = chance.choice(_WHERE)
        first_at = NOW - int(hours * 60 * MINUTE * chance.betavariate(1, 3))
        rows.append(
            site(
                site_id,
                band=band,
                score=float(chance.randint(5, 99)),
                first_at=first_at,
                last_at=min(NOW, first_at + chance.randint(0, 40) * MINUTE),
                reports=chance.choice((1, 1, 1, 2, 3, 6)),
                category=category,
                neighborhood=hood,
                lat=27.70 + chance.random() * 0.14,
                lng=-82.74 + chance.random() * 0.12,
                what=what,
                where=f"{hood} · {street}",
            )
        )
    return rows
