"""The workbook of a snapshot, read back from its own parts."""

from __future__ import annotations

import random
import sys
import tempfile
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from dispatch.errors import FileNotWritten
from dispatch.reports import xlsx_cells, xlsx_file
from dispatch.reports.visible_text import visible
from dispatch.snapshot.records import NOT_ASSESSED, Number, Snapshot
from tests.dispatch.snapshot.example_workbook import HOSTILE, NIGHT, snapshot
from tests.dispatch.snapshot.workbook_reader import Workbook

SHEETS = ["Summary", "Tables", "Sites", "Reports", "Hand-overs", "Left out", "Areas", "Definitions"]


def written(content: Snapshot, folder: Path) -> Workbook:
    path = folder / "snapshot.xlsx"
    xlsx_file.write(content, path)
    return Workbook(path)


def test_it_has_a_sheet_for_each_thing(tmp_path: Path) -> None:
    book = written(snapshot(), tmp_path)

    assert book.names == SHEETS
    summary = [cell.value for cell in book.cells("Summary").values()]
    assert {"Irma", "09/10/2017 18:00 EDT", "not entered", "P1 open", "Two reports came late."} <= {*summary}
    assert {"Each site once.", "Worst"} <= {cell.value for cell in book.cells("Tables").values()}


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("is_exercise", [True, False])
def test_s18_every_sheet_says_that_it_is_an_exercise(tmp_path: Path, sheet: str, is_exercise: bool) -> None:
    book = written(snapshot(is_exercise=is_exercise), tmp_path)

    top = str(book.cells(sheet)["A1"].value)
    assert top.startswith("EXERCISE · ") is is_exercise
    assert NOT_ASSESSED in top
    assert (b"<dc:title>EXERCISE" in book.parts["docProps/core.xml"]) is is_exercise


def test_fifty_hostile_texts_come_back_whole_and_are_no_formulas(tmp_path: Path) -> None:
    book = written(snapshot(HOSTILE), tmp_path)

    assert len({*HOSTILE}) == 50
    addresses = book.column("Sites", "address")
    assert [cell.value for cell in addresses] == [visible(text) for text in HOSTILE]
    assert addresses[0].is_guarded and not addresses[-1].is_guarded
    assert {visible(text) for text in HOSTILE} <= {cell.value for cell in book.cells("Summary").values()}
    assert not [name for name in book.parts if "externalLink" in name or "_rels/sheet" in name]
    assert b"hyperlink" not in b"".join(book.parts.values())


def test_what_no_cell_may_hold_is_named_in_its_place() -> None:
    assert visible("a\0b\ud83d\u202e\x85\r") == "a[U+0000]b[U+D83D][U+202E][U+0085][U+000D]"
    assert visible("עזרה \u200f 🌀\te\u0301\r\n") == "עזרה \u200f 🌀\te\u0301\n"


@pytest.mark.parametrize("text", ["a" * 32_768, "🌀" * 16_384, "a" + "🌀" * 30_000, "\0" * 9_000])
def test_words_longer_than_a_cell_are_shortened_with_a_mark(tmp_path: Path, text: str) -> None:
    book = written(snapshot((text,)), tmp_path)

    shown = str(book.column("Sites", "address")[0].value)
    assert shown.endswith(xlsx_cells.SHORTENED)
    assert visible(text).startswith(shown.removesuffix(xlsx_cells.SHORTENED))
    assert 32_765 <= len(shown.encode("utf-16-le")) // 2 <= 32_767


@pytest.mark.parametrize("text", ["a" * 32_767, "🌀" * 16_383])
def test_words_that_just_fit_are_not_shortened(tmp_path: Path, text: str) -> None:
    assert written(snapshot((text,)), tmp_path).column("Sites", "address")[0].value == text


def test_columns_keep_their_kind(tmp_path: Path) -> None:
    book = written(snapshot(), tmp_path)

    entered = book.column("Sites", "first_entered_at (America/New_York)")[0]
    moment = datetime(1899, 12, 30) + timedelta(days=float(entered.value))  # noqa: DTZ001
    assert abs(moment - datetime(2017, 9, 10, 18, 0, 1, 250_000)) < timedelta(milliseconds=2)  # noqa: DTZ001
    assert entered.shape == "yyyy-mm-dd hh:mm:ss"
    assert book.column("Sites", "site")[0].value == "440"
    assert book.column("Sites", "reports")[0].value == 2
    assert (book.column("Reports", "latitude")[0].value, book.column("Reports", "latitude")[0].shape) == (
        27.771234,
        "0.000000",
    )
    waited = [cell for cell in book.cells("Summary").values() if cell.shape == "[h]:mm:ss"]
    assert [round(float(cell.value) * 86_400) for cell in waited] == [90, 5_400]


