"""One snapshot: its head, its numbers and the rows that each of them counts. All formats are written from it,
so their totals cannot differ (`domain.md` section 10)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, TypeAlias

from dispatch.records import Millis

Cell: TypeAlias = str | int | float | None
# Columns and the values that count; all of them must hold.
Where: TypeAlias = tuple[tuple[str, tuple[Cell, ...]], ...]

SITES, REPORTS, HAND_OVERS, LEFT_OUT = "sites", "reports", "hand_overs", "left_out"
AREAS, CHANGES = "areas", "changes"
# Never among a snapshot's own files: a list by itself, for whoever goes there.
RESTRICTED = "restricted_places"
NOT_ASSESSED = "Reported by residents and staff, not assessed."


class Kind(StrEnum):
    """What a column holds: `TIME` are milliseconds since 1970, `YES_NO` the words yes and no (empty where
    nobody can say), `RATE` a number with one decimal."""

    TEXT = "text"
    WHOLE = "whole"
    DEGREES = "degrees"
    RATE = "rate"
    TIME = "time"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True)
class Column:
    """`says` is its definition, in words for whoever has only the file."""

    name: str
    kind: Kind
    says: str


@dataclass(frozen=True)
class Rows:
    """The rows of one file; what they lack is None."""

    name: str
    columns: tuple[Column, ...]
    values: tuple[tuple[Cell, ...], ...]

    def __len__(self) -> int:
        return len(self.values)

    @cached_property
    def position(self) -> dict[str, int]:
        return {column.name: at for at, column in enumerate(self.columns)}

    def matching(self, where: Where) -> Iterator[tuple[Cell, ...]]:
        wanted = [(self.position[name], frozenset(values)) for name, values in where]
        return (row for row in self.values if all(row[at] in values for at, values in wanted))

    def count(self, where: Where) -> int:
        return sum(1 for _ in self.matching(where))


@dataclass(frozen=True, slots=True)
class Number:
    """So many rows of the file `of` fulfil `where`; `note` stands beside it, as the oldest's age."""

    key: str
    label: str
    value: int
    of: str
    where: Where
    says: str
    note: str = ""

    def how(self) -> str:
        """How to find its rows, for the page of definitions: `sites.csv: open = yes, band = P1 or P2`."""
        parts = (
            f"{name} = {' or '.join('(empty)' if v in ('', None) else str(v) for v in values)}"
            for name, values in self.where
        )
        return f"{self.of}.csv: {', '.join(parts) or 'every row'}"


@dataclass(frozen=True, slots=True)
class Spread:
    """How long something took, in seconds: never a median without its n and the slowest tenth."""

    key: str
    label: str
    half_s: int | None
    nine_in_ten_s: int | None
    n: int
    says: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it is about, its numbers, reports for each 1,000 residents and the worst band
    among them where that is asked. The rate is no count: areas.csv has both numbers that it is made of."""

    label: str
    numbers: tuple[Number, ...]
    worst: str = ""
    per_1000: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """`headings` are the first column's and one for each number, then one for the rate and one for the worst
    band if any line has it. Its lines may overlap only where `says` tells so."""

    key: str
    title: str
    headings: tuple[str, ...]
    lines: tuple[Line, ...]
    says: str


@dataclass(frozen=True, slots=True)
class Edition:
    """Which published snapshot of its storm this is. `replaces` is the number of the one whose place it
    takes, 0 for none; `why` is what was corrected. People with their position; `is_reviewed_by_maker` where
    nobody else has looked at it."""

    number: int
    replaces: int
    made_by: str
    reviewed_by: str
    published_by: str
    published_at: Millis
    why: str = ""
    is_reviewed_by_maker: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """What a county report is headed by; empty where the city has entered nothing. `zone` is a name of the
    tz database. `as_of` is the last good sync, None where there was none."""

    city: str
    county: str
    state: str
    storm: str
    is_exercise: bool
    from_at: Millis
    to_at: Millis
    zone: str
    as_of: Millis | None
    filter: str
    contact: str = ""
    disaster_number: str = ""
    declared_area: str = ""
    incident_period: str = ""
    activation_level: str = ""
    local_emergency: str = ""


NOTHING_COMPARED = Rows(CHANGES, (), ())


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`version` follows from the content: the same store, period and filter have the same one. `remarks` are
    sentences on what was left out, entered late or in bulk."""

    version: str
    head: Head
    now: tuple[Number, ...]
    numbers: tuple[Number, ...]
    spreads: tuple[Spread, ...]
    tables: tuple[Table, ...]
    remarks: tuple[str, ...]
    sites: Rows
    reports: Rows
    hand_overs: Rows
    left_out: Rows
    areas: Rows
    # None: nobody has published it yet.
    edition: Edition | None = None
    # What differs from the published one whose place it takes; no rows where there is none, or nothing does.
    changes: Rows = NOTHING_COMPARED

    @property
    def counted(self) -> tuple[Rows, ...]:
        """What was counted: of these and the head the version is made."""
        return (self.sites, self.reports, self.hand_overs, self.left_out, self.areas)

    @property
    def files(self) -> tuple[Rows, ...]:
        return (*self.counted, self.changes) if len(self.changes) else self.counted

    def columns_of(self, name: str) -> tuple[Column, ...]:
        """Of the file a number counts in, whether or not it has rows."""
        return next(rows.columns for rows in (*self.counted, self.changes) if rows.name == name)

    def without_rows(self) -> Snapshot:
        """Head, numbers and columns alone."""
        mine = {each.name: getattr(self, each.name) for each in fields(self)}
        empty: dict[str, Any] = {
            name: replace(rows, values=()) for name, rows in mine.items() if isinstance(rows, Rows)
        }
        return replace(self, **empty)

    @property
    def all_numbers(self) -> tuple[Number, ...]:
        of_tables = (n for table in self.tables for line in table.lines for n in line.numbers)
        return (*self.now, *self.numbers, *of_tables)
