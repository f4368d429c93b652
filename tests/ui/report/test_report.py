"""The Report screen on a real console: pages as they print, each number with its rows, files in a folder."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from zipfile import ZipFile

import pytest
from PySide6.QtCore import QProcess, Qt

from dispatch.records import Band
from dispatch.reports.formats import FORMATS
from dispatch.snapshot_job.orders import CONTENT, ROWS
from tests.city import City
from ui.report import view as report_view
from ui.report import writing
from ui.report.numbers import NumbersModel, Row
from ui.report.period import Span

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
Key = Qt.Key


@pytest.fixture
def city(tmp_path, clock):
    with City(tmp_path / "city", storm="irma") as running:
        clock.set(int(datetime.fromisoformat(running.clock()["now"]).timestamp() * 1000))
        yield running


@pytest.fixture
def one(real_over):
    found = real_over()
    found.key(Key.Key_G)
    found.key(Key.Key_S)
    screen = found.console.report
    found.wait(lambda: screen.look is not None and screen.is_at_rest)
    return found


def test_g_s_counts_the_storm_and_shows_it_as_it_will_print(one) -> None:
    screen = one.console.report
    assert one.window.screen == "report"
    head = screen.look.snapshot.head
    assert head.from_at < int(one.bridge.board.first_at.min()) and head.to_at == one.bridge.clock.now() + 1
    number = screen.page.numbers.number()
    assert (number.key, number.value) == ("life_safety_open", 3)
    assert screen.page.pages.look is screen.look and screen.look.pages > 2
    image = screen.page.pages.paper.image
    assert image.width() == screen.page.pages.area.viewport().width() * image.devicePixelRatio()
    assert (
        len({image.pixel(x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7)}) > 9
    )


def test_page_down_goes_down_the_page_and_then_to_the_next(one) -> None:
    pages = one.console.report.page.pages
    bar = pages.area.verticalScrollBar()
    seen = []
    for _ in range(4):
        seen.append((pages.page, bar.value()))
        one.key(Key.Key_PageDown)
        one.wait(lambda: one.console.report.is_at_rest)
    assert seen == sorted(set(seen)) and pages.page >= 1
    for _ in range(9):
        one.key(Key.Key_PageUp)
        one.wait(lambda: one.console.report.is_at_rest)
    assert (pages.page, bar.value()) == (0, 0)


def test_walking_over_the_numbers_shows_what_each_means_and_its_rows(one) -> None:
    screen = one.console.report
    rows = screen.page.numbers.numbers.rows
    for _ in range(200):
        before = screen.page.numbers.currentIndex().row()
        number = screen.page.numbers.number()
        assert number is not None and not rows[before].is_head
        one.wait(lambda: screen.page.behind.is_at_rest)
        assert (
            f"{number.value:,} · " in screen.page.behind.said() and number.how() in screen.page.behind.said()
        )
        assert len(screen.page.behind.table.rows) == min(number.value, 200)
        one.key(Key.Key_J)
        if screen.page.numbers.currentIndex().row() == before:
            break
        one.key(Key.Key_Right)
    assert before > 60, "over every section"


def test_a_row_opens_its_site_in_the_queue_and_escape_goes_back_to_the_numbers(one) -> None:
    screen = one.console.report
    one.key(Key.Key_Return)
    assert screen.page.behind.table.hasFocus()
    one.key(Key.Key_Escape)
    assert screen.page.numbers.hasFocus()
    one.key(Key.Key_Return)
    number = screen.page.behind.table.row().cells[0].text
    one.key(Key.Key_Return)
    one.wait(lambda: one.window.screen == "queue" and one.selection.current)
    assert one.selection.current == one.room.site(number)


def test_another_period_and_area_are_counted_and_the_chosen_number_stays(one) -> None:
    screen = one.console.report
    screen.page.numbers.setCurrentIndex(screen.page.numbers.numbers.place_of("open"))
    one.key(Key.Key_T, ALT)
    sheet = one.sheets.current
    sheet.kind.show_value(Span.OWN)
    sheet.from_at.line.setText("10 Sep 12:00")
    sheet.to_at.line.setText("9 Sep 12:00")
    sheet.confirm()
    assert "end before it begins" in sheet.to_at.complaint()
    sheet.to_at.line.setText("11 Sep 06:00")
    sheet.area.show_value("Disston Heights")
    before = screen.look
    sheet.confirm()
    one.wait(lambda: screen.look is not before and screen.is_at_rest)
    snapshot = screen.look.snapshot
    assert (snapshot.head.to_at - snapshot.head.from_at) == 18 * 3_600_000
    assert snapshot.head.filter == "Only sites in Disston Heights."
    assert screen.page.numbers.number().key == "open" and screen.page.numbers.number().value < 46
    assert not before.folder.exists() and screen.look.folder.exists()


def test_a_sheet_opened_again_has_the_period_that_is_shown(one) -> None:
    one.key(Key.Key_T, ALT)
    sheet = one.sheets.current
    assert sheet.kind.value() is Span.STORM
    assert (sheet.from_at.value(), sheet.to_at.value()) == ("4 Sep 2017 00:00", "11 Sep 2017 10:30")


def test_what_changed_since_stands_there_after_counting_again(one) -> None:
    screen = one.console.report
    site = int(one.bridge.board.site_id[one.bridge.board.is_open()][0])
    one.room.desk.set_band(site, Band.P1)
    before = screen.look
    one.key(Key.Key_R, ALT)
    one.wait(lambda: screen.look is not before and screen.is_at_rest)
    assert screen.look.snapshot.version != before.snapshot.version and screen.page.numbers.number().value == 4


def test_the_files_of_an_export_are_whole_and_the_console_goes_on(one, tmp_path: Path, monkeypatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        writing.QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()) or True
    )
    said: list[str] = []
    one.bridge.said.connect(lambda words, _alarm: said.append(words))
    screen = one.console.report
    one.key(Key.Key_E, CTRL)
    sheet = one.sheets.current
    assert "EXERCISE_hurricane-test-2017-09-04-to-2017-09-11" in sheet.folder.value()
    assert set(sheet.formats.value()) == set(FORMATS), "every format there is, and all are ticked"
    sheet.folder.show_value("")
    sheet.confirm()
    assert "which folder" in sheet.folder.complaint()
    sheet.folder.show_value(str(tmp_path / "out"))
    sheet.confirm()
    one.wait(lambda: screen.export_bar.isVisible() and one.sheets.current is None)
    one.wait(lambda: said)
    manifest = json.loads((tmp_path / "out" / "EXERCISE_manifest.json").read_bytes())
    named = {each["name"] for each in manifest["files"]} | {"EXERCISE_manifest.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == named
    assert said == [f"{len(named)} files in {tmp_path / 'out'}"] and opened == [str(tmp_path / "out")]
    assert manifest["version"] == screen.look.snapshot.version
    assert not screen.export_bar.isVisible()


def test_one_zip_for_the_county_is_written_beside_the_console(one, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(writing.QDesktopServices, "openUrl", lambda url: True)
    said: list[str] = []
    one.bridge.said.connect(lambda words, _alarm: said.append(words))
    one.key(Key.Key_E, CTRL)
    sheet = one.sheets.current
    assert sheet.formats.isEnabled() and sheet.button.text() == "Write the files"
    sheet.way.buttons["pack"].click()
    assert not sheet.formats.isEnabled() and sheet.button.text() == "Write the zip"
    sheet.folder.show_value(str(tmp_path / "out"))
    sheet.confirm()
    one.wait(lambda: said)
    (path,) = (tmp_path / "out").iterdir()
    assert path.name.startswith("EXERCISE_hurricane-test-2017-09-04-to-2017-09-11-") and path.suffix == ".zip"
    assert said == [f"{path.name} in {tmp_path / 'out'}"]
    with ZipFile(path) as found:
        manifest = json.loads(found.read("EXERCISE_manifest.json"))
    assert manifest["version"] == one.console.report.look.snapshot.version


def test_a_zip_that_is_stopped_is_not_there(one, tmp_path: Path) -> None:
    said: list[str] = []
    one.bridge.said.connect(lambda words, _alarm: said.append(words))
    screen = one.console.report
    screen.write_pack(tmp_path / "out", "county.zip")
    one.wait(lambda: "Writing 1 of" in screen.export_bar.said())
    one.key(Key.Key_S, ALT)
    assert said[-1] == "Stopped: no zip is there."
    one.wait(lambda: not screen.writing.job.findChildren(QProcess))
    assert not (tmp_path / "out").exists() or list((tmp_path / "out").iterdir()) == []


def test_an_export_that_is_stopped_leaves_no_half_file(one, tmp_path: Path) -> None:
    said: list[str] = []
    one.bridge.said.connect(lambda words, _alarm: said.append(words))
    screen = one.console.report
    screen.write_files(tmp_path / "out", ("pdf", "xlsx", "csv", "geopackage", "geojson", "json"))
    one.wait(lambda: "Writing 1 of" in screen.export_bar.said())
    one.key(Key.Key_S, ALT)
    assert not screen.export_bar.isVisible() and "no manifest" in said[-1]
    one.wait(lambda: not screen.writing.job.findChildren(QProcess))
    left = [path.name for path in (tmp_path / "out").iterdir()]
    assert not [name for name in left if name.endswith(".part") or "manifest" in name]


def test_a_folder_that_may_not_be_written_is_said_to_be_one(one, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    said: list[tuple[str, bool]] = []
    one.bridge.said.connect(lambda words, alarm: said.append((words, alarm)))
    one.console.report.write_files(tmp_path / "file", ("csv",))
    one.wait(lambda: said)
    assert said[0][1] and "Choose another folder" in said[0][0]


def test_with_the_console_goes_what_lay_on_the_disk(one) -> None:
    screen = one.console.report
    folder = screen.look.folder
    assert (folder / CONTENT).exists() and (folder / ROWS).exists()
    one.console.close()
    assert not folder.exists()


def test_what_heads_it_is_entered_once_and_stands_on_the_next_count(one) -> None:
    screen = one.console.report
    before = screen.look
    one.key(Key.Key_E, ALT)
    sheet = one.sheets.current
    one.wait(lambda: sheet.button.isEnabled())
    sheet.fields["contact"].line.setText("EOC Planning, 727-555-0100")
    sheet.fields["disaster_number"].line.setText("DR-4337")
    sheet.confirm()
    one.wait(lambda: screen.look is not before and screen.is_at_rest)
    head = screen.look.snapshot.head
    assert (head.contact, head.disaster_number) == ("EOC Planning, 727-555-0100", "DR-4337")
    assert head.declared_area == ""
    one.key(Key.Key_E, ALT)
    sheet = one.sheets.current
    one.wait(lambda: sheet.button.isEnabled())
    assert sheet.fields["disaster_number"].value() == "DR-4337" and "A. Operator" in sheet.effect()
    one.sheets.close()
    one.key(Key.Key_Z, CTRL)
    one.wait(lambda: "Undone" in one.window.toast.said())
    assert one.room.parts.snapshot_desk.facts().contact == ""


def test_a_count_that_is_refused_says_why_and_keeps_what_was_there(one) -> None:
    screen = one.console.report
    before = screen.look
    screen.ask_for(report_view.Wish(Span.OWN, from_at=2, to_at=1))
    one.wait(lambda: not screen.job.is_running)
    assert screen.look is before and "turn the two times around" in screen.head_words()


def number(key: str, value: int = 1):
    from dispatch.snapshot.records import Number

    return Number(key, key, value, "sites", (), "")


def test_a_shorter_count_takes_rows_away_and_a_longer_one_adds_some(qtbot, qtmodeltester) -> None:
    model = NumbersModel()
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    long = [Row("Head", is_head=True), *(Row(f"{n}", (number(f"a{n}"), number(f"b{n}"))) for n in range(9))]
    qtmodeltester.check(model, force_py=True)
    for rows in (long[:3], long, long[:2], [], long):
        model.take(rows)
        assert model.rowCount() == len(rows)
    assert not resets and model.number(model.place_of("b4")).key == "b4"
