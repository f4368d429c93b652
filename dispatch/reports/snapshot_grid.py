"""Tables of a snapshot on paper: a label, numbers to the right of it, hairlines between. What does not fit
is cut and says so; the whole table then stands in the tables of data."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from dispatch.forms.common import lasted
from dispatch.reports.paper import HAIRLINE, LINE, REGULAR, STRONG, Sheet, fitted, text_width, wrap
from dispatch.snapshot.records import Number, Spread, Table

TITLE, HEADING, BODY = 10.0, 7.5, 8.5
TITLE_HIGH, HEAD_LEADING, ROW, LABEL_LEADING = 17.0, 9.0, 12.6, 10.0
GAP = 9.0  # left of each number
LINES = 0.7  # their shade
# A label keeps so much of the width whatever the numbers ask for.
LABEL_SHARE = 0.34
HEADING_MOST, HEADING_LINES = 62.0, 3
MORE = "and {} more: see Tables of data"


@dataclass(frozen=True)
class Grid:
    """`headings` are as long as each row; a row's first cell is its label."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    key: str = ""


def of_table(table: Table) -> Grid:
    many = max((len(line.numbers) for line in table.lines), default=max(0, len(table.headings) - 1))
    has_rate = any(line.per_1000 is not None for line in table.lines)
    has_worst = any(line.worst for line in table.lines)
    rows = tuple(
        (
            line.label,
            *_padded([f"{number.value:,}" for number in line.numbers], many),
            *([_rate(line.per_1000)] if has_rate else []),
            *([line.worst] if has_worst else []),
        )
        for line in table.lines
    )
    headings = _padded(table.headings, 1 + many + has_rate + has_worst)
    return Grid(table.title, headings, rows, table.key)


def _rate(per_1000: float | None) -> str:
    return "" if per_1000 is None else f"{per_1000:,.1f}"


def of_numbers(title: str, numbers: Iterable[Number]) -> Grid:
    rows = ((_said(each), f"{each.value:,}") for each in numbers)
    return Grid(title, ("What", "number"), tuple(rows))


def of_spreads(title: str, spreads: Iterable[Spread]) -> Grid:
    rows = (
        (capital(each.label), took(each.half_s), took(each.nine_in_ten_s), f"{each.n:,}") for each in spreads
    )
    return Grid(title, ("What", "half within", "9 in 10 within", "n"), tuple(rows))


def took(seconds: int | None) -> str:
    """A dash where too few ended to say."""
    return "–" if seconds is None else lasted(seconds)


