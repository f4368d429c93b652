"""The Rules page: how each rule stands, what it would send before it is on, and what was answered."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.records import RuleKind
from dispatch.residents.rules import IS_P1
from tests.approved import approve
from tests.ui.real import RealConsole

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def real(city, real_over) -> RealConsole:
    for number in range(3):
        city.add_report(f"Branch {number}", category="vegetative_debris", reporter=f"resident {number}")
    city.add_report("Power line down and sparking, people near it", reporter="resident 9")
    console = real_over()
    approve(console.room)
    return console


def page_of(real: RealConsole):
    real.window.go_to("residents")
    page = real.console.residents.show_page("rules")
    real.wait(lambda: page.rules)
    return page


def test_every_rule_stands_there_off_until_its_sheet_has_shown_what_it_would_send(real) -> None:
    page = page_of(real)
    assert [row.cells[1].text for row in page._table.rows] == ["off"] * len(RuleKind)
    assert "No rule writes to a P1" in page.findChildren(type(page._name))[0].said()

    real.key(Qt.Key.Key_J)
    assert page.chosen().kind is RuleKind.BETTER_PHOTO
    real.key(Qt.Key.Key_Return)
    sheet = real.sheets.current
    sheet.fields["back_h"].show_value("48")
    sheet.fields["wait_min"].show_value("2")
    sheet.fields["back_h"].edited.emit()
    real.room.parts.clock.advance(minutes=30)
    sheet._look()
    real.wait(lambda: "3 messages at 3 sites" in sheet.effect())
    assert IS_P1 in sheet._left_out.said()
    assert sheet._sample.said().startswith("EXERCISE. Only from where you are safe")
    assert not any(rule.is_on for rule in page.rules), "nothing was done yet"

    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current is None)
    real.wait(lambda: any(rule.is_on for rule in page.rules))

    assert page._table.rows[1].cells[1].text.startswith("on since")
