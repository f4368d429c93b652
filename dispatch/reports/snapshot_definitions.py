"""How each number of a snapshot is counted, then every table to its last line: two columns a page, over as
many pages as it takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from dispatch.reports import snapshot_grid
from dispatch.reports.paper import BOLD, REGULAR, STRONG, Sheet, wrap
from dispatch.reports.snapshot_grid import ROW, TITLE_HIGH, Laid
from dispatch.snapshot.records import Snapshot, Table

SMALL, LEADING, GUTTER, AFTER = 8.0, 10.2, 24.0, 6.0
SECTION = 13.0
TOGETHER = 5


@dataclass(frozen=True, slots=True)
class Atom:
    """What is not parted: `draw` is given its left and top. `holds` does not stand last in a column; `again`
    repeats the headings of a table that goes on in the next one. `opens` is the key of the table that begins
    here."""

    height: float
    draw: Callable[[float, float], object]
    holds: bool = False
    again: Atom | None = None
    opens: str = ""


class DataPages:
    def __init__(self, snapshot: Snapshot, sheet: Sheet) -> None:
        self.snapshot, self.sheet = snapshot, sheet
        self.width = (sheet.right - sheet.left - GUTTER) / 2

    def paged(self, room: float) -> list[list[list[Atom]]]:
        """Pages of two columns of atoms, each column no higher than the room."""
        columns: list[list[Atom]] = [[]]
        left = room
        atoms = list(self._atoms())
        for at, atom in enumerate(atoms):
            after = atoms[at + 1].height if atom.holds and at + 1 < len(atoms) else 0.0
            if atom.height + after > left and columns[-1]:
                # Room between two things, and no page of its own behind the last.
                if atom.draw is _nothing:
                    continue
                columns.append([atom.again] if atom.again else [])
                left = room - (atom.again.height if atom.again else 0.0)
            columns[-1].append(atom)
            left -= atom.height
        return [columns[at : at + 2] for at in range(0, len(columns), 2)]

    @staticmethod
    def opened(pages: Sequence[Sequence[Sequence[Atom]]], first: int) -> dict[str, int]:
        """On which page each table begins, where the first of these has that number."""
        return {
            atom.opens: number
            for number, columns in enumerate(pages, start=first)
            for column in columns
            for atom in column
            if atom.opens
        }

    def draw(self, columns: Sequence[Sequence[Atom]], top: float) -> None:
        for n, atoms in enumerate(columns):
            y = top
            for atom in atoms:
                atom.draw(self.sheet.left + n * (self.width + GUTTER), y)
                y += atom.height

    def _atoms(self) -> Iterator[Atom]:
        snapshot = self.snapshot
        yield self._section("How each number is counted")
        yield from self._words(
            "Each number is so many rows of a file that goes with this page; whoever filters its columns as"
            " said here finds the same rows.",
            REGULAR,
        )
        yield Atom(AFTER, _nothing)
        for number in (*snapshot.now, *snapshot.numbers):
            yield from self._entry(
                f"{number.label}: {number.value:,}", number.note, number.says, number.how()
            )
        for spread in snapshot.spreads:
            half, most = snapshot_grid.took(spread.half_s), snapshot_grid.took(spread.nine_in_ten_s)
            said = f"{spread.label}: half within {half}, 9 in 10 within {most}, n {spread.n:,}"
            yield from self._entry(said, "", spread.says, "")
        for table in snapshot.tables:
            yield from self._of_table(table)
        if snapshot.remarks:
            yield from self._entry("Remarks", "", "\n".join(snapshot.remarks), "")
        if snapshot.tables:
            yield self._section("Tables of data")
        for table in snapshot.tables:
            yield from self._table(table)

    def _of_table(self, table: Table) -> Iterator[Atom]:
        """A column is said once, by its first line: the others differ in the value alone."""
        yield from self._words(f"Table: {table.title}", STRONG, holds=True, kind="H3")
        yield from self._words(table.says, REGULAR)
        numbers = table.lines[0].numbers if table.lines else ()
        more = f"; {len(table.lines) - 1:,} more lines alike" if len(table.lines) > 1 else ""
        for heading, number in zip(table.headings[1:], numbers, strict=False):
            said = f"{heading}, first line ({number.value:,}): {number.how()}{more}"
            yield from self._words(said, REGULAR, is_grey=True)
        yield Atom(AFTER, _nothing)

    def _entry(self, label: str, note: str, says: str, how: str) -> Iterator[Atom]:
        label = snapshot_grid.capital(label)
        yield from self._words(f"{label} ({note})" if note else label, STRONG, holds=True, kind="H3")
        yield from self._words(says, REGULAR)
        yield from self._words(how, REGULAR, is_grey=True)
        yield Atom(AFTER, _nothing)

    def _words(
        self, words: str, font: str, *, is_grey: bool = False, holds: bool = False, kind: str = "P"
    ) -> Iterator[Atom]:
        """A few lines stay together; more are parted wherever the column ends."""
        lines = wrap(words, font, SMALL, self.width) if words else []
        tag = self.sheet.tag(kind)
        step = max(1, len(lines) if len(lines) <= TOGETHER else 1)
        for at in range(0, len(lines), step):
            part = lines[at : at + step]
            yield Atom(LEADING * len(part), self._lines(part, font, is_grey, tag), holds)

    def _lines(
        self, lines: list[str], font: str, is_grey: bool, tag: AbstractContextManager[None]
    ) -> Callable[[float, float], object]:
        put = self.sheet.grey_text if is_grey else self.sheet.text

        def draw(x: float, y: float) -> None:
            with tag:
                for n, line in enumerate(lines):
                    put(x, y + 8.2 + n * LEADING, line, font, SMALL)

        return draw

    def _section(self, words: str) -> Atom:
        def draw(x: float, y: float) -> None:
            with self.sheet.tag("H2"):
                self.sheet.text(x, y + 14, words, BOLD, SECTION)

        return Atom(24.0, draw, holds=True)

    def _table(self, table: Table) -> Iterator[Atom]:
        laid = Laid(snapshot_grid.of_table(table), self.width, 2)
        # One table to whoever listens, over however many columns it goes.
        tag = self.sheet.tag("Table")
        head = Atom(laid.head_high, lambda x, y: self._head_again(laid, x, y), holds=True)
        yield Atom(
            TITLE_HIGH + laid.head_high,
            lambda x, y: self._heading(laid, tag, x, y),
            holds=True,
            opens=table.key,
        )
        if not table.lines:
            yield Atom(ROW, within(tag, lambda x, y: laid.draw_none(self.sheet, x, y)))
        for at in range(len(table.lines)):
            yield Atom(laid.row_high(at), within(tag, self._row(laid, at)), again=head)
        yield Atom(2 * AFTER, _nothing)

    def _heading(self, laid: Laid, tag: AbstractContextManager[None], x: float, y: float) -> None:
        y = laid.draw_title(self.sheet, x, y, "H3")
        with tag:
            laid.draw_head(self.sheet, x, y)

    def _head_again(self, laid: Laid, x: float, y: float) -> None:
        with self.sheet.passed_over():
            laid.draw_head(self.sheet, x, y)

    def _row(self, laid: Laid, at: int) -> Callable[[float, float], object]:
        return lambda x, y: laid.draw_row(self.sheet, x, y, at)


def within(
    tag: AbstractContextManager[None], draw: Callable[[float, float], object]
) -> Callable[[float, float], object]:
    def drawn(x: float, y: float) -> None:
        with tag:
            draw(x, y)

    return drawn


def _nothing(x: float, y: float) -> None:
    """Room alone."""
