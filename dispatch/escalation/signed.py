"""Standard Webhooks: what is sent carries an id, a time and a signature over both and the exact bytes.

https://www.standardwebhooks.com: HMAC-SHA256 over `id.timestamp.body`, the time in Unix seconds, written as
`v1,` and base64; a secret is `whsec_` and base64 of 24 to 64 bytes. While a key is changed there are two
secrets and two signatures, each separated by a blank.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

from dispatch.errors import ChannelRefused

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
PREFIX, VERSION = "whsec_", "v1,"
KEY_BYTES = range(24, 65)


def keys_of(secrets: str) -> tuple[bytes, ...]:
    """ChannelRefused where one of them is no such secret; never says what stands there."""
    return tuple(_key(secret) for secret in secrets.split())


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(PREFIX) or len(key) not in KEY_BYTES:
        raise ChannelRefused(
            "The webhook's secret is damaged: it must be whsec_ and base64 of 24 to 64 bytes; enter it again."
        )
    return key


def headers(key_id: str, at_s: int, body: bytes, keys: Sequence[bytes]) -> dict[str, str]:
    signatures = " ".join(_signature(key_id, at_s, body, key) for key in keys)
    return {ID: key_id, TIME: str(at_s), SIGNATURE: signatures}


def is_signed(key_id: str, at_s: int, body: bytes, signatures: str, keys: Sequence[bytes]) -> bool:
    """Whether one of the signatures is by one of the keys; tells nobody how nearly."""
    wanted = [_signature(key_id, at_s, body, key).encode() for key in keys]
    given = [signature.encode() for signature in signatures.split()]
    return any(hmac.compare_digest(one, other) for one in wanted for other in given)


def _signature(key_id: str, at_s: int, body: bytes, key: bytes) -> str:
    signed = b"%s.%d.%s" % (key_id.encode(), at_s, body)
    return VERSION + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
