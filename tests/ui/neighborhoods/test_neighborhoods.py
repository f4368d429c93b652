"""The Neighborhoods screen on a real console: who is quiet, one selection, rows in the Queue, outreach."""

from __future__ import annotations

import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.geo.folder import GeoFolder
from dispatch.insight.quiet_areas import Standing
from dispatch.records import Flag, Material, OutreachDraft, OutreachKind
from dispatch.resources import resource
from tests.conftest import LANDFALL
from tests.ui.boards import put, site
from ui.neighborhoods.model import AREA, EXPECTED, MISSING, OUTREACH, RATE, REPORTS, SURE
from ui.neighborhoods.reading import read

CTRL, ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
QUIET = "Childs Park"
MINUTE = 60_000


@pytest.fixture(scope="module")
def loaded():
    return read(GeoFolder(resource("geo"), "st-petersburg"))


def storm(loaded, per_1000=4, first_id=1000, at=LANDFALL, but=QUIET):
    """Every place says what is due to it, one says nearly nothing."""
    rows = []
    for place in loaded.places:
        count = 1 if place.name == but else round(per_1000 * place.residents / 1000)
        for _ in range(count):
            rows.append(
                site(
                    first_id + len(rows),
                    neighborhood=place.areas[0] if place.areas else "",
                    first_at=at,
                )
            )
    return rows


class Screen:
    def __init__(self, one):
        self.one, self.window, self.console = one, one.window, one.console
        self.board = one.bridge.board

    def open(self):
        self.window.go_to("neighborhoods")
        self.one.wait(lambda: self.view.found is not None and self.view.place >= 0)
        self.settled()

    @property
    def view(self):
        return self.console.neighborhoods

    def take(self, *rows):
        self.one.bridge.changed.emit(put(self.board, *rows))

    def settled(self):
        self.one.wait(lambda: self.view.is_at_rest)

    def cell(self, row, column):
        return self.view.model.index(row, column).data()

    def names(self):
        return [self.cell(row, AREA) for row in range(self.view.model.rowCount())]

    def current(self):
        return self.cell(self.view.table.currentIndex().row(), AREA)

    def said(self):
        return self.view.panel.said()


@pytest.fixture
def screen(real_over, loaded):
    made = Screen(real_over())
    made.take(*storm(loaded))
    made.open()
    return made


def test_the_quiet_one_stands_first_in_words_and_hatched_on_the_map(screen, loaded):
    first = [screen.cell(0, column) for column in (AREA, REPORTS, RATE, EXPECTED, MISSING)]
    due = next(place for place in loaded.places if place.name == QUIET).residents

    assert first[:3] == [QUIET, "1", f"{1000 / due:.1f}"]
    assert abs(int(first[3]) - 4 * due / 1000) <= 2
    assert int(first[4]) == int(first[3]) - 1
    assert screen.cell(0, SURE).startswith("under by ")
    assert f"1 report where about {first[3]} were expected." in screen.said()
    assert "No data on power" in screen.said()
    place = screen.view.place
    assert screen.view.map._shown.is_quiet[place]
    assert sum(screen.view.map._shown.is_quiet) == 1


def test_g_n_opens_it(real_over):
    one = Screen(real_over())

    one.one.key(Qt.Key.Key_G)
    one.one.key(Qt.Key.Key_N)

    assert one.window.screen == "neighborhoods"
    assert "Neighborhoods" in one.window.windowTitle()
    one.one.wait(lambda: one.view.found is not None and one.view.is_at_rest)


def test_enter_shows_the_rows_behind_the_number_in_the_queue(screen):
    # Of the days before: it has no part in the number.
    screen.take(site(70_000, neighborhood=QUIET, first_at=LANDFALL - 600 * MINUTE))
    screen.settled()
    wanted = screen.view.found.reports[screen.view.place]

    screen.one.key(Qt.Key.Key_Return)

    assert screen.window.screen == "queue"
    filters = screen.console.selection.filters
    assert filters.hoods == frozenset({QUIET}) and filters.with_closed
    assert int(screen.console.selection.mask.sum()) == wanted == 1


def test_outside_every_area_opens_as_the_sites_that_lie_there(screen):
    screen.view.table.go(screen.names().index("Outside every area"))
    wanted = int(screen.view.found.reports[screen.view.place])

    screen.one.key(Qt.Key.Key_Return)

    assert wanted > 50
    assert int(screen.console.selection.mask.sum()) == wanted


