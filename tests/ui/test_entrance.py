"""The window before the console: name, password, position, Enter."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.front_door import FrontDoor
from dispatch.settings import Settings
from tests.flow.test_front_door import PASSWORD, seat
from ui.entrance import Entrance
from ui.theme import Theme

POSITIONS = ("Operator", "Supervisor", "Logistics")


@pytest.fixture
def entrance(qtbot: Any, loop: Any, tmp_path: Path) -> Any:
    asyncio.set_event_loop(loop)
    seat(tmp_path)
    made = Entrance(
        door=FrontDoor(folder=tmp_path, settings=Settings()),
        positions=POSITIONS,
        position="Operator",
        theme=Theme("light"),
    )
    qtbot.addWidget(made)
    made.resize(1366, 768)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made._workers.close()
    asyncio.set_event_loop(None)


def type_in(entrance: Entrance, login: str, password: str) -> None:
    form = entrance.form
    form.login.line.setFocus()
    QTest.keyClicks(form.login.line, login)
    QTest.keyClick(form.login.line, Qt.Key.Key_Return)
    assert entrance.focusWidget() is form.password.line
    QTest.keyClicks(form.password.line, password)
    QTest.keyClick(form.password.line, Qt.Key.Key_Return)


def test_by_keyboard_alone_somebody_sits_down(entrance: Entrance, wait_until: Any) -> None:
    entrance.form.position.show_value("Logistics")
    type_in(entrance, "kim", PASSWORD)
    wait_until(entrance.came.done)
    came = entrance.came.result()
    assert came is not None
    assert (came.person.name, came.position, came.password) == ("Kim Ortiz", "Logistics", PASSWORD)
    assert entrance.form.password.line.text() == ""


def test_a_wrong_one_is_said_in_one_sentence_and_typed_again(entrance: Entrance, wait_until: Any) -> None:
    type_in(entrance, "kim", "wrong horse")
    wait_until(lambda: entrance.form.trouble.said())
    assert entrance.form.trouble.said() == "This name and password do not belong together. Try again."
    assert entrance.form.password.line.text() == "" and not entrance.came.done()
    QTest.keyClicks(entrance.form.password.line, PASSWORD)
    QTest.keyClick(entrance.form.password.line, Qt.Key.Key_Return)
    wait_until(entrance.came.done)


def test_closing_it_means_that_nobody_came(entrance: Entrance) -> None:
    entrance.close()
    assert entrance.came.result() is None
