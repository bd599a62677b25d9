"""Whose a row is."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Owned(models.Model):
    """Belongs to a user, or to the browser session that made it (`owner`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        abstract = True
