"""One answer for an area or a category: each site by its own facts, each resident in their language, once."""

from __future__ import annotations

from typing import Any

import pytest

from dispatch.bulk.kinds import BulkKind
from dispatch.bulk.order import BulkOrder
from dispatch.bulk.plan import IS_RESTRICTED
from dispatch.errors import ActRefused
from dispatch.records import Band, Flag, Intent, OutboxState
from dispatch.store import outbox, sites
from tests.city import City
from tests.rooms import ON_SQLITE, Room

ANSWER = BulkOrder(BulkKind.MESSAGE, intent=Intent.GOT_IT)
SPANISH = "Un árbol grande está en la calle y no podemos pasar con el carro"


@pytest.fixture
def ids(room: Room, city: City) -> list[str]:
    """Three in English of two kinds, one in Spanish; each of another person."""
    said = [
        ("A branch lies at the curb", "vegetative_debris"),
        ("Another branch lies at the curb", "vegetative_debris"),
        ("The light at the corner is dark", "street_light_out"),
        (SPANISH, "vegetative_debris"),
    ]
    found = [city.add_report(t, category=c, reporter=f"resident {n}") for n, (t, c) in enumerate(said)]
    room.sync()
    return found


def test_each_reads_of_their_own_site_in_their_language_and_once(room: Room, city: City, ids: Any) -> None:
    at = [room.site(each) for each in ids]
    seen = room.parts.bulk.preview(at, ANSWER)

    room.parts.bulk.act(at, ANSWER)
    room.sync()
    room.sync()

    threads = [[text for text in city.messages(each) if "911" in text] for each in ids]
    assert [len(each) for each in threads] == [1, 1, 1, 1]
    assert "EXERCISE. Thank you" in threads[0][0] and "EXERCISE. Gracias" in threads[3][0]
    assert threads[0] == threads[1] != threads[2]
    assert [(each.language, each.messages, each.sites) for each in seen.texts] == [
        ("en", 2, 2),
        ("en", 1, 1),
        ("es", 1, 1),
    ]
    assert {each.text for each in seen.texts} == {text for each in threads for text in each}
    assert (seen.messages, seen.people) == (4, 4)


def test_undo_takes_back_all_that_has_not_left(room: Room, city: City, ids: Any) -> None:
    at = [room.site(each) for each in ids]
    room.parts.bulk.act(at, ANSWER)
    room.desk.undo()
    room.sync()

    assert not any("911" in text for each in ids for text in city.messages(each))
    with room.store.reading() as connection:
        states = {item.state for site_id in at for item in outbox.of_site(connection, site_id)}
    assert states == {OutboxState.TAKEN_BACK}


@ON_SQLITE
def test_who_gets_nothing_is_named_with_why(room: Room, city: City, ids: Any) -> None:
    at = [room.site(each) for each in ids]
    with room.store.transaction(room.parts.actor) as tx:
        sites.set_flags(tx, at[0], add=Flag.RESTRICTED)

    seen = room.parts.bulk.preview(at, ANSWER)
    no_proof = room.parts.bulk.preview(at, BulkOrder(BulkKind.MESSAGE, intent=Intent.ON_THE_WAY))

    assert seen.left == {at[0]: IS_RESTRICTED} and seen.messages == 3
    assert set(no_proof.left.values()) == {"Nobody has named a crew for it.", IS_RESTRICTED}
    with pytest.raises(ActRefused, match="Nobody has named a crew"):
        room.parts.bulk.act(at, BulkOrder(BulkKind.MESSAGE, intent=Intent.ON_THE_WAY))


@ON_SQLITE
def test_s5_a_p1_reads_the_answer_and_still_nobody_has_looked_at_it(room: Room, city: City, ids: Any) -> None:
    danger = room.site(ids[0])
    room.desk.set_band(danger, Band.P1)
    room.desk.undo()
    with room.store.transaction(room.parts.actor) as tx:
        sites.change(tx, danger, band=int(Band.P1), acted_at=0)

    done = room.parts.bulk.act([room.site(each) for each in ids], ANSWER)

    assert danger in done.site_ids
    with room.store.reading() as connection:
        assert sites.row(connection, danger).acted_at == 0


@ON_SQLITE
def test_s9_no_photo_is_asked_for_by_the_hundred_while_response_is_suspended(
    room: Room, city: City, ids: Any
) -> None:
    room.desk.suspend("fire", 0, "wind", 0)

    with pytest.raises(ActRefused, match="suspended"):
        asks = BulkOrder(BulkKind.MESSAGE, intent=Intent.BETTER_PHOTO)
        room.parts.bulk.act([room.site(each) for each in ids], asks)


@ON_SQLITE
def test_a_reply_at_one_site_goes_before_an_answer_to_many(room: Room, city: City, ids: Any) -> None:
    room.parts.bulk.act([room.site(each) for each in ids], ANSWER)
    room.desk.message(room.site(ids[3]), "A person writes. This is not 911.")

    with room.store.reading() as connection:
        first, *_ = outbox.due(connection, 4_000_000_000_000)
    assert first.request_id == ids[3]
