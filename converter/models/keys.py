"""Keys by which programs call in somebody's name."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from converter.models.ownership import Owned


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
