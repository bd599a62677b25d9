"""What is old enough to be deleted: by a person, by cron, or automatically."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils import timezone

from converter.batches import deletion
from converter.models import (
    SETTLED,
    Batch,
    BatchImage,
    BatchQuerySet,
    BatchState,
    Manifest,
    ManifestState,
    PendingFile,
)
from converter.workers import processes

EMPTY: Final = timedelta(days=1)  # a draft with nothing in it goes that long after its last change
CALL: Final = timedelta(hours=1)  # longer than any call takes


@dataclass(frozen=True, slots=True)
class Amount:
    """How much is in some batches."""

    batches: int
    images: int
    bytes: int


def old_drafts(batches: BatchQuerySet, before: datetime) -> BatchQuerySet:
    return batches.filter(state=BatchState.DRAFT, created__lt=before)


def old_settled(batches: BatchQuerySet, before: datetime) -> BatchQuerySet:
    return batches.filter(state__in=SETTLED, settled__lt=before)


def untouched_drafts(batches: BatchQuerySet, before: datetime) -> BatchQuerySet:
    """Drafts of strangers, but for those that an import is filling."""
    fetching = Manifest.objects.filter(batch=OuterRef("pk"), state=ManifestState.FETCHING)
    return batches.filter(
        ~Exists(fetching), state=BatchState.DRAFT, user=None, touched__lt=before, trial_of=None
    )


def empty_drafts(batches: BatchQuerySet, before: datetime) -> BatchQuerySet:
    """Drafts with nothing in them, whosever they are: no image, file, list or copy under way."""
    # By subqueries: PostgreSQL locks no row of a join that may be missing.
    within = (BatchImage, PendingFile, Manifest)
    empty = [~Exists(kind._base_manager.filter(batch=OuterRef("pk"))) for kind in within]
    return batches.filter(*empty, state=BatchState.DRAFT, touched__lt=before, copied_up_to=None)


Choice = Callable[[BatchQuerySet, datetime], BatchQuerySet]
CHOICES: Final[Mapping[str, Choice]] = {"drafts": old_drafts, "settled": old_settled}


def amount_of(batches: BatchQuerySet) -> Amount:
    images = BatchImage.objects.filter(batch__in=batches)
    held = images.aggregate(count=Count("pk"), size=Sum("size", default=0))
    return Amount(batches.count(), held["count"], held["size"])


def goes_at(batch: Batch) -> datetime | None:
    """When a batch is deleted automatically; None if it never is, or is still active."""
    times: list[datetime] = []
    if settings.FILE_RETENTION_HOURS and not batch.is_active:
        since = batch.settled or batch.created
        times.append(since + timedelta(hours=settings.FILE_RETENTION_HOURS))
    if settings.DRAFT_RETENTION_HOURS and batch.is_draft and not batch.user_id:
        times.append(batch.touched + timedelta(hours=settings.DRAFT_RETENTION_HOURS))
    return min(times, default=None)


def apply() -> int:
    """Delete what is older than FILE_RETENTION_HOURS, drafts of strangers that nobody has changed
    for DRAFT_RETENTION_HOURS, and drafts with nothing in them; how many batches."""
    now, batches = timezone.now(), Batch.objects.all()
    deleted = deletion.delete_all(empty_drafts(batches, now - EMPTY))
    if hours := settings.DRAFT_RETENTION_HOURS:
        before = now - timedelta(hours=hours)
        deleted += deletion.delete_all(untouched_drafts(batches, before))
    if hours := settings.FILE_RETENTION_HOURS:
        before = now - timedelta(hours=hours)
        deleted += sum(deletion.delete_all(old(batches, before)) for old in CHOICES.values())
    return deleted


def delete_abandoned() -> int:
    """Delete the drafts whose call died before it had started them; how many. Nobody knows them."""
    made = Batch.objects.filter(~Q(made_by=""), state=BatchState.DRAFT)
    lost = [draft.pk for draft in made if _is_abandoned(draft)]
    return deletion.delete_all(made.filter(pk__in=lost))


def _is_abandoned(draft: Batch) -> bool:
    if processes.is_here(draft.made_by):
        return not processes.is_alive(draft.made_by)
    return draft.touched < timezone.now() - CALL
