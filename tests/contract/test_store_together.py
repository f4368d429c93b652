"""Several seats write and read one store at the same time, told on SQLite and on a real PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from dispatch.records import Actor
from dispatch.store import log, schema
from dispatch.store.store import Store, open_store

SEATS = 4
ACTS = 15


@pytest.fixture
def store(store_url: str, clock: Any) -> Iterator[Store]:
    opened = open_store(store_url, clock=clock)
    with opened.transaction(seat(0)) as tx:
        tx.connection.execute(
            insert(schema.activation).values(
                activation_id="irma", name="", is_exercise=1, started_at=1, storm_mode=1, is_current=1
            )
        )
    yield opened
    opened.close()


def seat(number: int) -> Actor:
    return Actor("irma", "A. Operator", "Operator", f"Seat {number}")


def together(*works: Callable[[], None]) -> None:
    """All at once; what goes wrong in one fails the test."""
    failures: list[Exception] = []

    def go(work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=go, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_what_an_act_has_read_still_holds_when_it_commits(store: Store) -> None:
    """As an escalation is written: read whole, changed, written whole; no seat's change is lost."""

    def add_answers(number: int) -> None:
        for _ in range(ACTS):
            with store.transaction(seat(number)) as tx:
                row = tx.connection.execute(select(schema.activation.c.name)).scalar_one()
                tx.connection.execute(update(schema.activation).values(name=f"{row}{number}"))
                tx.log("answer", "answered")

    together(*(lambda n=n: add_answers(n) for n in range(SEATS)))

    with store.reading() as connection:
        name = connection.execute(select(schema.activation.c.name)).scalar_one()
        proof = log.verify(connection)
    assert [name.count(str(n)) for n in range(SEATS)] == [ACTS] * SEATS
    assert proof.is_intact and proof.entries == SEATS * ACTS


def test_seats_that_touch_the_same_rows_in_another_order_do_not_block_each_other(store: Store) -> None:
    """Sync takes numbers first and changes sites after; an act does it the other way round."""

    def sync() -> None:
        for _ in range(ACTS):
            with store.transaction(seat(1)) as tx:
                tx.next_request_keys(1)
                tx.connection.execute(update(schema.activation).values(storm_mode=1))
                tx.others.add("activation")

    def act() -> None:
        for _ in range(ACTS):
            with store.transaction(seat(2)) as tx:
                tx.connection.execute(update(schema.activation).values(storm_mode=0))
                tx.next_request_keys(1)
                tx.others.add("activation")

    together(sync, act)

    assert store.feed_number() == 2 * ACTS


def test_several_reads_are_of_one_moment(store: Store) -> None:
    with store.reading() as connection:
        before = connection.execute(select(schema.feed.c.n)).scalar_one()
        with store.transaction(seat(1)) as tx:
            tx.connection.execute(update(schema.activation).values(name="later"))
            tx.others.add("activation")

        assert connection.execute(select(schema.feed.c.n)).scalar_one() == before
        assert connection.execute(select(schema.activation.c.name)).scalar_one() == ""