@dataclass(frozen=True)
class Laid:
    """A grid in a width, labels of at most so many lines; heights in points."""

    grid: Grid
    width: float
    label_lines: int = 1

    @cached_property
    def columns(self) -> tuple[float, ...]:
        """Of the numbers, as wide as their values and the longest word over them; narrower where the label
        would be left too little."""
        asked = [self._asked(at) for at in range(1, len(self.grid.headings))]
        room = self.width * (1 - LABEL_SHARE)
        scale = min(1.0, room / sum(asked)) if asked else 1.0
        return tuple(each * scale for each in asked)

    def _asked(self, at: int) -> float:
        values = max((text_width(row[at], REGULAR, BODY) for row in self.grid.rows), default=0.0)
        return max(_heading_wide(self.grid.headings[at]), values) + GAP

    @cached_property
    def label_width(self) -> float:
        return self.width - sum(self.columns)

    @cached_property
    def _headings(self) -> list[list[str]]:
        widths = (self.label_width, *(width - GAP for width in self.columns))
        return [
            fitted(words, REGULAR, HEADING, max(width, HEADING), HEADING_LINES)
            for words, width in zip(self.grid.headings, widths, strict=True)
        ]

    @cached_property
    def head_high(self) -> float:
        return max(map(len, self._headings), default=1) * HEAD_LEADING + 4

    @cached_property
    def _labels(self) -> list[list[str]]:
        return [fitted(row[0], REGULAR, BODY, self.label_width, self.label_lines) for row in self.grid.rows]

    def row_high(self, at: int) -> float:
        return ROW + (len(self._labels[at]) - 1) * LABEL_LEADING

    def height(self, most: int) -> float:
        shown = min(most, len(self.grid.rows))
        more = ROW if shown < len(self.grid.rows) or not shown else 0.0
        return TITLE_HIGH + self.head_high + sum(map(self.row_high, range(shown))) + more

    def draw(self, sheet: Sheet, x: float, y: float, most: int) -> float:
        """Title, headings and the first rows; answers where it ends."""
        y = self.draw_title(sheet, x, y)
        shown = min(most, len(self.grid.rows))
        with sheet.tag("Table"):
            y = self.draw_head(sheet, x, y)
            for at in range(shown):
                y = self.draw_row(sheet, x, y, at)
            if not self.grid.rows:
                y = self.draw_none(sheet, x, y)
        if shown < len(self.grid.rows):
            with sheet.tag("P"):
                sheet.grey_text(x, y + 9, MORE.format(len(self.grid.rows) - shown), REGULAR, HEADING)
            y += ROW
        return y

    def draw_title(self, sheet: Sheet, x: float, y: float, level: str = "H2") -> float:
        with sheet.tag(level):
            sheet.text(x, y + 11, fitted(self.grid.title, STRONG, TITLE, self.width)[0], STRONG, TITLE)
        return y + TITLE_HIGH

    def draw_none(self, sheet: Sheet, x: float, y: float) -> float:
        """In place of rows, across all columns."""
        with sheet.tag("TR"), sheet.tag("TD", f"/A<</O/Table/ColSpan {len(self.grid.headings)}>>"):
            sheet.grey_text(x, y + 9, "None in this period.", REGULAR, HEADING)
        return y + ROW

    def draw_head(self, sheet: Sheet, x: float, y: float) -> float:
        with sheet.tag("TR"):
            for at, lines in enumerate(self._headings):
                with sheet.header_cell("Column"):
                    self._heading(sheet, x, y, at, lines)
        sheet.rule(x, y + self.head_high - 1.5, x + self.width, LINE)
        return y + self.head_high

    def _heading(self, sheet: Sheet, x: float, y: float, at: int, lines: list[str]) -> None:
        for n, line in enumerate(lines):
            # Short headings stand on the line, next to their numbers.
            baseline = y + self.head_high - 5 - (len(lines) - 1 - n) * HEAD_LEADING
            left = x if at == 0 else self._right(x, at) - text_width(line, REGULAR, HEADING)
            sheet.grey_text(left, baseline, line, REGULAR, HEADING)

    def draw_row(self, sheet: Sheet, x: float, y: float, at: int) -> float:
        with sheet.tag("TR"):
            with sheet.header_cell("Row"):
                for n, line in enumerate(self._labels[at]):
                    sheet.text(x, y + 8.6 + n * LABEL_LEADING, line, REGULAR, BODY)
            for column, value in enumerate(self.grid.rows[at][1:], start=1):
                room = self.columns[column - 1] - 2
                size = BODY * min(1.0, room / max(room, text_width(value, REGULAR, BODY)))
                with sheet.tag("TD"):
                    sheet.right_text(self._right(x, column), y + 8.6, value, REGULAR, size)
        y += self.row_high(at)
        sheet.grey(x, y - 1, self.width, HAIRLINE, LINES)
        return y

    def _right(self, x: float, column: int) -> float:
        return x + self.label_width + sum(self.columns[:column])


def _heading_wide(words: str) -> float:
    """The least width in which they take two lines and no word is broken, up to a limit."""
    # A little more than measured: sums of widths are rounded.
    width = max((text_width(word, REGULAR, HEADING) for word in words.split()), default=0.0) + 0.5
    while width < HEADING_MOST and len(wrap(words, REGULAR, HEADING, width)) > 2:
        width += 3
    return min(width, HEADING_MOST)


def _padded(cells: Sequence[str], many: int) -> tuple[str, ...]:
    return (*cells, *[""] * (many - len(cells)))[:many]


def _said(number: Number) -> str:
    return capital(f"{number.label} ({number.note})" if number.note else number.label)


def capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"
