"""Idempotency: a call that comes twice is done once, and gets the stored response after that."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from converter.core.errors import TablexlError
from converter.models import StoredResponse
from converter.workers import processes

KEPT: Final = timedelta(days=1)
UNANSWERED: Final = timedelta(minutes=10)  # longer than any call takes, so its process has died
ASK_AGAIN_SECONDS: Final = 5  # while the first call is in progress


def begin(clients: Sequence[str], key: str, fingerprint: str) -> tuple[StoredResponse, bool]:
    """The call with this key, and whether it is new, to be done now.

    A new one belongs to the first of `clients`; the others may have made it before. Raises
    TablexlError if the key was used for another request, or if the first call is not finished.
    """
    earlier = StoredResponse.objects.filter(client__in=clients, key=key)
    _expired().filter(client__in=clients, key=key).delete()
    for open_call in earlier.filter(status=None).exclude(holder=""):
        if processes.is_here(open_call.holder) and not processes.is_alive(open_call.holder):
            forget(open_call)  # its process died over it
    before = StoredResponse.objects.filter(client__in=clients[1:], key=key, fingerprint=fingerprint)
    call, is_new = before.first(), False
    if call is None:
        call, is_new = StoredResponse.objects.get_or_create(
            {"fingerprint": fingerprint, "holder": processes.identity()},
            client=clients[0],
            key=key,
        )
    if call.fingerprint != fingerprint:
        message = "This Idempotency-Key came with another request before; each needs its own."
        raise TablexlError("idempotency_key_reused", message)
    if call.status is None and not is_new:
        message = "The first request with this Idempotency-Key is not answered yet; ask again soon."
        raise TablexlError("still_under_way", message)
    return call, is_new


def keep(call: StoredResponse, status: int, content: str) -> None:
    StoredResponse.objects.filter(pk=call.pk).update(status=status, content=content)


def forget(call: StoredResponse) -> None:
    """Nothing was made, so the call may be repeated."""
    StoredResponse.objects.filter(pk=call.pk).delete()


def prune() -> None:
    _expired().delete()


def _expired() -> QuerySet[StoredResponse]:
    now = timezone.now()
    return StoredResponse.objects.filter(
        Q(created__lt=now - KEPT) | Q(created__lt=now - UNANSWERED, status=None)
    )
