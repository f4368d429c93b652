"""A row that stands twice in one answer: the newer one counts, in what is kept and what is thought of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from dispatch.records import CrmStatus, Page, Place, ServiceRequest
from dispatch.store import schema
from tests.rooms import Room

LINE_DOWN = ServiceRequest(
    request_id="77",
    status=CrmStatus.OPEN,
    raw_status="Open",
    summary="Storm: Tree Blocking Road",
    description="Oak and a live wire on it, sparking",
    service_code="",
    service_name="Storm: Tree Blocking Road",
    address="412 11th Ave S",
    place=Place(27.7601, -82.6403),
    created_at=1_505_130_000_000,
    updated_at=1_505_130_060_000,
)
OTHER_WORDS = replace(LINE_DOWN, description="Oak across the road", updated_at=LINE_DOWN.updated_at + 60_000)


@pytest.mark.parametrize("order", [(LINE_DOWN, OTHER_WORDS), (OTHER_WORDS, LINE_DOWN)])
def test_the_newer_of_two_rows_is_judged_and_kept(room: Room, order: Any) -> None:
    taker = room.pull._line.taker

    taker.page(Page(order, (), None, None, len(order)))

    with room.store.reading() as connection:
        kept = connection.execute(select(schema.request.c.description, schema.request.c.updated_at)).one()
        thought = connection.execute(select(schema.assessment.c.cues, schema.assessment.c.band)).one()
        site = connection.execute(select(schema.site.c.what, schema.site.c.band)).one()
    expected = room.parts.judge.assess(OTHER_WORDS)
    assert kept == (OTHER_WORDS.description, OTHER_WORDS.updated_at)
    assert thought == (",".join(sorted(expected.cues)), expected.band)
    assert "Oak across the road" in site.what and site.band == expected.band
    assert room.parts.judge.assess(LINE_DOWN).cues != expected.cues
