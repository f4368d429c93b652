"""A file of rows as CSV for spreadsheets: UTF-8 with its mark, times in the city's zone with their distance
from UTC, and no cell that a spreadsheet would take for a formula."""

from __future__ import annotations

import csv
import io
from datetime import tzinfo

from dispatch.forms.common import iso
from dispatch.snapshot.records import Cell, Kind, Rows

MARK = "\ufeff"  # by which spreadsheets know UTF-8
# What a cell begins with that spreadsheets calculate (OWASP, "CSV Injection").
_CALCULATES = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def content(rows: Rows, zone: tzinfo) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.name for column in rows.columns)
    kinds = [column.kind for column in rows.columns]
    writer.writerows(
        [_written(cell, kind, zone) for cell, kind in zip(row, kinds, strict=True)] for row in rows.values
    )
    return (MARK + text.getvalue()).encode("utf-8", "replace")


def _written(cell: Cell, kind: Kind, zone: tzinfo) -> str:
    if cell is None:
        return ""
    if kind is Kind.TIME:
        return iso(int(cell), zone)
    if kind is Kind.TEXT:
        return harmless(str(cell))
    return str(cell)


def harmless(text: str) -> str:
    """An apostrophe before what would be calculated: spreadsheets show the rest as it is."""
    text = text.replace("\x00", "")
    return f"'{text}" if text.startswith(_CALCULATES) else text
