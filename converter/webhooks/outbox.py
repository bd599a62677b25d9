"""What webhooks will tell: written in the same transaction as what they tell of.

So a message exists exactly when it is true, whatever dies afterwards; `webhooks` delivers it.
Everything here is called with the batch's lock held.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.urls import reverse
from django.utils import timezone

from converter.models import (
    Batch,
    BatchImage,
    BatchState,
    Delivery,
    DeliveryState,
    ImageState,
    Result,
    WebhookEvent,
)
from converter.workers import queue

GONE: Final = "receiver_gone"
GONE_REASON: Final = "The receiver answered 410: it is gone, so nothing more is sent there."
ERRORS_TOLD: Final = 20  # a message stays small; the API has them all
_LONGEST_ERROR: Final = 500

_EVENTS: Final = {
    BatchState.DONE: WebhookEvent.JOB_COMPLETED,
    BatchState.PARTIAL: WebhookEvent.JOB_PARTIAL,
    BatchState.FAILED: WebhookEvent.JOB_FAILED,
    BatchState.CANCELLED: WebhookEvent.JOB_CANCELLED,
}


def tell_job(batch: Batch) -> None:
    """A batch has settled: its receiver is to know."""
    if not batch.webhook_url:
        return
    event = _EVENTS[BatchState(batch.state)]
    _put(batch, event, batch.settled or timezone.now(), _of_job(batch, event))


def tell_image(
    batch: Batch, image: BatchImage, settlement: int, outcome: Result | tuple[str, str]
) -> None:
    """An image was read, or failed with a code and a sentence. `batch` is as it was before."""
    if not (batch.webhook_url and batch.webhook_per_image):
        return
    is_read = isinstance(outcome, Result)
    event = WebhookEvent.IMAGE_COMPLETED if is_read else WebhookEvent.IMAGE_FAILED
    told = _of_image(batch, image, outcome) | {"cursor": settlement}
    _put(batch, event, timezone.now(), told, about=image.display_name)


def line_up(batch: Batch) -> None:
    """Let the first message that waits be sent now, unless one has its time already."""
    if batch.deliveries.filter(due__isnull=False).exists():
        return
    first = batch.deliveries.waiting().order_by("pk").first()
    if first:
        Delivery.objects.filter(pk=first.pk).update(due=timezone.now())
        queue.deliver()


def _put(
    batch: Batch, event: WebhookEvent, moment: datetime, told: dict[str, Any], about: str = ""
) -> None:
    message = {"type": event.value, "timestamp": moment, "data": told}
    body = json.dumps(message, cls=DjangoJSONEncoder, ensure_ascii=False)
    delivery = Delivery(batch=batch, event=event, about=about[:300], body=body)
    if batch.webhook_gone:
        delivery.state, delivery.ended = DeliveryState.GIVEN_UP, timezone.now()
        delivery.code, delivery.reason = GONE, GONE_REASON
    delivery.save(force_insert=True)
    line_up(batch)


def _of_job(batch: Batch, event: WebhookEvent) -> dict[str, Any]:
    failed = batch.images.filter(state=ImageState.FAILED).order_by("position")
    took = None
    if batch.settled and batch.running_since:
        took = round((batch.settled - batch.running_since).total_seconds(), 3)
    return {
        "job_id": batch.pk,
        "name": batch.name,
        "status": event.value.removeprefix("job."),
        "total_images": batch.total,
        "processed_images": batch.finished,
        "failed_images": batch.failed,
        "started": batch.started,
        "settled": batch.settled,
        "processing_time": took,
        "errors": [_of_error(one) for one in failed[:ERRORS_TOLD]] if batch.failed else [],
        "download_url": _download(batch, str(batch.pk)) if batch.done else None,
        "status_url": _absolute(batch, reverse("api:job_status", kwargs={"job_id": batch.pk})),
        "page_url": _absolute(batch, reverse("batch", args=[batch.pk])),
    }


def _of_image(batch: Batch, image: BatchImage, outcome: Result | tuple[str, str]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "job_id": batch.pk,
        "image_id": image.pk,
        "position": image.position,
        "filename": image.name,
        "page": image.page,
        "processed_images": batch.finished + 1,
        "total_images": batch.total,
    }
    if isinstance(outcome, Result):
        read = {"status": "done", "tables": outcome.tables, "doubtful": outcome.doubtful}
        url = _download(batch, f"{batch.pk}-{image.pk}")
        return told | read | {"error": None, "download_url": url}
    code, message = outcome
    error = {"code": code, "message": message[:_LONGEST_ERROR]}
    return told | {"status": "failed", "error": error, "download_url": None}


def _of_error(image: BatchImage) -> dict[str, Any]:
    return {
        "image_id": image.pk,
        "filename": image.display_name,
        "code": image.error_code,
        "message": image.error[:_LONGEST_ERROR],
    }


def _download(batch: Batch, file_id: str) -> str:
    return _absolute(batch, reverse("api:download", kwargs={"file_id": file_id}))


def _absolute(batch: Batch, path: str) -> str:
    return (settings.PUBLIC_URL or batch.reached_at) + path
