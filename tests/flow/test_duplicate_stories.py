"""The eleventh report of one fallen oak meets the first: proposed with its why, decided by a person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ActRefused
from dispatch.records import CloseReason, Flag
from dispatch.sync import suggest
from tests.city import City
from tests.rooms import Room

OAK = {"category": "tree_road_blocked", "address": "5th Ave N & 9th St N", "lat": 27.77675, "lng": -82.6455}
M_NORTH = 1 / 111_195.0


def proposed(room: Room, request_id: str) -> list[int]:
    return [each.site_id for each in room.view(request_id).suggestions]


def is_marked(room: Room, request_id: str) -> bool:
    return bool(room.view(request_id).row.flags & Flag.MAY_REPEAT)


def near(metres: float, **changes: Any) -> dict[str, Any]:
    return {**OAK, "lat": OAK["lat"] + metres * M_NORTH, "address": "", **changes}


def two_of_one_oak(city: City) -> tuple[str, str]:
    first = city.add_report("Oak across both lanes", **OAK)
    city.clock(forward_s=60)
    return first, city.add_report("Oak is down", **OAK)


def test_a_new_report_meets_the_one_it_may_repeat_with_the_reason_in_words(room: Room, city: City) -> None:
    first = city.add_report("Huge oak across both lanes", **OAK)
    room.sync()
    city.clock(forward_s=720)
    second = city.add_report("Oak blocks the road completely", **near(30))
    far = city.add_report("Oak on the road", **near(4_000))
    room.sync()

    [found] = room.view(second).suggestions
    assert found.site_id == room.site(first)
    assert found.why == "30 m away, 12 min earlier, same kind, both say 'oak'"
    assert is_marked(room, second) and not is_marked(room, first), "the later one is to be looked at"
    assert proposed(room, first) == [room.site(second)], "and the earlier one says so too"
    assert proposed(room, far) == []


def test_s10_nothing_is_merged_before_a_person_says_so_and_undo_brings_it_back(
    room: Room, city: City
) -> None:
    first, second = two_of_one_oak(city)
    room.sync()
    assert room.site(first) != room.site(second)

    room.desk.merge(room.site(first), [room.site(second)])
    assert proposed(room, first) == []

    room.desk.undo()
    assert proposed(room, second) == [room.site(first)]


def test_what_a_person_calls_not_the_same_is_not_proposed_again(room: Room, city: City) -> None:
    first, second = two_of_one_oak(city)
    room.sync()

    room.desk.not_the_same(room.site(second), proposed(room, second))
    assert proposed(room, second) == proposed(room, first) == []
    assert not is_marked(room, second)
    with pytest.raises(ActRefused, match="Nothing is proposed"):
        room.desk.not_the_same(room.site(second), [room.site(first)])

    room.desk.undo()
    assert proposed(room, second) == [room.site(first)] and is_marked(room, second)


def test_a_report_that_was_split_off_is_not_proposed_to_the_same_site(room: Room, city: City) -> None:
    first, second = two_of_one_oak(city)
    room.sync()
    room.desk.merge(room.site(first), [room.site(second)])

    room.desk.split(room.site(first), second)

    assert proposed(room, second) == proposed(room, first) == []


def test_s10_reports_about_persons_are_proposed_as_a_link(room: Room, city: City) -> None:
    place = {**OAK, "category": "welfare_check", "address": "701 16th St S"}
    first = city.add_report("My mother does not answer the phone", **place)
    second = city.add_report("Neighbor not seen since the storm", **place)
    room.sync()

    [found] = room.view(second).suggestions
    assert found.is_link and found.site_id == room.site(first)
    with pytest.raises(ActRefused, match="never merged"):
        room.desk.merge(room.site(first), [room.site(second)])


def test_up_to_three_are_proposed_the_likest_first(room: Room, city: City) -> None:
    for metres in (35, 25, 15, 6):
        city.add_report("Oak on the road", **near(metres))
        city.clock(forward_s=60)
    last = city.add_report("Oak on the road", **near(0))
    room.sync()

    whys = [each.why for each in room.view(last).suggestions]
    assert [why.split(",")[0] for why in whys] == ["6 m away", "15 m away", "25 m away"]


def test_a_merged_one_leads_to_the_site_it_stands_in_and_spam_to_none(room: Room, city: City) -> None:
    first, second, third = (city.add_report("Oak on the road", **OAK) for _ in range(3))
    room.sync()
    room.desk.merge(room.site(first), [room.site(second)])
    assert proposed(room, third) == [room.site(first)]

    room.desk.close(room.site(first), CloseReason.SPAM)

    assert proposed(room, third) == []


def test_a_restart_proposes_nothing_twice_and_knows_what_was_there(
    room: Room, city: City, clock: Any, run: Callable[..., Any], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.setattr(suggest, "STEP_AT_START", 2)
    before = [city.add_report("Oak on the road", **near(1_000 * n)) for n in range(5)]
    room.sync()
    again = Room(tmp_path / "seat", city, clock, run, store_url=room.url)

    late = city.add_report("Oak on the road", **near(2_010))
    again.sync()

    assert proposed(again, late) == [again.site(before[2])]
    assert [proposed(again, each) for each in before] == [[], [], [again.site(late)], [], []]
    again.close()


def test_a_field_survey_is_not_offered_to_itself(room: Room, city: City) -> None:
    ids = []
    for number in range(6):
        place = near(12 * number, address=f"{100 + number} 9th St N")
        ids.append(city.add_report("Limb on the road", **place, reporter="resident"))
        city.clock(forward_s=10)
    room.sync()

    assert [proposed(room, each) for each in ids] == [[] for _ in ids]


def test_rows_entered_in_one_go_are_marked_and_not_offered_to_each_other(room: Room, city: City) -> None:
    alone = city.add_report("Limb on the road", **near(3_000), reporter="resident")
    city.clock(forward_s=600)
    bulk = [
        city.add_report("Limb on the road", **near(6 * n, address="9th St N"), reporter="resident")
        for n in range(20)
    ]
    room.sync()

    flags = [room.view(request_id).row.flags for request_id in bulk]
    assert all(each & Flag.BULK for each in flags) and not room.view(alone).row.flags & Flag.BULK
    assert not any(room.view(request_id).suggestions for request_id in bulk)