def test_j_and_k_move_the_table_and_a_click_on_the_map_the_same(screen):
    screen.one.key(Qt.Key.Key_J)
    assert screen.current() == screen.names()[1]
    screen.one.key(Qt.Key.Key_K)
    assert screen.current() == QUIET

    place = screen.view.model.place_at(5)
    spot = screen.view.map.spot_of(place)
    QTest.mouseClick(
        screen.view.map, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, spot.toPoint()
    )

    assert screen.view.place == place
    assert screen.current() == screen.cell(5, AREA)
    assert screen.current() in screen.said()


def test_the_order_stays_while_a_person_is_in_it_and_r_takes_the_new_one(screen):
    screen.one.key(Qt.Key.Key_J)
    before, chosen = screen.names(), screen.current()
    second = screen.names()[3]
    area = next(p.areas[0] for p in screen.view.found.places if p.name == second.split(" and ")[0])
    quiet = [row for row in range(screen.board.count) if screen.board.hoods[screen.board.hood[row]] == area]
    rows = [site(int(screen.board.site_id[row]), neighborhood="Snell Isle") for row in quiet[1:]]

    screen.take(*rows)
    screen.settled()
    at = screen.names().index(second)

    assert screen.names() == before, "nothing jumps"
    assert screen.cell(at, REPORTS) == "1", "and the number is of now"
    assert "R puts them in order" in screen.view.frame.moved.said()
    screen.one.key(Qt.Key.Key_R)
    assert screen.names().index(second) < 2
    assert screen.current() == chosen
    assert screen.view.frame.moved.said() == ""


def test_what_is_no_voice_is_told_and_opens(screen):
    screen.take(
        *(site(90_000 + n, neighborhood=QUIET, flags=int(Flag.BULK), first_at=LANDFALL) for n in range(25)),
        site(91_000, neighborhood="", lat=None, lng=None, first_at=LANDFALL),
    )
    screen.settled()

    assert screen.cell(0, REPORTS) == "1"
    assert "25 from bulk entries, 1 without a place" in screen.view.frame.rest.text()
    screen.view.frame.rest.click()
    assert int(screen.console.selection.mask.sum()) == 26


def test_alt_d_counts_the_last_three_days_and_back(screen, loaded):
    screen.take(*storm(loaded, first_id=50_000, at=LANDFALL - 60 * MINUTE, but="nobody"))
    screen.settled()
    before = screen.view.found.total
    screen.view.table.go(40)

    screen.one.key(Qt.Key.Key_D, ALT)
    screen.settled()

    assert screen.view.found.total > 1.9 * before
    assert "in the last 72 hours" in screen.view.frame.head.said()
    screen.one.key(Qt.Key.Key_D, ALT)
    screen.settled()
    assert screen.view.found.total == before
    assert screen.current() == screen.names()[0] == QUIET
    assert "since activation" in screen.view.frame.head.said()


def test_ctrl_n_notes_what_was_done_and_undo_takes_it_back(screen):
    screen.one.key(Qt.Key.Key_N, CTRL)
    sheet = screen.console.sheets.current
    assert sheet.NAME == "outreach" and f"Kept for {QUIET}" in sheet.effect()
    screen.one.key(Qt.Key.Key_Return, CTRL)
    assert "Choose how they were gone to." in sheet.fields["kind"].complaint()

    sheet.fields["kind"].show_value(OutreachKind.DOOR)
    for name, typed in {
        "at": "9:45",
        "place": "9th Ave S",
        "reached": "40",
        "materials": "English 200, Spanish 120",
        "next_step": "Come back",
        "due": "15:00",
    }.items():
        sheet.fields[name].line.setText(typed)
        sheet.fields[name]._edit()
    sheet.confirm()
    screen.one.wait(lambda: screen.console.sheets.current is None)

    desk = screen.one.room.parts.outreach_desk
    [entry] = desk.entries()
    assert (entry.said.area, entry.said.at, entry.said.reached) == (QUIET, LANDFALL - 45 * MINUTE, 40)
    assert entry.said.materials == (Material("English", 200), Material("Spanish", 120))
    assert entry.said.due_at == LANDFALL + 270 * MINUTE
    screen.one.wait(lambda: screen.cell(0, OUTREACH) == "09:45 Door to door")
    assert "Door to door, 9th Ave S · 40 people reached · English 200 · Spanish 120" in screen.said()
    assert "in the hour before: 0" in screen.said() and "Reports since the last one: 1" in screen.said()
    screen.one.wait(lambda: "30 days after it: too early to say." in screen.said())

    screen.one.key(Qt.Key.Key_Z, CTRL)
    screen.one.wait(lambda: screen.cell(0, OUTREACH) == "")
    assert desk.entries() == ()
    assert "No outreach is noted here." in screen.said()


