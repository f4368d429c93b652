"""The EM desk by keyboard: moving, answering, recording; the letter itself never acts."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.forms.walk_list import code
from dispatch.records import Band, EscalationState, ReturnCode
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import Screen, card_of
from ui.em_desk.view import EmDesk

S = EscalationState
SHIFT = Qt.KeyboardModifier.ShiftModifier


def desk_on(screen, *cards, is_still=True):
    screen.seat.cards = cards
    desk = EmDesk(bridge=screen.seat, theme=screen.theme, sheets=screen.sheets, is_still=is_still)
    screen.show(desk)
    screen.do(desk.setFocus)
    return desk


def test_cards_stand_by_state_with_the_overdue_on_top(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(
        screen,
        card_of(1),
        card_of(2, timer_from_at=NOW - 5 * MINUTE),
        card_of(3, state=S.ACCEPTED, accepted_at=NOW, timer_from_at=NOW),
        card_of(4, state=S.HELD),
        card_of(5, state=S.RETURNED, return_code="wrong_desk"),
        card_of(6, state=S.CLOSED, closed_at=NOW),
    )

    shown = {name: column.ids for name, column in desk.columns.items()}
    assert shown["sent"] == ("id-2", "id-1")
    assert shown["accepted"] == ("id-3",)
    assert set(shown["returned"]) == {"id-4", "id-5"}
    assert shown["closed"] == ("id-6",)
    assert desk._late.said().startswith("1 overdue")


def test_arrows_and_letters_move_between_cards(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(1), card_of(2, created_at=NOW), card_of(3, state=S.HELD))

    assert desk.current == "id-1"
    screen.key(Qt.Key.Key_J)
    assert desk.current == "id-2"
    screen.key(Qt.Key.Key_Right)
    assert desk.current == "id-3"
    screen.key(Qt.Key.Key_Left)
    assert desk.current == "id-1"


@pytest.mark.parametrize(
    ("key", "title", "act"),
    [
        (Qt.Key.Key_A, "Accept", "accept"),
        (Qt.Key.Key_H, "Accept, held for weather", "hold"),
        (Qt.Key.Key_O, "On scene", "on_scene"),
    ],
)
def test_s12_a_letter_only_opens_a_sheet_that_names_card_and_effect(qtbot, run, key, title, act):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)

    screen.key(key)
    sheet = screen.sheets.current
    assert screen.seat.names() == ["seen"]
    assert sheet.title() == title
    assert sheet._what.said() == "Power line down, sparking on sidewalk"
    assert sheet.effect()

    screen.ctrl_enter()
    assert screen.seat.names() == ["seen", act]
    assert screen.seat.done[-1].args[0] == "id-41"
    assert desk.current == "id-41"


def test_s12_on_scene_needs_no_more_than_enter(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)

    screen.key(Qt.Key.Key_O)
    screen.key(Qt.Key.Key_Return)

    assert screen.seat.names()[-1] == "on_scene"


def test_a_letter_is_about_the_most_pressing_card_until_another_is_chosen(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(1), card_of(2, timer_from_at=NOW - 5 * MINUTE))

    screen.key(Qt.Key.Key_A)

    assert desk.current == "id-2"
    assert screen.sheets.current.subject == "id-2"


def test_a_letter_without_any_card_says_so(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(1, state=S.CLOSED, closed_at=NOW))
    told = []
    screen.seat.said.connect(lambda sentence, _alarm: told.append(sentence))

    screen.key(Qt.Key.Key_A)

    assert screen.sheets.current is None
    assert told == ["No hand-over waits for an answer here."]


def test_the_clock_leaves_a_column_where_it_was_scrolled_to(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, *(card_of(n, created_at=NOW - 60_000 + n) for n in range(1, 20)))
    bar = desk.columns["sent"].scroll.verticalScrollBar()
    screen.do(lambda: bar.setValue(bar.maximum()))

    screen.do(lambda: screen.seat.ticked.emit(NOW))

    assert bar.value() == bar.maximum() > 0


def test_given_back_with_a_code(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_B)
    sheet = screen.sheets.current

    screen.ctrl_enter()
    assert sheet.fields["code"].complaint() == "Choose why it goes back."
    screen.do(lambda: sheet.fields["code"].buttons[ReturnCode.ALREADY_KNOWN].click())
    screen.ctrl_enter()
    assert sheet.fields["text"].complaint() == "Type the number it is known as."
    screen.type("EOC-0012")
    screen.ctrl_enter()

    assert screen.seat.done[-1].args == ("id-41", ReturnCode.ALREADY_KNOWN, "EOC-0012")


def test_a_resource_has_its_eta(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_R)
    screen.type("Crew 14")
    screen.key(Qt.Key.Key_Tab)
    screen.type("+20")
    screen.ctrl_enter()

    done = screen.seat.done[-1]
    assert (done.name, done.args) == ("resource", ("id-41", "Crew 14", NOW + 20 * MINUTE))


def test_s6_a_p1_closes_with_outcome_and_who_confirmed_it(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_C, SHIFT)
    sheet = screen.sheets.current
    screen.type("Line dead, road open")

    screen.ctrl_enter()
    assert "who confirmed" in sheet.fields["confirmed_by"].complaint()
    screen.type("Crew 14")
    screen.ctrl_enter()

    assert screen.seat.done[-1].args == ("id-41", "Line dead, road open", "Crew 14")


def test_what_cannot_be_done_is_said_in_the_sheet(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41, state=S.ACCEPTED, accepted_at=NOW))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_A)

    screen.ctrl_enter()

    assert "accepted already" in screen.sheets.current.trouble()


def test_passed_on_with_the_other_desks_esf(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_P)
    screen.sheets.current.fields["desk"].show_value("Rescue")
    screen.ctrl_enter()

    done = screen.seat.done[-1]
    assert (done.args, done.words) == (("id-41", "Rescue", ""), {"esf": "ESF 9"})


def _record(screen, number):
    """Everything typed, nothing clicked."""
    screen.do(lambda: screen.sheets.open("answer", 0))
    screen.type(number)
    screen.key(Qt.Key.Key_Tab)
    screen.key(Qt.Key.Key_Space)
    screen.key(Qt.Key.Key_Tab)
    screen.type("Boat 2 by three")
    screen.key(Qt.Key.Key_Tab)
    screen.type("Lee Park")
    screen.key(Qt.Key.Key_Tab)
    screen.type("Rescue chief")
    screen.ctrl_enter()


@pytest.mark.parametrize("by", ["number", "digits", "reply code"])
def test_s16_a_spoken_answer_is_recorded_by_keyboard_alone(qtbot, run, by):
    screen = Screen(qtbot, run)
    card = card_of(41)
    desk_on(screen, card, card_of(14))
    typed = {"number": "EOC-0041", "digits": "41", "reply code": code(card).lower()}[by]

    _record(screen, typed)

    done = screen.seat.done[-1]
    assert done.name == "accept"
    assert done.args == ("id-41", "Boat 2 by three")
    assert done.words == {"by_name": "Lee Park", "by_position": "Rescue chief", "how": "spoken"}


def test_s16_a_slipped_reply_code_answers_for_nobody(qtbot, run):
    screen = Screen(qtbot, run)
    card = card_of(41)
    desk_on(screen, card)
    wrong = "14" + code(card)[-1]

    _record(screen, wrong)

    assert "accept" not in screen.seat.names()
    assert screen.sheets.current.fields["number"].complaint()


def test_s16_an_answer_needs_somebody_who_gave_it(qtbot, run):
    screen = Screen(qtbot, run)
    desk_on(screen, card_of(41))
    screen.key(Qt.Key.Key_J)
    screen.key(Qt.Key.Key_V)
    sheet = screen.sheets.current
    screen.do(next(iter(sheet.fields["kind"].buttons.values())).click)

    screen.ctrl_enter()

    assert sheet.fields["by"].complaint() == "Say who gave the answer."


def test_s16_the_walk_list_is_a_page_in_the_data_folder(qtbot, run, tmp_path, monkeypatch):
    from PySide6.QtGui import QDesktopServices

    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    screen = Screen(qtbot, run, folder=tmp_path)
    desk_on(screen, card_of(41))
    told = []
    screen.seat.said.connect(lambda sentence, _alarm: told.append(sentence))

    screen.key(Qt.Key.Key_W)
    assert "1 P1 and 0 P2" in screen.sheets.current.effect()
    assert list(tmp_path.rglob("*.pdf")) == []
    screen.key(Qt.Key.Key_Return)

    page = tmp_path / "walk-lists" / "walk-list-2017-09-11-1432.pdf"
    assert page.read_bytes().startswith(b"%PDF")
    assert opened == [str(page)]
    assert told == [f"Walk list saved as {page}"]


def test_s16_after_fifteen_minutes_one_key_makes_the_walk_list(qtbot, run, tmp_path, monkeypatch):
    from PySide6.QtGui import QDesktopServices

    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    screen = Screen(qtbot, run, folder=tmp_path)
    desk = desk_on(screen, card_of(41), card_of(42, band=Band.P2, state=S.HELD), card_of(43, band=Band.P3))
    assert not desk.reminder.isVisible()

    def wait(minutes):
        screen.seat.clock.set(screen.seat.clock.now() + minutes * MINUTE)
        screen.do(lambda: screen.seat.ticked.emit(screen.seat.clock.now()))

    wait(15)
    assert desk.reminder.isVisible()
    assert desk.reminder.text() == "Walk list due: 1 P1, 1 P2 · W makes the page"
    screen.key(Qt.Key.Key_W)

    assert screen.sheets.current is None
    assert len(list(tmp_path.rglob("*.pdf"))) == 1
    assert not desk.reminder.isVisible()
    wait(14)
    assert not desk.reminder.isVisible()
    wait(1)
    assert desk.reminder.isVisible()


def test_s16_without_p1_or_p2_handed_over_no_page_is_due(qtbot, run):
    desk = desk_on(
        Screen(qtbot, run), card_of(1, band=Band.P3, sent_at=0), card_of(2, state=S.CLOSED, closed_at=NOW)
    )
    assert not desk.reminder.isVisible()


def test_cards_that_are_seen_are_received(qtbot, run):
    screen = Screen(qtbot, run)

    desk_on(screen, card_of(1), card_of(2, state=S.RECEIVED))

    assert [(done.name, done.args) for done in screen.seat.done] == [("seen", (["id-1"],))]


def test_a_hidden_desk_reads_and_receives_nothing(qtbot, run):
    screen = Screen(qtbot, run)
    screen.seat.cards = (card_of(1),)
    desk = EmDesk(bridge=screen.seat, theme=screen.theme, sheets=screen.sheets)
    qtbot.addWidget(desk)

    screen.do(screen.seat.escalated.emit)

    assert screen.seat.done == [] and desk.columns["sent"].ids == ()


def test_p1_only_and_by_desk_narrow_the_board(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(1), card_of(2, band=2, desk="Traffic", esf="ESF 1"))

    screen.do(lambda: desk._p1.setChecked(True))
    assert desk.columns["sent"].ids == ("id-1",)
    screen.do(desk._show_all)
    screen.do(lambda: desk._choose_desk("Traffic"))
    assert desk.columns["sent"].ids == ("id-2",)


def test_the_clock_goes_on_without_building_cards_anew(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(1))
    card = desk.columns["sent"].card("id-1")

    screen.seat.clock.advance(3 * 60)
    screen.do(lambda: screen.seat.ticked.emit(NOW))

    assert desk.columns["sent"].card("id-1") is card
    assert card.words.timer == "overdue by 0:48"
    assert "overdue" in card.accessibleName()


def test_with_less_motion_nothing_pulses(qtbot, run):
    screen = Screen(qtbot, run)
    desk = desk_on(screen, card_of(1, timer_from_at=NOW - 5 * MINUTE), is_still=True)

    assert desk.columns["sent"].card("id-1")._glow == 0.0


def test_sixty_cards_stand_in_their_columns(qtbot, run):
    screen = Screen(qtbot, run)
    cards = [card_of(i, band=1 + i % 3, state=(S.SENT, S.ACCEPTED, S.HELD)[i % 3]) for i in range(60)]

    desk = desk_on(screen, *cards)

    assert sum(len(column.ids) for column in desk.columns.values()) == 60
    assert desk.columns["sent"].scroll.verticalScrollBar().maximum() > 0
