"""What remote engines may cost in a day: pages that are sent, and US dollars where known."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils import timezone

from converter.accounts import rate_limits
from converter.accounts.rate_limits import DAY, OF_A_DAY, RateLimit, Usage
from converter.batches import lifecycle
from converter.batches.lifecycle import BatchError
from converter.config.options import server_name
from converter.core.errors import EngineError
from converter.models import Batch

CODE: Final = "daily_limit"

_EVERYBODY: Final = "all"
_PARTS: Final = 10_000  # of a dollar that are counted as one


class DailyLimit(EngineError):
    """A page that is not sent today. It waits, and nothing is lost."""

    def __init__(self, usage: Usage, what: str) -> None:
        again = timezone.now() + timedelta(seconds=usage.resets_in)
        super().__init__(
            CODE,
            f"{what} a day may go to {server_name()}, and did. The rest is sent by itself after"
            f" {again:%H:%M} UTC on {again.day} {again:%B}; or read it on this machine.",
            permanent=False,
        )


def take_page() -> None:
    """Count one page that is about to be sent. Raises DailyLimit; then it may not be."""
    if reached := _reached():
        raise reached
    limit = _of_pages()
    if not limit.most:
        return
    usage = rate_limits.record(_EVERYBODY, limit)
    if usage.is_over:
        rate_limits.take_back(_EVERYBODY, limit)
        raise _too_many_pages(usage)


def spend(dollars: float | None) -> None:
    """Count what an answer has cost. Pages in flight may go past the limit: accepted."""
    limit = _of_cost()
    if limit.most and dollars:
        rate_limits.record(_EVERYBODY, limit, amount=round(dollars * _PARTS))


def resume() -> None:
    """Continue the batches that waited for another day, if that has come."""
    waiting = list(Batch.objects.active().filter(pause_code=CODE, paused__isnull=False))
    if not waiting or _reached():
        return
    for batch in waiting:
        with suppress(BatchError):  # a person was faster
            lifecycle.go_on(batch)


def _reached() -> DailyLimit | None:
    """Why no page may be sent now; None if one may."""
    pages, cost = _of_pages(), _of_cost()
    if pages.most and (used := _used(pages)).left == 0:
        return _too_many_pages(used)
    if cost.most and (used := _used(cost)).left == 0:
        return DailyLimit(used, f"{settings.REMOTE_DAILY_COST_LIMIT:,.2f} US dollars")
    return None


def _too_many_pages(usage: Usage) -> DailyLimit:
    return DailyLimit(usage, f"{settings.REMOTE_DAILY_LIMIT:,} pages")


def _used(limit: RateLimit) -> Usage:
    return rate_limits.record(_EVERYBODY, limit, amount=0)


def _of_pages() -> RateLimit:
    return RateLimit(f"{OF_A_DAY}pages", settings.REMOTE_DAILY_LIMIT, DAY)


def _of_cost() -> RateLimit:
    most = round(settings.REMOTE_DAILY_COST_LIMIT * _PARTS)
    return RateLimit(f"{OF_A_DAY}cost", most, DAY)
