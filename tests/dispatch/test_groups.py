"""The queue's order in groups: the worst first, its own order inside, folded ones without their sites."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.board import Rows
from dispatch.groups import Group, GroupBy, Grouped, group, name_of
from tests.ui.boards import board_of, site, storm_board


def ids(board, grouped: Grouped) -> list[int | str]:
    """Site ids in their places, headings by the name of their group."""
    return [
        int(board.site_id[place]) if place >= 0 else grouped.groups[-1 - place].name
        for place in grouped.places.tolist()
    ]


def whole(board) -> Rows:
    return board.order(np.arange(board.count))


@pytest.fixture
def board():
    return board_of(
        site(1, band=4, neighborhood="Shore Acres", category="tree_down"),
        site(2, band=2, neighborhood="Childs Park", category="wire_down", claimed_by="Ann"),
        site(3, band=1, neighborhood="Shore Acres", category="wire_down"),
        site(4, band=3, neighborhood="", category="roof", claimed_by="Ann"),
        site(5, band=3, neighborhood="Childs Park", category="tree_down", claimed_by="Lee"),
    )


def test_the_group_of_the_worst_site_comes_first(board) -> None:
    grouped = group(board, whole(board), GroupBy.HOOD)

    assert ids(board, grouped) == ["Shore Acres", 3, 1, "Childs Park", 2, 5, "", 4]
    assert grouped.groups[0] == Group("Shore Acres", 2, 1, False)


def test_sites_are_grouped_by_category_and_by_claim(board) -> None:
    by_category = group(board, whole(board), GroupBy.CATEGORY)
    by_claim = group(board, whole(board), GroupBy.CLAIM)

    assert ids(board, by_category) == ["wire_down", 3, 2, "roof", 4, "tree_down", 5, 1]
    assert ids(board, by_claim) == ["", 3, 1, "Ann", 2, 4, "Lee", 5]


def test_a_folded_group_keeps_its_heading_and_says_how_many_p1_it_holds(board) -> None:
    grouped = group(board, whole(board), GroupBy.HOOD, {"Shore Acres"})

    assert ids(board, grouped) == ["Shore Acres", "Childs Park", 2, 5, "", 4]
    assert grouped.groups[0] == Group("Shore Acres", 2, 1, True)


def test_only_the_sites_of_the_order_are_grouped(board) -> None:
    grouped = group(board, np.array([board.row(5), board.row(2)]), GroupBy.HOOD)

    assert ids(board, grouped) == ["Childs Park", 5, 2]


def test_without_grouping_or_sites_the_order_is_as_it_was(board) -> None:
    order = whole(board)

    assert group(board, order, GroupBy.NOTHING).places is order
    assert group(board, order[:0], GroupBy.HOOD).groups == ()


def test_every_site_of_a_storm_stands_in_its_group_once_in_queue_order() -> None:
    board = storm_board(3000)
    order = whole(board)
    place_in_order = {int(row): at for at, row in enumerate(order)}

    grouped = group(board, order, GroupBy.HOOD)

    seen: dict[str, list[int]] = {}
    for place in grouped.places.tolist():
        if place < 0:
            name = grouped.groups[-1 - place].name
            assert name not in seen
            seen[name] = []
        else:
            assert name_of(board, place, GroupBy.HOOD) == name
            seen[name].append(place_in_order[place])
    assert sum(map(len, seen.values())) == 3000
    assert all(places == sorted(places) for places in seen.values())
    assert [group.count for group in grouped.groups] == [len(places) for places in seen.values()]
    firsts = [places[0] for places in seen.values()]
    assert firsts == sorted(firsts)