def test_alt_o_corrects_the_last_note_and_alt_t_takes_it_back(screen):
    desk = screen.one.room.parts.outreach_desk
    desk.record(OutreachDraft(kind=OutreachKind.PHONE, area=QUIET, at=LANDFALL - 30 * MINUTE, reached=4))
    screen.view.read()
    screen.one.wait(lambda: screen.cell(0, OUTREACH) == "10:00 Phone")

    screen.one.key(Qt.Key.Key_O, ALT)
    sheet = screen.console.sheets.current
    assert sheet.fields["reached"].value() == "4"
    sheet.fields["reached"].line.setText("7")
    sheet.confirm()
    screen.one.wait(lambda: screen.console.sheets.current is None)
    assert [(e.said.reached, e.said.at) for e in desk.entries()] == [(7, LANDFALL - 30 * MINUTE)]
    screen.one.wait(lambda: "7 people reached" in screen.said())

    screen.one.key(Qt.Key.Key_O, ALT)
    sheet = screen.console.sheets.current
    sheet.take_back()
    assert "as if it had not been" in sheet.effect()
    sheet.confirm()
    screen.one.wait(lambda: screen.console.sheets.current is None)
    assert [e.said.reached for e in desk.entries()] == [4]


def test_the_map_is_drawn_once_and_copied_after_that(screen):
    view = screen.view.map
    view.grab()
    picture, outline = view._picture, view._outline

    view.grab()
    screen.one.key(Qt.Key.Key_J)
    view.grab()

    assert view._picture is picture, "the areas are not drawn again for another choice"
    assert view._outline is not outline
    place = screen.view.model.place_at(30)
    shade = screen.view.map._shown.shades[place]
    spot = view.spot_of(place).toPoint()
    ratio = view.devicePixelRatioF()
    seen = picture.toImage().pixelColor(round(spot.x() * ratio), round(spot.y() * ratio))
    assert seen == screen.console._theme.color(f"shade_{shade}")
    screen.console._theme.set("dim")
    view.grab()
    assert view._picture is not picture


def test_how_it_is_counted_is_one_key_away_with_its_source(screen):
    screen.one.key(Qt.Key.Key_H, ALT)

    sheet = screen.console.sheets.current
    said = [label.said() for label in sheet.findChildren(type(sheet._title))]
    assert any("Clayton, Kaldor" in each and "(1987)" in each for each in said)
    assert any("wind and flooding, of which there are no figures by area" in each for each in said)
    screen.one.key(Qt.Key.Key_Return)
    assert screen.console.sheets.current is None


def test_before_there_are_reports_nothing_is_said_of_any_area(real_over):
    one = Screen(real_over())
    one.open()

    assert {one.cell(row, SURE) for row in range(5)} == {"too few reports yet"}
    assert "Too early" in one.view.frame.rests_on.said()
    assert not any(one.view.map._shown.is_quiet)
    assert set(np.unique(one.view.found.judged.standing)) == {Standing.NOT_KNOWN}


def test_without_neighborhoods_the_screen_says_so(real_over, tmp_path):
    one = Screen(real_over())
    one.console._geo = GeoFolder(tmp_path, "st-petersburg")
    one.window.go_to("neighborhoods")

    one.one.wait(lambda: one.view.frame.currentIndex() == 1)
    assert one.view.counting.loaded is None


def test_a_hundred_thousand_reports_are_counted_beside_the_window(screen, loaded):
    """What is left to the window's thread is a copy of the columns and the rows in sight."""
    screen.take(
        *(
            site(200_000 + n, neighborhood=loaded.places[n % 70].areas[0], first_at=LANDFALL, reports=10)
            for n in range(10_000)
        )
    )
    before = screen.view.found

    start = time.perf_counter()
    screen.view.counting.count()
    took = time.perf_counter() - start

    assert took < 0.005 and screen.view.found is before
    screen.settled()
    assert screen.view.found.total > 100_000


def test_another_seats_note_shows_here(screen):
    """It comes with the feed, as any change of the room."""
    room = screen.one.room
    room.parts.outreach_desk.record(
        OutreachDraft(kind=OutreachKind.EXPO, area=QUIET, at=LANDFALL - 5 * MINUTE)
    )

    room._run(screen.one.bridge.catch_up())

    screen.one.wait(lambda: screen.cell(0, OUTREACH) == "10:25 Expo")


def test_what_storm_mode_holds_is_counted_and_said(screen):
    row = site(80_000, neighborhood=QUIET, first_at=LANDFALL, flags=int(Flag.SET_ASIDE))

    screen.take(row)
    screen.settled()

    assert screen.cell(0, REPORTS) == "2"
    assert "Held until after the storm and not in the Queue: 1 site of these." in screen.said()
