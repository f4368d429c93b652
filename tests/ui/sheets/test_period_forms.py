"""The ICS forms of a period, filled, edited, saved and printed; the first-hour list when the wind is down."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from dispatch.records import Band
from tests.dispatch.reports.read_pdf import pages_of
from tests.ui.real import RealConsole

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    paths: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: paths.append(url.toLocalFile()))
    return paths


@pytest.fixture
def real(real_over: Callable[[], RealConsole], city) -> RealConsole:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    console = real_over()
    console.room.desk.set_band(console.room.site(request_id), Band.P1)
    console.request_id = request_id
    return console


def opened_sheet(real: RealConsole, name: str):
    assert real.window.commands.give(name)
    sheet = real.sheets.current
    real.wait(lambda: sheet.button.isEnabled())
    return sheet


def text_of(path: str) -> str:
    return " ".join(pages_of(Path(path).read_bytes()))


def test_the_activity_log_is_filled_with_ones_own_position_and_takes_a_line_more(real, shown) -> None:
    sheet = opened_sheet(real, "ics214")
    assert sheet.title() == "Activity log (ICS 214)"
    assert sheet.fields["entries"].value().endswith(f"| #{real.request_id}: Band P2 to P1")

    sheet.fields["entries"].box.appendPlainText("11:00 | Briefed the night shift")
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    [path] = shown
    assert Path(path).name.startswith("EXERCISE_ICS-214_Operator-09-11-2017")
    assert "Briefed the night shift" in text_of(path) and "version 2, edited by A. Operator" in text_of(path)
    again = opened_sheet(real, "ics214")
    assert again.effect().startswith("Version 2, saved")
    assert "Briefed the night shift" in again.fields["entries"].value()


def test_another_position_is_another_log(real) -> None:
    sheet = opened_sheet(real, "ics214")

    sheet.whose.line.setText("Logistics")
    sheet.whose.line.editingFinished.emit()
    real.wait(lambda: sheet.button.isEnabled())

    assert sheet.fields["entries"].value() == "" and sheet.fields["position"].value() == "Logistics"


@pytest.mark.parametrize(("name", "words"), [("ics201", "Open sites: 1 P1"), ("ics209", "not assessed")])
def test_briefing_and_status_summary_are_saved_as_pages(real, shown, name: str, words: str) -> None:
    opened_sheet(real, name)

    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    [path] = shown
    assert words in text_of(path) and Path(path).parent.name == "print"


def test_s7_the_first_hour_list_is_made_from_what_is_held(real, shown) -> None:
    item = real.room.escalate(real.request_id, effect_needed="Clear one lane")
    real.room.em_desk.hold(item.escalation_id)
    assert real.window.commands.give("first_hour")
    listing = real.sheets.current
    real.wait(lambda: "P1 life safety: 1 held" in listing.effect())
    real.key(Qt.Key.Key_Return)
    real.wait(lambda: shown)

    assert "EXERCISE_first-hour-list_" in shown[0]
    assert "Clear one lane" in text_of(shown[0]) and "Still needed?" in text_of(shown[0])
