"""Sweeps on a real console: planned by keys, on the page, the row, the detail and the map; S12 holds."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from dispatch.geo.projection import to_mercator
from dispatch.records import SweepState
from tests.city import HERE
from tests.conftest import LANDFALL
from ui.map.layers.sweeps import SweepAreas
from ui.sheets.sweep_words import day_clock, read_day

ALT, SHIFT, CTRL = (
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.ControlModifier,
)
LAT, LNG = HERE
RING = tuple(
    (LNG + east, LAT + north)
    for east, north in ((-0.01, -0.01), (0.01, -0.01), (0.01, 0.01), (-0.01, 0.01), (-0.01, -0.01))
)


@pytest.fixture
def one(real_over, city):
    for n in range(3):
        city.add_report(
            f"Branches at the curb, house {n}",
            category="vegetative_debris",
            lat=LAT + 0.003 * n - 0.003,
            lng=LNG,
        )
    made = real_over()
    made.console.sweeps.begin()
    made.ids = [int(each) for each in made.bridge.board.site_id]
    return made


def sweeps(one):
    return one.room.parts.sweep_desk.entries()


def plan(one):
    """By the sheet, of what is drawn on the map."""
    one.selection.choose_ring(frozenset(one.ids), RING)
    one.key(Qt.Key.Key_W, SHIFT)
    sheet = one.sheets.current
    assert sheet.NAME == "sweep"
    sheet.fields["what"].boxes["vegetative_debris"].click()
    one.wait(lambda: sheet.coverage is not None)
    said = sheet.effect()
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return, CTRL)
    one.wait(lambda: sweeps(one))
    one.wait(lambda: one.console.sweeps.at(one.ids[0]) is not None)
    return said


def page(one):
    one.window.go_to("residents")
    found = one.console.residents.show_page("sweeps")
    one.wait(lambda: found.is_at_rest and found.lines)
    return found


def test_s12_shift_w_opens_the_sheet_and_nothing_is_planned_before_ctrl_enter(one):
    one.selection.choose_ring(frozenset(one.ids), RING)
    one.key(Qt.Key.Key_W, SHIFT)

    assert one.sheets.current.NAME == "sweep"
    assert one.sheets.current.fields["name"].value() == "Area drawn on the map"
    assert sweeps(one) == ()


def test_a_drawn_area_is_planned_and_says_what_it_covers_before(one):
    said = plan(one)

    assert said == "Covers 3 sites."
    [sweep] = sweeps(one)
    assert sweep.said.area.rings == (RING,)
    assert sweep.said.categories == ("vegetative_debris",)
    assert day_clock(sweep.said.from_at, one.bridge.zone) == "Tue 12 Sep 08:00"


def test_the_ring_counts_only_while_its_sites_are_looked_at(one):
    one.selection.choose_ring(frozenset(one.ids), RING)
    assert one.selection.ring == RING

    one.selection.clear("sites")

    assert one.selection.ring == ()


def test_row_detail_and_map_say_that_a_sweep_covers_it(one):
    plan(one)
    row = one.bridge.board.row(one.ids[0])
    one.selection.go(one.ids[0])

    words = one.queue.model.writer.words(row)
    assert words.others == "sweep: Area drawn on the map, Tue"
    assert "SW-1 covers it" in one.console._others_here(one.ids[0])
    layer = next(each for each in one.console.map.layers if isinstance(each, SweepAreas))
    one.wait(lambda: layer.is_loaded)
    x, y = to_mercator(LNG, LAT)
    one.console.map.close_in(float(x), float(y))
    one.console.map.grab()
    scene = one.console.map.picture.scene
    said = layer.says(*scene.frame.point(float(x), float(y)), scene)
    assert said.startswith("Area drawn on the map\nSW-1 covers it")


def test_the_page_takes_it_from_planned_to_closed_by_keys_alone(one):
    plan(one)
    shown = page(one)
    assert shown.table.said().startswith("SW-1 Planned Area drawn on the map Tue 12 Sep 08:00 – 17:00 3 0")

    for key, state in ((Qt.Key.Key_S, SweepState.RUNNING), (Qt.Key.Key_D, SweepState.DONE)):
        one.wait(lambda: shown.is_at_rest and one.sheets.current is None)
        shown.table.setFocus()
        one.window.keys._presses.clear()
        one.key(key)
        assert one.sheets.current.NAME == "sweep_act"
        assert sweeps(one)[0].state is not state, "nothing before Enter"
        QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return)
        one.wait(lambda state=state: sweeps(one)[0].state is state)
        one.wait(lambda state=state: shown.lines[0].sweep.state is state)
    shown.table.setFocus()
    one.window.keys._presses.clear()
    one.key(Qt.Key.Key_C, SHIFT)
    sheet = one.sheets.current
    one.wait(sheet.button.isEnabled)
    assert sheet.effect().startswith("Closes 3 sites with the reason")
    QTest.keyClick(one.window.focusWidget(), Qt.Key.Key_Return)

    one.wait(lambda: not one.room.parts.sweep_desk.coverage(sweeps(one)[0].sweep_id).sites)


def test_a_step_that_cannot_be_now_says_so_and_opens_nothing(one):
    plan(one)
    shown = page(one)
    said = []
    one.bridge.said.connect(lambda words, _is_alarm: said.append(words))

    shown.table.setFocus()
    one.key(Qt.Key.Key_D)

    assert said == ["SW-1 is planned: this cannot be done with it now."]
    assert one.sheets.current is None


def test_telling_shows_each_text_before_it_goes(one):
    plan(one)
    shown = page(one)
    shown.table.setFocus()
    one.key(Qt.Key.Key_T)
    sheet = one.sheets.current
    one.wait(sheet.button.isEnabled)

    assert sheet.effect().startswith("PUBLIC on the city's site: ")
    assert sheet.texts[0].said().startswith("EN · 3 reports\nEXERCISE. The city goes through")
    assert "This is not 911" in sheet.texts[0].said()


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Tue 08:00", "Tue 12 Sep 08:00"),
        ("tuesday 8:00", "Tue 12 Sep 08:00"),
        ("Mon 12:00", "Mon 11 Sep 12:00"),
        ("Mon 08:00", "Mon 18 Sep 08:00"),
        ("14 Sep 0730", "Thu 14 Sep 07:30"),
        ("Thu 14 Sep 07:30", "Thu 14 Sep 07:30"),
        ("+2 h", "Mon 11 Sep 12:30"),
        ("Tue 25:00", None),
        ("Someday 08:00", None),
        ("40 Sep 08:00", None),
    ],
)
def test_a_crews_day_is_typed_as_people_say_it(zone, typed, meant):
    at = read_day(typed, LANDFALL, zone)

    assert (None if at is None else day_clock(at, zone)) == meant


def test_an_empty_page_says_how_to_begin_right_below_its_heads(one):
    one.window.go_to("residents")
    page = one.console.residents.show_page("sweeps")
    one.wait(lambda: page.is_at_rest)
    gap = page._card.geometry().top() - page._list.geometry().bottom()
    assert 0 < gap < 40 and page._card.geometry().bottom() < page.height() / 2

    one.window.go_to("queue")
    plan(one)
    one.window.go_to("residents")
    one.wait(lambda: page.current() is not None)
    one.wait(lambda: page._card.height() > 2 * page._foot.height())
    assert page._list.height() > page.height() / 3
