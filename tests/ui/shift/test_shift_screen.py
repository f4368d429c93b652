"""The hand-over's screen over a real store: one key makes the pack, keys hand it over and confirm it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.people import People
from dispatch.records import Flag, PackState, Role, Section
from tests.dispatch.reports.read_pdf import pages_of
from tests.ui.real import RealConsole
from ui.shift.view import ShiftScreen

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
Open = Callable[[], RealConsole]


@pytest.fixture
def opened(real_over: Open, city: Any) -> Open:
    """The console over a small storm, with its hand-over screen open."""

    def make() -> RealConsole:
        city.add_report("Oak across 5th Ave N, nobody gets through", address="5th Ave N & 9th St N")
        city.add_report(
            "My mother needs oxygen, the power is out",
            category="medical_power_dependent",
            address="12 Elm St S",
        )
        city.add_report("Tree down across 7th Ave S")
        one = real_over()
        go_there(one)
        return one

    return make


def test_g_and_b_open_it_from_anywhere(real_over: Open) -> None:
    one = real_over()
    one.key(Qt.Key.Key_G)
    one.key(Qt.Key.Key_D)

    one.wait(lambda: one.window.screen == "shift" and screen_of(one).pack)
    assert not any(button.isChecked() for button in one.window.rail.buttons.values())
    one.window.go_to("queue")
    assert one.window.rail.buttons["queue"].isChecked()


def screen_of(one: RealConsole) -> ShiftScreen:
    return one.console.shift


def go_there(one: RealConsole) -> None:
    one.window.go_to("shift")
    one.wait(lambda: one.window.screen == "shift" and screen_of(one).pack)
    one.wait(screen_of(one).list.hasFocus)


def write(one: RealConsole, field: str, words: str) -> None:
    screen_of(one).side.fields[field].editor.setFocus()
    QTest.keyClicks(one.window.focusWidget(), words)


def stands_at(one: RealConsole, state: PackState) -> None:
    one.wait(lambda: screen_of(one).pack.state == state and not screen_of(one)._is_busy())


def rows(one: RealConsole) -> list[str]:
    model = screen_of(one).model
    return [model.index(at, 0).data() for at in range(model.rowCount())]


def hand_over(one: RealConsole, to: str = "Ben Ortiz") -> None:
    write(one, "name", to)
    one.key(Qt.Key.Key_Return, CTRL)
    stands_at(one, PackState.HANDED_OVER)


def test_one_key_makes_the_draft_with_the_numbers_of_now(opened: Open) -> None:
    one = opened()
    screen = screen_of(one)

    assert screen.pack is not None and screen.pack.state == PackState.DRAFT
    assert screen.pack.at == one.bridge.clock.now() and screen.head.state.said() == "DRAFT"
    assert [cell.said() for cell in screen.head.cells[2]][1:] == ["3", "3", "3", "1", "2", "0", "0", "0", "0"]
    assert rows(one)[0] == "P1 life safety: 1"
    assert "P2 hazard or access: 2" in rows(one)


def test_the_room_sees_the_words_that_no_paper_shows(opened: Open) -> None:
    one = opened()
    screen = screen_of(one)
    line = screen.pack.lines(Section.P1)[0]

    assert line.is_restricted and line.what == "Life safety"
    assert "oxygen" in rows(one)[1], "an operator sees them here, as in the Queue"
    assert "oxygen" not in pages_of(one.room.parts.shift_desk.pdf(screen.pack))[0]


def test_every_line_opens_its_site_in_the_queue(opened: Open) -> None:
    one = opened()
    screen = screen_of(one)
    first = screen.model.row(screen.list.at)

    one.key(Qt.Key.Key_J)
    second = screen.model.row(screen.list.at)
    assert first.line.site_id != second.line.site_id and second.section == Section.P2
    one.key(Qt.Key.Key_Return)

    one.wait(lambda: one.window.screen == "queue")
    assert one.selection.current == second.line.site_id
    go_there(one)
    assert screen.model.row(screen.list.at).line.site_id == second.line.site_id, "it stands where one left it"


def test_it_is_handed_over_and_confirmed_by_keys_alone(opened: Open) -> None:
    one = opened()
    screen = screen_of(one)
    screen.write_on_line()
    QTest.keyClicks(one.window.focusWidget(), "Ask Ana at 20:00")
    one.key(Qt.Key.Key_Escape)
    assert screen.list.hasFocus() and "Ask Ana at 20:00" in rows(one)[1]
    write(one, "objectives", "Open 34th St S.")
    hand_over(one)

    assert screen.pack.remarks.items == {screen.pack.lines(Section.P1)[0].key: "Ask Ana at 20:00"}
    assert screen.pack.incoming.person == "Ben Ortiz" and screen.side.fields["name"].value() == ""
    # A second Ctrl+Enter of the same person confirms nothing.
    one.key(Qt.Key.Key_Return, CTRL)
    assert "your name" in screen.side.fields["name"].complaint()
    write(one, "name", "A. Operator")
    one.key(Qt.Key.Key_Return, CTRL)
    one.wait(lambda: "the one who comes confirms it" in screen.side.effect.said())
    screen.side.fields["name"].show_value("Ben Ortiz")
    one.key(Qt.Key.Key_Return, CTRL)
    stands_at(one, PackState.CONFIRMED)

    assert screen.pack.confirmed.person == "Ben Ortiz"
    assert screen.side.into.said() == "Confirmed by Ben Ortiz, Operator"
    assert not screen.side.act.isVisible() and not screen.side.fields["objectives"].editor.isEnabled()


def test_a_hand_over_to_nobody_asks_for_the_name(opened: Open) -> None:
    one = opened()
    one.key(Qt.Key.Key_Return, CTRL)

    assert screen_of(one).side.fields["name"].complaint() == "Write the name of who takes over."
    assert screen_of(one).pack.state == PackState.DRAFT


def test_pdf_and_ics_201_lie_in_the_print_folder(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("ui.shift.view.QDesktopServices.openUrl", lambda url: shown.append(url.fileName()))
    one = opened()

    one.key(Qt.Key.Key_P, ALT)
    one.wait(lambda: len(shown) == 1 and not screen_of(one)._is_busy())
    one.key(Qt.Key.Key_I, ALT)
    one.wait(lambda: len(shown) == 2)

    assert shown == [
        "EXERCISE_shift-hand-over-1_2017-09-11-1030_v1_draft.pdf",
        "EXERCISE_ICS-201-1_2017-09-11-1030_v1_draft.pdf",
    ]
    assert all((one.room.parts.folder / "print" / name).is_file() for name in shown)


def test_what_was_written_stands_there_again_after_a_crash(
    opened: Open, wait_until: Any, run: Any, qtbot: Any
) -> None:
    one = opened()
    write(one, "remarks", "The county line is slow")
    screen_of(one).model.say_remark(1, "Ask Ana")
    screen_of(one)._take_item("Ask Ana")
    one.wait(lambda: list((one.room.parts.folder / "drafts").rglob("*.json")))
    subject = screen_of(one).pack.pack_id

    # The program is gone without a word; another one opens the same folder.
    again = RealConsole(one.room, wait_until)
    run(again.console.bring_drafts())
    go_there(again)

    screen = screen_of(again)
    assert screen.pack.pack_id == subject and screen.pack.state == PackState.DRAFT
    assert screen.side.fields["remarks"].value() == "The county line is slow"
    assert "Ask Ana" in rows(again)[1]
    hand_over(again)
    assert screen.pack.remarks.remarks == "The county line is slow"
    again.wait(lambda: not list((again.room.parts.folder / "drafts").rglob("*.json")))
    again.close()


def test_numbers_of_now_keep_what_was_written(opened: Open, city: Any, clock: Any) -> None:
    one = opened()
    screen = screen_of(one)
    write(one, "objectives", "Open 34th St S.")
    city.add_report("Power line down and sparking on 9th St N", category="power_line_down")
    clock.advance(minutes=3)

    # The reading of the city is another process's work: here it is done by hand.
    asyncio.get_event_loop_policy().get_event_loop().run_until_complete(one.room.work.once())
    one.key(Qt.Key.Key_N, ALT)
    one.wait(lambda: screen.pack.at == clock.now())

    assert screen.pack.totals.now.sites == 4 and screen.pack.number == 1
    assert screen.side.fields["objectives"].value() == "Open 34th St S."


def test_a_correction_and_the_earlier_version_are_one_key_away(opened: Open) -> None:
    one = opened()
    screen = screen_of(one)
    hand_over(one)

    one.key(Qt.Key.Key_C, ALT)
    one.wait(lambda: screen.pack.version == 2 and not screen._is_busy())
    assert screen.head.state.said() == "DRAFT"
    one.key(Qt.Key.Key_Up, ALT)
    one.wait(lambda: screen.pack.version == 1 and not screen._is_busy())

    assert not screen.side.act.isVisible() and "An earlier one" in screen.side.effect.said()
    one.key(Qt.Key.Key_Down, ALT)
    one.wait(lambda: screen.pack.version == 2 and not screen._is_busy())
    assert screen.side.act.isVisible()


def test_a_supervisor_hears_calmly_that_nobody_has_confirmed(opened: Open, clock: Any) -> None:
    one = opened()
    hand_over(one)
    bar = one.console.shift_bar
    one.bridge.ticked.emit(clock.now())
    one.wait(lambda: bar._waiting is not None)
    assert bar.said() == ""

    clock.advance(minutes=11)
    one.bridge.ticked.emit(clock.now())
    assert bar.said() == "The room was handed over to Ben Ortiz 11 min ago, 10:30, and is not confirmed yet."
    write(one, "name", "Ben Ortiz")
    one.key(Qt.Key.Key_Return, CTRL)
    stands_at(one, PackState.CONFIRMED)
    bar.look()
    one.wait(lambda: bar.said() == "")


def test_who_only_looks_on_sees_numbers_and_no_lists(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened()
    hand_over(one)
    people: People = one.room.parts.people
    assert people is not None
    desk = one.room.parts.seat_desk
    monkeypatch.setattr(desk, "_actor", _as(desk.actor(), Role.VIEWER))

    screen = screen_of(one)
    screen.pack = None
    screen.read()
    one.wait(lambda: screen.pack is not None and screen.pack.is_masked)

    assert screen.model.rowCount() == 0 and screen.head.cells[2][1].said() == "3"
    assert "those who work on them" in screen.list.why_empty
    assert not screen.side.act.isVisible() and not screen.side.fields["remarks"].isVisible()
    assert not screen.side.buttons["pdf"].isEnabled()


def test_an_operator_reads_and_confirms_and_makes_none(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    one = opened()
    hand_over(one)
    desk = one.room.parts.seat_desk
    monkeypatch.setattr(desk, "_actor", _as(desk.actor(), Role.OPERATOR, person="Otto"))
    screen = screen_of(one)
    screen._say()

    assert not screen.side.buttons["anew"].isEnabled() and screen.side.act.isEnabled()
    assert "you are Otto, Operator" in screen.side.effect.said() and not screen.side._whom.isVisible()
    one.key(Qt.Key.Key_Return, CTRL)
    stands_at(one, PackState.CONFIRMED)
    assert screen.pack.confirmed.person == "Otto"


def test_an_empty_room_says_so_and_is_handed_over_as_well(real_over: Open) -> None:
    one = real_over()
    go_there(one)

    assert rows(one)[:2] == ["P1 life safety: 0", "P2 hazard or access: 0"]
    hand_over(one)
    assert screen_of(one).pack.totals.now.sites == 0


def test_the_board_of_the_pack_and_the_queue_agree(opened: Open) -> None:
    one = opened()
    board = one.bridge.board
    open_ = board.is_open()

    assert sum(screen_of(one).pack.totals.now.open) == int(open_.sum())
    restricted = int((open_ & ((board.flags & Flag.RESTRICTED) != 0)).sum())
    lines = [*screen_of(one).pack.lines(Section.P1), *screen_of(one).pack.lines(Section.P2)]
    assert sum(line.is_restricted for line in lines) == restricted == 1


def _as(actor: Any, role: Role, *, person: str = "Vera") -> Any:
    from dataclasses import replace

    return replace(actor, role=role, person=person)
