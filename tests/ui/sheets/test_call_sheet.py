"""The form for calls, by keys alone: suggested, placed, repeated, taken, and the next one at once."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from dispatch.records import Band, Call, NearSite, Place
from dispatch.store import schema
from tests.city import HERE
from tests.ui.real import RealConsole
from ui.sheets.call_near import steady

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
TREE = "Oak across both lanes"
PHONE = "727-555-0142"
OLD = Call(
    text="Big oak over the road",
    service_code="5701",
    service_name="Storm: Tree Blocking Road",
    place=Place(*HERE),
)


@pytest.fixture
def real(real_over, city) -> RealConsole:
    city.add_report("Limb on the sidewalk", address="100 22nd Ave N", lat=27.7915, lng=-82.6344)
    city.add_report("Water on the street", address="3000 22nd St S", lat=27.742, lng=-82.663)
    return real_over()


def open_form(one: RealConsole):
    one.key(Qt.Key.Key_O)
    one.wait(lambda: one.sheets.current is not None and one.sheets.current.NAME == "call")
    sheet = one.sheets.current
    one.wait(lambda: sheet.category._services)
    one.window.keys._presses.clear()  # what is typed now is no word that begins with the key of the form
    return sheet


def write(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget(), key, held)


def take(one: RealConsole, sheet) -> None:
    """Ctrl Enter, and the form for the next call stands there."""
    press(Qt.Key.Key_Return, CTRL)
    one.wait(lambda: one.sheets.current is not sheet)


def test_an_ordinary_call_by_keys_alone_and_the_next_form_says_its_number(real) -> None:
    sheet = open_form(real)
    write(TREE)
    real.wait(lambda: "Tree or debris" in sheet.category.offered())
    press(Qt.Key.Key_Tab)
    press(Qt.Key.Key_Tab)
    write("2214 22nd ave s")
    real.wait(lambda: sheet.where.place() is not None)
    assert "2214 22nd Ave S, St. Petersburg: right?" in sheet._read_back.said()
    take(real, sheet)

    [site_id] = [
        int(each)
        for each in real.bridge.board.site_id
        if real.bridge.board.what[real.bridge.board.row(int(each))].endswith(TREE)
    ]
    view = real.room.parts.detail.view(site_id)
    assert (view.row.category, view.row.where) == ("tree_road_blocked", "2214 22nd Ave S")
    following = real.sheets.current
    assert following.NAME == "call" and following.draft() == {}
    assert following._aside.said() == "EOC call 1"
    assert "EOC call 1" in real.window.toast.said()
    real.room.sync()
    real.room.sync()
    task = asyncio.ensure_future(real.bridge.catch_up())
    real.wait(task.done)
    real.wait(lambda: re.fullmatch(r"EOC call 1 · 311 no. \d+", following._aside.said()))


def test_s2_what_is_suggested_is_taken_by_tab_and_never_by_itself(real) -> None:
    sheet = open_form(real)
    write("sewage coming up")
    real.wait(lambda: "sewage" in sheet.category.offered())

    assert sheet.call().service_name == "" and sheet.category.value() == ""
    press(Qt.Key.Key_Tab)
    write("signal")
    assert "Tab: Traffic signal" in sheet.category.offered()
    press(Qt.Key.Key_Tab)
    assert sheet.category.value() == "traffic_signal_out", "what is typed comes before what is suggested"


def test_of_what_fits_the_letters_the_one_that_the_words_suggest_stands_first(real) -> None:
    sheet = open_form(real)
    write("a big oak fell across the road, cars turn back")
    real.wait(lambda: "blocks a road" in sheet.category.offered())

    press(Qt.Key.Key_Tab)
    write("tree")

    assert "Tab: Tree or debris blocks a road" in sheet.category.offered()


def test_a_sentence_stands_beside_the_form_and_over_none_of_it(real) -> None:
    sheet = open_form(real)

    real.window.say("Taken. Tell the caller: EOC call 1.")

    right = sheet.mapTo(real.window.stage, QPoint(sheet.width(), 0)).x()
    assert real.window.toast.geometry().left() >= right


def test_s3_a_cue_shows_the_911_step_first_and_holds_nothing_up(real) -> None:
    sheet = open_form(real)
    assert not sheet.first_911.isVisible()
    write("Wire down and sparking")
    real.wait(lambda: sheet.first_911.isVisible())

    assert "sparking" in sheet._read_out.said()
    assert sheet.first_911.y() < sheet.scroll.y()
    take(real, sheet)
    real.wait(lambda: "911 NOT TOLD" in real.window.toast.said())


def test_s3_the_911_number_is_one_key_away_and_stands_with_the_site(real) -> None:
    real.selection.go(int(real.bridge.board.site_id[0]))
    sheet = open_form(real)
    write("Wire down and sparking")
    real.wait(lambda: sheet.first_911.isVisible())
    press(Qt.Key.Key_9, ALT)
    assert real.sheets.current is sheet, "the step is this call's, whatever site is chosen behind it"
    write("17-2231")
    take(real, sheet)

    [site_id] = [
        int(i)
        for i in real.bridge.board.site_id
        if real.bridge.board.band[real.bridge.board.row(int(i))] == Band.P1
    ]
    told = real.room.desk.draft(site_id).told_911
    assert told is not None and told.is_told and told.incident_number == "17-2231"


def test_s11_a_bare_22nd_is_asked_about_and_nothing_is_chosen_until_a_person_does(real) -> None:
    sheet = open_form(real)
    write(TREE)
    sheet.where.setFocus()
    write("2214 22nd")
    real.wait(lambda: sheet.where.question)

    assert sheet.where.chosen() is None and "22nd Ave S" in sheet.where.question
    assert "PLACE NOT CONFIRMED" in sheet.effect()
    press(Qt.Key.Key_Return, CTRL)
    assert real.sheets.current is sheet and "place not confirmed?" in sheet.trouble()
    press(Qt.Key.Key_Down)
    assert sheet.where.question == "" and sheet.call().address.startswith("2214 22nd ")
    assert sheet.call().address.split()[2] in ("Ave", "St")


def test_s11_a_p1_goes_with_a_poor_place_and_says_so(real) -> None:
    sheet = open_form(real)
    write("Wire down and sparking")
    sheet.where.setFocus()
    write("22nd")
    real.wait(lambda: sheet.is_p1 and sheet.where.question)
    assert "not known" in sheet.call().address
    take(real, sheet)


def test_s8_a_phone_in_the_public_words_is_asked_about(real) -> None:
    sheet = open_form(real)
    write(f"{TREE}, call {PHONE}")
    sheet.where.setFocus()
    write("100 Central Ave")
    real.wait(lambda: sheet.where.place() is not None)
    press(Qt.Key.Key_Return, CTRL)

    assert real.sheets.current is sheet and "a phone number" in sheet.trouble()
    take(real, sheet)


def test_a_site_that_is_there_already_takes_the_call_in_by_its_key(real) -> None:
    taken, _ = real.room.parts.call_desk.take_call(OLD)
    sheet = open_form(real)
    write("Oak blocks the road")
    sheet.take_spot(Place(*HERE))
    real.wait(lambda: sheet.near.lines())
    assert "Alt 1" in sheet.near.lines()[0] and "1 report" in sheet.near.lines()[0]

    press(Qt.Key.Key_1, ALT)
    assert f"Add to site {taken.site_id}" in sheet.button.text()
    take(real, sheet)

    assert real.room.parts.detail.view(taken.site_id).row.reports == 2


def test_another_seats_call_shows_up_while_this_one_is_typed(real, tmp_path, city, clock, run) -> None:
    sheet = open_form(real)
    write("Oak blocks the road")
    sheet.take_spot(Place(*HERE))
    real.wait(lambda: sheet._look is not None)
    assert sheet.near.lines() == []

    real.room.parts.call_desk.take_call(OLD)
    task = asyncio.ensure_future(real.bridge.catch_up())
    real.wait(task.done)

    real.wait(lambda: sheet.near.lines())


def test_what_was_typed_outlasts_the_program_with_its_spot(real) -> None:
    sheet = open_form(real)
    write(TREE)
    sheet.take_spot(Place(*HERE))
    real.sheets.keep_words()
    kept = real.console.drafts.load().result()[("call", "")]
    press(Qt.Key.Key_Escape)
    real.sheets._drafts.clear()
    real.sheets.offer({("call", ""): kept})

    again = open_form(real)

    assert again.what.value() == TREE and again.call().place == Place(*HERE)
    take(real, again)
    assert ("call", "") not in real.console.drafts.load().result()


def test_who_called_stands_in_no_public_table(real) -> None:
    sheet = open_form(real)
    write(TREE)
    for name, value in (("name", "Maria Ortega"), ("phone", PHONE), ("unit", "4B")):
        sheet.fields[name].setFocus()
        write(value)
    assert "call-back …0142" in sheet._read_back.said() and "727" not in sheet._read_back.said()
    take_anyway(real, sheet)

    with real.room.store.reading() as connection:
        said = "".join(
            str(connection.execute(select(table)).all())
            for table in (schema.request, schema.outbox, schema.activity_log, schema.site)
        )
        [row] = connection.execute(select(schema.caller)).all()
    assert "Ortega" not in said and "0142" not in said and "4B" not in said
    assert (row.name, row.phone) == ("Maria Ortega", PHONE)


def take_anyway(one: RealConsole, sheet) -> None:
    """Asked once whether without a place."""
    press(Qt.Key.Key_Return, CTRL)
    assert "no place" in sheet.trouble()
    take(one, sheet)


def near(site_id: int) -> NearSite:
    return NearSite(site_id, 2, "Oak", "22nd Ave S", "new", 0, 1, "same spot")


def test_a_row_keeps_its_key_while_others_come_and_go() -> None:
    slots = steady((), [near(1), near(2), near(3)])
    slots = steady(slots, [near(9), near(3), near(1)])

    assert [each and each.site_id for each in slots] == [1, 9, 3]
    assert [each and each.site_id for each in steady(slots, [near(3)])] == [None, None, 3]
    chosen = steady(slots, [near(3), replace(near(7))], chosen=1)
    assert [each and each.site_id for each in chosen] == [1, 7, 3]
