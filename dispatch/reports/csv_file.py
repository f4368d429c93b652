"""A file of rows as CSV for spreadsheets: UTF-8 with its mark, times in the city's zone with their distance
from UTC, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from datetime import tzinfo
from pathlib import Path

from dispatch.forms.common import iso
from dispatch.formulas import harmless
from dispatch.snapshot.records import Cell, Kind, Rows
from dispatch.whole_file import write_whole

MARK = "\ufeff"  # by which spreadsheets know UTF-8


def write(rows: Rows, zone: tzinfo, path: Path) -> None:
    """Raises FileNotWritten."""
    write_whole(path, content(rows, zone))


def content(rows: Rows, zone: tzinfo) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in rows.columns)
    if len(rows):
        cells = zip(*rows.values, strict=True)
        kinds = (column.kind for column in rows.columns)
        writer.writerows(zip(*(_column(*each, zone) for each in zip(cells, kinds, strict=True)), strict=True))
    return (MARK + text.getvalue()).encode("utf-8", "replace")


def _column(cells: tuple[Cell, ...], kind: Kind, zone: tzinfo) -> list[str]:
    """Each value written once: most columns repeat a few words."""
    written = {cell: _written(cell, kind, zone) for cell in set(cells)}
    return [written[cell] for cell in cells]


def _written(cell: Cell, kind: Kind, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if kind is Kind.TIME:
        return iso(int(cell), zone)
    if kind is Kind.TEXT:
        return harmless(str(cell).replace("\x00", ""))
    return str(cell)
