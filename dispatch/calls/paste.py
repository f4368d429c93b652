"""A spreadsheet's rows as they were copied, or a CSV file: cells and a heading, nothing judged yet.

What is not taken is given back as it came, safe to be opened by a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dispatch.calls.mapping import is_heading
from dispatch.errors import ActRefused
from dispatch.formulas import SAFE, STARTS

MOST_ROWS = 2_000
MOST_CHARS = 20_000_000
MOST_CELLS = 60
WHY = "Why it was not taken"
_SEPARATORS = "\t,;|"
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as the spreadsheet counts the lines that were copied: the heading is the first."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pasted:
    """`heading` is empty where the first row was one of the rows."""

    heading: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def width(self) -> int:
        return max((len(self.heading), *(len(row.cells) for row in self.rows)), default=0)

    def name_of(self, column: int) -> str:
        """Its heading, else as spreadsheets name columns."""
        said = self.heading[column].strip() if column < len(self.heading) else ""
        return said or f"Column {_letter(column)}"


def read(text: str) -> Pasted:
    """Raises ActRefused, in a sentence that says what to do, for what is no list."""
    if len(text) > MOST_CHARS:
        raise ActRefused(f"This is longer than {MOST_CHARS // 1_000_000} million signs: paste it in parts.")
    lines = [
        cells for cells in _cells(text.replace("\0", "\ufffd")) if any(cell.strip() for cell in cells[1])
    ]
    if not lines:
        raise ActRefused("There is nothing in it: copy the rows in the spreadsheet first, then paste here.")
    if max(len(cells) for _, cells in lines) > MOST_CELLS:
        raise ActRefused(f"A row has more than {MOST_CELLS} cells: copy only the columns of the calls.")
    heading: tuple[str, ...] = ()
    if is_heading(lines[0][1]):
        heading, lines = lines[0][1], lines[1:]
    if not lines:
        raise ActRefused("There is only a heading in it: copy the rows under it as well.")
    if len(lines) > MOST_ROWS:
        raise ActRefused(f"{len(lines):,} rows are too many at once: paste up to {MOST_ROWS:,}.")
    return Pasted(heading, tuple(Row(number, cells) for number, cells in lines))


def read_file(path: Path) -> Pasted:
    """A .csv or .tsv as any spreadsheet writes it. Raises ActRefused."""
    try:
        if path.stat().st_size > MOST_CHARS:
            raise ActRefused(f"{path.name} is larger than {MOST_CHARS // 1_000_000} MB: save it in parts.")
        raw = path.read_bytes()
    except OSError as error:
        raise ActRefused(f"{path.name} cannot be read: {error.strerror}.") from error
    if raw.startswith((b"PK", b"\xd0\xcf")):
        raise ActRefused(f"{path.name} is a workbook: save it as CSV, or copy its rows and paste them.")
    return read(_decoded(raw))


def to_mend(pasted: Pasted, refused: Iterable[tuple[Row, str]]) -> str:
    """CSV of the rows that were not taken, each cell as it came, with why behind them: to be mended in the
    spreadsheet and pasted again."""
    width = pasted.width
    out = io.StringIO()
    write = csv.writer(out).writerow
    write([*(safe(pasted.name_of(column)) for column in range(width)), WHY])
    for row, why in refused:
        filled = (*row.cells, *[""] * (width - len(row.cells)))
        write([*map(safe, filled), safe(why)])
    return out.getvalue()


def safe(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `bare` gives back what it was."""
    return f"{SAFE}{cell}" if cell.startswith((*STARTS, SAFE)) else cell


def bare(cell: str) -> str:
    return cell[1:] if cell.startswith(SAFE) and cell[1:].startswith((*STARTS, SAFE)) else cell


def _cells(text: str) -> list[tuple[int, tuple[str, ...]]]:
    text = text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    before = csv.field_size_limit(MOST_CHARS)  # a huge cell is refused by itself, not with all others
    try:
        rows = csv.reader(io.StringIO(text, newline="\n"), delimiter=_separator(text))
        return [(number, tuple(map(bare, cells))) for number, cells in enumerate(rows, 1)]
    except csv.Error as error:
        raise ActRefused(f"It cannot be read as rows and columns ({error}): copy it again.") from error
    finally:
        csv.field_size_limit(before)


def _separator(text: str) -> str:
    """A tab where there is one, as spreadsheets copy; else what stands in most of the first lines."""
    lines = [line for line in text[:100_000].split("\n")[:_LOOKED_AT] if line.strip()]
    counts: Sequence[tuple[int, str]] = [(sum(sign in line for line in lines), sign) for sign in _SEPARATORS]
    if counts[0][0]:
        return "\t"
    most = max(counts, key=lambda each: each[0])
    return most[1] if most[0] else ","


def _decoded(raw: bytes) -> str:
    for encoding in ("utf-16" if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
