"""What is old enough to be deleted: by a person, by cron, or automatically."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Count, Sum
from django.utils import timezone

from converter.batches import deletion
from converter.models import SETTLED, Batch, BatchImage, BatchQuerySet, BatchState


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


Choice = Callable[[BatchQuerySet, datetime], BatchQuerySet]
CHOICES: Final[Mapping[str, Choice]] = {"drafts": old_drafts, "settled": old_settled}


def amount_of(batches: BatchQuerySet) -> Amount:
    images = BatchImage.objects.filter(batch__in=batches)
    held = images.aggregate(count=Count("pk"), size=Sum("size", default=0))
    return Amount(batches.count(), held["count"], held["size"])


def goes_at(batch: Batch) -> datetime | None:
    """When a batch is deleted automatically; None if it never is, or is still active."""
    if not settings.FILE_RETENTION_HOURS or batch.is_active:
        return None
    return (batch.settled or batch.created) + timedelta(hours=settings.FILE_RETENTION_HOURS)


def apply() -> int:
    """Delete what is older than FILE_RETENTION_HOURS; how many batches."""
    if not settings.FILE_RETENTION_HOURS:
        return 0
    before = timezone.now() - timedelta(hours=settings.FILE_RETENTION_HOURS)
    return sum(deletion.delete_all(old(Batch.objects.all(), before)) for old in CHOICES.values())
