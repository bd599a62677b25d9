"""Who calls, how often, and what they were answered: API keys, rate limits, stored responses."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from converter.models.batches import Owned


class ApiKey(Owned):
    """A key of a user or of a browser session. Of the key itself only the hash is kept, and its
    first letters, by which its owner knows it."""

    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=16, editable=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    last_used = models.DateTimeField(null=True, editable=False)  # to the minute
    revoked = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="key_of_owner"),
            models.Index(fields=["user"], name="key_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()

    @property
    def is_valid(self) -> bool:
        return self.revoked is None and not self.has_expired


class RateLimitUsage(models.Model):
    """How many requests a client has made under one rate limit, in its current window.

    `client` is prefixed with the limit's name. `converter.accounts.rate_limits` writes the rows,
    with SQL of its own.
    """

    client = models.CharField(max_length=120, primary_key=True)
    began = models.FloatField()  # seconds since 1970, as the database counts with it
    used = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["began"], name="rate_limit_began")]

    def __str__(self) -> str:
        return f"{self.client}: {self.used}"


class StoredResponse(models.Model):
    """The response to a call with an `Idempotency-Key`, sent again if the call is repeated.

    `status` is None while the call is in progress, in the process `holder` (empty before that was
    noted). `fingerprint` is a hash of the whole request.
    """

    client = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    holder = models.CharField(max_length=120, blank=True)
    status = models.PositiveSmallIntegerField(null=True)
    content = models.TextField(blank=True)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["created"], name="response_by_age")]
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="response_of_client_and_key")
        ]

    def __str__(self) -> str:
        return self.key
