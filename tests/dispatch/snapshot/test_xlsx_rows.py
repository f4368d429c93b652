"""Lines of a sheet written at once against the library's own way, a cell at a time."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from dispatch.errors import FileNotWritten
from dispatch.reports import xlsx_cells, xlsx_rows
from dispatch.reports.xlsx_cells import Book, Style
from dispatch.snapshot.records import Cell
from tests.dispatch.snapshot.example_workbook import HOSTILE, NIGHT
from tests.dispatch.snapshot.workbook_reader import Workbook

STYLES = (Style.TEXT, Style.WHOLE, Style.DEGREES, Style.TIME, Style.SECONDS, Style.TEXT)
NUMBERS: tuple[Cell, ...] = (None, "", 0, -1, 3, 27.771234, -82.6, 1e21, float("nan"), "n/a", 10**15)
# The library takes these for its own markup: it needs two runs where one says the same.
WORDS = tuple(text for text in HOSTILE if not xlsx_cells.is_markup(text))


def lines() -> list[tuple[Cell, ...]]:
    full = [
        (text, NUMBERS[at % 11], NUMBERS[at % 7], NIGHT + at * 61_001, at * 37, WORDS[-at])
        for at, text in enumerate(WORDS)
    ]
    return [*full, (None,) * 6, *full[:9]]


def written(folder: Path, name: str, *, at_once: bool) -> Workbook:
    book = Book(parts=folder, zone=ZoneInfo("America/New_York"))
    with book:
        sheet = book.sheet("Sites", (9, 9))
        sheet.line(("Head",), (Style.TITLE,))
        if at_once:
            xlsx_rows.write(sheet, lines(), STYLES)
        else:
            for line in lines():
                sheet.line(line, STYLES)
        sheet.line(("Below", 1), (Style.TEXT, Style.WHOLE))
        (folder / name).write_bytes(book.content())
    return Workbook(folder / name)


@pytest.mark.parametrize("many", [1, 7, 4096])
def test_lines_written_at_once_are_those_written_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int
) -> None:
    monkeypatch.setattr(xlsx_rows, "MANY", many)

    at_once = written(tmp_path, "at once.xlsx", at_once=True)
    one_by_one = written(tmp_path, "one by one.xlsx", at_once=False)

    assert at_once.cells("Sites") == one_by_one.cells("Sites")
    dimension = [book.tree("Sites")[1].get("ref") for book in (at_once, one_by_one)]
    assert dimension == [f"A1:F{len(lines()) + 2}"] * 2


def test_words_like_the_librarys_markup_stay_words(tmp_path: Path) -> None:
    texts = [text for text in HOSTILE if xlsx_cells.is_markup(text)]
    book = Book(parts=tmp_path, zone=ZoneInfo("UTC"))
    with book:
        xlsx_rows.write(book.sheet("Sites", (9,)), [(text,) for text in texts], (Style.TEXT,))
        (tmp_path / "book").write_bytes(book.content())

    assert [cell.value for cell in Workbook(tmp_path / "book").cells("Sites").values()] == texts


def test_more_lines_than_a_sheet_holds_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "MOST_ROWS", 3)
    with Book(parts=tmp_path, zone=ZoneInfo("UTC")) as book:
        sheet = book.sheet("Sites", (9,))
        xlsx_rows.write(sheet, [("a",)] * 3, (Style.TEXT,))

        with pytest.raises(FileNotWritten, match="Sites has more rows"):
            xlsx_rows.write(sheet, [("a",)], (Style.TEXT,))