@pytest.mark.parametrize("at", [-(10**17), 10**17, -(10**13)])
def test_a_time_no_calendar_has_is_written_as_it_came(tmp_path: Path, at: int) -> None:
    content = snapshot()
    row = tuple(at if value == NIGHT else value for value in content.reports.values[0])

    book = written(replace(content, reports=replace(content.reports, values=(row,))), tmp_path)

    assert book.column("Reports", "entered_at (America/New_York)")[0].value == str(at)


def test_headings_stay_in_sight_and_filter(tmp_path: Path) -> None:
    book = written(snapshot(HOSTILE), tmp_path)

    sites = book.parts["xl/worksheets/sheet3.xml"]
    assert b'<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>' in sites
    assert b'<autoFilter ref="A2:' in sites
    assert "_xlnm.Print_Titles" in book.named


def test_totals_are_the_snapshots(tmp_path: Path) -> None:
    content = snapshot(HOSTILE)
    book = written(content, tmp_path)

    counts = [cell.value for at, cell in book.cells("Summary").items() if at[0] == "B" and cell.shape == "1"]
    assert counts == [number.value for number in (*content.now, *content.numbers)]
    for name, rows in zip(SHEETS[2:7], content.files, strict=True):
        assert len(book.column(name, rows.columns[0].name)) == len(rows)
    assert len(book.column("Sites", "site")) == content.numbers[0].value


def test_every_column_and_number_is_defined(tmp_path: Path) -> None:
    content = snapshot()
    book = written(content, tmp_path)

    says = {cell.value for cell in book.cells("Definitions").values()}
    assert {column.says for rows in content.files for column in rows.columns} <= says
    assert {number.says for number in content.all_numbers} <= says
    assert {number.how() for number in content.all_numbers} <= says


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    content = snapshot(HOSTILE)
    for name in ("one", "two"):
        xlsx_file.write(content, tmp_path / name)

    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert b">2017-09-11T10:00:00Z<" in Workbook(tmp_path / "one").parts["docProps/core.xml"]


def test_what_cannot_be_written_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "snapshot.xlsx"
    path.write_bytes(b"yesterday's")
    rows_kept = tmp_path / "parts"
    rows_kept.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(rows_kept))
    content = snapshot()
    wrong = replace(content, now=(*content.now, Number("x", "X", 1, "sites", (("band", 5),), "")))  # type: ignore[arg-type]

    with pytest.raises(TypeError):
        xlsx_file.write(wrong, path)

    assert sorted(tmp_path.iterdir()) == [rows_kept, path]
    assert path.read_bytes() == b"yesterday's"
    assert list(rows_kept.iterdir()) == []


def test_a_folder_that_is_not_there_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(FileNotWritten, match="is not there"):
        xlsx_file.write(snapshot(), tmp_path / "no folder" / "snapshot.xlsx")


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files are POSIX's")
@pytest.mark.parametrize("share", [0.02, 0.2, 0.5, 0.999])
def test_a_disk_that_ends_on_the_way_leaves_nothing(
    tmp_path: Path, share: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    import resource

    (tmp_path / "parts").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "parts"))
    content = snapshot(tuple(random.Random(7).randbytes(200).hex() for _ in range(400)))
    whole = written(content, tmp_path)
    # Nearly the largest part: its rows have room, the sheet made of them has not.
    most = int(max(map(len, whole.parts.values())) * share)
    (tmp_path / "snapshot.xlsx").unlink()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, before[1]))
    try:
        with pytest.raises(FileNotWritten, match="too large"):
            xlsx_file.write(content, tmp_path / "snapshot.xlsx")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert [*tmp_path.rglob("*")] == [tmp_path / "parts"]


def test_a_sheet_that_is_full_is_refused_not_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx_cells, "MOST_ROWS", 60)
    rows = snapshot(("a",) * 70)

    with pytest.raises(FileNotWritten, match="CSV"):
        xlsx_file.write(rows, tmp_path / "snapshot.xlsx")

    assert list(tmp_path.iterdir()) == []
