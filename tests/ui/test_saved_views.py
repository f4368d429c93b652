"""Saved views on the screen: kept under a name and a key, opened by it, changed, removed."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from dispatch.records import Band
from dispatch.settings import load
from tests.ui.real import RealConsole

ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def real(city, real_over) -> RealConsole:
    city.add_report("Branch in the yard", address="62nd Ave S & 4th St S")
    city.add_report("Power line down and sparking on the sidewalk, people are near it", address="1 4th St N")
    return real_over()


def kept(real: RealConsole) -> dict:
    return load(real.room.parts.folder).views.get("A. Operator", {})


def save(real: RealConsole, name: str, key: str | None = None) -> None:
    real.queue.list.setFocus()
    real.key(Qt.Key.Key_V, SHIFT)
    sheet = real.sheets.current
    sheet.fields["name"].show_value(name)
    if key is not None:
        sheet.fields["key"].show_value(key)
    real.key(Qt.Key.Key_Return, CTRL)


def test_filters_are_kept_under_a_name_and_opened_by_its_key(real) -> None:
    real.selection.narrow(bands=frozenset({4}))
    save(real, "Can wait")
    real.wait(lambda: "Can wait" in kept(real))
    assert real.window.toast.said() == "View “Can wait” is kept; Alt+1 opens it."
    real.selection.clear_all()

    real.key(Qt.Key.Key_1, ALT)

    assert real.selection.filters.bands == {4}
    assert real.queue.header.views.text() == "View: Can wait"


def test_s5_a_view_that_hides_a_p1_says_so_in_the_fixed_line(real) -> None:
    board = real.room.parts.board
    assert (board.band == Band.P1).sum() == 1
    real.selection.narrow(bands=frozenset({4}))
    save(real, "Can wait")
    real.selection.clear_all()
    assert "outside" not in real.queue.header.line.said()

    real.key(Qt.Key.Key_1, ALT)

    assert real.queue.header.line.said().startswith("1 P1 outside this view")


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("E", "E is “Escalate to emergency management” already: choose another key."),
        ("G", "G begins other keys: choose another one."),
        ("Ctrl+C", "Ctrl+C is needed for writing: choose another key."),
    ],
)
def test_a_key_that_is_taken_is_refused_with_what_it_does(real, key, why) -> None:
    save(real, "Mine", key)

    assert real.sheets.current.fields["key"].complaint() == why
    assert kept(real) == {}


def test_two_views_do_not_share_a_name_or_a_key(real) -> None:
    save(real, "Mine", "Alt+1")
    save(real, "mine", "Alt+2")
    assert real.sheets.current.fields["name"].complaint().startswith("There is a view “Mine” already")
    real.key(Qt.Key.Key_Escape)

    save(real, "Other", "Alt+1")

    assert real.sheets.current.fields["key"].complaint().startswith("Alt+1 is “Mine” already")


def test_a_view_is_renamed_and_removed(real) -> None:
    save(real, "Mine", "Alt+1")
    real.wait(lambda: set(kept(real)) == {"Mine"})
    menu = real.window.view_menu
    menu.change(real.console.views.called("Mine"))
    real.sheets.current.fields["name"].show_value("Ours")
    real.key(Qt.Key.Key_Return, CTRL)
    real.wait(lambda: set(kept(real)) == {"Ours"})

    menu.change(real.console.views.called("Ours"))
    real.key(Qt.Key.Key_Delete, ALT)

    real.wait(lambda: not kept(real))
    assert real.window.commands.with_key("Alt+1") is None


def test_views_stand_in_palette_help_and_menu(real) -> None:
    save(real, "Wires & trees", "Alt+3")

    real.window.open_command_line("wires")
    assert real.window.command_line.entries()[0].title == "Wires & trees"
    real.window.command_line.leave()
    real.window.view_menu._fill()
    assert real.window.view_menu.menu.actions()[0].text() == "Wires && trees\tAlt+3"
    assert real.window.commands.with_key("Alt+3").title == "Wires & trees"


def test_a_view_with_words_looks_for_them_anew(real) -> None:
    task = real.selection.look_for("branch")
    real.wait(task.done)
    save(real, "Branches")
    real.selection.clear_all()

    real.key(Qt.Key.Key_1, ALT)

    real.wait(lambda: real.selection.filters.found is not None)
    assert len(real.selection.filters.found) == 1
