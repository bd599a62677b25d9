"""Webhooks: messages, the attempts to deliver them, and the seeds of the signing secrets."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from converter.models.batches import Batch, Owned


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    GIVEN_UP = "given_up", "Given up"


class WebhookEvent(models.TextChoices):
    """Events of messages. How a job ended is named as in the API."""

    JOB_COMPLETED = "job.completed", "Job completed"
    JOB_PARTIAL = "job.partial", "Job partly completed"
    JOB_FAILED = "job.failed", "Job failed"
    JOB_CANCELLED = "job.cancelled", "Job cancelled"
    IMAGE_COMPLETED = "image.completed", "Image completed"
    IMAGE_FAILED = "image.failed", "Image failed"


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def waiting(self) -> DeliveryQuerySet:
        return self.filter(state=DeliveryState.WAITING)

    def next_in_line(self) -> DeliveryQuerySet:
        """The next message of each batch, to be sent now or later."""
        return self.filter(due__isnull=False, batch__deleted=None)

    def due(self) -> DeliveryQuerySet:
        """Those that may be sent now, the longest overdue first."""
        return self.filter(due__lte=timezone.now(), batch__deleted=None).order_by("due")


class Delivery(models.Model):
    """One message to the receiver of a batch, from the change that it reports to its delivery.

    Rows of a batch are made under its lock, so their keys are in the order of what happened, and
    they are sent in that order: of those that wait only the first has a time, `due`. A sender
    postpones that time before it sends, so that another one follows if it dies.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="deliveries")
    message = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    event = models.CharField(choices=WebhookEvent, max_length=20, editable=False)
    about = models.CharField(max_length=300, blank=True, editable=False)  # an image's name
    body = models.TextField(editable=False)
    state = models.CharField(
        choices=DeliveryState, default=DeliveryState.WAITING, max_length=10, editable=False
    )
    created = models.DateTimeField(default=timezone.now, editable=False)
    since = models.DateTimeField(default=timezone.now, editable=False)  # when its day began
    tries = models.PositiveIntegerField(default=0, editable=False)  # in that day
    due = models.DateTimeField(null=True, editable=False)
    ended = models.DateTimeField(null=True, editable=False)
    code = models.CharField(max_length=40, blank=True, editable=False)  # why it was given up
    reason = models.TextField(blank=True, editable=False)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due"], name="delivery_due"),
            models.Index(fields=["batch", "state", "id"], name="delivery_in_line"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["batch"], condition=Q(due__isnull=False), name="delivery_one_at_a_time"
            ),
            models.CheckConstraint(
                name="delivery_due_while_waiting",
                condition=Q(due__isnull=True) | Q(state="waiting"),
            ),
            models.CheckConstraint(
                name="delivery_ended_unless_waiting",
                condition=Q(state="waiting", ended__isnull=True)
                | (~Q(state="waiting") & Q(ended__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.message_id}"

    @property
    def message_id(self) -> str:
        """The id for receivers, the same in every attempt."""
        return f"msg_{self.message.hex}"


class Attempt(models.Model):
    """One request that carried a message. Without `ended` it is in progress, or its worker died."""

    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="attempts")
    begun = models.DateTimeField(default=timezone.now, editable=False)
    ended = models.DateTimeField(null=True, editable=False)
    status = models.PositiveSmallIntegerField(null=True, editable=False)
    code = models.CharField(max_length=40, blank=True, editable=False)
    error = models.TextField(blank=True, editable=False)
    answer = models.TextField(blank=True, editable=False)  # how the answer began

    def __str__(self) -> str:
        return f"{self.begun:%Y-%m-%d %H:%M:%S}: {self.status or self.code}"

    @property
    def milliseconds(self) -> int | None:
        return (
            None if self.ended is None else round((self.ended - self.begun).total_seconds() * 1e3)
        )


class SigningSeed(Owned):
    """An owner's secret for signing webhooks is derived from this and the `SECRET_KEY`: neither is
    enough alone.

    `expires` is set once another seed has replaced it; until then both sign.
    """

    seed = models.CharField(max_length=64, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    expires = models.DateTimeField(null=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["owner"], name="seed_of_owner"),
            models.Index(fields=["user"], name="seed_of_user"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(expires__isnull=True, user__isnull=False),
                name="seed_one_of_user",
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(expires__isnull=True, user__isnull=True),
                name="seed_one_of_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"of {self.created:%Y-%m-%d}"
