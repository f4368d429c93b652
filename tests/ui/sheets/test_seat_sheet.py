"""Who sits here, by sheet: said on the line at the top, in the list, and on the form that an operator may not
make."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatch import settings
from tests.ui.real import RealConsole

SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def real(real_over, city) -> RealConsole:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    console = real_over()
    console.room.escalate(request_id, effect_needed="Clear one lane")
    return console


def sit(real: RealConsole, name: str, position: str) -> None:
    real.key(Qt.Key.Key_G)
    real.key(Qt.Key.Key_W)
    sheet = real.sheets.current
    real.window.keys._presses.clear()  # a person thinks now; the letters to come are no word begun by G
    assert QApplication.focusWidget() is sheet.fields["person"].line
    sheet.fields["person"].line.selectAll()
    QTest.keyClicks(QApplication.focusWidget(), name)
    real.key(Qt.Key.Key_Return)
    assert QApplication.focusWidget() is sheet.fields["position"].combo
    QTest.keyClicks(QApplication.focusWidget(), position)
    real.key(Qt.Key.Key_Return, CTRL)


def test_by_keyboard_an_operator_becomes_logistics_and_makes_the_request(real: RealConsole) -> None:
    assert real.window.status.person.text() == "Operator · A. Operator"
    sit(real, "Kim Ortiz", "Logi")
    real.wait(lambda: real.sheets.current is None)

    assert real.window.status.person.text() == "Logistics · Kim Ortiz"
    assert real.window.toast.said() == "Kim Ortiz sits here now, as Logistics."
    assert (real.bridge.person, real.bridge.position) == ("Kim Ortiz", "Logistics")
    assert settings.load(real.room.parts.folder).position == "Logistics"

    real.window.go_to("em_desk")
    desk = real.console.em_desk
    real.wait(lambda: desk.current)
    desk.setFocus()
    real.key(Qt.Key.Key_R, SHIFT)
    form = real.sheets.current
    real.wait(lambda: form.button.isEnabled())
    assert form.title() == "Resource request (ICS 213RR)"
    assert form.fields["requested_by"].value().startswith("Kim Ortiz")


def test_what_is_mine_is_whose_sits_here(real_over, city) -> None:
    request_id = city.add_report("Oak across 5th Ave N, nobody gets through")
    real = real_over()
    site_id = real.room.site(request_id)
    real.selection.go(site_id)
    real.bridge.act(real.room.desk.claim, site_id)
    words = lambda: real.queue.model.writer.words(real.selection.board.row(site_id))  # noqa: E731
    real.wait(lambda: "you" in str(words()))
    real.selection.narrow(claimed_by="A. Operator")

    sit(real, "Kim Ortiz", "Super")
    real.wait(lambda: real.sheets.current is None)

    assert "you" not in str(words()) and "A. Operator" in str(words())
    assert real.selection.filters.claimed_by == "Kim Ortiz"


def test_saved_views_are_those_of_who_sits_here(real: RealConsole) -> None:
    folder = real.room.parts.folder
    settings.keep(folder, views={"Kim Ortiz": {"Wires": {"key": "Alt+1", "text": "wire"}}})
    assert real.console.views.views == []
    sit(real, "Kim Ortiz", "Super")
    real.wait(lambda: [view.name for view in real.console.views.views] == ["Wires"])
    assert real.window.commands["view:Wires"].key == "Alt+1"
    assert settings.load(folder).views.keys() == {"Kim Ortiz"}


def test_a_name_that_is_none_is_said_beside_its_field(real: RealConsole) -> None:
    sit(real, " ", "Logi")
    sheet = real.sheets.current
    assert sheet.fields["person"].complaint() == "Write who sits here."
    assert real.bridge.person == "A. Operator"


def test_the_name_at_the_top_leads_to_the_sheet_and_a_long_one_is_cut(real: RealConsole) -> None:
    real.window.status.person.click()
    assert real.sheets.current.NAME == "seat"
    real.window.status.show_person("N" * 60, "Emergency manager")
    assert real.window.status.person.text().endswith("…")
    assert real.window.status.person.toolTip() == "Emergency manager · " + "N" * 60
