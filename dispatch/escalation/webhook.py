"""A webhook: the JSON twin posted to a relay, signed as Standard Webhooks says; see `signed`.

`webhook-id` and `Idempotency-Key` are the same on every try of the same words: a receiver that has the id has
the hand-over. Newer words, or sending again what came back, make a new id for the same `escalation_id`.

    2xx                     sent; delivered with a body {"received": true, "id": <webhook-id>}
    409                     sent: they have it already
    408, 425, 429, 5xx      tried again, not before their Retry-After
    410                     gone: off until address or secret change
    any other               a dead letter: not tried until a person sends it again
"""

from __future__ import annotations

import hashlib
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson

from dispatch.clock import WallClock
from dispatch.errors import (
    ChannelFailed,
    ChannelRefused,
    LandfallError,
    RateLimited,
    ServerFailed,
    ServerRefused,
    SettingsBroken,
)
from dispatch.escalation import files, signed
from dispatch.escalation.channel import ChannelSettings, check_ready
from dispatch.escalation.restricted import without_words
from dispatch.escalation.states import Act
from dispatch.forms.twin import twin_bytes
from dispatch.http import HttpDoor
from dispatch.http_line import is_loopback
from dispatch.records import DeliveryState, Escalation, EscalationState, Receipt

URL, SECRET = "webhook_url", "webhook_secret"
# "yes": the relay is for those who act, and its hand-overs carry the words of restricted sites too.
RESTRICTED, YES = "webhook_restricted", ("yes", "true", "on", "1")
NOTES = "webhook.json"
HAVE_IT, GONE = 409, 410
CONNECT_S, READ_S, WHOLE_S = 5.0, 10.0, 20.0
MAX_BYTES = 2 * 1024 * 1024
RETRY_MOST_S = 3600.0
ID_CHARS = 16
OURS = (Act.SEND, Act.ADD, Act.STILL_NEEDED)


class WebhookChannel:
    name = "webhook"
    label = "Webhook"
    settings_needed: tuple[str, ...] = (URL,)
    exercise_settings_needed: tuple[str, ...] = (f"exercise_{URL}",)

    def hand_over(self, escalation: Escalation, settings: ChannelSettings) -> Receipt:
        check_ready(self, escalation, settings)
        relay = Relay.of(settings, URL)
        item = as_handed_over(escalation)
        if item.is_restricted and settings.value(RESTRICTED).lower() not in YES:
            # S15: a relay may lead into a chat, where the unit is nobody's business either.
            item = replace(without_words(item), unit="")
        body = twin_bytes(item, settings.zone)
        key_id = f"{escalation.escalation_id}_{hashlib.sha256(body).hexdigest()[:ID_CHARS]}"
        try:
            said = relay.post(key_id, body)
        except ServerRefused as error:
            if error.status != HAVE_IT:
                raise relay.refused(error, settings) from error
            said = b""
        except (RateLimited, ServerFailed) as error:
            raise ChannelFailed(str(error), retry_after_s=error.retry_after_s) from error
        except LandfallError as error:
            raise ChannelFailed(str(error)) from error
        state = DeliveryState.DELIVERED if _is_receipt(said, key_id) else DeliveryState.SENT
        return Receipt(state, settings.clock.now(), f"{relay.host} has {key_id}")


def as_handed_over(escalation: Escalation) -> Escalation:
    """Without what became of it since: a second try says the same to the byte, whoever answered meanwhile.
    What this side has added is said: it goes out again for that."""
    ours = tuple(each for each in escalation.answers if each.kind in OURS and each.how == "desk")
    at = max((each.at for each in ours if each.kind == Act.SEND), default=escalation.created_at)
    return replace(
        escalation,
        state=EscalationState.SENT,
        state_at=at,
        timer_from_at=at,
        sent_at=None,
        received_at=None,
        accepted_at=None,
        closed_at=None,
        forwarded_at=None,
        forwarded_to="",
        forwarded_number="",
        return_code="",
        resource="",
        eta_at=None,
        on_scene_at=None,
        outcome="",
        confirmed_by="",
        asked_at=None,
        answers=ours,
    )


