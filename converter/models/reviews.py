"""Reviews: what people make of the tables that were read on an image, edit by edit."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.core.tables.edits import Edit, parse
from converter.core.tables.model import Table
from converter.models.batches import BatchImage


class Review(models.Model):
    """The tables of an image as people have left them.

    `base` is what was read when the first edit was made, and is never changed; `tables` is that
    with all edits in force, kept so that nobody has to apply them again. Both are lists of
    `Table.to_json()`. `version` rises with every change, `shape` with those after which cells may
    stand in other places.
    """

    image = models.OneToOneField(BatchImage, models.CASCADE, related_name="review")
    base: Any = models.JSONField(default=list)
    tables: Any = models.JSONField(default=list)
    version = models.PositiveIntegerField(default=0)
    shape = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="review_shape_within_version", condition=Q(version__gte=models.F("shape"))
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version} of {self.image_id}"

    def to_tables(self) -> tuple[Table, ...]:
        return tuple(map(Table.from_json, self.tables))


class Reservation(models.Model):
    """Who has an image open at the desk: a browser, with the name of its user, until some time."""

    image = models.OneToOneField(BatchImage, models.CASCADE, related_name="reservation")
    holder = models.CharField(max_length=32)
    name = models.CharField(max_length=150, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.image_id} is open at {self.name or 'a browser'}"

    @property
    def whose(self) -> str:
        """Who has it open, in words."""
        return f"{self.name}, in another browser," if self.name else "Another browser"


class TableEdit(models.Model):
    """One edit of an image's tables: an entry of the trail, never changed but for `undone`.

    Entries are made under the batch's lock, so their keys are in the order of the edits. `details`
    is `Edit.to_json()`; `before` says what stood in the cell and why it was marked. Edits of one
    `step` were made together and are undone together. `by_program`: through the API. `same_as` is
    the edit that this one repeats, in a cell with the same misreading.
    """

    review = models.ForeignKey(Review, models.CASCADE, related_name="edits")
    step = models.PositiveIntegerField()
    details: Any = models.JSONField()
    before: Any = models.JSONField(default=dict)
    made = models.DateTimeField(default=timezone.now, editable=False)
    undone = models.DateTimeField(null=True, blank=True, editable=False)
    by_program = models.BooleanField(default=False, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=32, blank=True, editable=False)
    # For whom the link was made by which it came, if not from the owner.
    guest = models.CharField(max_length=80, blank=True, editable=False)
    same_as = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="repeated"
    )

    class Meta:
        indexes = [models.Index(fields=["review", "step"], name="edit_of_step")]

    def __str__(self) -> str:
        return f"{self.step}: {self.details.get('do', '')}"

    def to_edit(self) -> Edit:
        return parse(self.details)

    @property
    def may_be_redone(self) -> bool:
        """Whether redoing may make it again. What repeats an edit of its own image is not: it was
        undone with others on other images, and is offered anew."""
        if self.same_as is None:
            return True
        return self.same_as.review_id != self.review_id and self.same_as.undone is None

    @property
    def why(self) -> str:
        """Why a person made it, where it was not for its own cell."""
        if self.same_as is None:
            return ""
        read, text = self.same_as.before.get("text", ""), self.same_as.details["text"]
        where = self.same_as.review.image.display_name
        return f"the same misreading as on {where}: “{read}” is “{text}”"
