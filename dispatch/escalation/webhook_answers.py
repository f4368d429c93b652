"""Answers of a webhook's relay, asked for at an address of it: no port of ours stands open to anybody.

The question is a POST, signed like every hand-over, that says how far we have come; so is each answer:

    {"schema": "landfall/answers-after", "version": 1, "exercise": false, "after": <their `next`, or "">}

    {"answers": [{"webhook-id": …, "webhook-timestamp": …, "webhook-signature": …, "body": "{…}"}],
     "next": …}

`body` is an answer as `answer_json` reads it, in a string so that its exact bytes can be signed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import orjson

from dispatch.clock import WallClock
from dispatch.errors import ChannelFailed, LandfallError, ServerRefused
from dispatch.escalation import answer_json, signed
from dispatch.escalation.channel import ChannelSettings
from dispatch.escalation.webhook import Relay, WebhookChannel, note, notes
from dispatch.records import Incoming

URL = "webhook_answers_url"
SCHEMA, VERSION = "landfall/answers-after", 1
MOST_CURSOR_CHARS = 1000
# A relay keeps an answer until we can ask again, and each is taken once: its age alone makes no forgery.
# What is older than a day answers another situation.
OLD_S, AHEAD_S = 24 * 3600, 300

UNSIGNED = "Its signature is not the relay's: ask them, and record the answer."
OLD = "It was signed over a day ago: ask whether it still holds."
AHEAD = "It was signed in the future: check the relay's clock and this computer's."
NO_ANSWER = "It is no signed answer."


class WebhookAnswers:
    name = WebhookChannel.name

    def __init__(self) -> None:
        # By the relay's mark: what was given out and not confirmed, and where to go on then.
        self._given: dict[str, tuple[frozenset[str], str]] = {}

    def is_set_up(self, settings: ChannelSettings) -> bool:
        return bool(settings.value(f"exercise_{URL}" if settings.is_exercise else URL))

    def answers(self, settings: ChannelSettings) -> Sequence[Incoming]:
        relay = Relay.of(settings, URL)
        try:
            given, following = ask(relay, settings, f"ask_{uuid4()}")
        except ServerRefused as error:
            raise relay.refused(error, settings) from error
        except ChannelFailed:
            raise
        except LandfallError as error:
            raise ChannelFailed(str(error)) from error
        found = [_read(each, relay, settings) for each in given]
        self._given[relay.mark] = (frozenset(each.key for each in found), following)
        if not found:
            self.confirm((), settings)
        return found

    def confirm(self, keys: Collection[str], settings: ChannelSettings) -> None:
        relay = Relay.of(settings, URL)
        waiting, following = self._given.get(relay.mark, (frozenset(), ""))
        if waiting <= set(keys) and following and following != _after(settings, relay):
            note(settings, after={relay.mark: following})


def ask(relay: Relay, settings: ChannelSettings, key_id: str, **more: Any) -> tuple[list[Any], str]:
    """One page, unread, and where the next one begins. Raises as the door does, ChannelFailed for what is no
    page; nothing is confirmed by it."""
    asked = {"schema": SCHEMA, "version": VERSION, "exercise": settings.is_exercise}
    asked |= {"after": _after(settings, relay), **more}
    return _read_page(relay.post(key_id, orjson.dumps(asked)), relay)


def _after(settings: ChannelSettings, relay: Relay) -> str:
    kept = notes(settings).get("after")
    return str(kept.get(relay.mark, "")) if isinstance(kept, dict) else ""


def _read_page(content: bytes, relay: Relay) -> tuple[list[Any], str]:
    try:
        said = orjson.loads(content)
    except orjson.JSONDecodeError:
        said = None
    given = said.get("answers") if isinstance(said, dict) else None
    following = said.get("next", "") if isinstance(said, dict) else None
    if not isinstance(given, list) or not isinstance(following, str) or len(following) > MOST_CURSOR_CHARS:
        raise ChannelFailed(
            f"The webhook at {relay.host} answered with something else than answers: "
            "check the address of its answers in the settings."
        )
    return given, following


def _read(said: Any, relay: Relay, settings: ChannelSettings) -> Incoming:
    """Only what is proven to be the relay's can do anything; all else is kept for a person to read."""
    key_id, body, why = _unpacked(said, relay.keys, WallClock().now() // 1000)
    digest = hashlib.sha256(key_id.encode("utf-8", "replace") + b"." + body).hexdigest()
    # A forged copy that comes first must not make the true one look known.
    key = f"webhook:{'to read:' if why else ''}{digest}"
    found = answer_json.read(
        body,
        key=key,
        channel=WebhookChannel.name,
        at=settings.clock.now(),
        is_exercise=settings.is_exercise,
    )
    return replace(found, act="", why_unclear=why) if why else found


def _unpacked(said: Any, keys: Sequence[bytes], now_s: int) -> tuple[str, bytes, str]:
    """(id, bytes, why nothing may be done on it)"""
    fields: Mapping[str, Any] = said if isinstance(said, dict) else {}
    key_id, stamp, body = fields.get(signed.ID), fields.get(signed.TIME), fields.get("body")
    signature = fields.get(signed.SIGNATURE)
    if not (isinstance(key_id, str) and isinstance(body, str) and str(stamp).isdecimal()):
        return "", orjson.dumps(said), NO_ANSWER
    content, at_s = body.encode("utf-8", "replace"), int(str(stamp)[:12])
    if not isinstance(signature, str) or not signed.is_signed(key_id, at_s, content, signature, keys):
        return key_id, content, UNSIGNED
    if now_s - at_s > OLD_S:
        return key_id, content, OLD
    return key_id, content, AHEAD if at_s - now_s > AHEAD_S else ""
