"""“Still needed?” on screen, by keyboard alone (S7): opened by the switch, answered, heard by other seats."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices

from dispatch.records import Band, Escalation, EscalationState
from dispatch.store import escalations
from tests.dispatch.reports.read_pdf import pages_of
from tests.ui.real import RealConsole
from ui.keys import BURST_MS

K = Qt.Key
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
HOUR_MS = 3_600_000
REPORTS = (
    ("Man trapped upstairs", Band.P1, "401 5th Ave N"),
    ("Woman on oxygen, stairs gone", Band.P1, "12 Bayou Blvd NE"),
    ("Oak across both lanes", Band.P2, "9th St N & 5th Ave N"),
)


@pytest.fixture
def real(real_over: Callable[[], RealConsole], city) -> RealConsole:
    ids = [city.add_report(text, address=address) for text, _, address in REPORTS]
    console = real_over()
    room = console.room
    console.items = []
    for request_id, (_, band, _) in zip(ids, REPORTS, strict=True):
        if room.view(request_id).row.band != band:
            room.desk.set_band(room.site(request_id), band, "as told")
        console.items.append(room.escalate(request_id, channels=("desk",), call_back="727-555-0100"))
        room.em_desk.hold(console.items[-1].escalation_id)
    room._run(console.bridge.catch_up())
    return console


def let_drive(real: RealConsole) -> None:
    """The switch goes off at this seat, by its sheet."""
    at = real.bridge.clock.now()
    real.room.desk.suspend("police", at, "Wind 45 mph", at + HOUR_MS)
    real.room._run(real.bridge.catch_up())
    assert real.window.commands.give("suspend")
    real.sheets.current._service.show_value("police")
    real.sheets.current.confirm()
    real.wait(lambda: real.sheets.current is not None and real.sheets.current.NAME == "still_needed")
    real.wait(lambda: real.sheets.current.list.count() == len(REPORTS))


def now(real: RealConsole, item: Escalation) -> Escalation:
    with real.room.store.reading() as connection:
        found = escalations.get(connection, item.escalation_id)
    assert found is not None
    return found


def state(real: RealConsole, number: int) -> EscalationState:
    return now(real, real.items[number]).state


def rows(real: RealConsole) -> list[str]:
    listing = real.sheets.current.list
    return [listing.item(row).text() for row in range(listing.count())]


def test_s7_the_question_opens_when_the_switch_goes_off_p1_first_and_is_answered_by_keys(real) -> None:
    let_drive(real)
    sheet = real.sheets.current
    assert [line.split()[0] for line in rows(real)] == ["P1", "P1", "P2"]
    assert sheet._aside.said() == "2 P1, 1 P2 without an answer"
    first = sheet.current()

    real.key(K.Key_Y)
    assert f"{first.number} is still needed" in sheet.button.text() and "hold ends" in sheet.effect()
    assert now(real, first).state == EscalationState.HELD, "S12: nothing until Enter"
    real.key(K.Key_Return)
    real.wait(lambda: sheet.list.count() == 2)

    assert now(real, first).state == EscalationState.ACCEPTED
    assert sheet.choice is None and sheet.current().band == Band.P1, "on to the next P1"


def test_s9_nobody_reached_stays_on_the_list_and_closes_nothing(real) -> None:
    let_drive(real)
    sheet = real.sheets.current
    first = sheet.current()

    real.key(K.Key_U)
    assert "unknown" in sheet.effect()
    real.key(K.Key_Return)
    real.wait(lambda: "not reached" in rows(real)[0])

    assert sheet.list.count() == 3 and sheet.current().escalation_id != first.escalation_id
    assert now(real, first).state == EscalationState.HELD
    assert sheet._aside.said() == "2 P1, 1 P2 without an answer", "no answer is no answer"


def test_s7_no_longer_needed_asks_who_said_so_and_comes_back_to_the_list(real) -> None:
    let_drive(real)
    first = real.sheets.current.current()

    real.key(K.Key_N)
    real.key(K.Key_Return)
    real.wait(lambda: real.sheets.current.NAME == "no_longer_needed")
    sheet = real.sheets.current
    real.key(K.Key_Return, CTRL)
    assert sheet.fields["said_by"].complaint().startswith("Say who said so")
    assert now(real, first).state == EscalationState.HELD
    sheet.fields["said_by"].show_value("The caller")
    real.key(K.Key_Return, CTRL)
    real.wait(lambda: real.sheets.current.NAME == "still_needed" and real.sheets.current.list.count() == 2)

    after = now(real, first)
    assert (after.state, after.outcome, after.confirmed_by) == (
        EscalationState.CLOSED,
        "No longer needed",
        "The caller",
    )


def test_s7_leaving_the_question_who_said_so_goes_back_and_closes_nothing(real) -> None:
    let_drive(real)
    real.key(K.Key_N)
    real.key(K.Key_Return)
    real.wait(lambda: real.sheets.current.NAME == "no_longer_needed")

    real.key(K.Key_Escape)

    assert real.sheets.current.NAME == "still_needed"
    real.wait(lambda: real.sheets.current.list.count() == 3)
    real.key(K.Key_Escape)
    assert real.sheets.current is None, "and a second time the list is left as well"


def test_enter_without_an_answer_does_nothing_and_says_which_keys(real) -> None:
    let_drive(real)

    real.key(K.Key_Return)

    assert real.sheets.current.trouble() == "Say what came of it first: Y, N or U."
    assert [state(real, n) for n in range(3)] == [EscalationState.HELD] * 3


def test_s7_the_second_seat_hears_who_was_first_and_the_list_shows_it(real) -> None:
    let_drive(real)
    sheet = real.sheets.current
    first = sheet.current()
    real.key(K.Key_Y)

    real.room.em_desk.still_needed(first.escalation_id, by_name="M. Diaz")
    real.key(K.Key_Return)
    real.wait(lambda: "M. Diaz answered first" in sheet.trouble())
    real.wait(lambda: sheet.list.count() == 2)

    assert sheet.choice is None, "what was chosen was meant for the other"


def test_s7_the_answer_of_another_seat_takes_the_row_away(real) -> None:
    let_drive(real)
    sheet = real.sheets.current
    real.key(K.Key_Y)

    real.room.em_desk.still_needed(sheet.current().escalation_id, by_name="M. Diaz")
    real.room._run(real.bridge.catch_up())
    real.wait(lambda: sheet.list.count() == 2)

    assert sheet.choice is None


def test_s7_the_em_desk_counts_what_has_no_answer_and_opens_the_list_again(real) -> None:
    let_drive(real)
    real.key(K.Key_Escape)
    real.window.go_to("em_desk")
    desk = real.console.em_desk
    real.wait(lambda: desk.still_needed.isVisible())
    assert desk.still_needed.text() == "Still needed? 2 P1, 1 P2 without an answer · S asks"
    card = desk.columns["returned"].card(real.items[0].escalation_id)
    assert any("nobody has said" in words for words, _tone in card.words.notes)

    real.key(K.Key_S)
    real.wait(lambda: real.sheets.current is not None and real.sheets.current.NAME == "still_needed")
    sheet = real.sheets.current
    pressed = time.monotonic()
    # S12: letters that follow at once would be the rest of a word.
    real.wait(lambda: time.monotonic() - pressed > BURST_MS / 1000)
    for left in (2, 1, 0):
        real.wait(lambda left=left: sheet.list.count() == left + 1)
        real.key(K.Key_Y)
        real.key(K.Key_Return)
    real.wait(lambda: sheet.list.count() == 0)

    assert sheet.effect() == "Each has its answer: no P1 or P2 is held for weather any more."
    real.wait(lambda: not desk.still_needed.isVisible())
    real.key(K.Key_Return)
    assert real.sheets.current is None


def test_with_nothing_held_the_list_says_so_and_enter_closes_it(real_over) -> None:
    real = real_over()

    assert real.window.commands.give("still_needed")
    real.wait(lambda: "Nothing is held for weather" in real.sheets.current.effect())
    real.key(K.Key_Return)

    assert real.sheets.current is None


def test_s15_the_number_to_call_back_is_one_key_away(real) -> None:
    let_drive(real)
    sheet = real.sheets.current
    assert "727-555-0100" not in sheet._phone.said()

    real.key(K.Key_C)
    real.wait(lambda: "727-555-0100" in sheet._phone.said())

    real.key(K.Key_J)
    assert "727-555-0100" not in sheet._phone.said(), "the next one's is hidden again"


def test_the_list_goes_on_paper_from_here(real, monkeypatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    let_drive(real)

    real.key(K.Key_P)
    real.wait(lambda: shown)

    assert "Still needed?" in " ".join(pages_of(Path(shown[0]).read_bytes()))
    assert real.sheets.current.NAME == "still_needed"


def test_s16_the_answer_typed_back_from_paper_ends_the_hold(real) -> None:
    let_drive(real)
    real.key(K.Key_Escape)
    real.window.go_to("em_desk")
    desk = real.console.em_desk
    real.wait(lambda: desk.still_needed.isVisible())
    desk.go(real.items[0].escalation_id)
    real.key(K.Key_V)
    sheet = real.sheets.current
    sheet._pick.show_value("still_needed")
    sheet._pick.edited.emit()
    sheet.fields["by"].show_value("M. Diaz")

    real.key(K.Key_Return, CTRL)
    real.wait(lambda: state(real, 0) == EscalationState.ACCEPTED)

    assert now(real, real.items[0]).answers[-1].by_name == "M. Diaz"
