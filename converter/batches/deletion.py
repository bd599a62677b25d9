"""Deletion: a batch is marked, from then on gone for everybody, and then goes bit by bit.

Rows go in small transactions, so that nobody waits long for the write lock; then the files; the
row of the batch goes last. What is cut short is found by its mark, and the next sweep goes on.
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

ROWS: Final = 200  # of images with their results, of messages, of a list, in one transaction
SMALL: Final = 500  # a batch of so many images goes at once, a larger one by the workers

_TRIAL_SECONDS: Final = 30.0

logger = logging.getLogger(__name__)


def delete(batch: Batch) -> bool:
    """Delete a batch with its images, results and files. False if it was gone already.

    A worker that reads one of its images drops what it read.
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
    """Delete what was read of a draft to try its fields."""
    for trial in Batch.objects.filter(trial_of=draft):
        delete(trial)


def delete_all(chosen: BatchQuerySet) -> int:
    """Mark all that are still among the chosen, and let the workers do the rest; how many."""
    plain = chosen.select_related(None)  # PostgreSQL locks no row that may be missing
    marked = sum(_mark(batch, plain) for batch in list(plain))
    if marked:
        queue.delete()
    return marked


def clear(seconds: float = 30.0, only: Batch | None = None) -> bool:
    """Go on with what is marked, for as long at the most. False if something is left."""
    until = time.monotonic() + seconds
    marked = Batch.everything.marked().order_by("deleted")
    if only:
        marked = marked.filter(pk=only.pk)
    # Those whose files cannot be deleted must not keep the others from going.
    outcomes = [_clear(batch, until) for batch in marked]
    return all(outcomes)


def clear_further() -> None:
    """Go on for a while, and let a worker go on after that."""
    if not clear() and Batch.everything.marked().filter(images__isnull=False).exists():
        queue.delete()


@transaction.atomic
def _mark(batch: Batch, chosen: BatchQuerySet) -> bool:
    row = chosen.lock(batch.pk)
    return bool(row and Batch.objects.filter(pk=row.pk).update(deleted=timezone.now()))


def _clear(batch: Batch, until: float) -> bool:
    while time.monotonic() < until:
        if not _delete_some(batch):
            return _finish(batch)
    return False


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


def _finish(batch: Batch) -> bool:
    for trial in Batch.everything.filter(trial_of=batch):  # its files would be left without a row
        _clear(trial, time.monotonic() + _TRIAL_SECONDS)
    try:
        layout.discard_folder(batch.pk, batch.folder)
    except OSError:
        logger.exception("The files of batch %s were not deleted; trying again later", batch.pk)
        return False
    batch.delete()
    return True
