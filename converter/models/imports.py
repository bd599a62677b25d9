"""Lists of pictures on the web: the file, its rows, and the addresses that they name."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.models.batches import FILE_NAME_LENGTH, Batch
from converter.models.states import BatchState, FetchState, ManifestState


class Manifest(models.Model):
    """A list of pictures, which fill the draft `batch` and start it when all are there.

    `header` has the names of the columns; `columns` says which of them, from 0, hold what. `served`
    is when an address of it was last taken; None before the first time.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    batch = models.OneToOneField(Batch, models.CASCADE, related_name="manifest")
    file_name = models.CharField(max_length=FILE_NAME_LENGTH)
    encoding = models.CharField(max_length=20)
    delimiter = models.CharField(max_length=1)
    has_header = models.BooleanField()
    header: Any = models.JSONField()
    columns: Any = models.JSONField()
    state = models.CharField(
        choices=ManifestState, default=ManifestState.CHECKED, max_length=10, editable=False
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    served = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = "import"
        indexes = [models.Index(fields=["state", "served"], name="manifest_in_turn")]
        constraints = [
            models.CheckConstraint(
                name="manifest_state_is_known", condition=Q(state__in=ManifestState.values)
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def is_fetching(self) -> bool:
        return self.state == ManifestState.FETCHING


class ManifestRow(models.Model):
    """A row of the file, unchanged. `addresses` has the numbers of those that it names."""

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    cells: Any = models.JSONField()
    addresses: Any = models.JSONField(default=list)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["manifest", "number"], name="row_number_is_its_own")
        ]

    def __str__(self) -> str:
        return f"line {self.line}"


class ManifestAddressQuerySet(models.QuerySet["ManifestAddress"]):
    def claimable(self, now: datetime) -> ManifestAddressQuerySet:
        """Those that could be fetched now, of lists that still fill a draft."""
        return self.filter(
            state=FetchState.WAITING,
            not_before__lte=now,
            manifest__state=ManifestState.FETCHING,
            manifest__batch__state=BatchState.DRAFT,
            manifest__batch__deleted=None,
        )

    def running(self) -> ManifestAddressQuerySet:
        return self.filter(state=FetchState.RUNNING)

    def unsettled(self) -> ManifestAddressQuerySet:
        return self.filter(state__in=(FetchState.WAITING, FetchState.RUNNING))


class ManifestAddress(models.Model):
    """An address, once for each list, whichever rows name it; `line` is the first of them.

    Its images are those of the batch that have its `upload`.
    """

    manifest = models.ForeignKey(Manifest, models.CASCADE, related_name="addresses")
    number = models.PositiveIntegerField()
    line = models.PositiveIntegerField()
    url = models.TextField()
    host = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    upload = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(choices=FetchState, default=FetchState.WAITING, max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField(default=timezone.now)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    claimed_by = models.CharField(max_length=120, blank=True, editable=False)
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True)

    objects = ManifestAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "manifest addresses"
        indexes = [
            models.Index(fields=["manifest", "state", "number"], name="address_next_of_manifest"),
            models.Index(fields=["state", "not_before"], name="address_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["manifest", "number"], name="address_number_is_its_own"
            ),
            models.CheckConstraint(
                name="address_state_is_known", condition=Q(state__in=FetchState.values)
            ),
            models.CheckConstraint(
                name="address_running_is_claimed",
                condition=Q(state="running", claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, claimed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="address_failed_has_reason", condition=~Q(state="failed", error_code="")
            ),
        ]

    def __str__(self) -> str:
        return self.url
