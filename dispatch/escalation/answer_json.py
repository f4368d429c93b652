"""An answer as machines give it: one JSON object, the same from a folder and from a callback.

    {"schema": "landfall/answer", "version": 1, "exercise": false, "escalation_id": …, "token": …,
     "answer": "accept", "text": …, "by": {"name": …, "position": …}, "resource": …, "eta_at": …}

`token` is the one that came with the hand-over; resources/answer.schema.json documents every field.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson

from dispatch.escalation.states import Act
from dispatch.records import Incoming, Millis
from dispatch.text_from_outside import plain

SCHEMA, VERSION = "landfall/answer", 1
MOST_BYTES = 64 * 1024
MOST_CHARS = 4_000

# What an answer may do; sending, receiving and expiring are ours.
ANSWERS = {
    act.value: act
    for act in (
        *(Act.ACCEPT, Act.HOLD, Act.RESOURCE, Act.ON_SCENE, Act.PASS_ON),
        *(Act.ASK, Act.ADD, Act.RETURN, Act.CLOSE, Act.FORWARD, Act.MUTUAL_AID),
    )
}


def read(content: bytes, *, key: str, channel: str, at: Millis, is_exercise: bool) -> Incoming:
    """Never raises: what cannot be understood says in `why_unclear` what is the matter, and is kept."""
    if len(content) > MOST_BYTES:
        return Incoming(
            key=key, channel=channel, at=at, why_unclear=f"It is over {MOST_BYTES // 1024} KB long."
        )
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        words = plain(content.decode("utf-8", "replace")[:MOST_CHARS])
        return Incoming(key=key, channel=channel, at=at, text=words, why_unclear="It is no JSON.")
    if not isinstance(said, dict):
        return Incoming(key=key, channel=channel, at=at, why_unclear="It is no JSON object.")
    by = said.get("by")
    by = by if isinstance(by, dict) else {}
    return Incoming(
        key=key,
        channel=channel,
        at=at,
        escalation_id=_text(said, "escalation_id"),
        token=_text(said, "token"),
        act=_text(said, "answer") if not (why := _why_unclear(said, is_exercise)) else "",
        text=_text(said, "text"),
        by_name=_text(by, "name"),
        by_position=_text(by, "position"),
        desk=_text(said, "desk"),
        number=_text(said, "number"),
        return_code=_text(said, "return_code"),
        resource=_text(said, "resource"),
        eta_at=_time(said.get("eta_at")),
        outcome=_text(said, "outcome"),
        confirmed_by=_text(said, "confirmed_by"),
        why_unclear=why,
    )


def _why_unclear(said: Mapping[str, Any], is_exercise: bool) -> str:
    if said.get("schema") != SCHEMA or said.get("version") != VERSION:
        return f"It is not of the form {SCHEMA}, version {VERSION}."
    if said.get("exercise") is not is_exercise:
        # S18: nothing of an exercise answers a real hand-over, nor the other way round.
        return (
            "It belongs to an exercise."
            if said.get("exercise")
            else "It does not say that it is an exercise."
        )
    if _text(said, "answer") not in ANSWERS:
        return f"It must answer one of {', '.join(ANSWERS)}."
    if said.get("eta_at") and _time(said["eta_at"]) is None:
        return "Its eta_at must be a time with its zone, such as 2017-09-11T15:00:00-04:00."
    return ""


def _text(said: Mapping[str, Any], name: str) -> str:
    value = said.get(name)
    return plain(value.strip()[:MOST_CHARS]) if isinstance(value, str) else ""


def _time(value: object) -> Millis | None:
    if not isinstance(value, str):
        return None
    try:
        time = datetime.fromisoformat(value)
        return int(time.timestamp() * 1000) if time.tzinfo else None
    except (ValueError, OverflowError):
        return None
