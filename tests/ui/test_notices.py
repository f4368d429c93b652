"""The Notices screen over a real store: written, approved by another, published, handed off, by keys."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.records import NoticeState
from tests.conftest import LANDFALL
from tests.notices import EVACUATION, HOUR_MS, SERVICE, approved, published, sits

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


def sits_here(real: Any, person: str) -> None:
    sits(real.room, person)


def shown(real: Any) -> Any:
    real.window.go_to("notices")
    screen = real.console.notices
    screen.look()
    real.wait(lambda: screen.board is not None)
    return screen


def press(widget: Any, key: Qt.Key, *held: Any) -> None:
    modifiers = Qt.KeyboardModifier.NoModifier
    for each in held:
        modifiers |= each
    QTest.keyClick(widget, key, modifiers)


def write(real: Any, **fields: Any) -> Any:
    sheet = real.sheets.current
    for name, value in fields.items():
        sheet.fields[name].show_value(value)
        sheet.fields[name].touched = True
        sheet.fields[name].edited.emit()
    return sheet


WORDS = {
    "title_en": "Sandbags",
    "text_en": "Bring a shovel.",
    "title_es": "Sacos de arena",
    "text_es": "Traiga una pala.",
    "end": "+6 h",
}


def test_an_empty_screen_says_that_nothing_is_said(real_over: Any) -> None:
    screen = shown(real_over())

    assert "Nothing is written yet" in screen.page.said()


def test_a_notice_goes_from_its_sheet_to_live_by_keys(real_over: Any) -> None:
    real = real_over()
    screen = shown(real)
    sits_here(real, "A. Author")

    press(screen, Qt.Key.Key_N, CTRL)
    sheet = write(real, **WORDS)
    assert "EXERCISE · Sandbags" in sheet._shown.said()
    sheet.take_ctrl_enter()
    real.wait(lambda: screen.current is not None and screen.current.state is NoticeState.SUBMITTED)
    assert "waits for approval" in screen.list.rows[0].said()

    sits_here(real, "B. Super")
    press(screen, Qt.Key.Key_A, ALT)
    real.wait(lambda: screen.current.state is NoticeState.APPROVED)
    press(screen, Qt.Key.Key_P, ALT)
    assert "goes to the public" in real.sheets.current.effect()
    assert screen.current.state is NoticeState.APPROVED, "nothing happens until it is confirmed (S12)"
    real.sheets.current.take_ctrl_enter()
    real.wait(lambda: screen.current.state is NoticeState.LIVE)

    assert "6 h 00 left" in screen.list.rows[0].said()
    assert "Approved by B. Super" in screen.page.said()


def test_who_wrote_it_is_told_why_they_cannot_approve_it(real_over: Any) -> None:
    real = real_over()
    sits_here(real, "A. Author")
    real.room.parts.notice_desk.submit(real.room.parts.notice_desk.draft(SERVICE))
    screen = shown(real)
    real.wait(lambda: screen.current is not None)
    said: list[str] = []
    real.bridge.said.connect(lambda words, _alarm: said.append(words))

    press(screen, Qt.Key.Key_A, ALT)
    real.wait(lambda: said)

    assert said == ["You wrote it: somebody else approves it."]
    assert screen.current.state is NoticeState.SUBMITTED


def test_what_lacks_something_stays_a_draft_and_says_what(real_over: Any) -> None:
    real = real_over()
    screen = shown(real)
    press(screen, Qt.Key.Key_N, CTRL)
    sheet = write(real, **{**WORDS, "text_es": "", "title_es": ""})

    sheet.take_ctrl_enter()
    real.wait(lambda: "in Spanish" in sheet.trouble())

    assert [each.state for each in real.room.parts.notice_desk.board().notices] == [NoticeState.DRAFT]


def test_what_is_live_stands_first_and_what_ends_soon_is_marked(real_over: Any, clock: Any) -> None:
    real = real_over()
    item = published(real.room)
    approved(real.room, EVACUATION)
    screen = shown(real)
    real.wait(lambda: len(screen.list.rows) == 2)
    assert screen.list.rows[0].notice_id == item.notice_id
    assert real.window.rail.buttons["notices"].badge == "1"

    clock.set(item.expires_at - HOUR_MS // 2)
    screen.look()
    real.wait(lambda: "30 min left" in screen.list.rows[0].said())
    assert screen.list.rows[0]._end.property("tone") == "warn"

    clock.set(item.expires_at + 1)
    screen.look()
    real.wait(lambda: "ended, not replaced" in " ".join(row.said() for row in screen.list.rows))


def test_the_hand_off_sheet_gives_words_to_copy_and_takes_the_link(real_over: Any) -> None:
    real = real_over()
    published(real.room)
    screen = shown(real)
    real.wait(lambda: screen.current is not None)

    press(screen, Qt.Key.Key_S, ALT)
    sheet = real.sheets.current
    real.wait(lambda: sheet._shown.said().startswith("EXERCISE · Sandbags at Northwest Pool"))
    write(real, place="radio", language="es", link="https://radio.example/1")
    real.wait(lambda: "Un aviso de" in sheet._shown.said())
    sheet.take_ctrl_enter()

    real.wait(lambda: "https://radio.example/1" in screen.page.said())


def test_an_older_advisory_leaves_its_places_open_and_says_so(real_over: Any) -> None:
    real = real_over()
    sheet = real.sheets.open("notice", draft="track")

    assert "advisory" in sheet._note.said()
    assert "{storm}" in sheet.fields["title_en"].value() + sheet.fields["text_en"].value()
    write(real, end="+6 h")
    sheet.take_ctrl_enter()
    real.wait(lambda: "nothing goes out with an open place" in sheet.trouble())


def test_hostile_words_are_shown_as_they_stand(real_over: Any) -> None:
    real = real_over()
    screen = shown(real)
    press(screen, Qt.Key.Key_N, CTRL)
    sheet = write(real, **{**WORDS, "title_en": "<b>x</b> & <script>"})
    sheet.keep_draft()
    real.wait(lambda: screen.current is not None)

    assert "<b>x</b> & <script>" in screen.page.said()


@pytest.mark.parametrize("key", ["send_back", "cancel"])
def test_sending_back_and_cancelling_ask_why(real_over: Any, key: str) -> None:
    real = real_over()
    item = approved(real.room) if key == "send_back" else published(real.room)
    screen = shown(real)
    real.wait(lambda: screen.current is not None)

    getattr(screen, key)()
    sheet = real.sheets.current
    sheet.take_ctrl_enter()
    assert sheet.fields["why"].complaint() == "Say why."
    write(real, why="The hours are wrong")
    sheet.take_ctrl_enter()

    wanted = NoticeState.DRAFT if key == "send_back" else NoticeState.CANCELLED
    real.wait(lambda: screen.current is not None and screen.current.state is wanted)
    assert item.published_at in (0, LANDFALL)
