"""People by sheet: an administrator adds, changes and closes; everybody else has their own password."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.people import ONE_SEAT
from dispatch.records import Role
from tests.ui.real import RealConsole
from ui.sheets.people import CLOSE, PASSWORD, ROLE
from ui.widgets.words import Words

FIRST, OTHER = "correct horse 7", "another horse 8"


@pytest.fixture
def real(real_over: Any, city: Any) -> RealConsole:
    city.add_report("Oak across 5th Ave N")
    return real_over()


def open_sheet(real: RealConsole) -> Any:
    sheet = real.sheets.open("people")
    real.wait(sheet._reading.done)
    return sheet


def type_in(sheet: Any, **words: str) -> None:
    for name, text in words.items():
        sheet.fields[name].line.clear()
        QTest.keyClicks(sheet.fields[name].line, text)


def do(real: RealConsole, sheet: Any) -> None:
    sheet.confirm()
    real.wait(lambda: real.sheets.current is None or sheet.trouble() or complaints(sheet))


def complaints(sheet: Any) -> str:
    return " ".join(filter(None, (field.complaint() for field in sheet.fields.values())))


def choose(sheet: Any, name: str, value: Any) -> None:
    sheet.fields[name].show_value(value)
    sheet.fields[name]._edit()


def add(real: RealConsole, login: str, name: str, role: Role, password: str) -> Any:
    sheet = open_sheet(real)
    type_in(sheet, login=login, name=name, password=password)
    choose(sheet, "role", role)
    do(real, sheet)
    return sheet


def listed(real: RealConsole) -> list[tuple[str, str, bool]]:
    return [(each.login, each.role.value, each.is_active) for each in real.room.parts.people.everyone()]


def sign_in(real: RealConsole, login: str, password: str) -> None:
    parts = real.room.parts
    signed = real.bridge.act(parts.seat_desk.sign_in, parts.people.sign_in(login, password), "Operator")
    real.wait(signed.done)


def test_the_sheet_says_honestly_who_keeps_these_rights(real: RealConsole) -> None:
    sheet = open_sheet(real)
    said = " ".join(words.said() for words in sheet.findChildren(Words))
    assert ONE_SEAT in said and "The first person is an administrator" in said


def test_people_are_added_changed_and_closed(real: RealConsole) -> None:
    add(real, "ada", "Ada Admin", Role.ADMINISTRATOR, FIRST)
    assert real.window.toast.said() == "Ada Admin may sign in now."
    sign_in(real, "ada", FIRST)
    add(real, "kim", "Kim Ortiz", Role.OPERATOR, FIRST)
    assert listed(real) == [("ada", "administrator", True), ("kim", "operator", True)]

    sheet = open_sheet(real)
    choose(sheet, "who", "kim")
    choose(sheet, "what", ROLE)
    assert sheet.fields["role"].value() is Role.OPERATOR
    choose(sheet, "role", Role.SUPERVISOR)
    do(real, sheet)
    sheet = open_sheet(real)
    choose(sheet, "who", "kim")
    choose(sheet, "what", PASSWORD)
    type_in(sheet, password=OTHER)
    do(real, sheet)
    assert real.room.parts.people.sign_in("kim", OTHER).role is Role.SUPERVISOR

    sheet = open_sheet(real)
    choose(sheet, "who", "kim")
    choose(sheet, "what", CLOSE)
    sheet.confirm()
    assert "signs in no more" in sheet.trouble()  # asks first
    sheet.confirm()
    real.wait(lambda: real.sheets.current is None)
    assert listed(real)[1] == ("kim", "supervisor", False)


def test_what_cannot_be_is_said_at_its_field(real: RealConsole) -> None:
    sheet = add(real, "k", "Kim", Role.ADMINISTRATOR, FIRST)
    assert "A login is 2 to 40" in sheet.fields["login"].complaint()
    real.sheets.close()
    sheet = add(real, "kim", "Kim", Role.ADMINISTRATOR, "short")
    assert "at least 8" in sheet.fields["password"].complaint()
    real.sheets.close()
    sheet = add(real, "kim", "Kim", Role.OPERATOR, FIRST)
    assert "first person is an administrator" in sheet.trouble()


def test_a_password_that_was_typed_is_no_draft(real: RealConsole) -> None:
    sheet = open_sheet(real)
    type_in(sheet, login="kim", name="Kim", password=FIRST)
    real.sheets.close()
    sheet = open_sheet(real)
    assert sheet.fields["login"].value() == "kim" and sheet.fields["password"].line.text() == ""


def test_everybody_else_changes_their_own_password_and_sees_nobody(real: RealConsole) -> None:
    people = real.room.parts.people
    people.add("ada", "Ada Admin", Role.ADMINISTRATOR, FIRST)
    people.add("kim", "Kim Ortiz", Role.OPERATOR, FIRST)
    sign_in(real, "kim", FIRST)
    sheet = open_sheet(real)
    assert sheet.title() == "Your password" and not sheet.fields["who"].isVisible()

    type_in(sheet, before="wrong horse", password=OTHER)
    do(real, sheet)
    assert "do not belong together" in sheet.trouble()
    type_in(sheet, before=FIRST)
    do(real, sheet)
    assert real.sheets.current is None
    assert people.sign_in("kim", OTHER).login == "kim"


def test_enter_goes_on_and_ctrl_enter_adds(real: RealConsole) -> None:
    sheet = open_sheet(real)
    assert sheet.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert real.sheets.current is None
