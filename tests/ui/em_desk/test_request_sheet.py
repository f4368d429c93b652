"""The ICS 213RR on the EM desk: one key on a card, every box a field, kept and printed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from dispatch.form_desk import FormDesk
from tests.dispatch.reports.read_pdf import pages_of
from tests.ui.real import RealConsole

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    return shown


@pytest.fixture
def real(real_over: Callable[[], RealConsole], city) -> RealConsole:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    console = real_over()
    console.room.escalate(request_id, effect_needed="Clear one lane")
    console.window.go_to("em_desk")
    return console


def sit_at(real: RealConsole, position: str) -> None:
    parts = real.room.parts
    forms = FormDesk(
        store=parts.store,
        actor=lambda: replace(parts.actor, position=position),
        jurisdiction=parts.jurisdiction,
        folder=parts.folder,
    )
    real.bridge.parts = replace(parts, form_desk=forms)


def request_sheet(real: RealConsole):
    desk = real.console.em_desk
    real.wait(lambda: desk.current)
    desk.setFocus()
    real.key(Qt.Key.Key_R, SHIFT)
    return real.sheets.current


def test_a_key_opens_it_filled_and_ctrl_enter_keeps_and_prints_it(real, opened) -> None:
    sit_at(real, "Logistics")
    sheet = request_sheet(real)
    real.wait(lambda: sheet.button.isEnabled())
    assert sheet.title() == "Resource request (ICS 213RR)"
    assert sheet.fields["order"].value()[0][3].startswith("Clear one lane")
    assert "every box can be edited" in sheet.effect().lower()

    sheet.fields["order"].lines[0][0].setFocus()
    for sign in "2":
        real.key(Qt.Key(ord(sign)))
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)

    [path] = opened
    assert Path(path).name == "EXERCISE_ICS-213RR_RR-0001_v2.pdf"
    assert "RR-0001" in pages_of(Path(path).read_bytes())[0]
    again = request_sheet(real)
    real.wait(lambda: again.button.isEnabled())
    assert again.fields["order"].value()[0][0] == "2"
    assert again.effect().startswith("Version 2, saved")


def test_an_operator_reads_who_makes_it_and_can_do_nothing(real, opened) -> None:
    sheet = request_sheet(real)

    real.wait(lambda: "emergency management or Logistics" in sheet.effect())

    assert not sheet.button.isEnabled()
    real.key(Qt.Key.Key_Return, CTRL)
    assert opened == []


def test_filled_anew_takes_the_records_for_what_was_typed(real) -> None:
    sit_at(real, "Emergency manager")
    sheet = request_sheet(real)
    real.wait(lambda: sheet.button.isEnabled())
    place = sheet.fields["deliver_to"].value()
    sheet.fields["deliver_to"].box.setPlainText("Staging area 2")

    real.key(Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)

    assert place and sheet.fields["deliver_to"].value() == place


def test_typing_into_the_last_line_of_the_order_opens_another(real) -> None:
    sit_at(real, "Logistics")
    sheet = request_sheet(real)
    real.wait(lambda: sheet.button.isEnabled())
    order = sheet.fields["order"]
    before = len(order.lines)

    order.lines[-1][3].setFocus()
    real.key(Qt.Key.Key_X)

    assert len(order.lines) == before + 1 and order.value()[-1][3] == "x"
