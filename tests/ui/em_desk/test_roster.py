"""Who is on the desk: named by keyboard; leaving one vacant is never an accident."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt

from dispatch.records import DUTY_OFFICER, OnDuty
from tests.ui.boards import NOW
from tests.ui.em_desk.test_em_desk import desk_on
from tests.ui.seat import Screen, card_of


def opened(screen: Screen, *on: OnDuty) -> Any:
    screen.seat.em_desk.roster = lambda: {each.desk: each for each in on}
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_D)
    return screen.sheets.current


def test_it_opens_at_the_desk_of_the_card_and_takes_a_name(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = opened(screen)
    assert (sheet.NAME, sheet.fields["desk"].value()) == ("roster", card_of(41).desk)

    screen.type("K. Ono")
    screen.ctrl_enter()

    assert screen.seat.names()[-1] == "take_desk"
    assert screen.seat.done[-1].args == (card_of(41).desk, "K. Ono", "")


def test_without_a_name_nothing_is_done_where_nobody_is(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = opened(screen)

    screen.ctrl_enter()

    assert "take_desk" not in screen.seat.names()
    assert sheet.fields["person"].complaint() == "Type who is on this desk from now on."


def test_leaving_a_desk_says_so_and_to_whom_its_hand_overs_go(qtbot, run):
    screen = Screen(qtbot, run)
    sheet = opened(
        screen,
        OnDuty(card_of(41).desk, "M. Diaz", "", NOW),
        OnDuty(DUTY_OFFICER, "J. Ruiz", "", NOW),
    )

    assert sheet.button.text() == "Leave it vacant"
    assert sheet.effect().endswith("its hand-overs go to J. Ruiz.")
