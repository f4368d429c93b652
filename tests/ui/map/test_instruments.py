"""The map's instruments as an operator meets them: positions shown, copied and gone to."""

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication

from dispatch.geo.coordinates import NotAPosition, Position, national_grid, read
from tests.ui.map.conftest import site
from ui.map.instruments import read_for_map

DOWNTOWN = Position(27.7710, -82.6390)


class Paints(QObject):
    """Counts the paints of a widget."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


def test_the_position_under_the_pointer_is_shown_without_painting_the_map(show, qtbot):
    view = show([site(1, *DOWNTOWN)])
    qtbot.mouseMove(view, QPoint(200, 300))
    qtbot.waitUntil(lambda: view.instruments.whereabouts.at is not None)
    qtbot.wait(300)
    map_paints, box_paints = Paints(view), Paints(view.instruments.whereabouts)
    before = view.instruments.whereabouts.text()

    qtbot.mouseMove(view, QPoint(260, 340))
    qtbot.waitUntil(lambda: box_paints.count > 0)

    said = view.instruments.whereabouts.text()
    assert said != before
    assert said.endswith(national_grid(view.instruments.position_at(QPointF(260, 340))))
    assert map_paints.count == 0


def test_no_position_is_shown_once_the_pointer_has_left(show, qtbot):
    view = show([])
    qtbot.mouseMove(view, QPoint(200, 300))
    assert view.instruments.whereabouts.isVisible()

    view.leaveEvent(QEvent(QEvent.Type.Leave))

    assert not view.instruments.whereabouts.isVisible()


@pytest.mark.parametrize("form", [0, 1, 2])
def test_a_position_is_copied_in_any_form_and_read_back(show, form):
    view = show([])
    menu = view.instruments.copy_menu(DOWNTOWN)

    menu.actions()[form].trigger()

    copied = QGuiApplication.clipboard().text()
    assert menu.actions()[form].text() == f"Copy {copied}"
    assert read(copied) == pytest.approx(DOWNTOWN, abs=1e-5)


def test_going_to_a_position_marks_it_in_the_middle_until_escape(show, qtbot):
    view = show([])

    view.instruments.go_to(DOWNTOWN, "HERE")

    middle = view.instruments.position_at(QPointF(view.width() / 2, view.height() / 2))
    assert middle == pytest.approx(DOWNTOWN, abs=1e-5)
    view.pan_by(40, 10)
    view.grab()
    assert view.instruments.mark.at == DOWNTOWN
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert view.instruments.mark.at is None


def test_a_mark_is_drawn_on_the_map_and_gone_with_it(show, qtbot):
    view = show([])
    view.instruments.go_to(DOWNTOWN, "HERE")
    with_mark = view.grab().toImage()

    view.instruments.take_mark_away()

    at = QPoint(view.width() // 2 + 10, view.height() // 2)
    assert with_mark.pixelColor(at) != view.grab().toImage().pixelColor(at)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("27.77 82.64", "need a minus or a W"),
        ("-82.64 27.77", "the other way round"),
        ("51.5 -0.1", "outside the map of the lower 48 states"),
        ("nowhere", "is no part of a position"),
    ],
)
def test_what_the_map_does_not_cover_is_said(text, says):
    with pytest.raises(NotAPosition, match=says):
        read_for_map(text)


def test_zooming_to_the_ticked_sites_brings_all_of_them_into_view(show):
    view = show([site(1, 27.77, -82.64), site(2, 27.75, -82.70), site(3, 27.72, -82.75), site(4, None, None)])

    assert view.zoom_to_all({1, 2, 4})

    board, frame = view.selection.board, view.frame
    for site_id in (1, 2):
        row = board.row(site_id)
        px, py = frame.point(float(board.x[row]), float(board.y[row]))
        assert view.rect().contains(QPointF(px, py).toPoint())
    west, _, _, _ = frame.bounds
    assert west > float(board.x[board.row(3)])


def test_with_nothing_ticked_it_zooms_to_what_the_filters_leave(show):
    view = show([site(1, 27.77, -82.64, band=1), site(2, 27.70, -82.75, band=3), site(3, None, None, band=2)])
    view.selection.narrow(bands=frozenset({1}))

    assert view.zoom_to_all(())

    board = view.selection.board
    x, y = float(board.x[board.row(1)]), float(board.y[board.row(1)])
    assert view.frame.center == pytest.approx((x, y), abs=view.frame.metres_per_px)
    view.selection.narrow(bands=frozenset({2}))
    assert not view.zoom_to_all(())


def test_the_scale_says_the_same_length_in_both_units(show):
    view = show([])
    metres = {"mi": 1609.344, "ft": 0.3048, "km": 1000.0, "m": 1.0}
    for level in range(12, 40):
        view.look_at(*view.frame.center, level=level)
        px_m = []
        for words, length in view.credits.scale(view.frame):
            number, unit = words.split()
            px_m.append(float(number) * metres[unit] / length)
            assert 35 < length <= 100.001
        assert px_m[0] == pytest.approx(px_m[1])
