"""What is remembered of calls: how many a client made lately, and what some were answered."""

from __future__ import annotations

from django.db import models
from django.utils import timezone


class Allowance(models.Model):
    """How much of what a client may do in a window of time it has used up."""

    client = models.CharField(max_length=120, primary_key=True)
    began = models.FloatField()  # seconds since 1970, as the database counts with it
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["began"], name="allowance_began")]

    def __str__(self) -> str:
        return f"{self.client}: {self.used}"


class KeptAnswer(models.Model):
    """The answer to a call with an `Idempotency-Key`, for when it comes again.

    Without a `status` the call is still under way. `fingerprint` stands for all that was sent.
    """

    client = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    content = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created"], name="answer_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="answer_of_client_and_key")
        ]

    def __str__(self) -> str:
        return self.key
