"""The life of a batch: draft, start, settle, cancel, retry, delete.

Each step takes the batch's lock, and looks at its state before it changes it. Files follow the row
after the commit, by moves that can be repeated; so a crash in between costs nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from converter import claims, deletion, queue, storage
from converter.core.errors import TablexlError
from converter.models import Batch, BatchImage, BatchState

RETRIABLE = (BatchState.RUNNING, BatchState.PARTIAL, BatchState.FAILED)


class BatchError(TablexlError):
    """A step that the batch's present state does not allow."""


class BatchClosed(BatchError):
    """An attempt to change a batch that has been started."""

    def __init__(self) -> None:
        super().__init__(
            "batch_closed", "This batch has been started and takes no changes; make a new one."
        )


class BatchFull(BatchError):
    """An attempt to add more images than a batch may hold."""

    def __init__(self) -> None:
        limit = settings.MAX_BATCH_SIZE
        super().__init__(
            "batch_full", f"A batch holds at most {limit:,} images; put the rest into another."
        )


def add_images(batch: Batch, images: Sequence[BatchImage]) -> list[BatchImage]:
    """Append images to a draft, in order. Raises BatchClosed or BatchFull; then none is added."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or row.state != BatchState.DRAFT:
            raise BatchClosed
        if row.total + len(images) > settings.MAX_BATCH_SIZE:
            raise BatchFull
        last = row.images.aggregate(last=Max("position", default=-1))["last"]
        for position, image in enumerate(images, last + 1):
            image.batch, image.position = row, position
        added = BatchImage.objects.bulk_create(images, batch_size=500)
        Batch.objects.filter(pk=row.pk).update(total=F("total") + len(added))
    batch.refresh_from_db(fields=["total"])
    return added


def start(batch: Batch) -> None:
    """Freeze a draft and let the workers begin. Raises BatchClosed, or BatchError if empty."""
    now = timezone.now()
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or row.state != BatchState.DRAFT:
            raise BatchClosed
        if not row.total:
            raise BatchError("batch_empty", "There is no image in this batch yet; add one first.")
        row.state, row.started, row.running_since = BatchState.QUEUED, now, now
        row.folder = storage.folder_name(row, now)
        row.save()
        transaction.on_commit(partial(storage.settle_folder, row), robust=True)
        wake(row)
    batch.refresh_from_db()


def settle(batch: Batch) -> bool:
    """End a batch whose images are all settled. True for the one call that ended it."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_active or row.finished < row.total:
            return False
        row.state, row.settled = _final_state(row), timezone.now()
        row.save(update_fields=["state", "settled"])
    return True


def cancel(batch: Batch) -> bool:
    """Stop a batch: what is done stays, what is being read is finished, the rest is cancelled."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or row.is_settled:
            return False
        row.state, row.settled = BatchState.CANCELLED, timezone.now()
        row.save(update_fields=["state", "settled"])
        claims.cancel_waiting(row)
    batch.refresh_from_db()
    return True


def retry_failed(batch: Batch) -> int:
    """Read the failed images of a batch again; how many. Raises BatchError for none."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or row.state not in RETRIABLE or not row.failed:
            raise BatchError("nothing_failed", "There is no failed image here to be tried again.")
        row.state, row.settled, row.running_since = BatchState.RUNNING, None, timezone.now()
        row.save(update_fields=["state", "settled", "running_since"])
        failed = claims.retry_failed(row)
        transaction.on_commit(partial(storage.bring_back, *failed), robust=True)
        wake(row)
    batch.refresh_from_db()
    return len(failed)


def delete(batch: Batch) -> None:
    """Delete a batch with its images, results and files. A worker that reads one drops it."""
    deletion.delete(batch)


def _final_state(batch: Batch) -> BatchState:
    if batch.done == batch.total:
        return BatchState.DONE
    return BatchState.PARTIAL if batch.done else BatchState.FAILED


def has_work(batch: Batch) -> bool:
    """Is there an image that a worker could claim now?"""
    return batch.images.claimable(timezone.now()).exists()


def wake_if_idle(batch: Batch, *, after: timedelta) -> bool:
    """Wake lanes for a batch that has work and none at it.

    A batch whose lanes merely wait for their turn is not idle: then the queue is not empty, or it
    was woken less than `after` ago; unless an image has become free since.
    """
    now = timezone.now()
    free = batch.images.claimable(now)
    if queue.is_backed_up() or batch.woken > now - after:
        free = free.filter(not_before__gt=batch.woken)
    idle = free.exists() and not batch.images.running().exists()
    if idle:
        wake(batch)
    return idle


def wake(batch: Batch) -> None:
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).update(woken=timezone.now())
        queue.convert(batch)


def wake_further(batch: Batch) -> None:
    """Let a lane go on, behind everything that waits."""
    Batch.objects.filter(pk=batch.pk).update(woken=timezone.now())
    queue.convert_further(batch)
