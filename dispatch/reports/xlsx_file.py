"""A snapshot as a workbook: its numbers, its rows with typed columns, and what each of them means."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from dispatch.reports import xlsx_rows
from dispatch.reports.snapshot_facts import banner, facts, made_at, title
from dispatch.reports.visible_text import visible
from dispatch.reports.xlsx_cells import Book, Sheet, Style
from dispatch.snapshot.records import NOT_ASSESSED, Column, Kind, Rows, Snapshot, Table
from dispatch.whole_file import writing_whole

_SHEETS = {
    "sites": "Sites",
    "reports": "Reports",
    "hand_overs": "Hand-overs",
    "left_out": "Left out",
    "areas": "Areas",
    "changes": "Changes",
}
STYLES = {
    Kind.TEXT: Style.TEXT,
    Kind.YES_NO: Style.TEXT,
    Kind.WHOLE: Style.WHOLE,
    Kind.DEGREES: Style.DEGREES,
    Kind.RATE: Style.RATE,
    Kind.TIME: Style.TIME,
}
_WIDTHS = {Kind.TEXT: 18, Kind.YES_NO: 8, Kind.WHOLE: 9, Kind.DEGREES: 12, Kind.RATE: 9, Kind.TIME: 20}
_WIDER = {"address": 38, "neighborhood": 24, "category": 28, "family": 22}
KINDS = {
    Kind.TEXT: "Text.",
    Kind.YES_NO: "yes or no.",
    Kind.WHOLE: "A whole number.",
    Kind.DEGREES: "Degrees, six digits.",
    Kind.RATE: "A number with one decimal.",
    Kind.TIME: "Time in {zone}; where clocks go back an hour stands twice, and the CSV file tells which.",
}


def write(snapshot: Snapshot, path: Path) -> None:
    """Raises FileNotWritten; what stood at `path` before is then untouched."""
    head = snapshot.head
    # Residents' words lie in the folder until the workbook is whole: no one else may read it, and it goes.
    with (
        writing_whole(path) as file,
        TemporaryDirectory(prefix="landfall-", ignore_cleanup_errors=True) as parts,
        Book(parts=Path(parts), zone=ZoneInfo(head.zone)) as book,
    ):
        _fill(book, snapshot)
        file.write(book.content())


def _fill(book: Book, snapshot: Snapshot) -> None:
    head = snapshot.head
    names = {"title": title(head), "subject": NOT_ASSESSED, "author": head.city}
    created = datetime.fromtimestamp(made_at(head) / 1000, UTC)
    book.workbook.set_properties(
        {**{name: visible(said) for name, said in names.items()}, "created": created}
    )
    _summary(book, snapshot)
    _tables(book, snapshot)
    for rows in snapshot.files:
        _rows(book, snapshot, rows)
    _definitions(book, snapshot)


def _summary(book: Book, snapshot: Snapshot) -> None:
    sheet = _sheet(book, snapshot, "Summary", (44, 24, 24, 60))
    for fact in facts(snapshot):
        sheet.line(fact)
    for heading, numbers in (("Now", snapshot.now), ("Numbers of the period", snapshot.numbers)):
        sheet.line()
        sheet.line((heading, "Count", "Note"), (Style.HEADING,))
        for number in numbers:
            sheet.line((number.label, number.value, number.note), (Style.TEXT, Style.WHOLE, Style.TEXT))
    sheet.line()
    headings = ("How long it took", "Half within (h:mm:ss)", "Nine in ten within (h:mm:ss)", "n")
    sheet.line(headings, (Style.HEADING,))
    for spread in snapshot.spreads:
        sheet.line(
            (spread.label, spread.half_s, spread.nine_in_ten_s, spread.n),
            (Style.TEXT, Style.SECONDS, Style.SECONDS, Style.WHOLE),
        )
    sheet.line()
    sheet.line(("Remarks",), (Style.HEADING,))
    for remark in snapshot.remarks or ("None.",):
        sheet.line((remark,))


def _tables(book: Book, snapshot: Snapshot) -> None:
    sheet = _sheet(book, snapshot, "Tables", (44, *[16] * 12))
    for table in snapshot.tables:
        sheet.line()
        sheet.line((table.title,), (Style.TITLE,))
        sheet.line((table.says,))
        sheet.line(table.headings, (Style.HEADING,))
        has_rate = any(line.per_1000 is not None for line in table.lines)
        for line in table.lines:
            counts = [number.value for number in line.numbers]
            styles = [Style.TEXT, *[Style.WHOLE] * len(counts), *[Style.RATE] * has_rate, Style.TEXT]
            sheet.line((line.label, *counts, *[line.per_1000] * has_rate, line.worst), styles)


def _rows(book: Book, snapshot: Snapshot, rows: Rows) -> None:
    zone = snapshot.head.zone
    sheet = _sheet(book, snapshot, _SHEETS[rows.name], [width(column) for column in rows.columns])
    headings = [f"{c.name} ({zone})" if c.kind is Kind.TIME else c.name for c in rows.columns]
    _head(sheet, headings)
    xlsx_rows.write(sheet, rows.values, [STYLES[column.kind] for column in rows.columns])
    last = max(sheet.at - 1, 1)
    sheet.worksheet.autofilter(1, 0, last, len(headings) - 1)
    # Numbers of requests are names, whatever they are made of.
    sheet.worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _definitions(book: Book, snapshot: Snapshot) -> None:
    sheet = _sheet(book, snapshot, "Definitions", (22, 38, 70, 60))
    _head(sheet, ("Where", "Name", "What it means", "How it is counted or written"))
    for rows in snapshot.files:
        for column in rows.columns:
            kind = KINDS[column.kind].format(zone=snapshot.head.zone)
            sheet.line((_SHEETS[rows.name], column.name, column.says, kind), (Style.LONG,))
    for where, numbers in (("Now", snapshot.now), ("Numbers of the period", snapshot.numbers)):
        for number in numbers:
            sheet.line((where, number.label, number.says, number.how()), (Style.LONG,))
    for spread in snapshot.spreads:
        how = "Half and nine in ten of n; a time, not a count."
        sheet.line(("How long it took", spread.label, spread.says, how), (Style.LONG,))
    for table in snapshot.tables:
        _define_table(sheet, table)


def _define_table(sheet: Sheet, table: Table) -> None:
    sheet.line((table.title, "The table", table.says), (Style.LONG,))
    for line in table.lines:
        for heading, number in zip(table.headings[1:], line.numbers, strict=False):
            name = f"{line.label} · {heading}"
            sheet.line((table.title, name, number.says, number.how()), (Style.LONG,))


def _sheet(book: Book, snapshot: Snapshot, name: str, widths: tuple[int, ...] | list[int]) -> Sheet:
    """With the banner in its first line, on every page it is printed on (S18)."""
    sheet = book.sheet(name, widths)
    sheet.worksheet.repeat_rows(0)
    sheet.line((banner(snapshot),), (Style.TITLE,))
    return sheet


def _head(sheet: Sheet, headings: list[str] | tuple[str, ...]) -> None:
    sheet.line(headings, (Style.HEADING,))
    sheet.worksheet.repeat_rows(0, 1)
    sheet.worksheet.freeze_panes(sheet.at, 0)


def width(column: Column) -> int:
    """Room for the name and the arrow of the filter."""
    return max(_WIDER.get(column.name, _WIDTHS[column.kind]), len(column.name) + 4)
