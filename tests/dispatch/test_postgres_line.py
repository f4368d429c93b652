"""The line to a shared database: how soon it is known that nobody answers, or somebody again."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from dispatch.clock import WallClock
from dispatch.errors import StoreUnreachable, StoreUnusable
from dispatch.store.store import Store, open_store
from tests.proxy import Proxy


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    folder = make_url(postgres_url).query["host"]
    made = Proxy(f"{folder}/.s.PGSQL.5432")
    yield made
    made.stop()


@pytest.fixture
def far(postgres_url: str, proxy: Proxy) -> Iterator[Store]:
    address = make_url(postgres_url).set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
    store = open_store(address.render_as_string(hide_password=False), clock=WallClock())
    yield store
    store.close()


def number_again(store: Store) -> int:
    """The feed's number, once the database is asked again."""
    for _ in range(100):
        try:
            return store.feed_number()
        except StoreUnreachable:
            time.sleep(0.1)
    raise AssertionError("the database did not come back")


def test_a_swallowed_question_ends_in_a_sentence_and_the_next_line_works(far: Store, proxy: Proxy) -> None:
    far.feed_number()

    proxy.swallow()
    began = time.monotonic()
    with pytest.raises(StoreUnreachable, match="does not answer just now"):
        far.feed_number()
    took_s = time.monotonic() - began
    proxy.heal()

    assert took_s < 30, "the end of all patience, not a measure"
    assert number_again(far) == 0


def test_while_it_is_away_nobody_waits_for_it(far: Store, proxy: Proxy) -> None:
    proxy.stop()
    with pytest.raises(StoreUnreachable):
        far.feed_number()
    assert far.outage.since_at is not None

    refused = 0
    began = time.monotonic()
    while time.monotonic() < began + 0.5:
        with pytest.raises(StoreUnreachable):
            far.feed_number()
        refused += 1

    assert refused > 100, "they are told at once, not each after a connection was tried"


def test_a_line_that_was_cut_in_the_middle_of_a_write_is_no_write(
    far: Store, proxy: Proxy, postgres_url: str
) -> None:
    from dispatch.records import Actor

    with pytest.raises(StoreUnreachable), far.transaction(Actor("a", "B", "C", "D")) as tx:
        tx.log("note", "never there")
        proxy.reset()

    assert number_again(far) == 0


def test_a_slow_answer_is_waited_for(far: Store) -> None:
    with far.reading() as connection:
        assert connection.execute(text("SELECT pg_sleep(3), 7")).one()[1] == 7


def test_other_failures_are_no_outage(far: Store) -> None:
    def divide() -> Any:
        with far.reading() as connection:
            return connection.execute(text("SELECT 1 / 0"))

    with pytest.raises(StoreUnusable) as raised:
        divide()
    assert not isinstance(raised.value, StoreUnreachable)
