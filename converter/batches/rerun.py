"""Rerun a batch: a new draft with the images of a settled batch, to be read with other options.

A large batch is copied in the background, some images at a time: first their files, then, in one
transaction, their rows and the progress of the copy. So a crash costs only the current files, and
the next worker writes the same ones: their names are derived from those of the originals.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid5

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from converter.accounts.quota import QuotaReached
from converter.batches import lifecycle
from converter.batches.lifecycle import BatchClosed, BatchError, BatchFull
from converter.core.errors import ImageError, TablexlError
from converter.models import NAME_LENGTH, Batch, BatchImage, BatchState, RefusedFile
from converter.storage import layout
from converter.workers import queue

AT_ONCE: Final = 100  # files that are copied while a person waits
LOST_AFTER: Final = timedelta(minutes=1)
_OPTIONS: Final = (
    "user", "owner", "address", "by_id", "mode", "engine", "fields", "pairing", "priority",
    "output_format", "consolidation", "webhook_url", "webhook_per_image", "reached_at",
)  # fmt: skip
_COPIED: Final = ("name", "page", "sha256", "encoded_here", "size", "width", "height", "turn")

logger = logging.getLogger(__name__)


def run_again(batch: Batch) -> Batch:
    """A draft with the images and options of a settled batch. Raises BatchError if it is not.

    Earlier results are not reused: the purpose of a rerun is to read the images again.
    """
    ending = " (again)"
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_settled:
            raise BatchError(
                "batch_not_settled", "This batch is still being read; wait, or cancel it first."
            )
        draft = Batch.objects.create(
            name=row.name.removesuffix(ending)[: NAME_LENGTH - len(ending)] + ending,
            again_of=row,
            copied_up_to=-1,
            served=timezone.now(),
            reuse=False,
            **options_of(row),
        )
        in_background = row.total >= AT_ONCE
        if in_background:
            queue.copy(draft.pk)
    if not in_background:
        copy_some(draft)
    draft.refresh_from_db()
    return draft


def options_of(batch: Batch) -> dict[str, Any]:
    """Owner and options of a batch, for another one that repeats it."""
    return {name: getattr(batch, name) for name in _OPTIONS}


def copy(draft_id: UUID) -> None:
    """Copy for at most SHIFT_SECONDS, then go to the end of the queue."""
    until = time.monotonic() + settings.SHIFT_SECONDS
    draft = Batch.objects.filter(pk=draft_id).first()
    while draft and draft.is_copying and time.monotonic() < until and not queue.is_stopping():
        if not copy_some(draft):
            return
        draft.refresh_from_db()
    if draft and draft.is_copying:
        queue.copy(draft.pk)


def resume() -> None:
    """Resume copies whose worker is gone."""
    copying = Batch.objects.filter(state=BatchState.DRAFT, copied_up_to__isnull=False)
    for draft in copying.filter(served__lt=timezone.now() - LOST_AFTER):
        queue.copy(draft.pk)


def copy_some(draft: Batch) -> bool:
    """Copy the next images. False if another worker did so first, or the draft is closed."""
    source, done = draft.again_of, draft.copied_up_to
    if source is None or source.deleted:
        return _stop(draft, "file_missing", "The batch was deleted before all of it was copied.")
    following = source.images.filter(position__gt=done).order_by("position")
    originals = list(following[:AT_ONCE])
    pairs, missing = _copy_files(draft, source, originals)
    try:
        return _add(draft, done, originals, pairs, missing)
    except BatchClosed:
        for copied in pairs:
            copied.batch = draft
            layout.discard_file(copied)
        return False
    except (BatchFull, QuotaReached) as error:
        return _stop(draft, error.code, error.message)


def _copy_files(
    draft: Batch, source: Batch, originals: Sequence[BatchImage]
) -> tuple[list[BatchImage], list[RefusedFile]]:
    copied, missing = [], []
    for original in originals:
        original.batch = source
        try:
            copied.append(copy_of(original, draft))
        except (ImageError, OSError) as error:
            why: TablexlError
            if isinstance(error, ImageError):
                why = error
            else:
                logger.exception("The file of image %s was not copied", original.pk)
                why = TablexlError(
                    "storage_failed", "The file of this image could not be copied here."
                )
            name = original.display_name[:255]
            missing.append(RefusedFile(batch=draft, name=name, code=why.code, message=why.message))
    return copied, missing


def copy_of(original: BatchImage, draft: Batch) -> BatchImage:
    """The row of an image for another draft, not saved yet; its file is there.

    Raises ImageError or OSError.
    """
    name = f"{uuid5(draft.pk, original.file).hex}{Path(original.file).suffix}"
    layout.copy_file(original, draft, name)
    return BatchImage(file=name, **{field: getattr(original, field) for field in _COPIED})


def _add(
    draft: Batch,
    done: int | None,
    originals: Sequence[BatchImage],
    copied: list[BatchImage],
    missing: list[RefusedFile],
) -> bool:
    with transaction.atomic():
        row = lifecycle.lock_draft(draft)
        if row.copied_up_to != done:  # a faster worker has added rows for these same files
            return False
        if copied:
            lifecycle.add_images(row, copied)
        RefusedFile.objects.bulk_create(missing)
        last = originals[-1].position if len(originals) == AT_ONCE else None
        Batch.objects.filter(pk=row.pk).update(copied_up_to=last, served=timezone.now())
    return True


def _stop(draft: Batch, code: str, message: str) -> bool:
    """End the copy with what is here, and note why."""
    with transaction.atomic():
        row = Batch.objects.lock(draft.pk)
        if row is not None and row.is_copying:
            RefusedFile.objects.create(batch=row, name=row.name, code=code, message=message)
            Batch.objects.filter(pk=row.pk).update(copied_up_to=None)
    return False
