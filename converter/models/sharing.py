"""Links by which an owner shares a batch with people who need no login."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from converter.models.batches import Batch


class ShareRole(models.TextChoices):
    """What a guest may do with a batch that is shared."""

    VIEWER = "viewer", "Look and download"
    REVIEWER = "reviewer", "Look, download and correct"


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def valid(self) -> ShareLinkQuerySet:
        open_ended = models.Q(expires=None) | models.Q(expires__gt=timezone.now())
        return self.filter(open_ended, ended=None)


class ShareLink(models.Model):
    """A link to a batch for whoever has it. Of its token only the hash is kept. `name` says for
    whom it was made; it stands with what they correct."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="links")
    name = models.CharField(max_length=80)
    role = models.CharField(choices=ShareRole, default=ShareRole.VIEWER, max_length=10)
    digest = models.CharField(max_length=64, unique=True, editable=False)  # SHA-256
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(null=True, blank=True)
    opened = models.DateTimeField(null=True, editable=False)  # for the last time
    ended = models.DateTimeField(null=True, editable=False)

    objects = ShareLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.name}: {self.role}"

    @property
    def has_expired(self) -> bool:
        return self.expires is not None and self.expires <= timezone.now()

    @property
    def may_review(self) -> bool:
        return self.role == ShareRole.REVIEWER
