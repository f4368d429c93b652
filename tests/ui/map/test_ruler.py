"""Measuring on the map by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt

from dispatch.geo.measure import area_m2, length_m, say_area, say_length
from tests.ui.map.conftest import site

CORNERS = (QPoint(200, 300), QPoint(400, 300), QPoint(400, 500))


def positions(view, *spots):
    return [view.instruments.position_at(QPointF(spot)) for spot in spots]


def click(qtbot, view, *spots):
    for spot in spots:
        qtbot.mouseMove(view, spot)
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=spot)


def test_clicks_set_points_and_the_running_total_stands_beside_the_pointer(show, qtbot):
    view = show([site(1, 27.77, -82.64)])
    view.instruments.measure()

    click(qtbot, view, *CORNERS[:2])
    qtbot.mouseMove(view, CORNERS[2])

    path = positions(view, *CORNERS)
    said = view.card.text().splitlines()
    assert said[0] == say_length(length_m(path))
    assert said[1] == "Last line " + say_length(length_m(path[1:]))
    assert said[2] == "Area " + say_area(area_m2(path))
    assert view.card.geometry().topLeft() != CORNERS[2]
    assert view.selection.current == 0


def test_backspace_takes_the_last_point_back_and_escape_ends(show, qtbot):
    view = show([])
    view.instruments.measure()
    click(qtbot, view, *CORNERS)

    qtbot.keyClick(view, Qt.Key.Key_Backspace)
    assert view.instruments.ruler.points == positions(view, *CORNERS[:2])

    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view.instruments.ruler.is_on
    assert view.card.text() == ""
    click(qtbot, view, CORNERS[0])
    assert view.instruments.ruler.points == []


def test_a_length_is_measured_by_keyboard_alone(show, qtbot):
    view = show([])
    view.instruments.point_at(None)
    view.instruments.measure()

    view.instruments.measure()
    qtbot.keyClick(view, Qt.Key.Key_Right)
    view.instruments.measure()

    first, second = view.instruments.ruler.points
    assert second.lng > first.lng
    assert second == pytest.approx(positions(view, QPoint(view.width() // 2, view.height() // 2))[0])
    assert view.card.text().startswith(say_length(length_m([first, second])))


def test_dragging_while_measuring_moves_the_map_and_sets_no_point(show, qtbot):
    view = show([])
    view.instruments.measure()
    click(qtbot, view, CORNERS[0])
    before = view.frame.left

    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(300, 400))
    qtbot.mouseMove(view, QPoint(340, 400))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(340, 400))

    assert view.frame.left == before - round(40 * view.frame.ratio)
    assert len(view.instruments.ruler.points) == 1


def test_a_pan_while_measuring_paints_no_new_picture(show, qtbot):
    view = show([])
    view.instruments.measure()
    click(qtbot, view, *CORNERS)
    view.grab()
    view.picture.widen()
    view.grab()
    painted = []
    view.picture.over.append(lambda _painter, scene: painted.append(scene))

    view.pan_by(30, 20)
    view.grab()

    assert painted == []


def test_a_line_that_crosses_itself_has_no_area(show, qtbot):
    view = show([])
    view.instruments.measure()

    click(qtbot, view, QPoint(200, 300), QPoint(400, 500), QPoint(400, 300), QPoint(200, 500))

    assert "crosses itself" in view.card.text()


def test_a_double_click_sets_one_point_and_does_not_zoom(show, qtbot):
    view = show([])
    view.instruments.measure()
    level = view.frame.level

    click(qtbot, view, CORNERS[0])
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=CORNERS[0])

    assert view.frame.level == level
    assert len(view.instruments.ruler.points) == 1


def test_the_card_stays_in_the_map_once_the_pointer_has_left(show, qtbot):
    view = show([])
    view.instruments.measure()
    click(qtbot, view, CORNERS[0])

    view.leaveEvent(QEvent(QEvent.Type.Leave))

    assert view.rect().contains(view.card.geometry())
    assert view.card.isVisible()
