"""Servers that page badly, cap silently, filter wrongly or not at all: what is here equals what is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from dispatch.servers.capabilities import Order, Zone
from tests.city import City
from tests.in_step import open_or_closed, stored_open_or_closed
from tests.rooms import Room


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    """With 120 reports of five hours, some of one second, a third of them closed."""
    with City(tmp_path / "city") as running:
        ids = []
        for number in range(120):
            ids.append(running.add_report(f"Oak across the road, number {number}"))
            if number % 4:
                running.clock(forward_s=200)
        for request_id in sorted(ids, key=lambda each: each[::-1])[::3]:
            running.clock(forward_s=20)
            running.elsewhere(request_id, "close", "Done.")
        yield running


@pytest.fixture
def make_room(tmp_path: Path, city: City, clock: Any, run: Any) -> Iterator[Callable[[], Room]]:
    rooms: list[Room] = []

    def make() -> Room:
        rooms.append(Room(tmp_path / "seat", city, clock, run, kind="georeport"))
        return rooms[-1]

    yield make
    for room in rooms:
        room.close()


ODD = {
    "as the specification says": {},
    "no pages, a cap": {"pages": False, "cap": 25},
    "no pages, a cap, any order": {"pages": False, "cap": 25, "order": "none"},
    "no pages, a cap, oldest first": {"pages": False, "cap": 25, "order": "entered_up"},
    "pages from 0, shorter than asked": {"first_page": 0, "cap": 20},
    "pages, any order": {"cap": 20, "order": "none"},
    "pages in order of change": {"cap": 20, "order": "updated_up"},
    "no filter by change, last changed first": {"updated_after": False, "order": "updated_down", "cap": 20},
    "nothing but windows": {"updated_after": False, "order": "none", "cap": 25, "pages": False},
    "swapped bounds": {"swapped_bounds": True, "pages": False, "cap": 25, "order": "none"},
    "bounds that mean nothing": {"bounds": False, "cap": 20},
    "whole days": {"filter_times": "days", "cap": 20},
    "no zone in filters": {"filter_times": "plain", "pages": False, "cap": 25},
    "no lists": {"lists": False, "pages": False, "cap": 25, "order": "none"},
    "spans over 90 days refused": {"long_spans": "refused", "cap": 20},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD)
def test_whatever_the_server_is_like_all_of_it_comes_and_what_changes_later_too(
    city: City, make_room: Callable[[], Room], odd: dict[str, Any]
) -> None:
    city.quirks(**odd)
    room = make_room()

    room.sync()
    assert stored_open_or_closed(room) == open_or_closed(city)

    city.clock(forward_s=600)
    for request_id in list(open_or_closed(city))[::7]:
        if city.status(request_id) == "Open":
            city.elsewhere(request_id, "close", "Done.")
    city.add_report("Line down, sparking")
    room.sync()
    assert stored_open_or_closed(room) == open_or_closed(city)


@pytest.mark.parametrize(
    ("odd", "found"),
    [
        ({}, {"has_pages": True, "first_page": 1, "has_updated_after": True, "has_lists": True}),
        ({"first_page": 0, "cap": 20}, {"first_page": 0, "page_size": 20}),
        ({"pages": False, "cap": 25}, {"has_pages": False, "row_cap": 25}),
        ({"order": "updated_down"}, {"order": Order.UPDATED_DOWN}),
        ({"order": "entered_up"}, {"order": Order.ENTERED_UP}),
        ({"order": "none"}, {"order": Order.NONE}),
        ({"swapped_bounds": True}, {"has_swapped_bounds": True, "has_bounds": True}),
        ({"bounds": False}, {"has_bounds": False}),
        ({"filter_times": "days"}, {"has_whole_days": True}),
        ({"filter_times": "plain"}, {"zone": Zone.OMIT}),
        ({"updated_after": False}, {"has_updated_after": False}),
        ({"lists": False}, {"has_lists": False}),
    ],
    ids=str,
)
def test_the_probe_finds_what_the_server_really_does(
    city: City, make_room: Callable[[], Room], run: Any, odd: dict[str, Any], found: dict[str, Any]
) -> None:
    city.quirks(**odd)
    room = make_room()

    run(room.pull.live())
    run(room.pull.backlog())

    can = room.pull.capabilities
    assert {name: getattr(can, name) for name in found} == found
    assert can.probed_at and room.pull.calls <= 25
