"""How much of something a client may do in a window of time, counted by the database.

One statement counts and answers at once, so that of calls that come together, to whichever
processes, exactly as many get through as may.
"""

from __future__ import annotations

import math
import time
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F

from converter.models import RateLimitUsage

_SPEND: Final = """
    INSERT INTO converter_ratelimitusage AS kept (client, began, used) VALUES (%s, %s, 1)
    ON CONFLICT (client) DO UPDATE SET
        used = CASE WHEN kept.began <= %s THEN 1 ELSE kept.used + 1 END,
        began = CASE WHEN kept.began <= %s THEN excluded.began ELSE kept.began END
    RETURNING used, began
"""

_NAMES: Final = 10  # that may use up all their attempts at one address


class Allowed(NamedTuple):
    """So many in so many seconds; what they are called keeps apart what is counted apart."""

    name: str
    most: int
    seconds: int


class Standing(NamedTuple):
    """What a client has left."""

    allowed: Allowed
    used: int
    resets_in: int  # seconds

    @property
    def is_over(self) -> bool:
        return self.used > self.allowed.most

    @property
    def left(self) -> int:
        return max(0, self.allowed.most - self.used)


def of_starts() -> Allowed:
    return Allowed("starts", settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW)


def of_reads() -> Allowed:
    return Allowed("reads", settings.STATUS_LIMIT_REQUESTS, settings.STATUS_LIMIT_WINDOW)


def of_sends() -> Allowed:
    """What webhooks are sent again by hand: as often as work is started, counted apart."""
    return Allowed("sends", settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW)


def of_sign_ins() -> Allowed:
    """Of one name at one address."""
    return Allowed("sign-ins", settings.LOGIN_LIMIT_ATTEMPTS, settings.LOGIN_LIMIT_WINDOW)


def of_sign_ins_at_address() -> Allowed:
    """Of all names that are tried at one address, behind which there may be many people."""
    return of_sign_ins()._replace(name="all-sign-ins", most=_NAMES * settings.LOGIN_LIMIT_ATTEMPTS)


def spend(client: str, allowed: Allowed, now: float | None = None) -> Standing:
    """Count one more of a client."""
    now = time.time() if now is None else now
    over = now - allowed.seconds
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [_key(client, allowed), now, over, over])
        used, began = cursor.fetchone()
    return Standing(allowed, used, max(1, math.ceil(began + allowed.seconds - now)))


def give_back(client: str, allowed: Allowed) -> None:
    """Take back one that was counted."""
    mine = RateLimitUsage.objects.filter(client=_key(client, allowed))
    mine.filter(used__gt=0).update(used=F("used") - 1)


def forget(client: str, allowed: Allowed) -> None:
    """Count a client anew."""
    RateLimitUsage.objects.filter(client=_key(client, allowed)).delete()


def prune(now: float | None = None) -> None:
    """Forget windows that are over."""
    longest = max(of().seconds for of in (of_starts, of_reads, of_sign_ins))
    now = time.time() if now is None else now
    RateLimitUsage.objects.filter(began__lt=now - longest).delete()


def _key(client: str, allowed: Allowed) -> str:
    return f"{allowed.name} {client}"
