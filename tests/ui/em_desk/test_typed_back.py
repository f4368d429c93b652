"""A walk list that has come back is typed in line by line (S16): by its codes, the one who answered once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.escalation.walked_back import AGAIN_MS, line_before
from dispatch.forms.walk_list import code
from dispatch.records import EscalationState
from dispatch.store import escalations
from tests.dispatch.forms.made import SENT_AT, answer, hand_over
from tests.ui.real import RealConsole

K = Qt.Key
LINES = 6
# A key of an office typist, and a thought before each line (Card, Moran and Newell, 1980).
KEY_S, THOUGHT_S = 0.28, 1.35


class Hand:
    """Types, and counts what it presses."""

    def __init__(self, real: RealConsole) -> None:
        self.real, self.pressed = real, 0

    def key(self, key: Qt.Key, *held: Qt.KeyboardModifier) -> None:
        self.pressed += 1 + len(held)
        self.real.key(key, *held)

    def type(self, words: str) -> None:
        self.pressed += len(words)
        QTest.keyClicks(self.real.window.focusWidget(), words)


@pytest.fixture
def real(real_over: Callable[[], RealConsole], city) -> RealConsole:
    ids = [city.add_report(f"Oak across lane {n}", address=f"{n}th Ave N & 9th St N") for n in range(LINES)]
    console = real_over()
    console.items = [console.room.escalate(each, channels=("printout",)) for each in ids]
    console.room._run(console.bridge.catch_up())
    console.window.go_to("em_desk")
    console.wait(lambda: len(console.console.em_desk.columns["sent"].ids) == LINES)
    return console


def test_s16_a_walk_list_of_six_is_typed_back_in_half_a_minute(real, say_table) -> None:
    hand = Hand(real)
    real.console.em_desk.setFocus()
    hand.key(K.Key_V, Qt.KeyboardModifier.ShiftModifier)
    for line, item in enumerate(real.items):
        sheet = real.sheets.current
        real.wait(lambda sheet=sheet: len(sheet._cards) == LINES)
        hand.type(code(item).lower())
        hand.key(K.Key_Tab)
        hand.key(K.Key_Space)
        if line == 0:
            hand.key(K.Key_Tab)
            hand.key(K.Key_Tab)
            hand.type("C. Chief")
            hand.key(K.Key_Tab)
            hand.type("Branch")
        hand.key(K.Key_Return, Qt.KeyboardModifier.ControlModifier)
        real.wait(lambda sheet=sheet: real.sheets.current not in (sheet, None))
    hand.key(K.Key_Escape)

    assert real.sheets.current is None
    with real.room.store.reading() as connection:
        found = [escalations.get(connection, item.escalation_id) for item in real.items]
    assert [item.state for item in found] == [EscalationState.ACCEPTED] * LINES
    said = {(a.by_name, a.by_position, a.how) for item in found for a in item.answers}
    assert said == {("C. Chief", "Branch", "spoken")}
    seconds = hand.pressed * KEY_S + LINES * THOUGHT_S
    say_table(
        "Walk list typed back",
        [f"{LINES} lines, {hand.pressed} keys: {seconds:.0f} s at {KEY_S} s a key, {THOUGHT_S} s a thought"],
    )
    assert seconds < 30


def test_who_answered_the_line_before_is_offered_for_two_minutes_to_who_wrote_it_down() -> None:
    spoken = answer("accept", at=SENT_AT, recorded_by="A. Operator")
    older = answer("accept", at=SENT_AT - 1000, recorded_by="A. Operator", by_name="B. Other")
    at_desk = answer("accept", at=SENT_AT + 1, recorded_by="A. Operator", how="desk")
    items = [hand_over(answers=(older, spoken)), hand_over(answers=(at_desk,))]

    assert line_before(items, "A. Operator", SENT_AT + AGAIN_MS) == spoken
    assert line_before(items, "A. Operator", SENT_AT + AGAIN_MS + 1) is None
    assert line_before(items, "B. Other", SENT_AT) is None
