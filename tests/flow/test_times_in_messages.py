"""What a message tells of a time is kept by its own words: one reply, one answer to many, one taken back."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.records import Intent, SweepArea, SweepDraft
from dispatch.residents.range_words import range_words
from dispatch.residents.slots import offered
from tests.city import City
from tests.flow.test_expected_times import STREETS, alter, told
from tests.rooms import Room


@pytest.fixture
def signs(room: Room, city: City) -> list[int]:
    """Two sites whose work is the city's own, in one neighborhood."""
    ids = [city.add_report(f"Street sign bent at {at}", address=at) for at in STREETS[:2]]
    room.sync()
    found = [room.site(each) for each in ids]
    alter(room, found, category="sign_missing", band=3, flags=0, own_flags=0, neighborhood="Harris Park")
    return found


def known(room: Room, site_id: int) -> Any:
    return room.parts.template_desk.at_site(site_id).known[site_id]


def test_a_reply_that_tells_a_time_is_kept_and_taking_it_back_takes_that_back(
    room: Room, signs: list[int]
) -> None:
    texts = room.parts.template_desk.at_site(signs[0])
    _, filled = offered(texts.templates, texts.known[signs[0]])[Intent.ON_THE_LIST]
    assert range_words(room.parts.expected_desk.for_site(signs[0]), "en") in filled.text

    room.desk.message(signs[0], filled.text)

    assert [each.site_id for each in told(room)] == [signs[0]]
    assert known(room, signs[0]).was_told_time and not known(room, signs[1]).was_told_time
    room.desk.undo()
    assert told(room) == []


def test_a_reply_without_a_time_tells_none(room: Room, signs: list[int]) -> None:
    room.desk.message(signs[0], "A crew has looked at it. This is not 911.")

    assert told(room) == []


def test_an_answer_to_many_keeps_the_time_each_was_told(room: Room, signs: list[int]) -> None:
    room.parts.bulk.act(signs, BulkOrder(BulkKind.MESSAGE, intent=Intent.ON_THE_LIST))

    assert {each.site_id for each in told(room)} == set(signs)


def test_a_site_that_a_sweep_covers_is_offered_its_text(room: Room, signs: list[int], clock: Any) -> None:
    assert not known(room, signs[0]).is_in_sweep

    now = clock.now()
    room.parts.sweep_desk.plan(
        SweepDraft(
            area=SweepArea("Harris Park", neighborhoods=("Harris Park",)),
            categories=("sign_missing",),
            crew="Crew 4",
            from_at=now,
            until_at=now + 3_600_000,
        )
    )

    texts = room.parts.template_desk.at_site(signs[0])
    assert Intent.SWEEP in offered(texts.templates, texts.known[signs[0]])
