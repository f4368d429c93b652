"""The slow look through everything open: absence is never deletion until a read by id says so, twice."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from dispatch.errors import ServerFailed, ServerRefused
from dispatch.records import CrmStatus, Page, ServiceRequest, SiteState
from dispatch.servers import ById
from dispatch.servers.georeport import GeoReport
from dispatch.servers.seeclickfix import SeeClickFix
from dispatch.store import schema
from dispatch.sync.finer import is_coarser
from dispatch.sync.sweep import EVERY_S
from tests.city import City
from tests.in_step import open_or_closed, stored_open_or_closed
from tests.rooms import Room


@pytest.fixture(
    params=[("georeport", "sqlite"), ("seeclickfix", "sqlite"), ("seeclickfix", "postgresql")],
    ids="-".join,
)
def room(tmp_path: Path, city: City, clock: Any, run: Any, request: pytest.FixtureRequest) -> Iterator[Room]:
    for number in range(20):
        city.add_report(f"Oak across the road, number {number}")
        city.clock(forward_s=60)
    kind, database = request.param
    url = "" if database == "sqlite" else str(request.getfixturevalue("postgres_url"))
    seat = Room(tmp_path / "seat", city, clock, run, kind=kind, store_url=url)
    seat.sync()
    yield seat
    seat.close()


@pytest.fixture
def hidden(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """Ids that the server shows in no list and denies to have, as when somebody has made them private."""
    ids: set[str] = set()
    for kind in (GeoReport, SeeClickFix):
        _hide(monkeypatch, kind, ids)
    yield ids


def _hide(monkeypatch: pytest.MonkeyPatch, kind: Any, ids: set[str]) -> None:
    page, request = kind.page, kind.request

    def some(server: Any, *asked: Any) -> Page:
        answer: Page = page(server, *asked)
        rows = tuple(item for item in answer.requests if item.request_id not in ids)
        return replace(answer, requests=rows, received=len(rows), fullest=0)

    def one(server: Any, request_id: str) -> ServiceRequest | None:
        return None if request_id in ids else request(server, request_id)

    monkeypatch.setattr(kind, "page", some)
    monkeypatch.setattr(kind, "request", one)


def sweep(room: Room, run: Callable[..., Any]) -> None:
    room.pull.hurry_sweep()
    run(_sweep(room))


async def _sweep(room: Room) -> None:
    while room.pull.is_sweep_due:
        await room.pull.sweep()


def marks(room: Room, request_id: str) -> tuple[int | None, int | None]:
    with room.store.reading() as connection:
        row = connection.execute(
            select(schema.request.c.missing_at, schema.request.c.gone_at).where(
                schema.request.c.remote_id == request_id
            )
        ).one()
    return row.missing_at, row.gone_at


def test_what_is_gone_is_marked_after_a_second_no_hours_later_and_stays_open_here(
    room: Room, city: City, clock: Any, run: Any, hidden: set[str]
) -> None:
    request_id = next(iter(open_or_closed(city)))
    hidden.add(request_id)
    first_at = clock.now()

    sweep(room, run)
    assert marks(room, request_id) == (first_at, None) and room.view(request_id).gone == ()

    clock.advance(hours=1)
    sweep(room, run)
    assert marks(room, request_id) == (first_at, None)

    clock.advance(hours=1)
    sweep(room, run)
    view = room.view(request_id)
    assert view.gone == ((request_id, first_at),)
    assert view.row.state != list(SiteState).index(SiteState.CLOSED)
    assert "gone" in room.log_acts()


def test_q77_a_row_that_leaves_the_lists_and_comes_back_is_never_lost(
    room: Room, city: City, clock: Any, run: Any, hidden: set[str]
) -> None:
    request_id = next(iter(open_or_closed(city)))
    for _ in range(3):
        hidden.add(request_id)
        for _ in range(2):
            sweep(room, run)
            clock.advance(hours=3)
        assert room.view(request_id).gone
        hidden.clear()
        sweep(room, run)
        assert marks(room, request_id) == (None, None) and room.view(request_id).gone == ()

    assert room.log_acts().count("back") == 3
    assert stored_open_or_closed(room) == open_or_closed(city)


def test_q77_a_row_that_no_list_showed_while_it_was_new_is_found_by_every_second_sweep(
    room: Room, city: City, run: Any, hidden: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for older in open_or_closed(city):
        city.elsewhere(older, "close", "Done.")
    request_id = city.add_report("Oak on a roof")
    hidden.add(request_id)
    room.sync()
    # Long after: no overlap reaches back to it.
    city.clock(forward_s=6 * 3600)
    city.add_report("Limb on the sidewalk")
    room.sync()
    assert request_id not in stored_open_or_closed(room)
    hidden.clear()
    room.sync()

    # Each as it comes round by itself: nothing is known to be missing.
    for number in (1, 2):
        at = int(1000 * (time.time() + number * EVERY_S))
        monkeypatch.setattr("dispatch.sync.sweep._wall_now", lambda at=at: at)
        assert room.pull.is_sweep_due
        run(_sweep(room))

    assert stored_open_or_closed(room) == open_or_closed(city)


def test_a_row_that_only_the_lists_have_lost_is_read_by_its_id_and_not_marked(
    room: Room, city: City, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = next(iter(open_or_closed(city)))
    for kind in (GeoReport, SeeClickFix):
        page = kind.page

        def without(server: Any, asked: Any, number: int, page: Any = page) -> Page:
            answer: Page = page(server, asked, number)
            if isinstance(asked, ById):
                return answer
            return replace(answer, requests=tuple(r for r in answer.requests if r.request_id != request_id))

        monkeypatch.setattr(kind, "page", without)
    city.clock(forward_s=3600)
    city.elsewhere(request_id, "close", "Done.")

    sweep(room, run)

    assert marks(room, request_id) == (None, None)
    assert stored_open_or_closed(room)[request_id] == "closed"


def test_a_request_the_server_will_not_show_us_is_left_as_it_is(
    room: Room, city: City, run: Any, hidden: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = next(iter(open_or_closed(city)))
    hidden.add(request_id)

    def refuse(_server: Any, _request_id: str) -> None:
        raise ServerRefused("No.", status=401)

    for kind in (GeoReport, SeeClickFix):
        monkeypatch.setattr(kind, "request", refuse)

    sweep(room, run)

    assert marks(room, request_id) == (None, None)


def test_a_sweep_broken_off_goes_on_with_the_next_start_and_ends(
    room: Room, city: City, clock: Any, run: Any, hidden: set[str]
) -> None:
    hidden.update(list(open_or_closed(city))[:3])
    room.pull.hurry_sweep()
    run(room.pull.sweep())
    city.fail_next(503)
    with pytest.raises(ServerFailed):
        for _ in range(5):
            run(room.pull.sweep())

    kind = "georeport" if "open311" in room.pull.address else "seeclickfix"
    again = Room(room.parts.folder, city, clock, run, kind=kind, store_url=room.url)
    run(again.pull.live())
    run(_sweep(again))

    # Three reads by id at least, each once or again: none forgotten.
    sweep(again, run)
    assert all(marks(again, request_id)[0] for request_id in hidden)
    again.close()


def test_a_sweep_comes_round_by_itself(room: Room, run: Any) -> None:
    assert not room.pull.is_sweep_due

    with room.store.engine.begin() as connection:
        swept_at = connection.execute(select(schema.server.c.swept_at)).scalar_one()
        late = swept_at - int(EVERY_S * 1000)
        connection.execute(update(schema.server).values(swept_at=late))
    kind = "georeport" if "open311" in room.pull.address else "seeclickfix"
    again = Room(room.parts.folder, room.city, room.parts.clock, run, kind=kind, store_url=room.url)

    async def until_swept() -> None:
        again.work.start()
        while again.pull.is_sweep_due or not again.pull.is_backlog_done:
            await asyncio.sleep(0.01)
        await again.work.stop()

    run(until_swept())
    with again.store.reading() as connection:
        assert connection.execute(select(schema.server.c.swept_at)).scalar_one() > late
    again.close()


FULL = ServiceRequest(
    request_id="1",
    status=CrmStatus.ACKNOWLEDGED,
    raw_status="Acknowledged",
    summary="Oak down",
    description="Across 5th Ave N",
    service_code="9001",
    service_name="Trees",
    address="5th Ave N",
    place=None,
    created_at=1_505_140_200_000,
    updated_at=1_505_140_200_000,
    agency="Parks",
    status_notes="A crew is told",
)


@pytest.mark.parametrize(
    ("changes", "is_less"),
    [
        ({}, False),
        ({"agency": "", "status_notes": ""}, True),
        ({"status": CrmStatus.OPEN, "raw_status": "open"}, True),
        ({"status": CrmStatus.OPEN, "raw_status": "open", "agency": ""}, True),
        ({"status": CrmStatus.CLOSED, "raw_status": "closed"}, False),
        ({"agency": "", "status_notes": "A crew is there"}, False),
        ({"summary": "Oak down on a car"}, False),
    ],
)
def test_an_answer_that_says_less_of_the_same_state_is_told_from_one_that_says_something_else(
    changes: dict[str, Any], is_less: bool
) -> None:
    assert is_coarser(replace(FULL, **changes), FULL) is is_less
