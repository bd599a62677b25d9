"""The life of a batch: draft, start, settle, cancel, retry, delete.

Each step is one conditional UPDATE that names the states it may start from. Files follow the row
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

from converter import claims, queue, storage
from converter.core.errors import TablexlError
from converter.models import ACTIVE, Batch, BatchImage, BatchState


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
        row = Batch.objects.select_for_update().get(pk=batch.pk)
        if row.state != BatchState.DRAFT:
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
        started = Batch.objects.filter(pk=batch.pk, state=BatchState.DRAFT, total__gt=0).update(
            state=BatchState.QUEUED, started=now, folder=storage.folder_name(batch, now)
        )
        batch.refresh_from_db()
        if not started and batch.state == BatchState.DRAFT:
            raise BatchError("batch_empty", "There is no image in this batch yet; add one first.")
        if not started:
            raise BatchClosed
        transaction.on_commit(partial(storage.settle_folder, batch))
        wake(batch)


def settle(batch: Batch) -> bool:
    """End a batch whose images are all settled. True for the one call that ended it."""
    row = Batch.objects.active().filter(pk=batch.pk).first()
    if row is None or row.finished < row.total:
        return False
    return bool(
        Batch.objects.filter(
            pk=row.pk, state__in=ACTIVE, total=F("done") + F("failed") + F("cancelled")
        ).update(state=_final_state(row), settled=timezone.now())
    )


def cancel(batch: Batch) -> bool:
    """Stop a batch: what is done stays, what is being read is finished, the rest is cancelled."""
    with transaction.atomic():
        cancelled = Batch.objects.filter(pk=batch.pk, state__in=[BatchState.DRAFT, *ACTIVE]).update(
            state=BatchState.CANCELLED, settled=timezone.now()
        )
        if cancelled:
            claims.cancel_waiting(batch)
    batch.refresh_from_db()
    return bool(cancelled)


def retry_failed(batch: Batch) -> int:
    """Read the failed images of a settled batch again; how many. Raises BatchError for none."""
    with transaction.atomic():
        Batch.objects.filter(
            pk=batch.pk, state__in=[BatchState.PARTIAL, BatchState.FAILED], failed__gt=0
        ).update(state=BatchState.RUNNING, settled=None)
        failed = claims.retry_failed(batch) if _is_running(batch) else []
        if not failed:
            raise BatchError(
                "nothing_failed", "No image of this batch has failed; there is nothing to retry."
            )
        for image in failed:
            transaction.on_commit(partial(storage.bring_back, image))
        wake(batch)
    batch.refresh_from_db()
    return len(failed)


def delete(batch: Batch) -> None:
    """Delete a batch with its images, results and files. A worker that reads one drops it."""
    with transaction.atomic():
        Batch.objects.filter(pk=batch.pk).delete()
        transaction.on_commit(partial(storage.discard_folder, batch))


def _is_running(batch: Batch) -> bool:
    return Batch.objects.filter(pk=batch.pk, state=BatchState.RUNNING).exists()


def _final_state(batch: Batch) -> BatchState:
    if batch.done == batch.total:
        return BatchState.DONE
    return BatchState.PARTIAL if batch.done else BatchState.FAILED


def has_work(batch: Batch) -> bool:
    """Is there an image that a worker could claim now?"""
    return batch.images.claimable(timezone.now()).exists()


def wake_if_idle(batch: Batch, *, after: timedelta) -> bool:
    """Wake lanes for a batch that has work and none at it.

    A batch whose lanes merely wait for their turn is not idle: it was woken less than `after`
    ago, and no image has become free since.
    """
    now = timezone.now()
    free = batch.images.claimable(now)
    if batch.woken > now - after:
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
