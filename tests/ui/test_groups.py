"""The grouped list: keys go over headings, folding moves nothing above, a folded P1 is said."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from tests.ui.boards import put, site
from ui.queue.delegate import ROW_HEIGHT

SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def c(console):
    made = console(
        site(1, band=1, score=90, neighborhood="Shore Acres"),
        site(2, band=2, score=80, neighborhood="Childs Park"),
        site(3, band=2, score=70, neighborhood="Shore Acres"),
        site(4, band=4, score=60, neighborhood="Childs Park"),
        site(5, band=4, score=50, neighborhood="Riviera Bay"),
    )
    made.type((Qt.Key.Key_G, SHIFT))
    return made


def words(c) -> list[int | str]:
    model = c.queue.model
    return [model.site_at(i) or model.data(model.index(i, 0)) for i in range(model.rowCount())]


def test_shift_g_groups_by_neighborhood_and_ends_where_it_began(c) -> None:
    assert words(c) == ["Shore Acres", 1, 3, "Childs Park", 2, 4, "Riviera Bay", 5]
    assert c.queue.header.grouped.text() == "By neighborhood"

    for _ in range(3):
        c.type((Qt.Key.Key_G, SHIFT))

    assert words(c) == [1, 2, 3, 4, 5]
    assert not c.queue.header.grouped.isVisible()


def test_j_and_k_and_arrows_step_over_headings(c) -> None:
    went = []
    for key in ("j", "j", "j", Qt.Key.Key_Down, "k", Qt.Key.Key_Up, "k", "k"):
        c.type(key)
        went.append(c.selection.current)

    assert went == [1, 3, 2, 4, 2, 3, 1, 1]


def test_h_folds_the_group_of_the_site_and_j_goes_on_behind_it(c) -> None:
    c.selection.go(3)

    c.type("h")
    assert words(c) == ["Shore Acres", "Childs Park", 2, 4, "Riviera Bay", 5]
    c.type("j")
    assert c.selection.current == 2


def test_h_again_unfolds_it(c) -> None:
    c.selection.go(3)
    before = words(c)

    c.type("h")
    c.queue.fold_group()

    assert words(c) == before


def test_s5_a_folded_group_says_its_p1_and_n_unfolds_it(c) -> None:
    c.selection.go(2)
    c.queue.order.fold("Shore Acres")
    assert c.queue.model.group_at(0).p1 == 1

    c.type("n")

    assert c.selection.current == 1
    assert c.queue.model.position_of(1) == 1


def test_a_click_on_a_heading_folds_it_and_leaves_the_current_site(c, qtbot) -> None:
    c.selection.go(2)

    qtbot.mouseClick(c.queue.list.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(80, 3 * ROW_HEIGHT + 20))

    assert words(c) == ["Shore Acres", 1, 3, "Childs Park", "Riviera Bay", 5]
    assert c.selection.current == 2


def test_u5_a_new_site_waits_behind_the_chip_in_a_grouped_list_too(c) -> None:
    before = words(c)

    c.take(put(c.seat.board, site(9, band=2, neighborhood="Riviera Bay")))
    assert words(c) == before
    assert c.queue.header.new.text() == "1 new ↑"
    c.type("r")

    assert words(c)[3:] == ["Childs Park", 2, 4, "Riviera Bay", 9, 5]


def test_sites_in_folded_groups_are_not_new_and_are_ticked_with_all(c) -> None:
    c.type((Qt.Key.Key_H, SHIFT))
    assert words(c) == ["Shore Acres", "Childs Park", "Riviera Bay"]

    c.take(put(c.seat.board, site(4, band=4, score=61, neighborhood="Childs Park")))
    c.type((Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier))

    assert c.queue.header.new.text() == "Nothing new"
    assert c.selection.checked == {1, 2, 3, 4, 5}


def test_a_range_of_ticks_over_a_heading_holds_sites_only(c) -> None:
    c.selection.go(3)
    c.type("x", "j", (Qt.Key.Key_X, SHIFT))

    assert c.selection.checked == {3, 2}


def test_the_list_is_not_reset_when_it_is_grouped(c) -> None:
    resets = []
    c.queue.model.modelReset.connect(lambda: resets.append(1))

    c.type((Qt.Key.Key_G, SHIFT), (Qt.Key.Key_H, SHIFT))

    assert resets == []
