"""The two figures of a snapshot in words, for whoever cannot see them: how many, where most, when most. Each
number stands in a table of the same file, and the words say on which page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from dispatch.snapshot.records import Line, Table
from dispatch.snapshot.tables import NOWHERE

NAMED = 3


def of_map(city: str, bands: Sequence[str], outside: int, areas: Table | None, page: int | None) -> str:
    """`bands` of the sites that have a place, `outside` how many of them the map leaves out."""
    many = Counter(band if band in ("P1", "P2") else "others" for band in bands)
    told = ", ".join(f"{many[name]:,} {name}" for name in ("P1", "P2", "others"))
    parts = [f"Map of {city or 'the city'}: {len(bands):,} sites with a place, {told}."]
    if outside:
        parts.append(f"{outside:,} of them lie outside the map.")
    most = _most(areas)
    if most:
        named = ", ".join(f"{line.label} {line.numbers[1].value:,}" for line in most)
        parts.append(f"Most sites, with those not on the map: {named}.")
    return " ".join([*parts, *_table(areas, page)])


def _most(areas: Table | None) -> list[Line]:
    if areas is None:
        return []
    known = [line for line in areas.lines if line.label != NOWHERE and len(line.numbers) > 1]
    found = sorted(known, key=lambda line: -line.numbers[1].value)[:NAMED]
    return [line for line in found if line.numbers[1].value]


def of_bars(table: Table, sums: Mapping[str, tuple[int, int]], page: int | None) -> str:
    """`sums` are what came one by one and in bulk, by the label of the table's line."""
    total, bulk = (sum(pair[n] for pair in sums.values()) for n in (0, 1))
    labels = list(sums)
    most = max(labels, key=lambda label: sum(sums[label]))
    parts = [
        f"Bar chart: {total + bulk:,} reports from {_when(labels[0])} to {_when(labels[-1])}"
        f"{f', {bulk:,} of them entered in bulk' if bulk else ''}.",
        f"Most, {sum(sums[most]):,}: {_when(most)}.",
    ]
    return " ".join([*parts, *_table(table, page)])


def _table(table: Table | None, page: int | None) -> list[str]:
    return [f"All as a table: {table.title}, page {page}."] if table and page else []


def _when(label: str) -> str:
    """`09/11/2017`, with the hour where it is one; anything else as it stands."""
    try:
        at = datetime.fromisoformat(label)
    except ValueError:
        return label
    return f"{at:%m/%d/%Y}" if at.tzinfo is None else f"{at:%m/%d/%Y %H:00}"
