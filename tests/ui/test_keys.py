"""Keys cannot kill (S12); everything in the daily loop has one key."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from dispatch.records import Flag
from tests.ui.boards import site

SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def three(console):
    c = console(site(1, band=2, score=9), site(2, band=2, score=8), site(3, band=3))
    c.selection.go(1)
    return c


def slowly(c, *keys):
    """Keys of a person who thinks between them: each burst is over before the next key."""
    for key in keys:
        c.window.keys._presses.clear()
        c.window.keys._do_held()
        c.type(key)
    c.window.keys._do_held()


def test_j_and_k_move_as_fast_as_the_hand(three):
    three.type("jjj")
    assert three.selection.current == 3
    three.type("kkkkk")
    assert three.selection.current == 1


@pytest.mark.parametrize(
    ("key", "sheet"),
    [
        ("e", "escalate"),
        ("m", "message"),
        ("i", "note"),
        ("d", "duplicate"),
        ("w", "wait"),
        ("s", "snooze"),
        ((Qt.Key.Key_C, SHIFT), "close"),
        ((Qt.Key.Key_9, CTRL), "told_911"),
    ],
)
def test_a_letter_opens_its_sheet_and_does_nothing_yet(three, key, sheet):
    slowly(three, key)

    assert sheet == three.sheets.current.NAME
    assert three.seat.done == []


def test_space_claims_and_shift_space_lets_go(three):
    slowly(three, Qt.Key.Key_Space, (Qt.Key.Key_Space, SHIFT))

    assert [(done.name, done.args) for done in three.seat.done] == [("claim", (1,)), ("let_go", (1,))]


def test_a_digit_raises_a_band_once_no_word_can_follow(three, qtbot):
    three.type("1")
    assert three.seat.done == []

    qtbot.waitUntil(lambda: three.seat.names() == ["set_band"])
    assert three.seat.done[0].args == (1, 1)


def test_lowering_a_band_opens_the_sheet_that_asks(three):
    slowly(three, "4")

    assert three.sheets.current.NAME == "band"
    assert three.seat.done == []


@pytest.mark.parametrize("word", ["esc", "mwe", "1tr", "xxe", "112", "jus", "wsm", "gqe"])
def test_s12_a_word_typed_by_mistake_acts_on_nothing(three, word, qtbot):
    three.type(word)

    assert three.window.command_line.line.text() == word
    assert three.window.command_line.isVisible()
    assert three.sheets.current is None
    assert three.selection.current == 1
    assert three.selection.checked == set()
    assert three.window.screen == "queue"
    qtbot.waitUntil(lambda: not three.window.keys._hold.isActive())
    assert three.seat.done == []


def test_s12_a_key_held_down_acts_once(three):
    target = three.window.focusWidget()
    QTest.keyPress(target, Qt.Key.Key_Space)
    for _ in range(20):
        held = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, " ", autorep=True
        )
        QApplication.sendEvent(target, held)

    assert three.seat.names() == ["claim"]


def test_letters_typed_into_a_sheet_are_text(three):
    slowly(three, "i")
    field = three.window.focusWidget()
    three.window.keys._presses.clear()

    QTest.keyClicks(field, "escalated by phone")

    assert three.sheets.current.NAME == "note"
    assert "escalated by phone" in field.toPlainText()


def test_g_goes_to_the_screens(three):
    slowly(three, "g", "e")
    assert three.window.screen == "em_desk"
    slowly(three, "g", "q")
    assert three.window.screen == "queue"


def test_on_another_screen_no_key_acts_on_the_queue(three):
    three.window.go_to("em_desk")

    slowly(three, "e", Qt.Key.Key_Space, "1", "j")

    assert three.sheets.current is None
    assert three.seat.done == []
    assert three.selection.current == 1


def test_a_focused_button_keeps_space_until_the_list_is_moved_in(three):
    three.window.rail.buttons["queue"].setFocus()
    slowly(three, Qt.Key.Key_Space)
    assert three.seat.done == []

    slowly(three, "j", Qt.Key.Key_Space)

    assert [(done.name, done.args) for done in three.seat.done] == [("claim", (2,))]


def test_u_asks_before_it_takes_back(three):
    slowly(three, "u")
    assert three.window.command_line.line.text() == "undo"
    assert three.seat.done == []

    three.type(Qt.Key.Key_Return)

    assert three.seat.names() == ["undo"]


def test_z_zooms_and_x_ticks(three):
    slowly(three, "z", "x")

    assert three.map.zoomed == [1]
    assert three.selection.checked == {1}


def test_the_help_lists_every_key_once(three):
    slowly(three, "?")
    assert three.window.help.isVisible()
    three.type(Qt.Key.Key_Escape)
    assert not three.window.help.isVisible()

    keys = [command.key for command in three.window.commands if command.key]
    assert len(keys) == len(set(keys))


def test_keys_of_the_settings_win_and_an_empty_one_switches_off(console):
    c = console(site(1), keys={"claim": "Q", "message": ""})
    c.selection.go(1)

    slowly(c, "q", Qt.Key.Key_Space, "m")

    assert c.seat.names() == ["claim"]
    assert c.sheets.current is None


def test_ctrl_t_changes_the_theme(three):
    slowly(three, (Qt.Key.Key_T, CTRL))
    assert three.theme.palette.name == "dim"


def test_ctrl_z_in_a_text_takes_back_letters_not_acts(three):
    slowly(three, " ")
    done = list(three.seat.done)
    slowly(three, "m")
    three.type((Qt.Key.Key_Z, CTRL))

    assert three.seat.done == done


def test_ctrl_z_beside_a_text_undoes_the_last_act(three):
    three.type((Qt.Key.Key_Z, CTRL))

    assert [done.name for done in three.seat.done] == ["undo"]


def test_an_act_by_key_says_that_it_can_be_taken_back(three, wait_until):
    slowly(three, " ")
    wait_until(lambda: three.window.toast.said() == "Claimed.")

    three.type((Qt.Key.Key_Z, CTRL))
    wait_until(lambda: three.window.toast.said() == "Undone: claimed.")


def test_ticked_sites_are_counted_and_merged_here(console, wait_until):
    c = console(*(site(i, what=f"Tree {i}") for i in (1, 2, 3)))
    slowly(c, *"jxjxjx")
    assert c.queue.header.ticked.text() == "3 ticked · T acts on them, D merges"

    slowly(c, "d")
    assert c.sheets.current.NAME == "merge_ticked"
    assert c.seat.done == []
    wait_until(lambda: c.sheets.current.button.isEnabled())
    c.type(Qt.Key.Key_Return)
    wait_until(lambda: c.sheets.current is None)

    here = c.selection.current
    assert [(done.name, done.args) for done in c.seat.done] == [("merge", (here, sorted({1, 2, 3} - {here})))]
    assert c.selection.checked == set()
    assert not c.queue.header.ticked.isVisible()


@pytest.mark.parametrize("flags", [0, int(Flag.PERSON)])
def test_sites_far_apart_are_asked_about_before_they_are_joined(console, wait_until, flags):
    c = console(site(1, lat=27.77, lng=-82.64, flags=flags), site(2, lat=27.79, lng=-82.64))
    c.selection.go(1)
    c.selection.tick([2], True)
    slowly(c, "d")
    wait_until(lambda: c.sheets.current.button.isEnabled())
    c.type(Qt.Key.Key_Return)

    assert c.seat.done == []
    assert "The farthest is 22" in c.sheets.current.trouble()


def test_b_takes_the_arrows_to_the_hours(three):
    slowly(three, "b")
    three.type(Qt.Key.Key_Left)
    assert three.selection.filters.since is not None

    three.type(Qt.Key.Key_Escape)
    assert three.selection.filters.since is None
    slowly(three, "j")
    assert three.queue.list.hasFocus()


def test_g_p_shows_what_is_not_on_the_map_or_says_that_all_is(console):
    there = console(site(1), site(2, lat=None, lng=None))
    there.type("gp")
    assert there.shown() == [2]
    there.type("gp")
    assert set(there.shown()) == {1, 2}

    none = console(site(1))
    none.type("gp")
    assert "has a place on the map" in none.window.toast.said()
    assert none.shown() == [1]


def test_shift_p_opens_the_sheet_that_places_the_site(console):
    there = console(site(1, lat=None, lng=None))
    there.selection.go(1)

    there.shift(Qt.Key.Key_P)

    assert there.sheets.current.NAME == "place_by_hand"


def test_no_two_commands_of_the_console_have_one_key(real_over):
    """Each screen brings commands of its own: that two of them want one key shows only when all are there."""
    by_key = {}
    for command in real_over().window.commands:
        if command.key:
            by_key.setdefault(command.key, []).append(command.name)
    assert {key: names for key, names in by_key.items() if len(names) > 1} == {}
    firsts = {key.split()[0] for key in by_key if " " in key}
    assert not firsts & by_key.keys(), "the first of two keys does nothing by itself"
