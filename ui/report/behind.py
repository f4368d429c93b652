"""What a number means, how it is counted, and its rows; one opens its site in the queue."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout
from shiboken6 import isValid

from dispatch.errors import LandfallError
from dispatch.snapshot.records import AREAS, CHANGES, HAND_OVERS, LEFT_OUT, REPORTS, SITES, Cell, Kind, Number
from ui.report.looking import MOST_ROWS, Look
from ui.theme import Theme
from ui.widgets import count_table, times
from ui.widgets.count_table import Column, CountTable, Row
from ui.widgets.scroll_body import ScrollBody, scroller
from ui.widgets.words import Words

# Which columns of a file tell a row from the others, and the share of the width each has.
SHOWN: dict[str, dict[str, float]] = {
    SITES: {
        "site": 1.1,
        "band": 0.6,
        "category": 2.1,
        "neighborhood": 1.7,
        "state": 0.9,
        "first_entered_at": 1.5,
    },
    REPORTS: {
        "report": 1.1,
        "band": 0.6,
        "category": 2.1,
        "neighborhood": 1.7,
        "told_by": 0.9,
        "entered_at": 1.5,
    },
    HAND_OVERS: {
        "hand_over": 1.3,
        "site": 1.1,
        "band": 0.6,
        "desk": 1.8,
        "state": 1.1,
        "handed_over_at": 1.5,
    },
    AREAS: {
        "neighborhood": 2.2,
        "people": 0.9,
        "reports": 0.9,
        "per_1000": 0.9,
        "expected": 0.9,
        "how_sure": 2.2,
    },
    CHANGES: {
        "what": 0.9,
        "which": 1.2,
        "change": 0.9,
        "field": 1.1,
        "before": 1.4,
        "after": 1.4,
        "why": 1.1,
    },
    LEFT_OUT: {"report": 1.1, "category": 2.1, "why": 2.4, "entered_at": 1.5},
}
# Whatever else travels with a snapshot shows its first columns.
FIRST_COLUMNS = 5
OPENS = ("site", "report")


class Behind(QFrame):
    """`opened` has the number that a site's report has on the server."""

    opened = Signal(str)

    def __init__(self, *, bridge: Any, theme: Theme) -> None:
        super().__init__()
        self._bridge, self._theme = bridge, theme
        self.number: Number | None = None
        self._look: Look | None = None
        self._reading: asyncio.Task[None] | None = None
        self.setProperty("part", "card")
        self._title = Words(theme=theme, role="strong")
        self._says = Words(theme=theme)
        self._how = Words(theme=theme, role="small", tone="text_dim", copyable=True)
        self._more = Words(theme=theme, role="small", tone="text_dim")
        empty = self.tr("No row: nothing counts here.")
        self.table = CountTable(self.tr("Rows behind the number"), [], theme=theme, empty=empty)
        self.table.moved.connect(self._keep_in_sight)
        body = ScrollBody()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(0, 0, 4, 0)
        inside.addWidget(self.table)
        inside.addWidget(self._more)
        inside.addStretch()
        self._area = scroller(body)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 12, 10)
        column.setSpacing(4)
        for each in (self._title, self._says, self._how):
            column.addWidget(each)
        column.addSpacing(4)
        column.addWidget(self._area, 1)

    @property
    def is_at_rest(self) -> bool:
        return self._reading is None or self._reading.done()

    def show_number(self, look: Look | None, number: Number | None, of: str) -> None:
        """`of` is the line of a table it stands in; empty: its label says all."""
        self._look, self.number = look, number
        if number is None or look is None:
            self._title.say("")
            self._says.say(self.tr("Choose a number: what it means and its rows stand here.") if look else "")
            self._how.say("")
            self._more.say("")
            self.table.show_columns([])
            self.table.show_rows([])
            return
        self._title.say(" · ".join(filter(None, (f"{number.value:,}", of, number.label))))
        self._says.say(" ".join(filter(None, (number.says, _sentence(number.note)))))
        self._how.say(number.how())
        self._reading = asyncio.ensure_future(self._read(look, number))

    def said(self) -> str:
        parts = (self._title, self._says, self._how, self._more)
        return "\n".join(filter(None, (each.said() for each in parts)))

    async def _read(self, look: Look, number: Number) -> None:
        columns = look.snapshot.columns_of(number.of)
        names = SHOWN.get(number.of) or {column.name: 1.0 for column in columns[:FIRST_COLUMNS]}
        kinds = {column.name: column.kind for column in columns}
        try:
            found = await self._bridge.parts.workers.network(look.rows, number, tuple(names))
        except LandfallError as error:
            if (look, number) == (self._look, self.number):
                self._bridge.said.emit(str(error), True)
            return
        if isValid(self) and (look, number) == (self._look, self.number):
            self._show_rows(names, [kinds[name] for name in names], found)

    def _show_rows(self, names: dict[str, float], kinds: list[Kind], found: list[tuple[Cell, ...]]) -> None:
        assert self.number is not None
        self.table.show_columns(
            [Column(_title(name), share, is_number=False) for name, share in names.items()]
        )
        self.table.show_rows([self._row(tuple(names), kinds, row) for row in found])
        self.table.go(0)
        self._area.verticalScrollBar().setValue(0)
        rest = self.number.value - len(found)
        more = self.tr("The first {0} of {1}; {2}.csv has all.")
        self._more.say(more.format(MOST_ROWS, f"{self.number.value:,}", self.number.of) if rest else "")

    def _row(self, names: tuple[str, ...], kinds: list[Kind], row: tuple[Cell, ...]) -> Row:
        words = [self._cell(kind, value) for kind, value in zip(kinds, row, strict=True)]
        opens = next((str(row[names.index(name)]) for name in OPENS if name in names), "")
        return Row(
            count_table.cells(*words),
            ", ".join(filter(None, words)),
            (lambda: self.opened.emit(opens)) if opens else None,
        )

    def _cell(self, kind: Kind, value: Cell) -> str:
        if value is None:
            return ""
        if kind is Kind.TIME:
            at = round(datetime.fromisoformat(str(value)).timestamp() * 1000)
            return times.clock(at, self._bridge.clock.now(), self._bridge.zone)
        return str(value)

    def _keep_in_sight(self) -> None:
        spot = self.table.spot()
        self._area.ensureVisible(0, spot.center().y(), 0, spot.height())


def _sentence(note: str) -> str:
    return f"{note[0].upper()}{note[1:]}." if note else ""


def _title(name: str) -> str:
    """A column as its file names it, readable."""
    return name.removesuffix("_at").replace("_", " ")
