"""The life of a batch: draft, start, settle, cancel, retry, delete.

Each step takes the batch's lock, and looks at its state before it changes it. Files follow the row
after the commit, by moves that can be repeated; so a crash in between costs nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from converter import claims, positions, queue, storage
from converter.core.engines.protocol import Mode
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


class AlreadyHere(Exception):
    """An upload that was sent again although it had arrived."""


def lock_draft(batch: Batch) -> Batch:
    """The row of a draft, held until the transaction ends. Raises BatchClosed."""
    row = Batch.objects.lock(batch.pk)
    if row is None or not row.is_draft:
        raise BatchClosed
    return row


def add_images(
    batch: Batch, images: Sequence[BatchImage], place: int | None = None
) -> list[BatchImage]:
    """Add images to a draft, in order: at the sender's place, or behind all others.

    Raises BatchClosed, BatchFull or AlreadyHere; then none is added.
    """
    with transaction.atomic():
        row = lock_draft(batch)
        _check_upload(row, images)
        check_room(row, len(images))
        first = positions.of_new(row, len(images), place)
        for position, image in enumerate(images, first):
            image.batch, image.position = row, position
        added = BatchImage.objects.bulk_create(images, batch_size=500)
        Batch.objects.filter(pk=row.pk).update(total=F("total") + len(added))
    batch.refresh_from_db(fields=["total"])
    return added


def check_room(batch: Batch, images: int) -> None:
    """Is there room for so many more? Raises BatchFull if not."""
    if batch.total + images > settings.MAX_BATCH_SIZE:
        raise BatchFull


def start(batch: Batch, options: Mapping[str, object] | None = None) -> None:
    """Freeze a draft, with these options for its own, and let the workers begin.

    Raises BatchClosed, or BatchError if there is nothing to read, or not all of it is here.
    """
    now = timezone.now()
    with transaction.atomic():
        row = lock_draft(batch)
        for name, value in (options or {}).items():
            setattr(row, name, value)
        _check_ready(row)
        _drop_removed(row)
        positions.close_gaps(row)
        row.state, row.started, row.running_since = BatchState.QUEUED, now, now
        row.folder = storage.folder_name(row, now)
        row.save()
        transaction.on_commit(partial(storage.settle_folder, row), robust=True)
        wake(row)
    batch.refresh_from_db()


def _check_upload(batch: Batch, images: Sequence[BatchImage]) -> None:
    uploads = {image.upload for image in images if image.upload}
    if uploads and batch.images.filter(upload__in=uploads).exists():
        raise AlreadyHere


def _check_ready(draft: Batch) -> None:
    if draft.is_copying:
        raise BatchError("batch_copying", "Its images are still being copied; wait a moment.")
    if not draft.total:
        raise BatchError("batch_empty", "There is no image in this batch yet; add one first.")
    if draft.mode == Mode.FIELDS and not draft.fields:
        raise BatchError("fields_missing", "Name at least one field to read, or read tables.")


def _drop_removed(draft: Batch) -> None:
    """A crash before their files are gone leaves files without rows, for the clean-up to find."""
    for image in draft.images.exclude(removed=None):
        image.batch = draft
        transaction.on_commit(partial(storage.discard_file, image), robust=True)
    draft.images.exclude(removed=None).delete()


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
        for image in failed:
            transaction.on_commit(partial(storage.bring_back, image))
        wake(row)
    batch.refresh_from_db()
    return len(failed)


def delete(batch: Batch) -> None:
    """Delete a batch with its images, results and files. A worker that reads one drops it."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is not None:
            transaction.on_commit(partial(storage.discard_folder, batch.pk, row.folder))
            row.delete()


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
