"""Counts rows by any of their columns, each set of columns gone through once."""

from __future__ import annotations

from collections import Counter
from itertools import product, repeat
from operator import itemgetter
from typing import TypeAlias

from dispatch.snapshot.records import Cell, Number, Rows, Where

Found: TypeAlias = "Counter[tuple[Cell, ...]]"


class Counts:
    """Of the rows of one file."""

    def __init__(self, rows: Rows) -> None:
        self.rows = rows
        self._found: dict[tuple[str, ...], Found] = {}

    def of(self, *names: str) -> Found:
        """How many rows have which values in these columns."""
        if names not in self._found:
            at = [self.rows.position[name] for name in names]
            columns = [map(itemgetter(i), self.rows.values) for i in at]
            # Of no columns each row is the same.
            self._found[names] = Counter(zip(*columns, strict=True) if at else repeat((), len(self.rows)))
        return self._found[names]

    def values(self, name: str) -> list[Cell]:
        """What stands in a column, in order."""
        return [value for (value,) in sorted(self.of(name), key=lambda each: str(each[0]))]

    def count(self, where: Where) -> int:
        found = self.of(*(name for name, _ in where))
        return sum(found[wanted] for wanted in product(*(dict.fromkeys(values) for _, values in where)))

    def number(
        self, key: str, label: str, says: str, *where: tuple[str, tuple[Cell, ...]], note: str = ""
    ) -> Number:
        return Number(key, label, self.count(where), self.rows.name, where, says, note)
