"""The sheet for pasted calls, by keys alone: what would be taken is seen first, what is not is kept."""

from __future__ import annotations

import csv

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from dispatch.calls.mapping import Column
from dispatch.calls.paste import WHY
from dispatch.formulas import STARTS
from tests.flow.test_calls_typed_in import sheet_of
from tests.ui.real import RealConsole
from ui.sheets.paste_calls import TO_MEND

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def real(real_over, city) -> RealConsole:
    city.add_report("Limb on the sidewalk", address="100 22nd Ave N")
    return real_over()


def open_with(one: RealConsole, text: str):
    one.key(Qt.Key.Key_V, CTRL, SHIFT)
    one.wait(lambda: one.sheets.current is not None and one.sheets.current.NAME == "paste_calls")
    sheet = one.sheets.current
    assert not sheet.button.isEnabled()
    QGuiApplication.clipboard().setText(text)
    one.key(Qt.Key.Key_V, CTRL)
    one.wait(lambda: sheet._is_whole or sheet.trouble())
    return sheet


def test_500_rows_with_20_broken_ones_are_shown_first_then_taken_and_the_20_kept_to_mend(real) -> None:
    sheet = open_with(real, sheet_of(500, 20))
    assert sheet._counts.said() == "480 will be taken, 20 not"
    assert sheet.refused.count() == 20 and "No words" in sheet.refused.item(0).text()
    assert "Take 480 calls" in sheet.button.text()
    assert len(real.bridge.board.site_id) == 1, "nothing is taken before Ctrl Enter"

    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    assert len(real.bridge.board.site_id) == 481
    assert "480 calls taken. 20 rows to mend are in" in real.window.toast.said()
    [path] = (real.room.parts.folder / TO_MEND).iterdir()
    assert path.name.startswith("EXERCISE_") and path.stat().st_mode & 0o077 == 0
    heading, *rows = csv.reader(path.read_text("utf-8-sig").splitlines())
    assert heading[-1] == WHY and len(rows) == 20
    assert not [cell for row in rows for cell in row if cell.startswith(STARTS)]


def test_left_and_right_change_what_a_column_holds_and_all_is_looked_at_again(real) -> None:
    sheet = open_with(real, "2214 22nd Ave S\tA big oak lies across both lanes\tsomething else\n" * 2)
    assert sheet.mapping == (Column.ADDRESS, Column.WORDS, Column.IGNORED)
    assert sheet._counts.said() == "1 will be taken, 1 not"

    real.key(Qt.Key.Key_Down)
    real.key(Qt.Key.Key_Left)
    real.wait(lambda: sheet._is_whole)

    assert sheet.mapping[1] is Column.IGNORED, "before the first meaning stands the last"
    assert sheet._counts.said() == "0 will be taken, 2 not" and not sheet.button.isEnabled()


def test_what_is_no_list_says_what_to_do(real) -> None:
    sheet = open_with(real, "  \n ")

    assert "copy the rows in the spreadsheet first" in sheet.trouble()
    assert real.sheets.current is sheet


def test_the_rest_is_saved_where_a_person_wants_it(real, tmp_path) -> None:
    sheet = open_with(real, "Description\tAddress\n=1+1\t\nOak down\t2214 22nd Ave S")
    sheet.save_as(str(tmp_path / "rest.csv"))
    real.wait(lambda: (tmp_path / "rest.csv").exists() and "rest.csv" in sheet._counts.said())

    assert "'=1+1" in (tmp_path / "rest.csv").read_text("utf-8-sig")
