"""The assessor's work list as a workbook and as CSV: no format of the snapshot, not in the county's pack."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from dispatch.forms.common import file_mark, mark_exercise
from dispatch.reports import csv_file
from dispatch.reports.formats import Written
from dispatch.reports.snapshot_facts import made_at
from dispatch.reports.snapshot_head import period, place
from dispatch.reports.visible_text import visible
from dispatch.reports.xlsx_cells import Book, Sheet, Style
from dispatch.reports.xlsx_file import KINDS, STYLES, width
from dispatch.snapshot.home_columns import HOMES_LIST
from dispatch.snapshot.homes import WORK_LIST, HomeList
from dispatch.snapshot.records import Kind
from dispatch.whole_file import make_folder, writing_whole


def write(homes: HomeList, folder: Path) -> tuple[Written, ...]:
    """Both files into a folder that is made as needed; raises FileNotWritten."""
    make_folder(folder)
    zone = ZoneInfo(homes.head.zone)
    files = (
        (f"{HOMES_LIST}.xlsx", partial(write_workbook, homes)),
        (f"{HOMES_LIST}.csv", partial(csv_file.write, homes.rows, zone)),
    )
    written = []
    for name, write_one in files:
        path = folder / f"{file_mark(homes.head.is_exercise)}{name}"
        write_one(path)
        content = path.read_bytes()
        written.append(Written(path.name, hashlib.sha256(content).hexdigest(), len(content)))
    return tuple(written)


def write_workbook(homes: HomeList, path: Path) -> None:
    """Raises FileNotWritten; what stood at `path` before is then untouched."""
    # Addresses lie in the folder until the workbook is whole: no one else may read it, and it goes.
    with (
        writing_whole(path) as file,
        TemporaryDirectory(prefix="landfall-", ignore_cleanup_errors=True) as parts,
        Book(parts=Path(parts), zone=ZoneInfo(homes.head.zone)) as book,
    ):
        created = datetime.fromtimestamp(made_at(homes.head) / 1000, UTC)
        names = {"title": banner(homes), "subject": WORK_LIST, "author": homes.head.city}
        book.workbook.set_properties(
            {**{key: visible(said) for key, said in names.items()}, "created": created}
        )
        _homes(book, homes)
        _about(book, homes)
        file.write(book.content())


def banner(homes: HomeList) -> str:
    """At the top of each sheet, because sheets are printed alone (S18)."""
    return mark_exercise(f"{WORK_LIST} {homes.head.storm} · version {homes.version}", homes.head.is_exercise)


def _homes(book: Book, homes: HomeList) -> None:
    columns = homes.rows.columns
    sheet = _sheet(book, homes, "Homes", [width(column) for column in columns])
    zone = homes.head.zone
    sheet.line([f"{c.name} ({zone})" if c.kind is Kind.TIME else c.name for c in columns], (Style.HEADING,))
    sheet.worksheet.repeat_rows(0, 1)
    sheet.worksheet.freeze_panes(sheet.at, 2)
    styles = [STYLES[column.kind] for column in columns]
    for row in homes.rows.values:
        sheet.line(row, styles)
    last = max(sheet.at - 1, 1)
    sheet.worksheet.autofilter(1, 0, last, len(columns) - 1)
    sheet.worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{last + 1}"})


def _about(book: Book, homes: HomeList) -> None:
    sheet = _sheet(book, homes, "About", [32, 14, 70, 60])
    head = homes.head
    for label, said in (("For", place(head)), ("Period", period(head)), ("Filter", head.filter)):
        sheet.line((label, said))
    sheet.line()
    sheet.line(("Number", "Count", "What it means", "How it is counted"), (Style.HEADING,))
    for number in homes.numbers:
        cells = number.label, number.value, number.says, number.how()
        sheet.line(cells, (Style.TEXT, Style.WHOLE, Style.LONG))
    sheet.line()
    sheet.line(("Column", "", "What it means", "How it is written"), (Style.HEADING,))
    for column in homes.rows.columns:
        sheet.line((column.name, "", column.says, KINDS[column.kind].format(zone=head.zone)), (Style.LONG,))


def _sheet(book: Book, homes: HomeList, name: str, widths: list[int]) -> Sheet:
    sheet = book.sheet(name, widths)
    sheet.worksheet.repeat_rows(0)
    sheet.line((banner(homes),), (Style.TITLE,))
    return sheet
