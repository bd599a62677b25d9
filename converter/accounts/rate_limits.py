"""Rate limits: how many requests a client may make in a window of time, counted in the database.

One statement counts and returns the count, so of requests that arrive together, at whichever
process, exactly as many get through as the limit allows.
"""

from __future__ import annotations

import math
import time
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import F

from converter.models import RateLimitUsage

_RECORD: Final = """
    INSERT INTO converter_ratelimitusage AS kept (client, began, used) VALUES (%s, %s, 1)
    ON CONFLICT (client) DO UPDATE SET
        used = CASE WHEN kept.began <= %s THEN 1 ELSE kept.used + 1 END,
        began = CASE WHEN kept.began <= %s THEN excluded.began ELSE kept.began END
    RETURNING used, began
"""

_NAMES: Final = 10  # that may use up all their attempts at one address


class RateLimit(NamedTuple):
    """At most `most` requests in `seconds`; limits with different names are counted apart."""

    name: str
    most: int
    seconds: int


class Usage(NamedTuple):
    """How much of a limit a client has used, and when its window ends."""

    limit: RateLimit
    used: int
    resets_in: int  # seconds

    @property
    def is_over(self) -> bool:
        return self.used > self.limit.most

    @property
    def left(self) -> int:
        return max(0, self.limit.most - self.used)


def of_starts() -> RateLimit:
    return RateLimit("starts", settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW)


def of_reads() -> RateLimit:
    return RateLimit("reads", settings.STATUS_LIMIT_REQUESTS, settings.STATUS_LIMIT_WINDOW)


def of_sends() -> RateLimit:
    """Webhooks sent again by hand: as many as starts, but counted apart."""
    return RateLimit("sends", settings.RATE_LIMIT_REQUESTS, settings.RATE_LIMIT_WINDOW)


def of_sign_ins() -> RateLimit:
    """Failed sign-ins with one name from one address."""
    return RateLimit("sign-ins", settings.LOGIN_LIMIT_ATTEMPTS, settings.LOGIN_LIMIT_WINDOW)


def of_sign_ins_at_address() -> RateLimit:
    """Failed sign-ins with any name from one address, which many people may share."""
    return of_sign_ins()._replace(name="all-sign-ins", most=_NAMES * settings.LOGIN_LIMIT_ATTEMPTS)


def record(client: str, limit: RateLimit, now: float | None = None) -> Usage:
    """Count one more request of a client."""
    now = time.time() if now is None else now
    over = now - limit.seconds
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [_key(client, limit), now, over, over])
        used, began = cursor.fetchone()
    return Usage(limit, used, max(1, math.ceil(began + limit.seconds - now)))


def take_back(client: str, limit: RateLimit) -> None:
    """Undo one `record`."""
    mine = RateLimitUsage.objects.filter(client=_key(client, limit))
    mine.filter(used__gt=0).update(used=F("used") - 1)


def reset(client: str, limit: RateLimit) -> None:
    """Start counting a client from zero."""
    RateLimitUsage.objects.filter(client=_key(client, limit)).delete()


def prune(now: float | None = None) -> None:
    """Delete windows that have ended."""
    longest = max(of().seconds for of in (of_starts, of_reads, of_sign_ins))
    now = time.time() if now is None else now
    RateLimitUsage.objects.filter(began__lt=now - longest).delete()


def _key(client: str, limit: RateLimit) -> str:
    return f"{limit.name} {client}"
