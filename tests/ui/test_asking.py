"""What another one has claimed is asked for by keys, and given, kept or taken over by keys."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.ui.together import Seat


def test_asked_for_by_a_key_it_is_given_by_a_key_from_within_a_text(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    one.act(one.bridge.desk.claim, site_id)
    two.wait(lambda: site_id in two.bridge.board.claims)
    two.front()
    two.go(site_id)
    two.queue.list.setFocus()
    two.key(Qt.Key.Key_Space)
    assert two.said[-1:] == ["C. Diaz (Seat 1) has had it since 10:30. Shift A asks for it."]
    two.key(Qt.Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    sheet = two.sheets.current
    assert sheet is not None and "They see that you ask" in sheet.effect()
    two.wait(lambda: sheet.button.isEnabled())
    two.key(Qt.Key.Key_Return)
    two.wait(lambda: "Asked. The answer is told here." in two.said)

    one.wait(lambda: one.window.ask_bar.is_asked)
    assert one.window.ask_bar.words.text.startswith("B. Ruiz asks for 5th Ave N & 9th St N")
    assert one.row(site_id).state == "B. Ruiz asks you"
    one.front()
    writing = one.sheets.open("note", site_id)
    box = writing.fields["text"].box
    box.setFocus()
    QTest.keyClicks(box, "Crew")
    one.wait(box.hasFocus)
    one.key(Qt.Key.Key_G, Qt.KeyboardModifier.AltModifier)

    one.wait(lambda: one.bridge.board.claims[site_id].person == "B. Ruiz")
    two.wait(lambda: "5th Ave N & 9th St N is yours now, C. Diaz had it." in two.said)
    one.wait(lambda: not one.window.ask_bar.is_asked and one.window.ask_bar.isHidden())
    assert box.toPlainText() == "Crew" and box.hasFocus()
    one.wait(lambda: "B. Ruiz has claimed this" in writing.beside.said())


def test_kept_the_asker_is_told(pair: tuple[Seat, Seat, int]) -> None:
    one, two, site_id = pair
    one.act(one.bridge.desk.claim, site_id)
    two.wait(lambda: site_id in two.bridge.board.claims)
    two.act(two.bridge.parts.claim_desk.ask_for, site_id)
    one.wait(lambda: one.window.ask_bar.is_asked)

    one.front()
    one.key(Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)

    two.wait(lambda: "C. Diaz keeps 5th Ave N & 9th St N." in two.said)
    assert two.row(site_id).state == "claimed · C. Diaz"


def test_unanswered_it_can_be_taken_over_and_says_when(pair: tuple[Seat, Seat, int], clock: Any) -> None:
    one, two, site_id = pair
    one.act(one.bridge.desk.claim, site_id)
    two.wait(lambda: site_id in two.bridge.board.claims)
    two.act(two.bridge.parts.claim_desk.ask_for, site_id)
    clock.advance(20)
    sheet = two.sheets.open("ask", site_id)
    two.wait(lambda: sheet.view is not None)
    assert sheet.effect().endswith("It can be taken over in 40 s.") and not sheet.button.isEnabled()
    clock.advance(40)
    two.bridge.ticked.emit(clock.now())
    assert sheet.button.isEnabled()
    sheet.confirm()

    one.wait(lambda: one.bridge.board.claims[site_id].person == "B. Ruiz")
    two.wait(lambda: "Taken over." in two.said)
