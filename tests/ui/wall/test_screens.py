"""On which screen the wall stands while screens come and go."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from ui.wall.letters import Glass
from ui.wall.screens import Screen, known_again, place_for, seen


def screen(name, model="", serial="", *, box=(0, 0, 1920, 1080), mm=(530.0, 300.0)):
    return Screen(name, model, serial, QRect(*box), Glass(box[2], box[3], *mm))


DESK = screen("DP-1", "Desk 24", "D1")
SECOND = screen("DP-2", "Desk 24", "D2", box=(1920, 0, 2560, 1440))
TV = screen("HDMI-1", "TV 55", "T9", box=(4480, 0, 1920, 1080), mm=(1210.0, 680.0))


def test_the_first_time_it_takes_the_largest_screen_that_is_free():
    place = place_for("", [DESK, SECOND, TV], console="DP-1")

    assert (place.screen, place.is_full) == (TV, True)


def test_sizes_are_counted_in_pixels_where_one_of_them_says_none():
    unknown = screen("HDMI-1", "TV 55", "T9", mm=(0.0, 0.0))

    assert place_for("", [DESK, SECOND, unknown], console="DP-1").screen is SECOND


def test_with_one_screen_it_is_a_window_and_never_covers_the_console():
    place = place_for("", [DESK], console="DP-1")

    assert (place.screen, place.is_full, place.waits) == (DESK, False, False)


def test_it_comes_back_to_the_screen_it_stood_on_also_where_another_is_larger():
    place = place_for(SECOND.key, [DESK, SECOND, TV], console="DP-1")

    assert (place.screen, place.is_full) == (SECOND, True)


def test_a_cable_in_another_socket_is_the_same_screen():
    moved = screen("DP-7", "TV 55", "T9")

    assert known_again(TV.key, [DESK, moved]) is moved


def test_without_a_serial_number_only_the_same_socket_counts():
    old = screen("HDMI-1", "Desk 24")

    assert known_again(old.key, [screen("DP-2", "Desk 24"), old]) is old
    assert known_again(old.key, [screen("DP-2", "Desk 24")]) is None


def test_a_screen_that_says_nothing_is_known_by_its_name():
    assert known_again(screen("VGA-1").key, [DESK, screen("VGA-1")]) is not None


def test_while_its_screen_is_away_it_waits_in_a_window_and_takes_no_other_screen():
    place = place_for(TV.key, [DESK, SECOND], console="DP-1")

    assert (place.screen, place.is_full, place.waits) == (DESK, False, True)


def test_where_the_console_moved_to_its_screen_it_is_a_window_there():
    place = place_for(TV.key, [DESK, TV], console="HDMI-1")

    assert (place.screen, place.is_full, place.waits) == (TV, False, False)


def test_where_nobody_works_at_the_console_it_may_take_the_only_screen():
    assert place_for("", [TV], console="").is_full


def test_a_real_screen_says_what_it_is(qapp):
    real = QGuiApplication.primaryScreen()

    found = seen(real)

    assert found.box == real.geometry() and found.screen is real
    assert found.glass.px_per_mm() > 0
    assert known_again(found.key, [DESK, found]) is found


def test_a_name_with_the_signs_between_does_not_break_the_key():
    odd = screen("A|B", "M|1", "S|2")

    assert known_again(odd.key, [odd]) is odd
