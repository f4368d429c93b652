"""Notices for tests: one of each kind of trouble, and the persons who stand for them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from dispatch.records import Notice, NoticeArea, NoticeDraft, NoticeKind, NoticePart, NoticeState, NoticeText
from tests.conftest import LANDFALL
from tests.rooms import Room

HOUR_MS = 3_600_000
SERVICE = NoticeDraft(
    kind=NoticeKind.SERVICE,
    texts=(
        NoticeText("en", "Sandbags at Northwest Pool", "Bring a shovel. Ten bags for each household."),
        NoticeText("es", "Sacos de arena en Northwest Pool", "Traiga una pala. Diez sacos por hogar."),
    ),
    area=(("neighborhoods", "Childs Park"),),
    starts_at=LANDFALL,
    expires_at=LANDFALL + 6 * HOUR_MS,
)
EVACUATION = replace(
    SERVICE,
    kind=NoticeKind.EVACUATION,
    texts=(
        NoticeText("en", "Leave Childs Park now", "Water is coming. Go to a shelter or to friends inland."),
        NoticeText(
            "es", "Salgan de Childs Park ahora", "Viene el agua. Vayan a un refugio o tierra adentro."
        ),
    ),
    authority="Pinellas County",
    order="Order 2017-14",
)
RING = ((27.75, -82.67), (27.75, -82.66), (27.76, -82.66), (27.75, -82.67))
LIVE = Notice(
    notice_id="3b8f1c52-0000-4000-8000-000000000001",
    number="N-001",
    kind=NoticeKind.EVACUATION,
    state=NoticeState.LIVE,
    texts=EVACUATION.texts,
    area=NoticeArea((NoticePart("neighborhoods", "Childs Park", (RING,)),)),
    starts_at=LANDFALL,
    expires_at=LANDFALL + 6 * HOUR_MS,
    authority="Pinellas County",
    order="Order 2017-14",
    published_at=LANDFALL,
)
# Words somebody could send to harm whoever reads them.
HOSTILE = '<script>alert("x")</script> & ]]> =1+1 \x07\u202e\ufffe \U0001f300'


def sits(room: Room, person: str, position: str = "") -> Any:
    """From now on this person acts at the seat."""
    room.parts.seat_desk.sit(person, position or room.parts.actor.position)
    return room.parts.notice_desk


def approved(room: Room, said: NoticeDraft = SERVICE) -> Notice:
    """Written, handed in and approved by as many as its kind needs."""
    sits(room, "A. Author").draft(said)
    item = room.parts.notice_desk.board().notices[0]
    item = room.parts.notice_desk.submit(item)
    item = sits(room, "B. Super").approve(item)
    return sits(room, "C. Manager").approve(item) if said.kind.is_order else item


def published(room: Room, said: NoticeDraft = SERVICE) -> Notice:
    item: Notice = room.parts.notice_desk.publish(approved(room, said))
    return item
