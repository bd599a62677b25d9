"""The pages of webhooks: the messages of a batch, their attempts, and the secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from converter.accounts import access
from converter.forms import is_id
from converter.models import Attempt, Batch, Delivery, DeliveryState
from converter.webhooks import sender, signing
from converter.webhooks.sender import DeliveryError

SHOWN_WITH_BATCH: Final = 5  # messages, the newest; all are on a page of their own
PER_PAGE: Final = 25
ATTEMPTS_SHOWN: Final = {SHOWN_WITH_BATCH: 3, PER_PAGE: 20}
SOON: Final = timedelta(minutes=1)  # a page does not poll for an attempt that is further away


@dataclass(frozen=True, slots=True)
class Message:
    """A row of the list: a message with its last attempts, the newest first."""

    row: Delivery
    attempts: list[Attempt]
    now: datetime

    @property
    def next_try(self) -> datetime | None:
        """When it is tried again, if that is later and no attempt is running."""
        is_put_off = self.row.due is not None and self.row.due > self.now
        return self.row.due if is_put_off and not self.is_on_its_way else None

    @property
    def is_on_its_way(self) -> bool:
        """Whether its last attempt still waits for a response; otherwise that was cut off."""
        is_held = self.row.due is not None and self.row.due > self.now
        return is_held and bool(self.attempts) and self.attempts[0].ended is None

    @property
    def is_in_line(self) -> bool:
        return self.row.state == DeliveryState.WAITING and self.row.due is None

    @property
    def may_be_sent(self) -> bool:
        return self.row.state != DeliveryState.WAITING or self.next_try is not None


@require_safe
@never_cache
def deliveries(request: HttpRequest, pk: UUID) -> HttpResponse:
    """All messages of a batch; for a page that polls, only the newest."""
    batch = access.batch_for(request, pk)
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "webhooks/_told.html", {"batch": batch, "told": latest(batch)})
    before = request.GET.get("before", "")
    context = {"batch": batch, "told": _told(batch, PER_PAGE, before), "is_first": not before}
    return render(request, "webhooks/deliveries.html", context)


@require_POST
def send_again(request: HttpRequest, pk: UUID, delivery_pk: int) -> HttpResponse:
    batch = access.batch_for(request, pk)
    try:
        sender.send_again(access.delivery_of(batch, delivery_pk))
    except DeliveryError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, "The message is sent again.")
    return redirect("batch-webhooks", pk=batch.pk)


@require_POST
def send_rest(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    try:
        number = sender.send_rest_again(batch)
    except DeliveryError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, f"Messages that are sent again: {number}.")
    return redirect("batch-webhooks", pk=batch.pk)


@require_safe
@never_cache
def secret(request: HttpRequest) -> HttpResponse:
    """A visit creates no session: the secret is made when it is asked for or needed."""
    signer = access.signer_for(request)
    context = {
        "secret": signing.secret_of(signer) if signer else "",
        "former_until": signing.former_until(signer) if signer else None,
    }
    return render(request, "webhooks/secret.html", context)


@require_POST
def change_secret(request: HttpRequest) -> HttpResponse:
    """`do` is `make`, `replace`, or `end`: stop signing with the former secret."""
    access.owner_of(request)  # a browser that nobody knows yet gets a token
    signer, do = access.signer_for(request), request.POST.get("do")
    assert signer  # noqa: S101
    if do == "replace":
        signing.replace(signer)
        messages.success(request, "This is the new secret. For a day the former one signs too.")
    elif do == "end":
        signing.end_former(signer)
        messages.success(request, "From now on the present secret alone signs.")
    return redirect("webhooks")


def latest(batch: Batch) -> dict[str, Any]:
    """What the page of a batch shows of its webhook; nothing if it has none."""
    return _told(batch, SHOWN_WITH_BATCH) if batch.webhook_url else {}


def _told(batch: Batch, most: int, before: str = "") -> dict[str, Any]:
    attempts = Attempt.objects.order_by("-pk")[: ATTEMPTS_SHOWN[most]]
    rows = batch.deliveries.defer("body").order_by("-pk")
    if is_id(before):
        rows = rows.filter(pk__lt=int(before))
    found = list(rows.prefetch_related(Prefetch("attempts", attempts, to_attr="last"))[: most + 1])
    now = timezone.now()
    shown = [Message(row, row.last, now) for row in found[:most]]  # type: ignore[attr-defined]
    counted = batch.deliveries.aggregate(
        **{state: Count("pk", filter=Q(state=state)) for state in DeliveryState.values}
    )
    is_due_soon = Delivery.objects.filter(batch=batch, due__lt=now + SOON).exists()
    return {
        "messages": shown,
        "counted": counted,
        "number": sum(counted.values()),
        "before": found[most - 1].pk if len(found) > most else None,
        "poll_seconds": 2 if is_due_soon else 3 if batch.is_active else 0,
    }