@dataclass(frozen=True, slots=True)
class Relay:
    """Where the webhook goes and what it is signed with. `mark` changes with either, and tells neither."""

    url: str
    keys: tuple[bytes, ...]
    mark: str

    @classmethod
    def of(cls, settings: ChannelSettings, name: str) -> Relay:
        """ChannelRefused where the settings do not allow a call, or the relay said that it is gone."""
        relay = cls.named(settings, name)
        if notes(settings).get("gone") == relay.mark:
            raise ChannelRefused(relay.gone)
        return relay

    @classmethod
    def named(cls, settings: ChannelSettings, name: str) -> Relay:
        """The same, whatever it has said before."""
        # S18: an exercise has an address and a secret of its own.
        before = "exercise_" if settings.is_exercise else ""
        url = settings.value(before + name)
        _check_address(url, settings, name)
        try:
            secrets = settings.secret(before + SECRET)
        except SettingsBroken as error:
            raise ChannelFailed(str(error)) from error
        if not (keys := signed.keys_of(secrets)):
            raise ChannelRefused(
                "The webhook has no secret to sign with: enter it on the sheet “Channels”, or by"
                f" “keyring set landfall {before}{SECRET}”."
            )
        return cls(url, keys, hashlib.sha256("\n".join((url, secrets)).encode()).hexdigest())

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc.rpartition("@")[2]

    @property
    def gone(self) -> str:
        return (
            f"The webhook at {self.host} said that it is gone for good, so it is off: "
            "enter the relay's new address or secret in the settings."
        )

    def post(self, key_id: str, body: bytes) -> bytes:
        """What it answers to the signed bytes. Raises as the door does; nothing is sent after a redirect."""
        stamped = signed.headers(key_id, WallClock().now() // 1000, body, self.keys)
        sent = {"Content-Type": "application/json", "Idempotency-Key": key_id, **stamped}
        door = HttpDoor(
            name="The webhook",
            connect_s=CONNECT_S,
            read_s=READ_S,
            whole_s=WHOLE_S,
            max_bytes=MAX_BYTES,
            retry_most_s=RETRY_MOST_S,
        )
        with closing(door):
            return door.post_bytes(self.url, body, headers=sent).body

    def refused(self, error: ServerRefused, settings: ChannelSettings) -> ChannelRefused:
        if error.status != GONE:
            return ChannelRefused(str(error))
        note(settings, gone=self.mark)
        return ChannelRefused(self.gone)


def notes(settings: ChannelSettings) -> dict[str, Any]:
    """What has to outlast a restart: `gone`, the mark of a relay that is off; `after`, how far the answers
    of each mark were taken."""
    try:
        kept = orjson.loads((settings.data_dir / NOTES).read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):
        return {}
    return kept if isinstance(kept, dict) else {}


def note(settings: ChannelSettings, **changed: Any) -> None:
    files.place(Path(settings.data_dir), NOTES, orjson.dumps(notes(settings) | changed))


def may_be_called(url: str) -> bool:
    """Only where nobody on the way can read it, or on this machine."""
    scheme, host = _where(url)[:2]
    return bool(host) and (scheme == "https" or (scheme == "http" and is_loopback(url)))


def is_same(url: str, other: str) -> bool:
    """Whether both lead to one place, however they are typed; nothing leads nowhere."""
    return bool(url) and _where(url)[1:] == _where(other)[1:]


def _check_address(url: str, settings: ChannelSettings, name: str) -> None:
    if not may_be_called(url):
        raise ChannelRefused(
            "The webhook was not called: its address must begin with https://, mend it in the settings."
        )
    if settings.is_exercise and is_same(url, settings.value(name)):
        raise ChannelRefused(
            f"{_where(url)[1]} is where live hand-overs go: enter another address for the exercise."
        )


def _where(url: str) -> tuple[str, str, int, str, str]:
    """The same however it is typed; nothing at all for what is no address."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        return "", "", 0, "", ""
    return parts.scheme, parts.hostname or "", port, parts.path.rstrip("/"), parts.query


def _is_receipt(body: bytes, key_id: str) -> bool:
    try:
        said = orjson.loads(body)
    except orjson.JSONDecodeError:
        return False
    return isinstance(said, dict) and said.get("received") is True and said.get("id") == key_id
