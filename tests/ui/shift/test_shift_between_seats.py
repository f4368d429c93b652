"""Two seats over one PostgreSQL: who goes hands over on one, who comes confirms on the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.records import PackState
from tests.ui.together import Seat

CTRL = Qt.KeyboardModifier.ControlModifier


def go_there(seat: Seat) -> Any:
    seat.front()
    seat.window.go_to("shift")
    screen = seat.console.shift
    seat.wait(lambda: screen.pack is not None and screen.list.hasFocus())
    return screen


def test_the_other_seat_sees_the_hand_over_at_once_and_confirms_it(pair: tuple[Seat, Seat, int]) -> None:
    one, two, _ = pair
    hers = go_there(one)
    assert hers.pack.state == PackState.DRAFT
    his = go_there(two)
    assert his.pack.pack_id == hers.pack.pack_id, "one draft for the room, not one a seat"
    one.front()
    hers.side.fields["name"].setFocus()
    QTest.keyClicks(one.window.focusWidget(), "B. Ruiz")
    one.key(Qt.Key.Key_Return, CTRL)

    two.wait(lambda: his.pack.state == PackState.HANDED_OVER and not his._is_busy())
    assert his.side.out.said() == "Handed over by C. Diaz, Operator"
    two.front()
    his.side.fields["name"].setFocus()
    QTest.keyClicks(two.window.focusWidget(), "B. Ruiz")
    two.key(Qt.Key.Key_Return, CTRL)

    for seat, screen in ((one, hers), (two, his)):
        seat.wait(lambda screen=screen: screen.pack.state == PackState.CONFIRMED)
    assert hers.pack.confirmed.person == "B. Ruiz" and hers.pack == his.pack
    for seat in (one, two):
        seat.wait(lambda seat=seat: seat.console.shift_bar._waiting is None)
