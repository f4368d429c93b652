"""Whoever syncs for the room is killed, hangs, or loses its network: another goes on, nothing goes twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from dispatch.store import mirror
from tests.city import City
from tests.proxy import Proxy
from tests.rooms import Room
from tests.services import Service, holder, seconds_until_another

WORDS = "We have your report. This is not 911."
Start = Callable[..., Service]


@pytest.fixture
def service(tmp_path: Path, city: City) -> Iterator[Start]:
    started: list[Service] = []

    def start(name: str, url: str) -> Service:
        started.append(Service(name, tmp_path / "services", city, url))
        return started[-1]

    yield start
    for each in started:
        each.go_on()
        each.end()


@pytest.fixture
def proxy(postgres_url: str) -> Iterator[Proxy]:
    made = Proxy(f"{make_url(postgres_url).query['host']}/.s.PGSQL.5432")
    yield made
    made.stop()


def through(proxy: Proxy, url: str) -> str:
    far = make_url(url).set(host="127.0.0.1", port=proxy.port, query={"sslmode": "disable"})
    return far.render_as_string(hide_password=False)


@pytest.mark.parametrize("how", ["killed", "hangs", "cut off"])
def test_another_one_takes_over_and_the_message_goes_once(
    tmp_path: Path, city: City, clock: Any, run: Callable[..., Any], postgres_url: str, proxy: Proxy,
    service: Start, how: str, say_table: Callable[..., None], wait_until: Callable[..., None],
) -> None:  # fmt: skip
    request_id = city.add_report("Oak blocks both lanes")
    first = service("first", through(proxy, postgres_url) if how == "cut off" else postgres_url)
    first.wait_for("in_step")
    second = service("second", postgres_url)
    second.wait_for("already syncing")
    seat = Room(tmp_path / "seat", city, clock, run, store_url=postgres_url)
    before = holder(postgres_url)

    {"killed": first.kill, "hangs": first.stop_in_its_tracks, "cut off": proxy.swallow}[how]()
    took_s = seconds_until_another(postgres_url, before)
    seat.desk.message(seat.site(request_id), WORDS)
    second.wait_for("in_step")
    wait_until(lambda: city.messages(request_id).count(WORDS) == 1)
    now = holder(postgres_url)

    if how == "hangs":
        first.go_on()
    if how == "cut off":
        proxy.heal()
    # It writes nothing any more and ends; who keeps services starts it again, to wait for its turn.
    wait_until(first.has_ended)
    late = city.add_report("Elm blocks both lanes")
    wait_until(lambda: seen(seat) == 2)
    assert seat.site(late)
    assert city.messages(request_id).count(WORDS) == 1
    assert holder(postgres_url) == now
    say_table(f"Taking the syncing over: {how}", [f"{took_s:.1f} s until the next one, nothing lost"])
    seat.close()


def seen(room: Room) -> int:
    with room.store.reading() as connection:
        return mirror.counts(connection)[0]


def test_one_that_is_told_to_end_hands_over_at_once_and_in_order(
    city: City, postgres_url: str, service: Start
) -> None:
    first = service("first", postgres_url)
    first.wait_for("in_step")
    second = service("second", postgres_url)
    second.wait_for("already syncing")

    assert first.end() == 0
    second.wait_for("in_step")

    assert '"complete": true' in first.said.splitlines()[-1]
