"""U9: letters of 4.65 mm for each metre, whatever the screen's pixels are."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QFontMetricsF

from ui.theme import Theme
from ui.wall.ink import Ink
from ui.wall.letters import CAP, Glass, font_px, letter_mm, letter_mm_of, letters_for

TV_55 = Glass(1920, 1080, 1210.0, 680.0)
TV_55_FINE = Glass(3840, 2160, 1210.0, 680.0)
LAPTOP = Glass(1366, 768, 344.0, 194.0)
VIDEO_WALL = Glass(3840, 2160, 4000.0, 2250.0)


def letters(glass: Glass, distance_m: int, diagonal_in: int = 0):
    return letters_for(
        width=glass.width_px,
        height=glass.height_px,
        px_per_mm=glass.px_per_mm(diagonal_in),
        distance_m=distance_m,
    )


def test_letters_are_28_mm_at_6_m():
    assert letter_mm(6) == pytest.approx(27.9)
    assert letter_mm(4) == pytest.approx(18.6)


@pytest.mark.parametrize("dpi", [40.3, 80.6, 96.0, 163.2, 220.0])
@pytest.mark.parametrize("distance_m", [2, 6, 11])
def test_a_font_of_so_many_pixels_is_as_tall_in_millimetres_as_the_distance_asks(dpi, distance_m):
    px = font_px(distance_m, dpi / 25.4)

    mm = px * CAP / dpi * 25.4
    one_px_mm = 25.4 / dpi
    assert 4.65 * distance_m <= mm < 4.65 * distance_m + one_px_mm


def test_the_height_that_is_counted_with_is_that_of_the_fonts_figures(qapp):
    metrics = QFontMetricsF(Ink(Theme("light"), 200).font())

    assert metrics.capHeight() / 200 == pytest.approx(CAP, abs=0.002)
    assert metrics.tightBoundingRect("8").height() / 200 >= CAP - 0.01


@pytest.mark.parametrize("glass", [TV_55, TV_55_FINE, VIDEO_WALL])
def test_on_a_screen_for_a_room_they_are_large_enough_for_6_m(glass):
    found = letters(glass, 6)

    assert letter_mm_of(found.px, glass.px_per_mm()) >= 27.9
    assert not found.are_small


def test_twice_the_pixels_on_the_same_glass_are_twice_the_font():
    assert letters(TV_55_FINE, 6).px == pytest.approx(2 * letters(TV_55, 6).px, abs=2)


def test_a_laptop_shows_all_of_it_smaller_and_knows_from_where_it_can_be_read():
    found = letters(LAPTOP, 6)

    assert found.px == 43
    assert found.are_small
    assert letter_mm_of(found.px, LAPTOP.px_per_mm()) == pytest.approx(4.65 * found.readable_m)
    assert 1.5 < found.readable_m < 2


def test_a_diagonal_that_somebody_measured_stands_above_what_the_screen_says():
    projector = Glass(1920, 1080, 160.0, 90.0)

    measured = letters(projector, 6, diagonal_in=100)

    assert projector.px_per_mm(100) == pytest.approx(
        1920 / (100 * 25.4 * 16 / (16**2 + 9**2) ** 0.5), rel=1e-3
    )
    assert letter_mm_of(measured.px, projector.px_per_mm(100)) >= 27.9


@pytest.mark.parametrize(
    "says", [(0.0, 0.0), (160.0, 90.0), (16.0, 9.0), (1600.0, 900.0), (90_000.0, 50_000.0)]
)
def test_a_screen_that_does_not_say_its_size_gets_the_largest_letters_that_fit(says):
    glass = Glass(1920, 1080, *says)

    found = letters(glass, 6)

    assert glass.px_per_mm() == 0.0
    assert found.px == 61 and found.readable_m == 0.0 and not found.are_small


def test_nothing_on_the_wall_is_written_smaller(qapp):
    ink = Ink(Theme("light"), 40)

    assert [ink.font(times).pixelSize() for times in (0.3, 1.0, 1.5)] == [40, 40, 60]
