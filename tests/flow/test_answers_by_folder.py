"""The county's relay answers in the folder: each answer once, by who was handed it, and nothing lost."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from dispatch.records import Escalation, EscalationState, Flag
from dispatch.store import escalations, sites
from tests.city import City
from tests.rooms import Room


@pytest.fixture
def sent(room: Room, city: City) -> Escalation:
    request_id = city.add_report("Oak across both lanes", address="5th Ave N & 9th St N")
    room.sync()
    item = room.escalate(request_id, channels=("folder",))
    room.sync()
    return item


def answer(room: Room, sent: Escalation, name: str = "answer.json", **said: Any) -> Path:
    """As a relay writes it: what it was handed tells it id and token."""
    [twin] = [
        json.loads(path.read_text())
        for path in (room.parts.folder / "hand-overs").glob("*.json")
        if sent.number in path.name
    ]
    words = {
        "schema": "landfall/answer",
        "version": 1,
        "exercise": twin["exercise"],
        "escalation_id": twin["escalation_id"],
        "token": twin["token"],
        "by": {"name": "M. Diaz", "position": "County EM"},
        **said,
    }
    path = room.parts.folder / "hand-overs" / "answers" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(words))
    os.utime(path, (1, 1))
    return path


def now(room: Room, sent: Escalation) -> Escalation:
    with room.store.reading() as connection:
        item = escalations.get(connection, sent.escalation_id)
    assert item is not None
    return item


def test_an_answer_is_taken_once_and_its_file_put_aside(room: Room, sent: Escalation) -> None:
    path = answer(room, sent, answer="resource", resource="Engine 4", eta_at="2017-09-11T15:00:00-04:00")
    room.sync()
    answer(
        room, sent, "again.json", answer="resource", resource="Engine 4", eta_at="2017-09-11T15:00:00-04:00"
    )
    room.sync()

    item = now(room, sent)
    assert (item.state, item.resource, len(item.answers)) == (EscalationState.UNDER_WAY, "Engine 4", 1)
    assert (item.answers[0].by_name, item.answers[0].how) == ("M. Diaz", "folder")
    assert not path.exists() and list((path.parent / "taken").glob("answer_*.json"))
    assert room.em_desk.to_read() == ()


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"answer": "accept", "token": "guessed"}, "Nobody proved"),
        ({"answer": "accept", "escalation_id": "nobody's"}, "names no hand-over of ours"),
        ({"answer": "thanks"}, "must answer one of"),
        ({"answer": "return", "return_code": "too busy"}, "Return it with a code"),
        ({"answer": "pass_on"}, "to which desk"),
        ({"answer": "accept", "exercise": False}, "does not say that it is an exercise"),
    ],
)
def test_an_answer_that_proves_nothing_changes_nothing_and_is_to_be_read(
    room: Room, sent: Escalation, said: dict[str, Any], why: str
) -> None:
    answer(room, sent, **said)
    room.sync()

    assert now(room, sent).state == EscalationState.SENT
    [waiting] = room.em_desk.to_read()
    assert why in waiting.incoming.why_unclear

    room.em_desk.have_read(waiting.incoming.key)
    room.sync()
    assert room.em_desk.to_read() == ()


def test_one_that_waits_to_be_read_puts_its_site_on_top(room: Room, sent: Escalation) -> None:
    answer(room, sent, answer="return", text="no")
    room.sync()

    with room.store.reading() as connection:
        stored = sites.row(connection, sent.site_id)
    assert stored is not None and stored.own_flags & Flag.NEW_FACT


def test_an_answer_too_late_is_kept_and_says_why(room: Room, sent: Escalation) -> None:
    room.em_desk.close(sent.escalation_id, "Cleared", "M. Diaz")
    answer(room, sent, answer="accept")
    room.sync()

    [waiting] = room.em_desk.to_read()
    assert "closed" in waiting.incoming.why_unclear
    assert waiting.number == sent.number
