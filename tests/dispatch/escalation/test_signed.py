"""Standard Webhooks' signature, against the example that its specification gives."""

from __future__ import annotations

import base64

import pytest

from dispatch.errors import ChannelRefused
from dispatch.escalation import signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
ID, AT_S = "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330
KNOWN = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
NEW = "whsec_" + base64.b64encode(b"k" * 32).decode()


def test_it_signs_as_the_specification_does() -> None:
    assert signed.headers(ID, AT_S, BODY, signed.keys_of(SECRET)) == {
        "webhook-id": ID,
        "webhook-timestamp": str(AT_S),
        "webhook-signature": KNOWN,
    }


def test_while_a_key_is_changed_either_of_the_two_will_do() -> None:
    both = signed.headers(ID, AT_S, BODY, signed.keys_of(f"{NEW} {SECRET}"))["webhook-signature"]

    assert both.split()[1] == KNOWN and len(both.split()) == 2
    for secret in (SECRET, NEW, f"{SECRET} {NEW}"):
        assert signed.is_signed(ID, AT_S, BODY, both, signed.keys_of(secret))


@pytest.mark.parametrize(
    ("key_id", "at_s", "body", "signature"),
    [
        ("other", AT_S, BODY, KNOWN),
        (ID, AT_S + 1, BODY, KNOWN),
        (ID, AT_S, BODY + b" ", KNOWN),
        (ID, AT_S, BODY, KNOWN.replace("g0", "g1")),
        (ID, AT_S, BODY, KNOWN.replace("v1", "v2")),
        (ID, AT_S, BODY, ""),
        (ID, AT_S, BODY, "v1,ünsinn"),
    ],
)
def test_anything_else_is_not_signed(key_id: str, at_s: int, body: bytes, signature: str) -> None:
    assert not signed.is_signed(key_id, at_s, body, signature, signed.keys_of(SECRET))


@pytest.mark.parametrize(
    "secret", ["short", "whsec_", "whsec_AAAA", "whsec_%%%", SECRET.removeprefix("whsec_"), f"{SECRET} x"]
)
def test_a_damaged_secret_is_refused_and_never_repeated(secret: str) -> None:
    with pytest.raises(ChannelRefused, match="secret is damaged") as refused:
        signed.keys_of(secret)
    assert secret == "whsec_" or secret not in str(refused.value)
