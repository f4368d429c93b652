"""The tables of a part as one CSV, and the weekly page; both lie in the data folder's `print`."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from dispatch.forms.common import EXERCISE
from ui.widgets.count_table import CountTable

# What a spreadsheet would take for a formula; the wide forms are what a Japanese keyboard types.
_FORMULA = tuple("=+-@＝＋－＠\t\r")


def as_csv(tables: Sequence[CountTable], head: str, is_exercise: bool) -> bytes:
    """One table after the other, each under its name; with a mark of its encoding for spreadsheets."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([_cell(head), *([EXERCISE] if is_exercise else [])])
    for table in tables:
        shown = [at for at in range(len(table.columns)) if not _is_bar(table, at)]
        writer.writerow([])
        writer.writerow([_cell(table.name)])
        writer.writerow([_cell(table.columns[at].title) for at in shown])
        for row in table.rows:
            texts = [row.cells[at] for at in shown if at < len(row.cells)]
            writer.writerow([_cell(f"{each.text} {each.beside}".strip()) for each in texts])
    return file.getvalue().encode("utf-8-sig")


def _is_bar(table: CountTable, at: int) -> bool:
    return any(at < len(row.cells) and row.cells[at].bar is not None for row in table.rows)


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text
