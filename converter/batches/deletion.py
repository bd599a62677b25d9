"""Deletion: a batch is marked, which hides it from everybody, and then deleted bit by bit.

Rows are deleted in small transactions, so that nobody waits long for the write lock; then the
files, and the batch's own row last. The next sweep continues what was interrupted, by the mark.
"""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import Final

from django.db import transaction
from django.utils import timezone

from converter.models import (
    Batch,
    BatchImage,
    BatchQuerySet,
    Delivery,
    ManifestAddress,
    ManifestRow,
)
from converter.storage import layout
from converter.workers import queue

ROWS: Final = 200  # images, messages, or rows of a list, in one transaction
SMALL: Final = 500  # images; a larger batch is deleted by the workers

_TRIAL_SECONDS: Final = 30.0

logger = logging.getLogger(__name__)


def delete(batch: Batch) -> bool:
    """Delete a batch with its images, results and files. False if it was deleted already.

    A worker that reads one of its images drops the result.
    """
    with transaction.atomic():
        if not _mark(batch, Batch.objects.all()):
            return False
        if batch.total <= SMALL:
            transaction.on_commit(partial(clear, only=batch), robust=True)
        else:
            queue.delete()
    return True


def delete_trials(draft: Batch) -> None:
    """Delete the trials of a draft's fields."""
    for trial in Batch.objects.filter(trial_of=draft):
        delete(trial)


def delete_all(chosen: BatchQuerySet) -> int:
    """Mark all that still match, and let the workers delete them; how many."""
    plain = chosen.select_related(None)  # PostgreSQL locks no row that may be missing
    marked = sum(_mark(batch, plain) for batch in list(plain))
    if marked:
        queue.delete()
    return marked


def clear(seconds: float = 30.0, only: Batch | None = None) -> bool:
    """Delete what is marked, for so many seconds at most. False if something is left."""
    until = time.monotonic() + seconds
    marked = Batch.everything.marked().order_by("deleted")
    if only:
        marked = marked.filter(pk=only.pk)
    # All are tried: one whose files cannot be deleted must not hold up the others.
    outcomes = [_clear(batch, until) for batch in marked]
    return all(outcomes)


def clear_further() -> None:
    """Delete what is marked for a while, then let another task continue."""
    if not clear() and Batch.everything.marked().filter(images__isnull=False).exists():
        queue.delete()


@transaction.atomic
def _mark(batch: Batch, chosen: BatchQuerySet) -> bool:
    row = chosen.lock(batch.pk)
    return bool(row and Batch.objects.filter(pk=row.pk).update(deleted=timezone.now()))


def _clear(batch: Batch, until: float) -> bool:
    """Delete rows, then files, then the batch, while there is time. True if it is gone."""
    is_empty = False
    while not is_empty and time.monotonic() < until:
        is_empty = not _delete_some(batch)
    if not is_empty:
        return False
    for trial in Batch.everything.filter(trial_of=batch):  # its files would be left without a row
        _clear(trial, time.monotonic() + _TRIAL_SECONDS)
    try:
        layout.discard_folder(batch.pk, batch.folder)
    except OSError:
        logger.exception("The files of batch %s were not deleted; trying again later", batch.pk)
        return False
    batch.delete()
    return True


def _delete_some(batch: Batch) -> int:
    of_batch = (
        BatchImage.objects.filter(batch=batch),
        Delivery.objects.filter(batch=batch),
        ManifestRow.objects.filter(manifest__batch=batch),
        ManifestAddress.objects.filter(manifest__batch=batch),
    )
    for rows in of_batch:
        if some := list(rows.values_list("pk", flat=True)[:ROWS]):
            with transaction.atomic():
                rows.model.objects.filter(pk__in=some).delete()
            return len(some)
    return 0
