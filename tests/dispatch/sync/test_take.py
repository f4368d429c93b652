"""What an answer means where the server leaves times out."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from dispatch.records import CrmStatus, Page, Place, ServiceRequest
from dispatch.servers.georeport_rows import NO_CHANGE_TIME, NO_ENTRY_TIME
from dispatch.store import schema
from dispatch.sync.take import Taker
from tests.rooms import Room

MORNING, HOUR = 1_505_131_200_000, 3_600_000


@pytest.fixture
def taker(room: Room) -> Taker:
    with room.store.reading() as connection:
        server_id = connection.execute(select(schema.server.c.server_id)).scalar_one()
    return Taker(room.store, room.parts.in_force, room.parts.actor, server_id)


def row(
    at: int, status: CrmStatus = CrmStatus.OPEN, *doubts: str, entered_at: int = MORNING
) -> ServiceRequest:
    return ServiceRequest(
        request_id="7", status=status, raw_status=status.value, summary="Tree down", description="Oak",
        service_code="001", service_name="Tree down", address="5th Ave N", place=Place(27.77, -82.64),
        created_at=entered_at, updated_at=at, doubts=frozenset(doubts),
    )  # fmt: skip


def answer(*rows: ServiceRequest) -> Page:
    return Page(rows, (), None, None, len(rows))


def test_a_report_without_a_time_does_not_look_new_after_each_start(room: Room, taker: Taker) -> None:
    taker.page(answer(row(MORNING, CrmStatus.OPEN, NO_ENTRY_TIME, NO_CHANGE_TIME)))

    later = row(MORNING + HOUR, CrmStatus.OPEN, NO_ENTRY_TIME, NO_CHANGE_TIME, entered_at=MORNING + HOUR)
    assert not taker.page(answer(later)), "nothing has changed"

    assert room.view("7").requests[0].created_at == MORNING


def test_a_closing_without_a_time_is_taken_although_it_looks_old(room: Room, taker: Taker) -> None:
    taker.page(answer(row(MORNING + HOUR)))

    taker.page(answer(row(MORNING, CrmStatus.CLOSED, NO_CHANGE_TIME)))

    [request] = room.view("7").requests
    assert (request.status, request.updated_at) == (CrmStatus.CLOSED, MORNING + HOUR)


def test_an_old_answer_that_says_its_time_undoes_nothing(room: Room, taker: Taker) -> None:
    taker.page(answer(row(MORNING + HOUR, CrmStatus.CLOSED)))

    taker.page(answer(row(MORNING)))

    assert room.view("7").requests[0].status is CrmStatus.CLOSED
