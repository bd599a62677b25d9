"""Signatures of webhooks by Standard Webhooks 1.0 (symmetric, `v1`).

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
    """The key as text for people to copy."""
    return PREFIX + b64encode(key).decode()


def headers(message: str, timestamp: int, body: bytes, keys: Collection[bytes]) -> dict[str, str]:
    """The headers of a message sent at `timestamp` (seconds since 1970).

    There is a signature for each key: while a key is replaced, a receiver may know either.
    """
    signed = b".".join((message.encode(), str(timestamp).encode(), body))
    digests = (b64encode(hmac.digest(key, signed, sha256)).decode() for key in keys)
    return {
        "Content-Type": "application/json",
        "webhook-id": message,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{digest}" for digest in digests),
    }
