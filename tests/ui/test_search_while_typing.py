"""The command line finds sites while somebody types: numbers, addresses, words, areas, places."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from tests.ui.real import RealConsole

S, N = "22nd Ave S & 31st St S", "22nd Ave N & 31st St N"


@pytest.fixture
def real(city, real_over) -> RealConsole:
    ids = [
        city.add_report("Oak across the road", address=S, lat=27.7489, lng=-82.6749),
        city.add_report("Branch in the yard", address=S, lat=27.7490, lng=-82.6749),
        city.add_report("Oak across both lanes", address=N, lat=27.7925, lng=-82.6749),
    ]
    made = real_over()
    made.ids = ids
    return made


def ask(real: RealConsole, text: str) -> list[str]:
    """The lines once the store has answered."""
    line = real.window.command_line
    real.window.open_command_line(text)
    real.wait(lambda: line._finder._answer is not None)
    return titles(real)


def titles(real: RealConsole) -> list[str]:
    shown = real.window.command_line.list
    return [shown.item(i).text() for i in range(shown.count())]


def groups(real: RealConsole) -> list[str]:
    return [entry.group for entry in real.window.command_line.entries()]


def test_a_report_is_found_by_the_servers_number(real) -> None:
    site_id = real.room.site(real.ids[1])

    found = ask(real, real.ids[1])
    assert "Branch in the yard" in found[0]
    real.key(Qt.Key.Key_Return)

    assert real.selection.current == site_id


def test_words_find_sites_without_narrowing_the_list(real) -> None:
    found = ask(real, "branch ya")

    assert "Branch in the yard" in found[0]
    assert found[-1] == "Search the reports for “branch ya”"
    assert not real.selection.is_narrowed


def test_s11_an_address_finds_its_own_street_before_any_other(real) -> None:
    ask(real, "22nd ave n")

    assert "22nd Ave N" in groups(real)[0]
    assert not any("22nd Ave S" in group for group in groups(real)[:1])


def test_nothing_found_is_said_and_enter_on_it_does_nothing(real) -> None:
    assert ask(real, "zeppelin")[0] == "No number, street, area or report has “zeppelin”."

    real.key(Qt.Key.Key_Return)

    assert real.window.command_line.isVisible()
    assert not real.selection.is_narrowed


def test_s5_a_site_that_the_filters_hide_is_found_and_says_so(real) -> None:
    real.selection.narrow(bands=frozenset({1}))

    ask(real, "branch")

    assert groups(real)[0].endswith("not in view")


def test_near_an_address_offers_each_place_of_that_name(real) -> None:
    found = ask(real, "near 22nd ave s 300")
    assert found == ["2 sites within 300 m"]

    real.key(Qt.Key.Key_Return)

    assert real.selection.filters.sites == {real.room.site(i) for i in real.ids[:2]}


def test_near_alone_is_around_the_current_site(real) -> None:
    real.selection.go(real.room.site(real.ids[2]))

    real.window.open_command_line("near 500")

    assert titles(real) == ["1 site within 500 m"]


@pytest.mark.parametrize("typed", ["27.7489 -82.6749", "27.7489, -82.6749", "near 27.7489 -82.6749 300"])
def test_coordinates_show_what_lies_around_them(real, typed) -> None:
    real.window.open_command_line(typed)

    assert titles(real)[0] == "2 sites within 300 m"


def test_an_area_is_found_by_the_beginning_of_its_name(real) -> None:
    board = real.room.parts.board
    name = board.hoods[int(board.hood[0])]

    found = ask(real, name[:4].lower())
    at = next(i for i, title in enumerate(found) if title.startswith(f"{name}: "))
    real.window.command_line.entries()[at].do()

    assert real.selection.filters.hoods == {name}


def test_what_comes_later_does_not_move_the_line_that_was_gone_to(real) -> None:
    line = real.window.command_line
    real.window.open_command_line("undo")
    real.key(Qt.Key.Key_Down)
    chosen = line.list.currentItem().text()

    real.wait(lambda: line._finder._answer is not None)

    assert line.list.currentItem().text() == chosen
