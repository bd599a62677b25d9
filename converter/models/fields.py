"""Fields mode: saved templates, and people's corrections of what was read."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.models.batches import NAME_LENGTH, BatchImage, Owned


class FieldTemplate(Owned):
    """A saved list of fields, in the form that `convert --template` takes."""

    name = models.CharField(max_length=NAME_LENGTH)
    fields: Any = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now, editable=False)
    updated = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], name="template_name_of_owner", condition=Q(user=None)
            ),
            models.UniqueConstraint(
                fields=["user", "name"], name="template_name_of_user", condition=~Q(user=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Correction(models.Model):
    """A person's value for a field of a card; the reading itself is never changed.

    The latest correction of an image's field that was not undone is the current one. `before` is
    the value that the person saw: `FieldValue.to_json()`. An empty `text` means that the field is
    empty. Corrections of one `step`, on many cards, were made together and are undone together.
    """

    image = models.ForeignKey(BatchImage, models.CASCADE, related_name="corrections")
    field = models.TextField()
    text = models.TextField(blank=True)
    before = models.JSONField()
    made = models.DateTimeField(default=timezone.now, editable=False)
    undone = models.DateTimeField(null=True, blank=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=32, blank=True, editable=False)
    # For whom the link was made by which it came, if not from the owner.
    guest = models.CharField(max_length=80, blank=True, editable=False)
    step = models.UUIDField(null=True, blank=True, editable=False, db_index=True)

    class Meta:
        indexes = [models.Index(fields=["image", "field"], name="correction_of_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"
