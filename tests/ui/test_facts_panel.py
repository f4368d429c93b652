"""The facts beside the reply: shown by Alt+F, a line copied at the cursor, old ones dimmed, none untrue."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from dispatch.records import (
    CityFact,
    CityFactDraft,
    CityFacts,
    CityNumber,
    FactKind,
    ListedShelter,
)
from tests.conftest import LANDFALL
from tests.notices import EVACUATION, SERVICE, published
from ui.residents.facts_words import lines_of

ALT, CTRL = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier
HOUR = 3_600_000
GIBBS = CityFactDraft(kind=FactKind.SHELTER, name="Gibbs High", value="open", room=240, source="shelter desk")
BRIDGE = CityFactDraft(
    kind=FactKind.CLOSURE,
    name="Gandy Bridge",
    value="closed both ways",
    source="Highway Patrol",
    until_at=LANDFALL + 12 * HOUR,
)
LISTED = ListedShelter("Gibbs High", "pet friendly", "850 34th St S", 5943, "County.")


def said(*drafts, at=LANDFALL):
    return tuple(CityFact(str(n), each, "A. Ortiz", "Operator", at) for n, each in enumerate(drafts))


def lines(facts, zone, now=LANDFALL):
    return {each.name: each for each in lines_of(facts, now, zone)}


def test_u6_what_is_said_has_its_age_and_source_and_is_dimmed_when_old(zone):
    facts = CityFacts((LISTED,), (), said(GIBBS, BRIDGE))

    fresh, old = lines(facts, zone), lines(facts, zone, LANDFALL + 3 * HOUR)

    assert fresh["Gibbs High"].said == "open · room for 240"
    assert "shelter desk; entered by A. Ortiz" in fresh["Gibbs High"].source
    assert (fresh["Gibbs High"].is_old, old["Gibbs High"].is_old) == (False, True)
    assert old["Gibbs High"].age == "3 h 00"
    assert fresh["Gibbs High"].copy == (
        "Shelter: Gibbs High, 850 34th St S (pet friendly), open, room for 240 as of 10:30."
    )


def test_s8_nothing_is_copied_that_nobody_stands_for(zone):
    unsaid = lines(CityFacts((LISTED,), (CityNumber("Power outage line"),), ()), zone)
    over = lines(CityFacts((), (), said(BRIDGE)), zone, BRIDGE.until_at)

    assert [each.copy for each in unsaid.values()] == ["", ""]
    assert unsaid["Power outage line"].said == "not entered"
    assert "Nobody has said that it is open" in unsaid["Gibbs High"].why_not
    assert over["Gandy Bridge"].copy == "" and "ask before it is told" in over["Gandy Bridge"].why_not


def test_shelters_with_room_stand_first_and_what_nobody_said_last(zone):
    full = replace(GIBBS, name="Lealman", value="full", room=None)
    facts = CityFacts(
        (replace(LISTED, name="Sexton"), LISTED), (CityNumber("City"),), said(full, GIBBS, BRIDGE)
    )

    assert list(lines(facts, zone)) == ["Gibbs High", "Lealman", "Gandy Bridge", "City", "Sexton"]


@pytest.fixture
def one(real_over, city):
    city.add_report("Branches at the curb", category="vegetative_debris")
    made = real_over()
    for each in (GIBBS, BRIDGE):
        made.room.parts.city_fact_desk.keep(each)
    made.site_id = int(made.bridge.board.site_id[0])
    return made


def test_alt_f_shows_them_and_enter_copies_at_the_cursor(one):
    one.selection.go(one.site_id)
    one.sheets.open("message", one.site_id)
    sheet = one.sheets.current
    box = sheet.findChildren(QPlainTextEdit)[0]
    one.wait(lambda: not box.isReadOnly() and sheet.button.isEnabled())
    box.setFocus()
    QTest.keyClicks(box, "Hello. Bye.")
    cursor = box.textCursor()
    cursor.setPosition(len("Hello."))
    box.setTextCursor(cursor)

    QTest.keyClick(box, Qt.Key.Key_F, ALT)
    panel = one.console.facts_beside.panel
    one.wait(lambda: panel.isVisible() and panel.lines)
    assert not panel.geometry().intersects(sheet.geometry().adjusted(12, 12, -12, -12))
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return)

    text = box.toPlainText()
    assert text.startswith("Hello. Shelter: Gibbs High") and text.endswith("10:30. Bye.")
    assert QApplication.focusWidget() is box and panel.isVisible()
    QTest.keyClick(box, Qt.Key.Key_F, ALT)
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_F, ALT)
    assert not panel.isVisible() and QApplication.focusWidget() is box


def test_it_goes_with_its_sheet(one):
    one.sheets.open("message", one.site_id)
    one.console.facts_beside.toggle()
    assert one.console.facts_beside.panel.isVisible()

    one.sheets.close()

    assert not one.console.facts_beside.panel.isVisible()


def test_without_a_reply_it_is_a_sheet_and_alt_t_types_one_in(one):
    one.window.commands.give("facts")
    sheet = one.sheets.current
    one.wait(lambda: sheet.panel.lines)
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return)
    assert QApplication.clipboard().text().startswith("Shelter: Gibbs High")

    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_T, ALT)
    typing = one.sheets.current
    assert typing.NAME == "city_fact"
    typing.fields["kind"].buttons[FactKind.CLOSURE].click()
    for name, words in (("name", "38th Ave N"), ("value", "flooded"), ("source", "Traffic desk")):
        typing.fields[name].line.setFocus()
        QTest.keyClicks(typing.fields[name].line, words)
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return, CTRL)

    one.wait(lambda: one.sheets.current.NAME == "city_facts")
    names = [each.said.name for each in one.room.parts.city_fact_desk.facts().said]
    assert names == ["38th Ave N", "Gandy Bridge", "Gibbs High"]


def test_what_holds_no_longer_is_taken_away_by_a_key(one):
    one.window.commands.give("facts")
    sheet = one.sheets.current
    one.wait(lambda: sheet.panel.lines)

    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_R, ALT)

    one.wait(lambda: len(one.room.parts.city_fact_desk.facts().said) == 1)
    assert one.room.parts.city_fact_desk.facts().said[0].said == BRIDGE


def test_notices_in_force_stand_after_the_shelters_with_place_and_end_until_they_end(one, clock):
    item = published(one.room, EVACUATION)
    one.window.commands.give("facts")
    panel = one.sheets.current.panel
    one.wait(lambda: len(panel.lines) > 1)

    assert [each.name for each in panel.lines][:3] == ["Gibbs High", "Leave Childs Park now", "Gandy Bridge"]
    line = panel.lines[1]
    assert (line.section, line.said) == ("Notices in force", "Childs Park · until 16:30")
    assert line.copy == (
        "Leave Childs Park now (Childs Park), until 16:30. Ordered by Pinellas County: Order 2017-14."
    )
    assert line.source.startswith(f"{item.number}, published by C. Manager")

    clock.set(item.expires_at)
    one.bridge.ticked.emit(clock.now())
    assert "Leave Childs Park now" not in [each.name for each in panel.lines]


def test_a_notice_of_another_seat_comes_into_the_open_panel_and_one_to_come_says_from_when(one):
    one.window.commands.give("facts")
    panel = one.sheets.current.panel
    one.wait(lambda: panel.lines)

    published(one.room, replace(SERVICE, starts_at=LANDFALL + HOUR))
    one.room._run(one.bridge.catch_up())

    one.wait(lambda: "Sandbags at Northwest Pool" in [each.name for each in panel.lines])
    line = next(each for each in panel.lines if each.section == "Notices in force")
    assert line.copy == "Sandbags at Northwest Pool (Childs Park), from 11:30 until 16:30."
