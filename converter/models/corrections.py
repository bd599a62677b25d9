"""What people say that stands in a field of a card."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from converter.models.batches import BatchImage


class Correction(models.Model):
    """What a person says that stands in a field; what was read stays as it is, beside it.

    The last one of an image and a field that is not undone holds. `before` is what the person saw:
    `FieldValue.to_json()`. An empty `text` says that nothing stands there.
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

    class Meta:
        indexes = [models.Index(fields=["image", "field"], name="correction_of_field")]

    def __str__(self) -> str:
        return f"{self.field}: {self.text}"
