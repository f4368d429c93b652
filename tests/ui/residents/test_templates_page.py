"""The Templates page on a real console: texts read, changed, approved and put back by keys; its preview."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.records import Intent
from ui.residents.templates import index_of

CTRL = Qt.KeyboardModifier.ControlModifier


class Page:
    def __init__(self, one: Any) -> None:
        self.one = one
        one.window.go_to("residents")
        one.console.residents.show_page("templates")
        one.wait(lambda: self.page.templates is not None and self.page._preview.said())
        self.desk = one.room.parts.template_desk

    @property
    def page(self) -> Any:
        return self.one.console.residents._page("templates")

    def choose(self, template_id: str) -> None:
        self.page.table.setCurrentIndex(index_of(self.page, template_id))
        self.page.table.setFocus()
        self.one.wait(lambda: self.page._site is not None or not self.page._sites())

    def key(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        self.one.key(key, *held)

    def standing(self, template_id: str) -> str:
        return str(self.page.model.data(index_of(self.page, template_id)))


@pytest.fixture
def page(real_over, city) -> Page:
    city.add_report("There is a large hole in the road", category="pothole")
    return Page(real_over())


def test_a_text_is_changed_approved_and_put_back_by_keys(page):
    page.choose("got_it.en")
    assert page.standing("got_it.en") == "not approved"
    page.key(Qt.Key.Key_Return)
    page.page.text.box.selectAll()
    QTest.keyClicks(page.page.text.box, "We have it. {safety}")
    assert "Not kept yet" in page.page._stands.said()
    page.key(Qt.Key.Key_Return, CTRL)
    page.one.wait(lambda: page.standing("got_it.en") == "changed, not approved")
    assert page.desk.templates().get("got_it.en").text == "We have it. {safety}"

    page.key(Qt.Key.Key_A)
    assert "Enter: the city approves these words" in page.page._ask.said()
    assert not page.desk.templates().get("got_it.en").is_approved
    page.key(Qt.Key.Key_Return)
    page.one.wait(lambda: page.standing("got_it.en").startswith("approved"))

    page.key(Qt.Key.Key_B)
    page.key(Qt.Key.Key_Return)
    page.one.wait(lambda: page.standing("got_it.en") == "not approved")
    assert page.desk.templates().get("got_it.en").text.startswith("Thank you")


def test_what_may_not_be_said_is_told_while_it_is_written_and_not_kept(page):
    page.choose("got_it.en")
    page.key(Qt.Key.Key_Return)
    page.page.text.box.selectAll()
    QTest.keyClicks(page.page.text.box, "Help is on the way {nobody}")
    assert "no slot {nobody}" in page.page._no.said()
    assert not page.page._keep.isEnabled()
    page.key(Qt.Key.Key_Escape)
    assert page.page.text.value().startswith("Thank you")
    assert page.page._no.said() == ""


def test_a_text_is_shown_as_a_real_site_would_fill_it(page):
    page.choose("got_it.es")
    assert "Gracias, su reporte ha llegado: Bache o calle desnivelada." in page.page._preview.said()
    assert "EXERCISE" in page.page._preview.said()
    page.choose("on_the_list.en")
    assert "Now it may take" in page.page._preview.said()


def test_what_is_being_written_stays_when_another_text_is_chosen(page):
    page.choose("got_it.en")
    page.key(Qt.Key.Key_Return)
    QTest.keyClicks(page.page.text.box, "x")
    page.page.table.setCurrentIndex(index_of(page.page, "done.en"))
    assert "x" in page.page.text.value()
    assert page.page.text.value().replace("x", "", 1)


def test_a_text_of_its_own_is_made_in_a_sheet_and_has_its_row(page):
    page.choose("got_it.en")
    page.key(Qt.Key.Key_V)
    sheet = page.one.sheets.current
    assert sheet.NAME == "text_variant"
    sheet.fields["name"].line.setText("potholes")
    sheet.fields["categories"].line.setText("nothing")
    sheet.fields["text"].show_value("We fill holes at night. {safety}")
    sheet.confirm()
    assert "no category" in sheet.fields["categories"].complaint()
    sheet.fields["categories"].line.setText("Pothole or uneven road")
    sheet.confirm()
    page.one.wait(
        lambda: page.desk.templates().choose(Intent.GOT_IT, category="pothole").variant == "potholes"
    )
    page.one.wait(lambda: index_of(page.page, "got_it-potholes.en").isValid())
    row = page.page.model.rows[index_of(page.page, "got_it-potholes.en").row()]
    assert page.page.model.standing(row, "es") == "none: English is said"
