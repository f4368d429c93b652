"""Cells of a workbook: values with their kind, and words from outside that stay words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from enum import Enum
from io import BytesIO
from pathlib import Path
from traceback import clear_frames
from typing import Any, NamedTuple, Self, TypeGuard
from zoneinfo import ZoneInfo

from dispatch.errors import FileNotWritten
from dispatch.forms.common import offset_ms
from dispatch.reports.visible_text import visible, within_units
from dispatch.snapshot.records import Cell

# Limits of the format: rows of a sheet, and UTF-16 units of a cell.
MOST_ROWS = 1_048_576
MOST_UNITS = 32_767
SHORTENED = " [… shortened; the CSV file has all of it]"

DAY_MS = 86_400_000
_DAYS_TO_1970 = 25_569
_FIRST_DAY = 61  # 1 March 1900: before it the program's calendar has a leap day that never was
_DAYS = 2_958_466  # up to the end of 9999
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
    RATE = "rate"
    TIME = "time"
    SECONDS = "seconds"


_FORMATS: dict[Style, dict[str, Any]] = {
    Style.TITLE: {"bold": True, "font_size": 13},
    Style.HEADING: {"bold": True, "bottom": 1, **_WRAPPED},
    Style.TEXT: {},
    Style.LONG: _WRAPPED,
    Style.WHOLE: {"num_format": "0"},
    Style.DEGREES: {"num_format": "0.000000"},
    Style.RATE: {"num_format": "0.0"},
    Style.TIME: {"num_format": "yyyy-mm-dd hh:mm:ss"},
    Style.SECONDS: {"num_format": "[h]:mm:ss"},
}
_NUMBERS = (Style.WHOLE, Style.DEGREES, Style.RATE, Style.SECONDS)
_WORDS = (Style.TITLE, Style.HEADING, Style.TEXT, Style.LONG)


class Filled(NamedTuple):
    """What a cell holds, a number or words, and the library's format of it."""

    value: str | int | float
    shape: Any


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

    def filled(self, value: str | int | float, style: Style) -> Filled:
        """What does not fit its kind becomes words."""
        if style is Style.TIME and (day := _day(value, self.zone)) is not None:
            return Filled(day, self.formats[style])
        if style in _NUMBERS and _is_number(value):
            return Filled(float(value) / 86_400 if style is Style.SECONDS else value, self.formats[style])
        words = within_units(visible(str(value)), MOST_UNITS, SHORTENED)
        shapes = self.guarded if words.startswith(_FORMULA_STARTS) else self.formats
        return Filled(words, shapes[style if style in _WORDS else Style.TEXT])

    def sheet(self, name: str, widths: Sequence[int]) -> Sheet:
        """Widths are in digits."""
        return Sheet(self, name, widths)


class Sheet:
    """Written from the top down, a line at a time."""

    def __init__(self, book: Book, name: str, widths: Sequence[int]) -> None:
        self.book = book
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
        self.needs(1)
        for at, value in enumerate(values):
            if value is not None and value != "":
                self._put(at, value, styles[min(at, len(styles) - 1)] if styles else Style.TEXT)
        self.at += 1

    def needs(self, more: int) -> None:
        """Raises FileNotWritten where the sheet has no room for so many lines."""
        if self.at + more > MOST_ROWS:
            raise FileNotWritten(f"{self._name} has more rows than a workbook holds: take the CSV files.")

    def _put(self, at: int, value: str | int | float, style: Style) -> None:
        filled, shape = self.book.filled(value, style)
        if not isinstance(filled, str):
            self.worksheet.write_number(self.at, at, filled, shape)
        elif is_markup(filled):
            # The library takes such words for its own and would not escape them; in two runs it does.
            self.worksheet.write_rich_string(self.at, at, filled[0], shape, filled[1:], shape)
        else:
            self.worksheet.write_string(self.at, at, filled, shape)


def is_markup(words: str) -> bool:
    return words.startswith("<r>") and words.endswith("</r>")


def _is_number(value: Cell) -> TypeGuard[int | float]:
    return isinstance(value, (int, float)) and math.isfinite(value)


def _day(value: Cell, zone: ZoneInfo) -> float | None:
    """Days since the end of 1899 by the zone's clocks; None for what a workbook's calendar cannot hold."""
    if not isinstance(value, int):
        return None
    try:
        local = value + offset_ms(value, zone)
    except (OverflowError, ValueError):
        return None
    day = (local + _DAYS_TO_1970 * DAY_MS) / DAY_MS
    return day if _FIRST_DAY <= day < _DAYS else None
