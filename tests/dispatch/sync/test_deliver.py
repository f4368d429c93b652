"""Hand-overs on their way down the channels, when something happens in between."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dispatch.errors import ChannelFailed
from dispatch.escalation.folder import FolderChannel
from dispatch.records import DeliveryState, EscalationState
from dispatch.store import escalations
from tests.city import City
from tests.rooms import Room


def delivery_states(room: Room, escalation_id: str) -> dict[str, DeliveryState]:
    with room.store.reading() as connection:
        found = escalations.deliveries(connection, [escalation_id])[escalation_id]
    return {each.channel: each.state for each in found}


def twin(room: Room) -> dict[str, Any]:
    [path] = room.parts.folder.glob("hand-overs/*.json")
    said: dict[str, Any] = json.loads(path.read_bytes())
    return said


def test_an_update_made_while_the_first_words_are_written_is_handed_over_too(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    room.sync()
    sent = room.escalate(request_id, effect_needed="Clear one lane")
    hand_over = FolderChannel.hand_over

    def hand_over_and_meanwhile(*args: Any) -> Any:
        receipt = hand_over(*args)
        monkeypatch.setattr(FolderChannel, "hand_over", hand_over)
        room.escalate(request_id, effect_needed="Clear both lanes")
        return receipt

    monkeypatch.setattr(FolderChannel, "hand_over", hand_over_and_meanwhile)
    room.sync()
    assert delivery_states(room, sent.escalation_id)["folder"] is DeliveryState.QUEUED

    room.sync()

    assert delivery_states(room, sent.escalation_id)["folder"] is DeliveryState.SENT
    assert "Clear both lanes" in json.dumps(twin(room))
    assert len(room.files()) == 2


def test_a_hand_over_that_cannot_be_written_does_not_hold_up_the_others(
    room: Room, city: City, monkeypatch: pytest.MonkeyPatch, expect_warning: Callable[[str], None]
) -> None:
    expect_warning("folder failed for EOC-0001")
    first, second = city.add_report("Oak blocks both lanes"), city.add_report("Line down, sparking")
    room.sync()
    odd, plain = room.escalate(first), room.escalate(second)
    hand_over = FolderChannel.hand_over

    def stumble(channel: Any, escalation: Any, settings: Any) -> Any:
        if escalation.escalation_id == odd.escalation_id:
            raise ZeroDivisionError
        return hand_over(channel, escalation, settings)

    monkeypatch.setattr(FolderChannel, "hand_over", stumble)
    room.sync()

    assert delivery_states(room, odd.escalation_id)["folder"] is DeliveryState.FAILED
    assert delivery_states(room, odd.escalation_id)["desk"] is DeliveryState.SENT
    assert delivery_states(room, plain.escalation_id)["folder"] is DeliveryState.SENT
    assert room.view(first).escalations[0].state is EscalationState.SENT


def test_what_failed_is_tried_again_at_the_next_start(
    room: Room, city: City, clock: Any, run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request_id = city.add_report("Oak blocks both lanes")
    room.sync()

    def full(*_: Any) -> Any:
        raise ChannelFailed("The disk is full: make room, then it is tried again.")

    with monkeypatch.context() as patch:
        patch.setattr(FolderChannel, "hand_over", full)
        sent = room.escalate(request_id)
        room.sync()
    assert not room.files()
    room.sync()
    assert not room.files(), "it waits before it tries again"

    again = Room(room.parts.folder, city, clock, run, store_url=room.url)
    again.sync()

    assert delivery_states(again, sent.escalation_id)["folder"] is DeliveryState.SENT
    assert len(again.files()) == 2
    again.close()
