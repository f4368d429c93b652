"""Putting a site on the map by hand: what the sheet offers, and what it asks of the desk (S11)."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from PySide6.QtCore import Qt

from dispatch.geo.lookup import Found, find
from dispatch.geo.street_grid import load_grid
from dispatch.records import BY_HAND, Fact, OwnPlace, Place
from tests.ui.boards import MINUTE, NOW
from tests.ui.seat import Screen, request_of, some_site, view_of

CTRL = Qt.KeyboardModifier.ControlModifier
SPOT = Place(27.7634, -82.6415)
GRID = load_grid("st-petersburg")


def placing(qtbot, run, **changes) -> Screen:
    row = some_site(lat=None, lng=None, where="")
    screen = Screen(qtbot, run, row)
    words = "Oak down in front of our house, 2214 22nd Ave S"
    report = request_of("901", words, place=None, address=changes.pop("address", ""))
    screen.seat.views = {1: view_of(row, **{"requests": (report,), "address": report.address, **changes})}
    box = screen.seat.jurisdiction.box
    screen.seat.detail.find_place = lambda typed: find(typed, GRID, box)
    screen.seat.detail.area_of = lambda place: "Palmetto Park"
    return screen


def rows(sheet) -> list[str]:
    return [sheet.list.item(i).text() for i in range(sheet.list.count())]


def look_up(screen: Screen, sheet) -> None:
    """The pause after the last letter is over."""
    screen.do(sheet._timer.stop, sheet._timer.timeout.emit)


def test_the_residents_words_are_in_view_and_the_site_says_it_is_not_on_the_map(qtbot, run):
    screen = placing(qtbot, run)

    sheet = screen.open("place_by_hand")

    assert "Not on the map" in sheet.effect()
    shown = [label.text() for label in sheet.findChildren(type(sheet._said)) if label.isVisibleTo(sheet)]
    assert "Oak down in front of our house, 2214 22nd Ave S" in shown


def test_s11_an_address_without_its_half_is_offered_twice_and_arrows_choose(qtbot, run):
    screen = placing(qtbot, run)
    sheet = screen.open("place_by_hand")

    screen.type("2214 22nd Ave")
    look_up(screen, sheet)
    assert [row.split("\n")[0] for row in rows(sheet)] == ["2214 22nd Ave N", "2214 22nd Ave S"]
    screen.key(Qt.Key.Key_Down)
    screen.ctrl_enter()

    [done] = screen.seat.done
    assert (done.name, done.args[0], done.args[2]) == ("place_by_hand", 1, "2214 22nd Ave S")
    assert done.args[1].lat < 27.76


def test_the_address_of_the_report_is_looked_up_at_once(qtbot, run):
    screen = placing(qtbot, run, address="2214 22nd Ave S")

    sheet = screen.open("place_by_hand")
    screen.do(lambda: None)

    assert sheet.chosen().words == "2214 22nd Ave S"


def test_a_spot_aimed_at_stands_first_and_says_its_area(qtbot, run):
    screen = placing(qtbot, run, address="2214 22nd Ave S")
    sheet = screen.open("place_by_hand")
    screen.do(lambda: None)

    screen.do(lambda: sheet.take_spot(SPOT))
    assert "Palmetto Park" in rows(sheet)[0]
    screen.ctrl_enter()

    assert screen.seat.done[0].args == (1, SPOT, "")


def test_what_cannot_be_found_says_what_to_type_and_places_nothing(qtbot, run):
    screen = placing(qtbot, run)
    sheet = screen.open("place_by_hand")

    screen.type("behind the store")
    look_up(screen, sheet)
    screen.ctrl_enter()

    assert "Say AVE or ST" in sheet._said.said()
    assert "choose a hit" in sheet.fields["typed"].complaint()
    assert screen.seat.done == []


def test_an_answer_to_older_letters_is_dropped(qtbot, run):
    screen = placing(qtbot, run)
    sheet = screen.open("place_by_hand")
    screen.type("2214 22nd Ave S")

    screen.do(sheet._timer.stop, lambda: run_find(sheet, "1600 Central Ave"))

    assert rows(sheet) == []


def run_find(sheet, typed: str) -> None:
    sheet._looking = asyncio.ensure_future(sheet._find(typed))


def test_a_place_outside_the_city_is_asked_about_first(qtbot, run):
    screen = placing(qtbot, run)
    sheet = screen.open("place_by_hand")
    screen.type("29.76, -95.37")
    look_up(screen, sheet)

    screen.ctrl_enter()
    assert "outside the city" in sheet.trouble()
    assert screen.seat.done == []
    screen.ctrl_enter()

    assert screen.seat.done[0].args[1] == Place(29.76, -95.37)


def test_s11_the_servers_own_place_is_offered_beside_the_one_by_hand(qtbot, run):
    own = OwnPlace(SPOT, "700 6th St S", None, "Ann Ortiz", NOW - MINUTE)
    fact = Fact(BY_HAND, own.value, own.who, own.at)
    told = request_of("901", "Oak down", place=Place(27.82, -82.64), address="")
    doubt = "The 311 server now gives a place 6.3 km from where Ann Ortiz put it by hand: ask which."
    screen = placing(qtbot, run, facts=(fact,), place_doubt=doubt, requests=(told,))

    sheet = screen.open("place_by_hand")
    screen.do(lambda: None)
    assert "ask which" in sheet.effect()
    assert [row.split("\n")[0] for row in rows(sheet)] == ["700 6th St S", "27.82000, -82.64000"]

    screen.ctrl_enter()
    assert (screen.seat.done[0].name, screen.seat.done[0].args[1]) == ("place_by_hand", SPOT)
    sheet = screen.open("place_by_hand")
    screen.do(lambda: None)
    screen.key(Qt.Key.Key_Down)
    screen.ctrl_enter()
    assert screen.seat.done[1].name == "place_as_reported"


def test_the_sheet_asks_for_the_maps_keys(qtbot, run):
    screen = placing(qtbot, run)
    sheet = screen.open("place_by_hand")
    asked = []
    sheet.aim_wanted.connect(lambda: asked.append(True))

    screen.key(Qt.Key.Key_M, CTRL)

    assert asked == [True]


def test_a_city_without_a_grid_still_takes_coordinates(qtbot, run):
    screen = placing(qtbot, run)
    box = screen.seat.jurisdiction.box
    screen.seat.detail.find_place = lambda typed: replace(find(typed, None, box)) if typed else Found(())
    sheet = screen.open("place_by_hand")

    screen.type("27.7634 -82.6415")
    look_up(screen, sheet)
    screen.ctrl_enter()

    assert screen.seat.done[0].args[1] == SPOT
