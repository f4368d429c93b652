"""The command line: commands by name, whole lines about sites by number."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.boards import site


@pytest.fixture
def line(console):
    c = console(
        site(18234, band=2, what="Tree on wires", lat=27.7700, lng=-82.6400),
        site(18230, lat=27.7710, lng=-82.6400),
        site(3, lat=27.9, lng=-82.7),
    )
    c.selection.go(3)
    return c


def ask(c, text):
    c.window.open_command_line(text)
    return [entry.title for entry in c.window.command_line.entries()]


def test_commands_are_found_by_the_beginnings_of_their_words(line):
    assert ask(line, "esc")[0] == "Escalate to emergency management"
    assert ask(line, "clear fil")[0] == "Clear all filters"


def test_esc_names_site_and_desk_before_anything_opens(line):
    assert ask(line, "esc 18234")[0] == "Escalate 18234: Tree on wires"
    assert ask(line, "esc 18234 esf12")[0] == "Escalate 18234 to Energy: Tree on wires"

    line.type(Qt.Key.Key_Return)

    assert line.selection.current == 18234
    assert line.sheets.current.NAME == "escalate"
    assert line.sheets.current.fields["desk"].value() == "Energy"
    assert line.seat.done == []


def test_esc_offers_each_desk_that_may_be_meant(line):
    esf_3 = [title for title in ask(line, "esc 18234 esf 3") if title.startswith("Escalate 18234")]
    assert [title.split(" to ")[1].split(":")[0] for title in esf_3] == ["Public works", "Water"]
    assert ask(line, "esc 18234 esf99")[0] == "No desk is called esf99"


def test_a_site_that_is_not_there_is_said_and_enter_does_nothing(line):
    assert ask(line, "esc 999")[0] == "There is no site 999 here"

    line.type(Qt.Key.Key_Return)

    assert line.window.command_line.isVisible()
    assert line.sheets.current is None


def test_dup_opens_the_sheet_with_the_site_it_repeats(line):
    assert ask(line, "dup 18234 18230")[0] == "Duplicate 18234 of 18230: Tree on wires"

    line.type(Qt.Key.Key_Return)

    assert line.sheets.current.NAME == "duplicate"
    assert line.sheets.current.target() == 18230
    assert line.selection.current == 18234


def test_dup_with_several_merges_them_into_the_first(line):
    assert ask(line, "dup 18234 18230 3")[0] == "Merge into 18234: Tree on wires"

    line.type(Qt.Key.Key_Return)

    assert line.sheets.current.NAME == "merge_ticked"
    assert line.sheets.current.ids == (18230, 3)


def test_near_narrows_to_a_circle(line):
    assert ask(line, "near 27.77 -82.64 300")[0] == "2 sites within 300 m"
    line.type(Qt.Key.Key_Return)

    assert sorted(line.shown()) == [18230, 18234]


def test_near_a_point_with_words_for_metres_says_what_it_needs(line):
    assert ask(line, "near 27.77 -82.64 far")[0] == "near needs latitude, longitude and metres"


def test_plain_words_search_the_reports(line, wait_until):
    line.found = [18230]
    ask(line, "oak roof")
    assert line.window.command_line.entries()[-1].title == "Search the reports for “oak roof”"

    line.type(Qt.Key.Key_Return)

    wait_until(lambda: line.shown() == [18230])


def test_esc_leaves_and_gives_the_focus_back(line):
    line.window.open_command_line()
    line.type(Qt.Key.Key_Escape)

    assert not line.window.command_line.isVisible()
    assert line.window.focusWidget() is line.queue.list


def test_what_cannot_be_done_now_is_not_done(line):
    line.selection.go(0)
    ask(line, "claim")
    line.type(Qt.Key.Key_Return)

    assert line.seat.done == []


@pytest.mark.parametrize("text", ["27.7712 -82.6390", "27°46'16.32\"N 82°38'20.40\"W", "17R LL 38497 72933"])
def test_goto_takes_coordinates_in_any_form_from_any_screen(line, text):
    line.window.go_to("em_desk")

    ask(line, f"goto {text}")
    line.type(Qt.Key.Key_Return)

    ((at, label),) = line.map.gone_to
    assert at == pytest.approx((27.7712, -82.6390), abs=1e-5)
    assert label == text.upper()
    assert line.window.screen == "queue"


def test_goto_says_what_is_wrong_with_coordinates_and_enter_does_nothing(line):
    assert ask(line, "goto 27.77 82.64")[0].endswith("West longitudes need a minus or a W.")

    line.type(Qt.Key.Key_Return)

    assert line.window.command_line.isVisible()
    assert line.map.gone_to == []


def test_goto_says_when_a_place_is_beyond_the_citys_map(line):
    line.window.open_command_line("goto 40.7 -74.0")
    assert line.window.command_line.entries()[0].group == "beyond the city's map"


def test_a_key_opens_the_command_line_for_coordinates(line):
    line.type((Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier))

    assert line.window.command_line.line.text() == "goto "
