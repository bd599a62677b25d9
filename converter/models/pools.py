"""Workers, as their guards report them. For people only: nothing is decided by it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import models
from django.utils import timezone

ALIVE: Final = timedelta(seconds=30)  # a guard reports every five seconds, later if rows are locked
FORGOTTEN: Final = timedelta(hours=1)


class WorkerPoolQuerySet(models.QuerySet["WorkerPool"]):
    def alive(self) -> WorkerPoolQuerySet:
        return self.filter(seen__gt=timezone.now() - ALIVE)

    def forgotten(self) -> WorkerPoolQuerySet:
        return self.filter(seen__lt=timezone.now() - FORGOTTEN)


class WorkerPool(models.Model):
    """The workers under one guard. `guard` is its process identity, `memory` in bytes."""

    guard = models.CharField(max_length=120, unique=True)
    workers = models.PositiveIntegerField()
    busy = models.PositiveIntegerField()
    memory = models.PositiveBigIntegerField(default=0)
    seen = models.DateTimeField()

    objects = WorkerPoolQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.busy} of {self.workers} busy, {self.guard}"
