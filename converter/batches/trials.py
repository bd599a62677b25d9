"""Trials: one image of a draft read by its fields, so that a mistake shows on one card alone.

A trial is a batch of its own, so that workers read it like any other, and it survives their
faults. No list shows it. It is deleted when the next one is made, and when its draft is started or
deleted.
"""

from __future__ import annotations

from django.db import transaction

from converter.batches import deletion, lifecycle, rerun
from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Mode
from converter.core.errors import TablexlError
from converter.models import Batch, BatchImage, Priority

_FIXED = ("user", "owner", "engine", "fields", "reuse")


class NothingToTry(BatchError):
    """A draft without an image."""

    def __init__(self) -> None:
        super().__init__("batch_empty", "There is no image to try the fields on; add one first.")


def begin(draft: Batch, image: BatchImage) -> Batch:
    """Read one image of a draft by its fields, before all others that wait.

    Raises BatchError or ImageError if the draft has been started, names no field, or the file of
    the image is gone.
    """
    with transaction.atomic():
        row = lifecycle.lock_draft(draft)
        deletion.delete_trials(row)
        values = {name: getattr(row, name) for name in _FIXED}
        trial = Batch.objects.create(
            name=row.name, mode=Mode.FIELDS, priority=Priority.HIGH, trial_of=row, **values
        )
    try:
        copied = rerun.copy_of(image, trial)
        copied.upload = str(image.pk)
        lifecycle.add_images(trial, [copied])
        lifecycle.start(trial)
    except (TablexlError, OSError):
        deletion.delete(trial)
        raise
    return trial


def of(draft: Batch) -> tuple[Batch, BatchImage] | None:
    """The trial of a draft, and what it reads; None if there is none."""
    trial = draft.trials.filter(deleted=None).order_by("-created").first()
    image = trial.images.by_card().first() if trial else None
    return (trial, image) if trial and image else None


def is_current(draft: Batch, trial: Batch) -> bool:
    """Whether it was read by the fields that the draft has now."""
    return (trial.fields, trial.engine) == (draft.fields, draft.engine)
