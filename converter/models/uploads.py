"""Files that take long to decode, until a worker has looked at them."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.models.batches import FILE_NAME_LENGTH, Batch
from converter.models.states import BatchState, LookState


class PendingFileQuerySet(models.QuerySet["PendingFile"]):
    def claimable(self, now: datetime) -> PendingFileQuerySet:
        """Those that could be looked at now, of drafts that still take files."""
        return self.filter(
            state=LookState.WAITING,
            not_before__lte=now,
            batch__state=BatchState.DRAFT,
            batch__deleted=None,
        )

    def running(self) -> PendingFileQuerySet:
        return self.filter(state=LookState.RUNNING)


class PendingFile(models.Model):
    """A file of a draft that is being looked at: its images or its refusals take its place.

    `file` is its name in the draft's folder, `upload` the sender's id, `place` where its images go.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="pending")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    upload = models.CharField(max_length=36, blank=True, editable=False)
    place = models.PositiveIntegerField(editable=False)
    file = models.CharField(max_length=64, unique=True, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    state = models.CharField(choices=LookState, default=LookState.WAITING, max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(default=timezone.now, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    claimed_by = models.CharField(max_length=120, blank=True, editable=False)

    objects = PendingFileQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "not_before"], name="pending_due"),
            models.Index(fields=["batch", "upload"], name="pending_of_upload"),
        ]
        constraints = [
            models.CheckConstraint(
                name="pending_state_is_known", condition=Q(state__in=LookState.values)
            ),
            models.CheckConstraint(
                name="pending_running_is_claimed",
                condition=Q(state="running", claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, claimed_until__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
