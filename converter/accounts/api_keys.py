"""API keys: created, found, used and revoked. Shown once, stored as a hash."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from converter.models import ApiKey

PREFIX: Final = "txl_"  # people, and scanners for leaked keys, recognise one by it
SHOWN: Final = 10  # characters of a key that its owner can still see
NOTED_EVERY: Final = timedelta(minutes=1)


def make(
    name: str, *, user: User | None, owner: str, expires: datetime | None = None
) -> tuple[ApiKey, str]:
    """A new key of a user or a session, and its secret, which can't be shown again."""
    secret = PREFIX + secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        user=user,
        owner=owner,
        expires=expires,
        prefix=secret[:SHOWN],
        digest=_digest(secret),
    )
    return key, secret


def find(secret: str) -> ApiKey | None:
    """The key of a secret, if it is still valid."""
    key = ApiKey.objects.select_related("user").filter(digest=_digest(secret)).first()
    if key is None or not key.is_valid or (key.user and not key.user.is_active):
        return None
    return key


def note_use(key: ApiKey) -> None:
    """Store when it was last used, to the minute, so that polling writes no more often."""
    now = timezone.now()
    long_ago = Q(last_used=None) | Q(last_used__lt=now - NOTED_EVERY)
    if key.last_used is None or key.last_used < now - NOTED_EVERY:
        ApiKey.objects.filter(long_ago, pk=key.pk).update(last_used=now)


def revoke(key: ApiKey) -> None:
    ApiKey.objects.filter(pk=key.pk, revoked=None).update(revoked=timezone.now())


def _digest(secret: str) -> str:
    # 256 random bits cannot be guessed, so a slow hash would add nothing.
    return sha256(secret.encode(errors="replace")).hexdigest()
