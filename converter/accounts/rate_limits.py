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
from django.db.models import F, Q

from converter.core.errors import TablexlError
from converter.models import RateLimitUsage

_RECORD: Final = """
    INSERT INTO converter_ratelimitusage AS kept (client, began, used) VALUES (%s, %s, %s)
    ON CONFLICT (client) DO UPDATE SET
        used = CASE WHEN kept.began BETWEEN %s AND %s THEN kept.used + excluded.used
            ELSE excluded.used END,
        began = CASE WHEN kept.began BETWEEN %s AND %s THEN kept.began ELSE excluded.began END
    RETURNING used, began
"""

OF_A_DAY: Final = "remote-"  # how the names of limits begin whose window is a day
DAY: Final = 24 * 3600

_BESIDE: Final = 10.0  # seconds
_OFTENER: Final = 10  # than they start them, people may make drafts
_UNITS: Final = {"uploads": "content-bytes", "upload-files": "files"}  # of others: requests
_KIBIBYTE: Final = 1024
_NAMES: Final = 10  # that may use up all their attempts at one address


class RateLimit(NamedTuple):
    """At most `most` requests in `seconds`; limits with different names are counted apart."""

    name: str
    most: int
    seconds: int

    @property
    def unit(self) -> str:
        """What is counted, as a header names it; empty for requests."""
        return _UNITS.get(self.name, "")

    @property
    def size(self) -> int:
        """How many of that unit are counted as one: bytes are in KiB, for the column."""
        return _KIBIBYTE if self.name == "uploads" else 1


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


def of_makes() -> RateLimit:
    """Drafts, templates and keys that are made."""
    return of_starts()._replace(name="makes", most=_OFTENER * settings.RATE_LIMIT_REQUESTS)


def of_upload_files() -> RateLimit:
    """Files that strangers upload."""
    return of_uploads()._replace(name="upload-files", most=settings.UPLOAD_LIMIT_FILES)


def of_uploads() -> RateLimit:
    """What strangers upload, in KiB."""
    return RateLimit("uploads", settings.UPLOAD_LIMIT_SIZE // _KIBIBYTE, settings.RATE_LIMIT_WINDOW)


def of_sign_ins() -> RateLimit:
    """Failed sign-ins with one name from one address."""
    return RateLimit("sign-ins", settings.LOGIN_LIMIT_ATTEMPTS, settings.LOGIN_LIMIT_WINDOW)


def of_sign_ins_at_address() -> RateLimit:
    """Failed sign-ins with any name from one address, which many people may share."""
    return of_sign_ins()._replace(name="all-sign-ins", most=_NAMES * settings.LOGIN_LIMIT_ATTEMPTS)


def record(client: str, limit: RateLimit, now: float | None = None, amount: int = 1) -> Usage:
    """Count one more request of a client, or so much of what the limit counts."""
    now = time.time() if now is None else now
    # A window that began long after now, before the clock was set back, has ended too. One that
    # began a moment after was begun by a call beside this one.
    first, last = math.nextafter(now - limit.seconds, math.inf), now + _BESIDE
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [_key(client, limit), now, amount, first, last, first, last])
        used, began = cursor.fetchone()
    return Usage(limit, used, max(1, math.ceil(began + limit.seconds - now)))


class TooMany(TablexlError):
    """A request that goes past a limit and was not done; the middleware of the limits answers."""

    def __init__(self, usage: Usage) -> None:
        super().__init__("too_many_requests", "This is more than one client may for now.")
        self.usage = usage


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
    of_a_day = Q(client__startswith=OF_A_DAY)
    RateLimitUsage.objects.filter(~of_a_day, began__lt=now - longest).delete()
    RateLimitUsage.objects.filter(of_a_day, began__lt=now - DAY).delete()


def _key(client: str, limit: RateLimit) -> str:
    return f"{limit.name} {client}"
