"""What changed from a published snapshot to one that takes its place: rows of their own, tables over them.
A late report joins the storm, not the frozen version (`domain.md` section 10): here it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import tzinfo
from zoneinfo import ZoneInfo

from dispatch.forms.common import iso
from dispatch.snapshot import change_tables
from dispatch.snapshot.change_reasons import Difference, Reasons, Row
from dispatch.snapshot.columns import CHANGE_COLUMNS
from dispatch.snapshot.counting import Counts
from dispatch.snapshot.records import CHANGES, NOTHING_COMPARED, Cell, Column, Kind, Number, Rows, Snapshot
from dispatch.snapshot.rows import YES

REPORT, SITE, HAND_OVER, NUMBER = "report", "site", "hand-over", "number"
ADDED, GONE, CHANGED = "added", "gone", "changed"
PLACE = frozenset({"address", "latitude", "longitude"})

# What names a row: of two with one name the first is the first on both sides.
Named = dict[tuple[str, int], Row]


def compared(new: Snapshot, old: Snapshot) -> Snapshot:
    """The new one with what changed since the old one, which is published; whatever it was compared with
    before."""
    number = old.edition.number if old.edition else 0
    made = uncompared(new)
    changes = differences(made, old)
    counts = Counts(changes)
    return replace(
        made,
        changes=changes,
        tables=(*made.tables, *change_tables.tables(counts, number)),
        remarks=(*made.remarks[:1], change_tables.remark(counts, number), *made.remarks[1:]),
    )


def uncompared(found: Snapshot) -> Snapshot:
    """As it was counted."""
    return replace(
        found,
        changes=NOTHING_COMPARED,
        tables=tuple(each for each in found.tables if each.key not in change_tables.KEYS),
        remarks=tuple(each for each in found.remarks if not each.startswith(change_tables.SINCE)),
    )


def differences(new: Snapshot, old: Snapshot) -> Rows:
    """By reports, sites, hand-overs, numbers; each in the order of the new one, what is gone last."""
    zone, why = ZoneInfo(new.head.zone), Reasons(new, old)
    found = (
        *_of_rows(REPORT, ("report",), old.reports, new.reports, zone, why.of_report),
        *_of_rows(SITE, ("site",), old.sites, new.sites, zone, why.of_site),
        *_of_rows(HAND_OVER, ("hand_over", "site"), old.hand_overs, new.hand_overs, zone, why.of_hand_over),
        *_of_numbers((*old.now, *old.numbers), (*new.now, *new.numbers)),
    )
    return Rows(CHANGES, CHANGE_COLUMNS, found)


def named(rows: Rows, names: Sequence[str]) -> Named:
    at = [rows.position[name] for name in names]
    seen: Counter[str] = Counter()
    found: Named = {}
    for row in rows.values:
        which = " ".join(str(row[each]) for each in at)
        found[which, seen[which]] = row
        seen[which] += 1
    return found


def as_text(cell: Cell, column: Column, zone: tzinfo) -> str:
    """A time as the CSV files write it."""
    if cell is None:
        return ""
    return iso(int(cell), zone) if column.kind is Kind.TIME else str(cell)


def _of_rows(
    what: str, names: Sequence[str], old: Rows, new: Rows, zone: tzinfo, why: Callable[[Difference], str]
) -> Iterator[Row]:
    rows, rows_before = named(new, names), named(old, names)
    for name, row in rows.items():
        if (before := rows_before.get(name)) is None:
            yield what, name[0], ADDED, "", "", "", why(Difference(name[0], None, row))
        elif fields := _fields(before, old, row, new, zone):
            reason = why(Difference(name[0], before, row, frozenset(field for field, _, _ in fields)))
            yield what, name[0], CHANGED, "", "", "", reason
            yield from ((what, name[0], CHANGED, *said, reason) for said in fields)
    for name, row in rows_before.items():
        if name not in rows:
            yield what, name[0], GONE, "", "", "", why(Difference(name[0], row, None))


def _fields(before: Row, old: Rows, after: Row, new: Rows, zone: tzinfo) -> list[tuple[str, str, str]]:
    """Column, before, after. Where it is or was restricted its place stays unsaid (S15)."""
    is_hidden = YES in (_restricted(before, old), _restricted(after, new))
    found = []
    for column, now in zip(new.columns, after, strict=True):
        at = old.position.get(column.name)
        if at is None or before[at] == now or (is_hidden and column.name in PLACE):
            continue
        found.append((column.name, as_text(before[at], old.columns[at], zone), as_text(now, column, zone)))
    return found


def _restricted(row: Row, of: Rows) -> Cell:
    at = of.position.get("restricted")
    return None if at is None else row[at]


def _of_numbers(old: Iterable[Number], new: Iterable[Number]) -> Iterator[Row]:
    before = {each.key: each.value for each in old}
    after = {each.key: each.value for each in new}
    for key, value in after.items():
        if key not in before:
            yield NUMBER, key, ADDED, "", "", "", ""
        elif before[key] != value:
            yield NUMBER, key, CHANGED, "", "", "", ""
            yield NUMBER, key, CHANGED, "value", str(before[key]), str(value), ""
    yield from ((NUMBER, key, GONE, "", "", "", "") for key in before if key not in after)
