"""Aiming at a spot of the map, with the mouse and without."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from dispatch.geo.projection import to_mercator
from dispatch.records import Place
from tests.ui.map.conftest import site

DOWNTOWN = (27.7710, -82.6390)


@pytest.fixture
def aimed(show):
    view = show([site(4, *DOWNTOWN), site(5, 27.75, -82.70)])
    taken: list[Place] = []
    view.aim.taken.connect(taken.append)
    view.aim.start()
    return view, taken


def test_a_click_takes_the_spot_under_it_and_chooses_no_site(aimed, qtbot):
    view, taken = aimed
    x, y = view.frame.point(*(float(v) for v in to_mercator(DOWNTOWN[1], DOWNTOWN[0])))

    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))

    assert view.selection.current == 0
    assert taken[0].lat == pytest.approx(DOWNTOWN[0], abs=0.002)
    assert taken[0].lng == pytest.approx(DOWNTOWN[1], abs=0.002)


def test_enter_takes_what_is_under_the_cross_and_arrows_move_it_finely(aimed, qtbot):
    view, taken = aimed
    qtbot.keyClick(view, Qt.Key.Key_Return)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_Return)

    first, second = (view.frame.point(*(float(v) for v in to_mercator(p.lng, p.lat))) for p in taken)
    assert second[0] - first[0] == pytest.approx(24, abs=1)
    assert second[1] - first[1] == pytest.approx(0, abs=1)


def test_esc_gives_the_keys_back_and_takes_nothing(aimed, qtbot):
    view, taken = aimed
    given_up = []
    view.aim.given_up.connect(lambda: given_up.append(True))

    qtbot.keyClick(view, Qt.Key.Key_Escape)

    assert (taken, given_up) == ([], [True])


def test_the_spot_is_painted_as_long_as_it_is_meant(aimed):
    view, _ = aimed
    before = view.grab().toImage()
    middle = QPointF(view.width() / 2, view.height() / 2)

    view.aim.take(view.frame, middle)
    marked = view.grab().toImage()
    view.aim.stop()
    after = view.grab().toImage()

    assert marked != before
    assert after == before


def test_with_aiming_over_a_click_chooses_a_site_again(aimed, qtbot):
    view, taken = aimed
    view.aim.stop()
    x, y = view.frame.point(*(float(v) for v in to_mercator(DOWNTOWN[1], DOWNTOWN[0])))

    qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))

    assert (view.selection.current, taken) == (4, [])
