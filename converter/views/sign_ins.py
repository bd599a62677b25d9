"""Rate limits for passwords: the authentication backend behind every sign-in form."""

from __future__ import annotations

import unicodedata
from hashlib import sha256
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import User
from django.http import HttpRequest

from converter.accounts import rate_limit_identity, rate_limits
from converter.accounts.rate_limits import RateLimit, TooMany


class TooManySignIns(TooMany):
    """An attempt to sign in that was not looked at."""


class CountedSignIns(ModelBackend):
    """Django's own, where each attempt counts before its password is looked at, so that of those
    that come together no more get through. Counted by address, and by name and address: never by
    the name alone, for then anybody could keep its owner out."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if request is None or username is None or password is None:
            return super().authenticate(request, username, password, **kwargs)
        at = rate_limit_identity.unknown_at(request)
        here = f"{_called(username)} {at}"
        _count(at, rate_limits.of_sign_ins_at_address())
        _count(here, rate_limits.of_sign_ins())
        user = super().authenticate(request, username, password, **kwargs)
        if user:
            rate_limits.take_back(at, rate_limits.of_sign_ins_at_address())
            rate_limits.reset(here, rate_limits.of_sign_ins())
        return user


def _count(client: str, limit: RateLimit) -> None:
    if limit.most and (usage := rate_limits.record(client, limit)).is_over:
        raise TooManySignIns(usage)


def _called(username: str) -> str:
    """A name however it is written, as a hash: people type their password there by mistake."""
    name = unicodedata.normalize("NFKC", username).strip().casefold()
    return sha256(name.encode(errors="replace")).hexdigest()[:32]
