"""Cells of a workbook: values with their kind, and words from outside that stay words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from io import BytesIO
from pathlib import Path
from traceback import clear_frames
from typing import Any, Self, TypeGuard
from zoneinfo import ZoneInfo

from dispatch.errors import FileNotWritten
from dispatch.reports.visible_text import visible, within_units
from dispatch.snapshot.records import Cell

# Limits of the format: rows of a sheet, and UTF-16 units of a cell.
MOST_ROWS = 1_048_576
MOST_UNITS = 32_767
SHORTENED = " [… shortened; the CSV file has all of it]"

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST = datetime(1900, 3, 1)  # before it the program's calendar has a leap day that never was  # noqa: DTZ001
# Typed again in the sheet, such words would become a formula; the quote prefix keeps them words.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\n", "'")
_WRAPPED: dict[str, Any] = {"text_wrap": True, "valign": "top"}


class Style(Enum):
    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    LONG = "long"
    WHOLE = "whole"
    DEGREES = "degrees"
    TIME = "time"
    SECONDS = "seconds"


_FORMATS: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 13},
    Style.HEADING: {"bold": True, "bottom": 1, **_WRAPPED},
    Style.TEXT: {},
    Style.LONG: _WRAPPED,
    Style.WHOLE: {"num_format": "0"},
    Style.DEGREES: {"num_format": "0.000000"},
    Style.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    Style.SECONDS: {"num_format": "[h]:mm:ss"},
}
_WORDS = (Style.TITLE, Style.HEADING, Style.TEXT, Style.LONG)


class Book:
    """`parts` is a folder for the rows on their way; `zone` is what times are written in. Leaving it lets go
    of the files in that folder, whatever became of the workbook."""

    def __init__(self, *, parts: Path, zone: ZoneInfo) -> None:
        # A second to import, for nobody who writes no workbook.
        from xlsxwriter import Workbook

        never = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
        self._packed = BytesIO()
        self.workbook = Workbook(self._packed, {"constant_memory": True, "tmpdir": str(parts), **never})
        self.zone = zone
        self.formats = {style: self.workbook.add_format(how) for style, how in _FORMATS.items()}
        self.guarded = {
            style: self.workbook.add_format(_FORMATS[style] | {"quote_prefix": True}) for style in Style
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for sheet in self.workbook.worksheets():
            # Left to the library they stay open where the disk was full, and a folder in use may not go.
            for let_go in (sheet._opt_close, sheet._xml_close):
                with suppress(OSError):
                    let_go()

    def content(self) -> bytes:
        """All of it, packed; nothing can be added then. Raises OSError."""
        from xlsxwriter.exceptions import FileCreateError

        try:
            self.workbook.close()
        except FileCreateError as error:
            # The library's own class around what the disk said; its frames hold a half-written archive open.
            said: OSError = error.args[0]
            clear_frames(said.__traceback__)
            raise said from error
        return self._packed.getvalue()

    def sheet(self, name: str, widths: Sequence[int]) -> Sheet:
        """Widths are in digits."""
        return Sheet(self, name, widths)


class Sheet:
    """Written from the top down, a line at a time."""

    def __init__(self, book: Book, name: str, widths: Sequence[int]) -> None:
        self._book = book
        self._name = name
        self.worksheet = book.workbook.add_worksheet(name)
        for at, width in enumerate(widths):
            self.worksheet.set_column(at, at, width)
        self.worksheet.set_landscape()
        self.worksheet.set_paper(1)  # letter
        self.worksheet.fit_to_pages(1, 0)
        self.at = 0

    def line(self, values: Sequence[Cell] = (), styles: Sequence[Style] = ()) -> None:
        """The last style holds for all further values; raises FileNotWritten where the sheet is full."""
        if self.at >= MOST_ROWS:
            raise FileNotWritten(f"{self._name} has more rows than a workbook holds: take the CSV files.")
        for at, value in enumerate(values):
            if value is not None and value != "":
                self._put(at, value, styles[min(at, len(styles) - 1)] if styles else Style.TEXT)
        self.at += 1

    def _put(self, at: int, value: str | int | float, style: Style) -> None:
        shape = self._book.formats[style]
        if style is Style.TIME and (local := _local(value, self._book.zone)):
            self.worksheet.write_datetime(self.at, at, local, shape)
        elif style in (Style.WHOLE, Style.DEGREES, Style.SECONDS) and _is_number(value):
            number = float(value) / 86_400 if style is Style.SECONDS else value
            self.worksheet.write_number(self.at, at, number, shape)
        else:
            self._words(at, str(value), style if style in _WORDS else Style.TEXT)

    def _words(self, at: int, words: str, style: Style) -> None:
        words = within_units(visible(words), MOST_UNITS, SHORTENED)
        shapes = self._book.guarded if words.startswith(_FORMULA_STARTS) else self._book.formats
        if words.startswith("<r>") and words.endswith("</r>"):
            # The library takes such words for its own markup and would not escape them; in two runs it does.
            self.worksheet.write_rich_string(self.at, at, words[0], shapes[style], words[1:], shapes[style])
        else:
            self.worksheet.write_string(self.at, at, words, shapes[style])


def _is_number(value: Cell) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _local(value: Cell, zone: ZoneInfo) -> datetime | None:
    """None for what a workbook's calendar cannot hold: it is written as it is."""
    if not isinstance(value, int):
        return None
    try:
        local = (_EPOCH + timedelta(milliseconds=value)).astimezone(zone).replace(tzinfo=None)
    except (OverflowError, ValueError):
        return None
    return local if local >= _FIRST else None
