"""Results: readings of images."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.core.engines.protocol import Reading
from converter.core.engines.words_left import as_left
from converter.models.batches import MODEL_NAME_LENGTH, BatchImage


class Result(models.Model):
    """What was read on an image, once. `reading` is `Reading.to_json()`.

    `fingerprint` is a hash of everything that the reading depends on. A reading that was taken over
    from an earlier result of the same fingerprint says so.
    """

    image = models.OneToOneField(BatchImage, models.CASCADE, related_name="result")
    engine = models.CharField(max_length=40)
    model = models.CharField(max_length=MODEL_NAME_LENGTH)
    reading = models.JSONField()
    tables = models.PositiveIntegerField()
    doubtful = models.PositiveIntegerField()
    # By a field's name, why its value is doubted beside the other cards: `Mark`s.
    marks = models.JSONField(default=dict, editable=False)
    missing = models.PositiveIntegerField(default=0, help_text="lines of print that no cell holds")
    unread = models.PositiveIntegerField(
        default=0, help_text="places outside of the tables with print that was not read"
    )
    seconds = models.FloatField()
    asked = models.CharField(
        max_length=MODEL_NAME_LENGTH, blank=True, help_text="the model that was asked"
    )
    instead_of = models.TextField(blank=True, help_text="why another engine read it than was asked")
    cost = models.FloatField(null=True, blank=True, help_text="US dollars")
    tokens = models.PositiveIntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, editable=False)
    taken_over = models.BooleanField(default=False, editable=False)
    created = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["fingerprint"], name="result_of_fingerprint")]
        constraints = [
            models.CheckConstraint(name="result_seconds_not_negative", condition=Q(seconds__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.tables} tables of {self.image_id}"

    @property
    def instead_reason(self) -> tuple[str, str]:
        """Code and sentence of why another engine read it than was asked."""
        code, _, reason = self.instead_of.partition(": ")
        return code, reason

    @property
    def by_another_model(self) -> bool:
        """Whether another model answered than was asked."""
        return is_another_model(self.asked, self.model)

    def to_reading(self) -> Reading:
        """What the machine read."""
        return Reading.from_json(self.reading)

    def current(self) -> Reading:
        """What was read, with the tables as people have left them."""
        reading = self.to_reading()
        review = getattr(self.image, "review", None)
        if review is None:
            return reading
        if not review.shape:  # only texts were changed
            return replace(reading, tables=review.to_tables())
        return as_left(reading, review.to_tables())


def is_another_model(asked: str, answered: str) -> bool:
    """Whether these are two models. A date or a word behind a name makes no other."""
    asked, answered = (name.casefold().split("/")[-1] for name in (asked, answered))
    return bool(asked) and asked not in answered and answered not in asked
