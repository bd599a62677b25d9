"""The life of a batch: draft, start, settle, cancel, retry, delete.

Each step takes the batch's lock, and looks at its state before it changes it. Files follow the row
after the commit, by moves that can be repeated; so a crash in between costs nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from converter.accounts import quota
from converter.batches import claims, deletion, ordering, pairing
from converter.core.engines.protocol import Mode
from converter.core.errors import TablexlError
from converter.models import Batch, BatchImage, BatchState, ImageState, Manifest, ManifestState
from converter.storage import layout
from converter.util import logs
from converter.webhooks import outbox
from converter.workers import queue

logger = logging.getLogger(__name__)

PAUSE = ("paused", "pause_code", "pause_reason", "failures_in_row")
TOUCHED_EVERY = timedelta(minutes=1)  # no more often is it noted
RETRIABLE = (BatchState.RUNNING, BatchState.PARTIAL, BatchState.FAILED, BatchState.CANCELLED)


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
    """An upload that was sent again although it had arrived the first time."""


def lock_draft(batch: Batch) -> Batch:
    """The row of a draft, held until the transaction ends. Raises BatchClosed."""
    row = Batch.objects.lock(batch.pk)
    if row is None or not row.is_draft:
        raise BatchClosed
    now = timezone.now()
    if not now - TOUCHED_EVERY < row.touched <= now:
        row.touched = now
        row.save(update_fields=["touched"])
    return row


def add_images(
    batch: Batch, images: Sequence[BatchImage], place: int | None = None
) -> list[BatchImage]:
    """Add images to a draft, in order: at the sender's place, or behind all others.

    Raises BatchClosed, BatchFull, QuotaReached or AlreadyHere; then none is added.
    """
    with transaction.atomic():
        row = lock_draft(batch)
        uploads = {image.upload for image in images if image.upload}
        if uploads and row.images.filter(upload__in=uploads).exists():
            raise AlreadyHere
        check_room(row, len(images))
        size = sum(image.size for image in images)
        if row.trial_of_id is None:
            quota.check(row, size)
        first = ordering.of_new(row, len(images), place)
        for position, image in enumerate(images, first):
            image.batch, image.position = row, position
        added = BatchImage.objects.bulk_create(images, batch_size=500)
        counts = {"total": F("total") + len(added), "size": F("size") + size}
        Batch.objects.filter(pk=row.pk).update(**counts)
    batch.refresh_from_db(fields=["total", "size"])
    return added


def check_room(batch: Batch, images: int) -> None:
    """Raises BatchFull if there is no room for so many more."""
    if batch.total + images > settings.MAX_BATCH_SIZE:
        raise BatchFull


def start(batch: Batch, options: Mapping[str, object] | None = None) -> None:
    """Freeze a draft, after setting these options, and let the workers begin.

    While files of it are still being looked at, it stays a draft, and starts when they have been.
    Raises BatchClosed, or BatchError if there is nothing to read, or not all images are here yet.
    """
    now = timezone.now()
    with transaction.atomic():
        row = lock_draft(batch)
        for name, value in (options or {}).items():
            setattr(row, name, value)
        _check_ready(row)
        row.made_by = ""
        if row.pending.exists():
            row.start_asked = now
            row.save()
            batch.refresh_from_db()
            return
        deletion.delete_trials(row)
        _freeze_images(row)
        pairing.freeze(row)
        row.state, row.started, row.running_since = BatchState.QUEUED, now, now
        row.served = None  # a worker that copied its images has set it, but has read none
        row.folder = layout.folder_name(row, now)
        row.save()
        transaction.on_commit(partial(layout.settle_folder, row), robust=True)
        queue.wake()
    with logs.about(batch_id=row.pk):
        logger.info("Started (images: %s, engine: %s)", row.total, row.engine)
    batch.refresh_from_db()


def _check_ready(draft: Batch) -> None:
    if draft.is_copying:
        raise BatchError("batch_copying", "Its images are still being copied; wait a moment.")
    if Manifest.objects.filter(batch=draft).exclude(state=ManifestState.FETCHED).exists():
        raise BatchError(
            "batch_importing", "It is filled by an import; it starts when all pictures are fetched."
        )
    if not draft.total and not draft.pending.exists():
        raise BatchError("batch_empty", "There is no image in this batch yet; add one first.")
    if draft.mode == Mode.FIELDS and not draft.active_fields:
        raise BatchError(
            "fields_missing", "Name at least one field that is to be read, or read tables."
        )


def _freeze_images(draft: Batch) -> None:
    """Number the images 0, 1, 2 …, and delete the removed ones for good.

    A crash before its files are gone leaves files without rows, for the clean-up to find.
    """
    for image in draft.images.exclude(removed=None):
        image.batch = draft
        draft.size -= image.size
        transaction.on_commit(partial(layout.discard_file, image), robust=True)
    draft.images.exclude(removed=None).delete()
    ordering.close_gaps(draft)


def _drop_pending(draft: Batch) -> None:
    """Look at no file any more."""
    for file in draft.pending.all():
        transaction.on_commit(partial(layout.discard_pending, file), robust=True)
    draft.pending.all().delete()


def settle(batch: Batch) -> bool:
    """End a batch whose images are all settled. True for the one call that ended it."""
    if not Batch.objects.active().complete().filter(pk=batch.pk).exists():
        return False  # checked without the lock first, as this is called after every image
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_active or row.finished < row.total:
            return False
        row.state, row.settled = _final_state(row), timezone.now()
        row.save(update_fields=["state", "settled"])
        if row.cards is not None:
            queue.compare(row.pk)
        outbox.write_job_event(row)
    with logs.about(batch_id=row.pk):
        logger.info("Settled (images: %s, read: %s, failed: %s)", row.total, row.done, row.failed)
    return True


def cancel(batch: Batch) -> bool:
    """Stop a batch: what is done stays, and what waits is cancelled.

    An image that is being read is finished if that takes only seconds; otherwise its worker is
    killed, and the image is cancelled too.
    """
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or row.is_settled:
            return False
        if row.is_draft:
            deletion.delete_trials(row)
            _drop_pending(row)
            _freeze_images(row)
        row.state, row.settled, row.copied_up_to = BatchState.CANCELLED, timezone.now(), None
        row.save(update_fields=["state", "settled", "copied_up_to", "size"])
        claims.cancel_waiting(row)
        row.refresh_from_db()
        outbox.write_job_event(row)
    batch.refresh_from_db()
    return True


def retry_failed(batch: Batch) -> int:
    """Read the failed images of a batch again; how many. Raises BatchError if there are none."""
    nothing = BatchError("nothing_failed", "There is no failed image here to be tried again.")
    return _read_again(batch, batch.images.filter(state=ImageState.FAILED), nothing)


def retry_image(image: BatchImage) -> int:
    """Read one image again that failed or was cancelled. Raises BatchError for any other."""
    nothing = BatchError("nothing_failed", "This image has not failed; there is nothing to retry.")
    unread = image.batch.images.filter(state__in=(ImageState.FAILED, ImageState.CANCELLED))
    return _read_again(image.batch, unread.filter(pk=image.pk), nothing)


def resume(batch: Batch) -> int:
    """Resume the cancelled images of a batch; how many. Raises BatchError if there are none."""
    nothing = BatchError("nothing_cancelled", "No image of this batch was cancelled.")
    return _read_again(batch, batch.images.filter(state=ImageState.CANCELLED), nothing)


def go_on(batch: Batch, engine: str = "") -> None:
    """Resume a paused batch, with that engine if one is named. Raises BatchError if not paused.

    Images that failed for the cause of the pause are read again too.
    """
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_paused:
            raise BatchError("not_paused", "This batch is not paused; there is nothing to go on.")
        failed = row.images.filter(state=ImageState.FAILED, error_code=row.pause_code)
        transaction.on_commit(
            partial(layout.bring_back, *claims.wait_again(row, failed)), robust=True
        )
        claims.wait_no_longer(row)
        _end_pause(row)
        row.engine = engine or row.engine
        row.save(update_fields=["engine", *PAUSE])
        queue.wake()
    batch.refresh_from_db()


def delete(batch: Batch) -> None:
    """Delete a batch with its images, results and files. A worker that reads one drops it."""
    deletion.delete(batch)


def _read_again(batch: Batch, images: QuerySet[BatchImage], nothing: BatchError) -> int:
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        number = images.count() if row and row.started and row.state in RETRIABLE else 0
        if row is None or not number:
            raise nothing
        if row.is_settled:
            row.running_since = timezone.now()
        row.state, row.settled = BatchState.RUNNING, None
        row.served = None  # it is owed the next free worker
        row.compared = None
        _end_pause(row)
        changed = ("state", "settled", "running_since", "served", "compared")
        row.save(update_fields=[*changed, *PAUSE])
        failed = claims.wait_again(row, images)
        transaction.on_commit(partial(layout.bring_back, *failed), robust=True)
        queue.wake()
    batch.refresh_from_db()
    return number


def _end_pause(batch: Batch) -> None:
    batch.paused, batch.pause_code, batch.pause_reason, batch.failures_in_row = None, "", "", 0


def _final_state(batch: Batch) -> BatchState:
    if batch.cancelled:
        return BatchState.CANCELLED
    if batch.done == batch.total:
        return BatchState.DONE
    return BatchState.PARTIAL if batch.done else BatchState.FAILED
