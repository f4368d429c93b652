"""Many lines of a sheet at once, each value of a column written once: most columns repeat a few words.

The library takes a cell at a time, 5 µs each, which for the two million cells of a great storm is longer than
all other files take together. Here its file of the sheet's rows gets what it would have written there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from dispatch.reports.xlsx_cells import Book, Sheet, Style
from dispatch.snapshot.records import Cell

# Lines at a time: enough for words to repeat, few enough to weigh little.
MANY = 4096
# Where the number of the line goes; no words of a cell can hold it.
_LINE = "\0"
# The format reads such words as a sign; the first sign written so keeps them words (ECMA-376, 22.9.2.19).
_LIKE_ESCAPED = re.compile("_(x[0-9a-fA-F]{4}_)")


def write(sheet: Sheet, lines: Sequence[Sequence[Cell]], styles: Sequence[Style]) -> None:
    """Below what stands there, a style for each column; raises FileNotWritten where they are too many."""
    if not lines:
        return
    sheet.needs(len(lines))
    into = sheet.worksheet
    # What lies with the library yet goes first.
    into._write_single_row(sheet.at)
    for start in range(0, len(lines), MANY):
        into.fh.write(_lines(sheet, lines[start : start + MANY], styles))
    into._check_dimensions(sheet.at - 1, len(styles) - 1)
    into._write_single_row(sheet.at)


def _lines(sheet: Sheet, lines: Sequence[Sequence[Cell]], styles: Sequence[Style]) -> str:
    columns = [
        _column(sheet.book, at, cells, styles[at]) for at, cells in enumerate(zip(*lines, strict=True))
    ]
    written = []
    for cells in zip(*columns, strict=True):
        sheet.at += 1
        if line := "".join(cells):
            number = str(sheet.at)
            written.append(f'<row r="{number}">{line.replace(_LINE, number)}</row>')
    return "".join(written)


def _column(book: Book, at: int, cells: Sequence[Cell], style: Style) -> list[str]:
    from xlsxwriter.utility import xl_col_to_name

    begun = f'<c r="{xl_col_to_name(at)}{_LINE}" s="'
    # In the order they come in: formats are numbered as they are first asked for.
    written = {cell: _cell(book, begun, cell, style) for cell in dict.fromkeys(cells)}
    return [written[cell] for cell in cells]


def _cell(book: Book, begun: str, value: Cell, style: Style) -> str:
    """Of no value, nothing."""
    if value is None or value == "":
        return ""
    filled, shape = book.filled(value, style)
    begun += str(shape._get_xf_index())
    if not isinstance(filled, str):
        return f'{begun}"><v>{filled:.16G}</v></c>'
    kept = ' xml:space="preserve"' if filled[0].isspace() or filled[-1].isspace() else ""
    return f'{begun}" t="inlineStr"><is><t{kept}>{_escaped(filled)}</t></is></c>'


def _escaped(words: str) -> str:
    if "_x" in words:
        words = _LIKE_ESCAPED.sub(r"_x005F_\1", words)
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
