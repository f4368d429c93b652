"""What an operator sees on the map and what pointing does."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent

from dispatch.records import SITE_STATES, Band, SiteState
from tests.ui.map.conftest import LANDFALL, site

DOWNTOWN = (27.7710, -82.6390)
CHILDS_PARK = (27.7560, -82.7010)
CLOSED = SITE_STATES.index(SiteState.CLOSED)


def crowd(n, lat, lng, *, band=Band.P4, first_id=1, spread=0.002):
    rng = np.random.default_rng(7)
    return [
        site(
            first_id + i,
            lat + float(rng.uniform(-spread, spread)),
            lng + float(rng.uniform(-spread, spread)),
            band=band,
        )
        for i in range(n)
    ]


def spot(view, site_id):
    board = view.selection.board
    row = board.row(site_id)
    x, y = view.frame.point(float(board.x[row]), float(board.y[row]))
    return QPoint(round(x), round(y))


def bubble_spot(view):
    markers = view.picture.scene.markers
    cell = int(markers.bubbles[0])
    west, north = view.picture.scene.frame.point(float(markers.cells.x[cell]), float(markers.cells.y[cell]))
    shift = view.frame.left - view.picture.scene.frame.left, view.frame.top - view.picture.scene.frame.top
    return QPoint(round(west - shift[0]), round(north - shift[1]))


def wheel(view, at, clicks):
    where = QPointF(at)
    event = QWheelEvent(
        where,
        view.mapToGlobal(where),
        QPoint(),
        QPoint(0, 120 * clicks),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)


def test_a_click_on_a_marker_selects_its_site(show, qtbot):
    view = show([site(4, *DOWNTOWN), site(5, *CHILDS_PARK)])

    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot(view, 5))

    assert view.selection.current == 5


def test_a_click_on_a_bubble_comes_closer_until_sites_stand_apart(show, qtbot):
    view = show(crowd(40, *DOWNTOWN))
    before = view.frame.level

    for _ in range(12):
        if not view.picture.scene.markers.bubbles.size:
            break
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=bubble_spot(view))
        view.grab()

    assert view.frame.level > before
    assert len(view.picture.scene.markers.singles) > 4


def test_sites_on_one_spot_are_taken_one_after_the_other(show, qtbot):
    view = show([site(n, *DOWNTOWN, band=Band(1 + n % 3)) for n in range(1, 13)])
    at = bubble_spot(view)

    taken = []
    for _ in range(12):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
        taken.append(view.selection.current)

    assert sorted(taken) == list(range(1, 13))
    assert view.selection.board.band[view.selection.board.row(taken[0])] == Band.P1


@pytest.mark.parametrize(
    ("band", "state", "worst"), [(Band.P1, 0, 1), (Band.P2, 0, 2), (Band.P1, CLOSED, 0), (Band.P3, 0, 0)]
)
def test_a_bubble_bears_a_mark_only_for_open_p1_or_p2_inside(show, band, state, worst):
    view = show([*crowd(20, *DOWNTOWN), site(99, *DOWNTOWN, band=band, state=state)])
    view.selection.narrow(with_closed=True)
    view.grab()

    cells = view.picture.scene.markers.cells

    assert cells.count.max() == 21
    assert cells.worst[int(cells.count.argmax())] == worst


def test_what_the_filters_hide_is_not_on_the_map(show):
    view = show([site(1, *DOWNTOWN, band=Band.P1), site(2, *CHILDS_PARK, band=Band.P4)])

    view.selection.narrow(bands=frozenset({int(Band.P4)}))
    view.grab()

    board = view.selection.board
    assert board.site_id[view.picture.scene.markers.rows].tolist() == [2]
    assert "P1 life 0" in view.legend.text()


def test_a_new_site_stands_on_the_map_when_it_is_the_maps_turn(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    assert "P3 damage 1" in view.legend.text()

    delta = view.selection.board.apply([site(2, *CHILDS_PARK)])
    view.selection.take(delta)

    qtbot.waitUntil(lambda: "P3 damage 2" in view.legend.text())
    view.grab()
    assert view.picture.scene.markers.rows.size == 2


def test_the_legend_counts_bands_and_sites_without_a_place(show, qtbot):
    view = show(
        [
            site(1, *DOWNTOWN, band=Band.P1),
            site(2, *CHILDS_PARK, band=Band.P4),
            site(3, None, None, band=Band.P4),
        ]
    )
    assert view.legend.text() == "P1 life 1, P2 hazard 0, P3 damage 0, P4 can wait 2, Not on map (1)"
    assert view.accessibleDescription() == view.legend.text()

    qtbot.mouseClick(view.legend.not_on_map, Qt.MouseButton.LeftButton)

    assert view.selection.filters.not_on_map


def test_a_screen_reader_hears_the_current_site(show):
    view = show([site(1, *DOWNTOWN, band=Band.P1, what="Wire sparking", where="1st Ave N")])

    view.selection.go(1)

    said = view.accessibleDescription()
    assert "P1 Life safety" in said and "Wire sparking, Childs Park · 1st Ave N" in said


def test_a_narrow_map_keeps_bands_and_counts(show):
    view = show([site(1, *DOWNTOWN, band=Band.P1), site(3, None, None)], size=(260, 420))

    assert view.legend.text() == "P1 1, P2 0, P3 1, P4 0, Off map (1)"
    assert view.legend.geometry().right() <= view.width()
    assert view.legend.not_on_map.y() > view.legend.HEIGHT_PX / 2  # below the bands, not over them


def test_the_card_says_what_where_how_bad_and_how_old(show, qtbot):
    view = show([site(1, *DOWNTOWN, band=Band.P1, what="<b>Wire</b> sparking", where="1st Ave N")])

    qtbot.mouseMove(view, spot(view, 1))

    said = view.card.text().splitlines()
    assert said[0].startswith("P1 Life safety")
    assert said[1:3] == ["<b>Wire</b> sparking", "Childs Park · 1st Ave N"]
    assert said[3].startswith("26 min ago, 10:04")


def test_the_card_of_a_bubble_counts_what_is_urgent(show, qtbot):
    view = show([*crowd(20, *DOWNTOWN), site(99, *DOWNTOWN, band=Band.P1)])

    qtbot.mouseMove(view, bubble_spot(view))

    assert view.card.text().splitlines()[0] == "21 sites · 1 P1"


def test_a_hospital_is_named_when_pointed_at(show, qtbot):
    view = show([])
    hospitals = next(layer for layer in view.layers if layer.name == "hospitals")
    x, y = view.frame.point(*hospitals._places[:2])
    inside = [(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True) if 40 < a < 380 and 200 < b < 680]

    qtbot.mouseMove(view, QPoint(*map(round, inside[0])))

    assert "Hospital" in view.card.text()


def test_dragging_moves_the_map_and_selects_nothing(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    start = spot(view, 1)
    before = view.frame

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(view, start + QPoint(90, -40))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=start + QPoint(90, -40))

    assert (before.left - view.frame.left, before.top - view.frame.top) == (90, -40)
    assert view.selection.current == 0


def test_the_wheel_zooms_about_the_pointer(show):
    view = show([site(1, *DOWNTOWN)])
    at = QPointF(200, 300)
    before = view.frame.place(at.x(), at.y())

    wheel(view, at, 2)

    after = view.frame.place(at.x(), at.y())
    assert view.frame.metres_per_px < 20
    assert np.hypot(after[0] - before[0], after[1] - before[1]) <= view.frame.metres_per_px


def test_a_double_click_on_open_ground_comes_one_zoom_closer(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    before = view.frame.level

    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(120, 620))

    assert view.frame.level == before + 2


def test_the_keyboard_pans_zooms_and_comes_home(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    home = view.frame

    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Minus, Qt.Key.Key_Left):
        qtbot.keyClick(view, key)
    assert view.frame != home
    qtbot.keyClick(view, Qt.Key.Key_Home)

    assert view.frame == home


@pytest.mark.parametrize(
    ("modifier", "path"),
    [
        (Qt.KeyboardModifier.ShiftModifier, [(-30, -30), (30, 30)]),
        (Qt.KeyboardModifier.ControlModifier, [(-30, -30), (30, -30), (30, 30), (-30, 30), (-30, -28)]),
    ],
)
def test_a_box_or_a_lasso_narrows_every_part_to_the_sites_inside(show, qtbot, modifier, path):
    view = show([site(1, *DOWNTOWN), site(2, *CHILDS_PARK), site(3, None, None)])
    middle = spot(view, 2)
    corners = [middle + QPoint(*corner) for corner in path]

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, modifier, corners[0])
    for corner in corners[1:]:
        _drag(view, corner, modifier)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, modifier, corners[-1])

    assert view.selection.filters.sites == frozenset({2})


def test_a_lasso_around_nothing_changes_nothing(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    shift = Qt.KeyboardModifier.ShiftModifier

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, shift, QPoint(20, 600))
    _drag(view, QPoint(60, 640), shift)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, shift, QPoint(60, 640))

    assert view.selection.filters.sites is None


def test_the_current_site_comes_into_view_without_a_change_of_scale(show):
    view = show([site(1, *DOWNTOWN), site(2, *CHILDS_PARK)])
    view.zoom_to(1)
    level = view.frame.level

    view.selection.go(2)

    assert view.rect().contains(spot(view, 2))
    assert view.frame.level == level


def test_the_current_site_does_not_move_the_map_while_it_is_in_view(show):
    view = show([site(1, *DOWNTOWN), site(2, *CHILDS_PARK)])
    before = view.frame

    view.selection.go(2)

    assert view.frame == before


def test_another_citys_sites_are_shown_where_they_are_and_the_map_says_so(show):
    view = show([site(n, 29.76 + n / 500, -95.40 - n / 500) for n in range(1, 20)])

    assert all(view.rect().contains(spot(view, n)) for n in range(2, 19))
    assert view.credits.text(view.frame).startswith("Base map: outlines only")


def test_whose_data_it_is_stands_on_the_map(show):
    view = show([])

    said = view.credits.text(view.frame)

    assert all(name in said for name in ("Census", "GSHHG", "Zillow", "streets approximate"))


def test_the_layer_box_lists_what_is_there_and_what_is_not_loaded(show):
    view = show([])

    ticks = {tick.text(): tick for tick in view.layer_box._ticks.values()}

    assert set(ticks) == {
        "Reports",
        "Neighborhoods",
        "Hospitals",
        "Shelters",
        "Storm track",
        "Heat",
        "Schools",
        "Other agencies' areas",
        "Evacuation zones (not loaded)",
        "Storm surge (not loaded)",
        "Fire stations (not loaded)",
        "Storm forecast (not loaded)",
        "Weather alerts (not loaded)",
    }
    assert not ticks["Evacuation zones (not loaded)"].isCheckable()
    assert "Press to import it" in ticks["Storm surge (not loaded)"].toolTip()


def test_what_is_not_loaded_is_one_line_until_it_is_asked_for(show, qtbot):
    box = show([]).layer_box
    missing = [tick for tick in box._ticks.values() if "not loaded" in tick.text()]

    assert box.missing.text() == "Not loaded: 5…"
    assert "Storm surge" in box.missing.toolTip() and "Storm surge" in box.missing.accessibleDescription()
    assert not any(tick.isVisible() for tick in missing)
    low = box.height()
    box.missing.setFocus()
    qtbot.keyClick(box.missing, Qt.Key.Key_Space)
    assert all(tick.isVisible() for tick in missing) and box.height() > low
    qtbot.keyClick(box.missing, Qt.Key.Key_Space)
    assert not any(tick.isVisible() for tick in missing) and box.height() == low


def test_reports_switched_off_are_neither_painted_nor_clicked(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    at = spot(view, 1)

    view.layer_box.switch("reports", False)
    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)

    assert view.selection.current == 0


def test_the_storm_track_knows_only_what_has_happened(show, clock):
    view = show([])
    track = next(layer for layer in view.layers if layer.name == "storm_track")

    now = {name: len(known.at) for name, known in track._known(LANDFALL).items()}
    later = {name: len(known.at) for name, known in track._known(LANDFALL + 86_400_000).items()}

    assert 0 < now["Irma"] < later["Irma"]
    assert track._known(0) == {}


def test_the_theme_changes_without_a_restart(show, theme):
    view = show([site(1, *DOWNTOWN)])
    light = view.grab().toImage().pixelColor(4, 300)

    theme.set("dim")

    assert view.grab().toImage().pixelColor(4, 300).lightness() < light.lightness() - 100


def in_window(view):
    """Single sites and bubbles, with their number and place in the window."""
    markers, board, frame = view.picture.scene.markers, view.selection.board, view.frame
    cells, bubbles = markers.cells, markers.bubbles
    places = zip(*frame.point(cells.x[bubbles], cells.y[bubbles]), cells.count[bubbles], strict=True)
    singles = zip(*frame.point(board.x[markers.singles], board.y[markers.singles]), strict=True)
    seen = view.rect().contains
    return (
        {(round(x), round(y), int(n)) for x, y, n in places if seen(round(x), round(y))},
        {(round(x), round(y)) for x, y in singles if seen(round(x), round(y))},
    )


def test_a_step_of_the_wheel_shows_at_once_what_it_shows_with_its_margin(show, qtbot):
    """Sites crowd at the window's edge and beyond it: neither bubbles nor single sites may jump."""
    view = show(crowd(1_400, *DOWNTOWN, spread=0.03) + crowd(900, *CHILDS_PARK, first_id=5_000, spread=0.02))
    kinds = set()
    for _ in range(9):
        view.zoom_by(1)
        view.grab()
        quick = in_window(view)
        assert view.picture.is_narrow

        qtbot.waitUntil(lambda: not view.picture.is_narrow, timeout=30_000)
        view.grab()
        assert in_window(view) == quick
        kinds.add((bool(quick[0]), len(quick[1]) > 40))

    assert {(True, False), (True, True)} <= kinds, "crowded and single views were among them"


def test_a_fault_while_painting_is_said_on_the_map_and_reported_once(show, expect_warning, monkeypatch):
    view = show([site(1, *DOWNTOWN)])
    monkeypatch.setattr(view.credits, "paint", lambda *_: 1 / 0)
    expect_warning(r"A screen part failed in MapView\._paint")

    pictures = [view.grab().toImage() for _ in range(3)]

    assert pictures[0] == pictures[2]


def _drag(view, at, modifier):
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    where = QPointF(at)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        view.mapToGlobal(where),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        modifier,
    )
    view.mouseMoveEvent(event)
