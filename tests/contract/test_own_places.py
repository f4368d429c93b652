"""Places that people gave, and what the log says of earlier times, on SQLite and on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import insert

from dispatch.records import Actor, OwnPlace, Place, ServiceRequest
from dispatch.store import history, mirror, own_places, schema, sites
from dispatch.store.store import Store, open_store
from tests.contract.test_store import report, take

ANN, BEN = Actor("irma", "Ann", "Operator", "Seat 1"), Actor("irma", "Ben", "Operator", "Seat 2")
HERE, THERE = Place(27.7634, -82.6415), Place(27.82, -82.64)


@pytest.fixture
def store(store_url: str, clock) -> Iterator[Store]:
    opened = open_store(store_url, clock=clock)
    with opened.transaction(ANN) as tx:
        tx.connection.execute(
            insert(schema.activation).values(
                activation_id="irma", name="Irma", is_exercise=1, started_at=1, storm_mode=1, is_current=1
            )
        )
        mirror.ensure_server(tx.connection, "http://city/api/v2", "seeclickfix")
    yield opened
    opened.close()


def given(store: Store, *requests: ServiceRequest) -> list[int]:
    with store.transaction(ANN) as tx:
        return take(tx, *requests)


def put(store: Store, site_id: int, place: Place, who: Actor = ANN) -> tuple[str | None, str]:
    with store.transaction(who) as tx:
        value = OwnPlace(place, "2214 22nd Ave S", None, who.person, tx.now).value
        return own_places.put(tx, site_id, value)


def place_of(store: Store, site_id: int) -> Place | None:
    with store.reading() as connection:
        own = own_places.of_site(connection, site_id)
    return own.place if own else None


def test_the_newest_place_counts_also_within_one_moment(store: Store) -> None:
    [site_id] = given(store, report("1"))

    before, first = put(store, site_id, HERE)
    assert before is None
    before, _ = put(store, site_id, THERE, BEN)

    assert before == first
    assert place_of(store, site_id) == THERE
    with store.transaction(ANN) as tx:
        own_places.put(tx, site_id, own_places.value_of(tx.connection, first))
    assert place_of(store, site_id) == HERE
    with store.transaction(ANN) as tx:
        own_places.put(tx, site_id, "")
    assert place_of(store, site_id) is None


def test_a_site_that_took_one_in_by_hand_has_its_place_until_it_has_one_of_its_own(store: Store) -> None:
    lead, other = given(store, report("1"), report("2"))
    put(store, other, THERE)
    with store.transaction(ANN) as tx:
        sites.move_members(tx, [other], lead)

    assert place_of(store, lead) == THERE
    put(store, lead, HERE)
    assert place_of(store, lead) == HERE


def test_other_reports_of_an_address_are_found_by_how_it_begins(store: Store) -> None:
    given(store, report("1"), report("2"))

    with store.reading() as connection:
        found = own_places.of_address(connection, "5TH  ave n", at_most=6)
        patterns = own_places.of_address(connection, "5th %__ n", at_most=6)
        short = own_places.of_address(connection, "5th", at_most=6)

    assert [(address, round(place.lat, 4)) for address, place in found] == [("5th Ave N", 27.77)]
    assert patterns == short == []


def test_the_log_gives_its_lines_in_order_without_those_that_change_nothing(store: Store) -> None:
    [site_id] = given(store, report("1"))
    with store.transaction(ANN) as tx:
        tx.log("opened", "opened the words of a restricted site", site_id=site_id)
        tx.log("wait", "waiting: access", site_id=site_id, detail={"undo": {"site": {"state": 0}}})
        tx.log("storm_mode", "storm mode on")
    with store.transaction(BEN) as tx:
        sites.change(tx, site_id, state=sites.CLOSED, state_reason="server")
        tx.log("claim", "claimed", site_id=site_id)

    with store.reading() as connection:
        told = history.read(connection)

    assert [(line.act, line.person, line.detail) for line in told.lines] == [
        ("wait", "Ann", {"undo": {"site": {"state": 0}}}),
        ("claim", "Ben", {}),
    ]
    assert told.closed_at == {site_id: None}
