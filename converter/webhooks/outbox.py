"""Transactional outbox: messages are written in the same transaction as the change they report.

So a message exists exactly if the change does, whatever dies afterwards; `sender` delivers it.
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
ERRORS_LISTED: Final = 20  # a message stays small; the API has them all
_LONGEST_ERROR: Final = 500

_EVENTS: Final = {
    BatchState.DONE: WebhookEvent.JOB_COMPLETED,
    BatchState.PARTIAL: WebhookEvent.JOB_PARTIAL,
    BatchState.FAILED: WebhookEvent.JOB_FAILED,
    BatchState.CANCELLED: WebhookEvent.JOB_CANCELLED,
}


def write_job_event(batch: Batch) -> None:
    """Record that a batch has settled, if it has a receiver."""
    if not batch.webhook_url:
        return
    event = _EVENTS[BatchState(batch.state)]
    failed = batch.images.filter(state=ImageState.FAILED).order_by("position")
    took = None
    if batch.settled and batch.running_since:
        took = round((batch.settled - batch.running_since).total_seconds(), 3)
    errors = [
        {
            "image_id": image.pk,
            "filename": image.display_name,
            "code": image.error_code,
            "message": image.error[:_LONGEST_ERROR],
        }
        for image in (failed[:ERRORS_LISTED] if batch.failed else ())
    ]
    data = {
        "job_id": batch.pk,
        "name": batch.name,
        "status": event.value.removeprefix("job."),
        "total_images": batch.total,
        "processed_images": batch.finished,
        "failed_images": batch.failed,
        "started": batch.started,
        "settled": batch.settled,
        "processing_time": took,
        "errors": errors,
        "download_url": _download(batch, str(batch.pk)) if batch.done else None,
        "status_url": _absolute(batch, reverse("api:job_status", kwargs={"job_id": batch.pk})),
        "page_url": _absolute(batch, reverse("batch", args=[batch.pk])),
    }
    _put(batch, event, batch.settled or timezone.now(), data)


def write_image_event(
    batch: Batch, image: BatchImage, settlement: int, outcome: Result | tuple[str, str]
) -> None:
    """Record that an image was read, or failed with a code and a sentence, if its batch has a
    receiver for that. `batch` is as it was before."""
    if not (batch.webhook_url and batch.webhook_per_image):
        return
    data: dict[str, Any] = {
        "job_id": batch.pk,
        "image_id": image.pk,
        "position": image.position,
        "filename": image.name,
        "page": image.page,
        "processed_images": batch.finished + 1,
        "total_images": batch.total,
    }
    if isinstance(outcome, Result):
        event = WebhookEvent.IMAGE_COMPLETED
        data |= {"status": "done", "tables": outcome.tables, "doubtful": outcome.doubtful}
        data |= {"error": None, "download_url": _download(batch, f"{batch.pk}-{image.pk}")}
    else:
        event = WebhookEvent.IMAGE_FAILED
        code, message = outcome
        error = {"code": code, "message": message[:_LONGEST_ERROR]}
        data |= {"status": "failed", "error": error, "download_url": None}
    data |= {"cursor": settlement}
    _put(batch, event, timezone.now(), data, about=image.display_name)


def line_up(batch: Batch) -> None:
    """Make the first message that waits due now, unless one is due at some time already."""
    if batch.deliveries.filter(due__isnull=False).exists():
        return
    first = batch.deliveries.waiting().order_by("pk").first()
    if first:
        Delivery.objects.filter(pk=first.pk).update(due=timezone.now())
        queue.deliver()


def _put(
    batch: Batch, event: WebhookEvent, moment: datetime, data: dict[str, Any], about: str = ""
) -> None:
    message = {"type": event.value, "timestamp": moment, "data": data}
    body = json.dumps(message, cls=DjangoJSONEncoder, ensure_ascii=False)
    delivery = Delivery(batch=batch, event=event, about=about[:300], body=body)
    if batch.webhook_gone:
        delivery.state, delivery.ended = DeliveryState.GIVEN_UP, timezone.now()
        delivery.code, delivery.reason = GONE, GONE_REASON
    delivery.save(force_insert=True)
    line_up(batch)


def _download(batch: Batch, file_id: str) -> str:
    return _absolute(batch, reverse("api:download", kwargs={"file_id": file_id}))


def _absolute(batch: Batch, path: str) -> str:
    return (settings.PUBLIC_URL or batch.reached_at) + path
