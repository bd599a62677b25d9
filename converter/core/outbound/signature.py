"""The signature of a webhook, as Standard Webhooks 1.0 has it (symmetric, `v1`).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Collection
from hashlib import sha256
from typing import Final

PREFIX: Final = "whsec_"


def secret_text(key: bytes) -> str:
    """A key as people copy it."""
    return PREFIX + b64encode(key).decode()


def headers(message: str, timestamp: int, body: bytes, keys: Collection[bytes]) -> dict[str, str]:
    """What goes along with a message sent at a time (seconds since 1970).

    A signature for each key: while one takes the place of another, a receiver may know either.
    """
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(_signature(key, signed) for key in keys),
    }


def _signature(key: bytes, signed: bytes) -> str:
    return "v1," + b64encode(hmac.digest(key, signed, sha256)).decode()
