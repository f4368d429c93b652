"""Lists that are never part of a report, and surveys of others, on a real console."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import Qt
from sqlalchemy import text

from dispatch.records import Flag
from tests.city import City
from ui.report import writing

SHIFT = Qt.KeyboardModifier.ShiftModifier
Key = Qt.Key


@pytest.fixture
def city(tmp_path, clock):
    with City(tmp_path / "city", storm="irma") as running:
        clock.set(int(datetime.fromisoformat(running.clock()["now"]).timestamp() * 1000))
        yield running


@pytest.fixture
def one(real_over, monkeypatch):
    monkeypatch.setattr(writing.QDesktopServices, "openUrl", lambda _url: True)
    found = real_over()
    found.said = []
    found.bridge.said.connect(lambda words, _alarm: found.said.append(words))
    found.window.go_to("report")
    screen = found.console.report
    found.wait(lambda: screen.look is not None and screen.is_at_rest)
    press(found, Key.Key_3)
    found.wait(lambda: screen.is_at_rest)
    return found


def press(one, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
    """A key by itself: three in a breath would be a word (S12)."""
    one.window.keys._presses.clear()
    one.key(key, *held)


def log_of(one, act: str) -> list[str]:
    with one.room.store.reading() as connection:
        rows = connection.execute(text("SELECT text FROM activity_log WHERE act = :act"), {"act": act})
        return [row[0] for row in rows]


def written(one, folder: Path) -> list[str]:
    one.wait(lambda: one.sheets.current is not None)
    one.sheets.current.folder.show_value(str(folder))
    one.sheets.current.confirm()
    one.wait(lambda: any(str(folder) in words for words in one.said))
    return sorted(path.name for path in folder.iterdir())


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_list_of_homes_is_two_files_and_a_line_of_the_log(one, tmp_path: Path) -> None:
    press(one, Key.Key_H)
    assert "never for the public" in one.sheets.current.effect()
    names = written(one, tmp_path / "homes")
    assert names == ["EXERCISE_homes_work_list.csv", "EXERCISE_homes_work_list.xlsx"]
    assert len(log_of(one, "homes_listed")) == 1
    snapshot = one.console.report.look.snapshot
    (homes,) = (each.value for each in snapshot.numbers if each.key == "homes")
    assert len(rows(tmp_path / "homes" / names[0])) == homes > 0


def test_s15_restricted_places_are_in_their_own_list_and_in_no_report(one, tmp_path: Path) -> None:
    board = one.bridge.board
    restricted = board.site_id[(board.flags & Flag.RESTRICTED) != 0]
    press(one, Key.Key_R, SHIFT)
    names = written(one, tmp_path / "places")
    assert names == ["EXERCISE_restricted_places.csv"] and len(log_of(one, "restricted_listed")) == 1
    listed = rows(tmp_path / "places" / names[0])
    assert len(listed) >= len(restricted) > 0 and all(row["address"] for row in listed)
    screen = one.console.report
    screen.write_files(tmp_path / "out", ("csv", "json"))
    one.wait(lambda: any(str(tmp_path / "out") in words for words in one.said))
    public = {row["site"]: row for row in rows(tmp_path / "out" / "EXERCISE_sites.csv")}
    for row in listed:
        said = public[row["site"]]
        assert (said["address"], said["latitude"], said["longitude"]) == ("", "", "")
        assert said["neighborhood"] == row["neighborhood"]


def test_a_survey_is_joined_what_stands_nowhere_is_listed_and_it_is_taken_back(one, tmp_path: Path) -> None:
    board = one.bridge.board
    houses = Counter(str(where) for where in board.where if re.match(r"\d+ [^&]+$", str(where)))
    address = next(where for where, many in houses.items() if many == 1)
    file = tmp_path / "crews.csv"
    file.write_text(
        "address,level,cost,cost_by,cost_source,pa_line\n"
        f'"{address}",minor,1250.50,Ben Ortiz,Work order 12,C\n'
        '"1 Nowhere Lane",major,,,,\n',
        encoding="utf-8",
    )
    lists = one.console.report.lists
    press(one, Key.Key_I)
    sheet = one.sheets.current
    sheet.confirm()
    assert "whose survey" in sheet.kind.complaint()
    sheet.kind.show_value("crew")
    sheet.take_path(str(file))
    sheet.confirm()
    one.wait(lambda: one.sheets.current is None)
    one.wait(lambda: lists.surveys and lists.is_at_rest)
    [survey] = lists.surveys
    assert (survey.read, survey.taken, survey.joined) == (2, 2, 1)
    assert lists.apart.rows[0].cells[1].text == "1 Nowhere Lane" and lists.apart.rows[0].cells[2].text
    assert [row.cells[2].text for row in lists.costs.rows][-1] == "$1,250.50"

    lists.table.setFocus()
    press(one, Key.Key_X, SHIFT)
    one.wait(lambda: lists.surveys[0].is_taken_back and lists.is_at_rest)
    assert lists.costs.rows == () and lists.table.rows[0].cells[0].beside == "taken back"


def test_a_file_that_is_no_table_is_refused_in_the_sheet(one, tmp_path: Path) -> None:
    file = tmp_path / "crews.xlsx"
    file.write_bytes(b"no workbook at all")
    press(one, Key.Key_I)
    sheet = one.sheets.current
    sheet.kind.show_value("county")
    sheet.take_path(str(file))
    sheet.confirm()
    one.wait(lambda: sheet.trouble())
    assert one.sheets.current is sheet and one.console.report.lists.surveys == ()


def test_photos_are_one_zip_with_a_row_for_each_also_for_those_that_cannot_be_had(
    one, tmp_path: Path
) -> None:
    press(one, Key.Key_E)
    assert "faces and plates" in one.sheets.current.effect()
    names = written(one, tmp_path / "photos")
    assert names == ["EXERCISE_evidence.zip"] and len(log_of(one, "evidence_listed")) == 1
    with ZipFile(tmp_path / "photos" / names[0]) as found:
        index = found.read("EXERCISE_index.csv").decode("utf-8-sig")
    listed = list(csv.DictReader(index.splitlines()))
    assert listed and all(row["sha256"] or row["why_not"] for row in listed)


def test_costs_without_any_survey_are_an_empty_list_that_says_so(one) -> None:
    assert one.console.report.lists.costs.said() == "No cost has a person, a source and a line yet."


def test_a_cost_stands_beside_femas_indicator_of_the_declarations_day(one) -> None:
    press(one, Key.Key_F)
    sheet = one.sheets.current
    sheet.declared.show_value("yesterday")
    sheet.confirm()
    assert "Type the day" in sheet.declared.complaint()
    sheet.declared.show_value("10 Sep 2017")
    for name, value in (("people", "970,637"), ("people_source", "Census 2017"), ("cost", "4,000,000")):
        sheet.fields[name].show_value(value)
    sheet.confirm()
    assert "where it was read" in sheet.fields["cost_source"].complaint()
    sheet.fields["cost_source"].show_value("Finance, 14 Sep")
    sheet.confirm()
    one.wait(lambda: sheet.said())
    # 4,000,000 / 970,637 = 4.12 dollars a head; the row of 1 October 2016 asks 3.61 of a county.
    assert "$4.12 per head reaches the county indicator of $3.61" in sheet.said()
    assert "not an entitlement" in sheet.said() and one.sheets.current is sheet
