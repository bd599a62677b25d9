"""Batches, and the images in them."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from converter.core.engines.protocol import Mode
from converter.core.fields.pairing import Pairing
from converter.models.states import (
    ACTIVE,
    FINISHED,
    SETTLED,
    BatchState,
    Consolidation,
    ImageState,
    OutputFormat,
    Priority,
    Turn,
)

if TYPE_CHECKING:
    from converter.models.sharing import ShareLink

NAME_LENGTH: Final = 120  # characters in the name of a batch or a template
FILE_NAME_LENGTH: Final = 255
URL_LENGTH: Final = 2000
MODEL_NAME_LENGTH: Final = 120  # of a model that reads; longer names are cut


class Owned(models.Model):
    """Belongs to a user, or to the browser session that made it (`owner`)."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    owner = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        abstract = True


class BatchQuerySet(models.QuerySet["Batch"]):
    def active(self) -> BatchQuerySet:
        return self.filter(state__in=ACTIVE)

    def with_work(self, now: datetime) -> BatchQuerySet:
        """The started batches of which an image could be claimed now."""
        free = BatchImage.objects.filter(batch=OuterRef("pk")).claimable(now)
        return self.active().filter(Exists(free), paused=None)

    def complete(self) -> BatchQuerySet:
        """Those whose images are all settled, in whatever way."""
        return self.filter(total__lte=FINISHED)

    def lock(self, pk: uuid.UUID) -> Batch | None:
        """The row, locked until the transaction ends; None if it is gone.

        Every change of a batch or of its images takes this lock first. With one order for all, no
        two changes can wait for each other. On SQLite the transaction itself is the lock.
        """
        return self.select_for_update().filter(pk=pk).first()

    def marked(self) -> BatchQuerySet:
        """Batches that are being deleted; only `everything` finds them."""
        return self.filter(deleted__isnull=False)

    def older_than(self, batch: Batch) -> BatchQuerySet:
        """The batches after this one in `newest_first`."""
        return self.filter(Q(created__lt=batch.created) | Q(created=batch.created, pk__lt=batch.pk))

    def listed(self) -> BatchQuerySet:
        """All but trials, which only try the fields of a draft."""
        return self.filter(trial_of=None)

    def newest_first(self) -> BatchQuerySet:
        return self.order_by("-created", "-pk")


_BatchManager = models.Manager.from_queryset(BatchQuerySet)


class BatchManager(_BatchManager["Batch"]):
    """All batches but those that are being deleted."""

    def get_queryset(self) -> BatchQuerySet:
        return BatchQuerySet(self.model, using=self._db).filter(deleted=None)


class Batch(Owned):
    """Images with one set of options, started and settled together.

    With `deleted` set it is gone for people, and its images and files are deleted bit by bit.
    `copied_up_to` is set while the images of `again_of` are still being copied: the position of the
    last one here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=NAME_LENGTH)
    state = models.CharField(choices=BatchState, default=BatchState.DRAFT, max_length=10)
    mode = models.CharField(
        choices=[(mode.value, mode.value.title()) for mode in Mode],
        default=Mode.TABLES.value,
        max_length=10,
    )
    engine = models.CharField(max_length=40)
    fields = models.JSONField(default=list, blank=True)
    priority = models.PositiveSmallIntegerField(choices=Priority, default=Priority.NORMAL)
    reuse = models.BooleanField(
        default=True, help_text="take over what was read of a picture before"
    )
    output_format = models.CharField(
        choices=OutputFormat, default=OutputFormat.CONSOLIDATED, max_length=12
    )
    consolidation = models.CharField(
        choices=Consolidation, default=Consolidation.SEPARATE_SHEETS, max_length=18
    )
    pairing = models.CharField(
        choices=[(how.value, how.value.title()) for how in Pairing],
        default=Pairing.NONE.value,
        max_length=12,
    )
    cards = models.PositiveIntegerField(null=True, editable=False)  # rows, once fields are read
    # When the values of its cards were last compared; None while that is to be done.
    compared = models.DateTimeField(null=True, editable=False)
    # One image of a draft, read to see whether its fields are right; shown on its page alone.
    trial_of = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, editable=False, related_name="trials"
    )
    webhook_url = models.CharField(max_length=URL_LENGTH, blank=True)
    webhook_per_image = models.BooleanField(default=False)
    # When its receiver answered that it is gone; nothing is sent until a person sends again.
    webhook_gone = models.DateTimeField(null=True, editable=False)
    # The address of this app for those who set the webhook; links in messages use it.
    reached_at = models.CharField(max_length=300, blank=True, editable=False)
    # A hash of the network address of a stranger who made it, for the quota that strangers share.
    address = models.CharField(max_length=32, blank=True, editable=False)
    # The process of a call that makes and starts it in one; empty once that is done.
    made_by = models.CharField(max_length=120, blank=True, editable=False)
    # Whether it may start without a file that a fault of ours has kept out.
    partial = models.BooleanField(default=False, editable=False)
    # Made by a client without a cookie or key, which knows the batch by its id alone.
    by_id = models.BooleanField(default=False, editable=False)
    again_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    copied_up_to = models.IntegerField(null=True, editable=False)
    folder = models.CharField(max_length=255, editable=False)
    created = models.DateTimeField(default=timezone.now, editable=False)
    touched = models.DateTimeField(default=timezone.now, editable=False)  # changed, to the minute
    # When its start was asked for while files of it were still being looked at.
    start_asked = models.DateTimeField(null=True, editable=False)
    started = models.DateTimeField(null=True, editable=False)
    running_since = models.DateTimeField(null=True, editable=False)
    settled = models.DateTimeField(null=True, editable=False)
    # When a worker last took, or copied, images of it; None before the first time.
    served = models.DateTimeField(null=True, editable=False)
    # Why no image is read at present: requests failed in a row, for a cause common to all.
    paused = models.DateTimeField(null=True, editable=False)
    pause_code = models.CharField(max_length=40, blank=True, editable=False)
    pause_reason = models.TextField(blank=True, editable=False)
    failures_in_row = models.PositiveIntegerField(default=0, editable=False)
    cost = models.FloatField(default=0, editable=False)  # US dollars, of models behind an API
    tokens = models.PositiveBigIntegerField(default=0, editable=False)
    total = models.PositiveIntegerField(default=0, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)  # bytes of all its pictures
    done = models.PositiveIntegerField(default=0, editable=False)
    failed = models.PositiveIntegerField(default=0, editable=False)
    cancelled = models.PositiveIntegerField(default=0, editable=False)
    settlements = models.PositiveIntegerField(default=0, editable=False)  # the last one's number
    deleted = models.DateTimeField(null=True, editable=False)

    # The link by which the caller has it, set by `accounts.access`; None for its owner.
    link: ShareLink | None = None

    objects = BatchManager()
    everything = BatchQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "batches"
        indexes = [
            models.Index("owner", F("created").desc(), name="batch_of_owner"),
            models.Index("user", F("created").desc(), name="batch_of_user"),
            models.Index(fields=["address"], name="batch_of_address"),
            models.Index(fields=["state", "created"], name="batch_by_state"),
            models.Index(fields=["-created", "-id"], name="batch_newest"),
            # Partial, or SQLite would look up by it all that is not deleted, which is nearly all.
            models.Index(
                fields=["deleted"], name="batch_deleted", condition=Q(deleted__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="batch_state_is_known", condition=Q(state__in=BatchState.values)
            ),
            models.CheckConstraint(name="batch_counters_fit", condition=Q(total__gte=FINISHED)),
            models.CheckConstraint(
                name="batch_started_unless_draft",
                condition=Q(state__in=["draft", "cancelled"]) | Q(started__isnull=False),
            ),
            models.CheckConstraint(
                name="batch_settled_has_time",
                condition=Q(state__in=SETTLED, settled__isnull=False)
                | (~Q(state__in=SETTLED) & Q(settled__isnull=True)),
            ),
            models.CheckConstraint(
                name="batch_done_has_no_failure", condition=~Q(state="done") | Q(failed=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def may_review(self) -> bool:
        """Whether the caller may correct what was read of it."""
        return self.link is None or self.link.may_review

    @property
    def short_id(self) -> str:
        return self.id.hex[:8]

    @property
    def finished(self) -> int:
        """How many images are settled, in whatever way."""
        return self.tried + self.cancelled

    @property
    def tried(self) -> int:
        """How many images a worker has read, or failed to."""
        return self.done + self.failed

    @property
    def percent(self) -> int:
        """Finished images in percent, rounded; 100 only when all of them are."""
        if self.finished == self.total:
            return 100 if self.total else 0
        return min(99, round(100 * self.finished / self.total))

    @property
    def active_fields(self) -> list[dict[str, Any]]:
        """The fields that are read, in the order of the columns."""
        return [field for field in self.fields if field.get("active", True)]

    @property
    def is_settled(self) -> bool:
        return self.state in SETTLED

    @property
    def is_active(self) -> bool:
        return self.state in ACTIVE

    @property
    def is_draft(self) -> bool:
        return self.state == BatchState.DRAFT

    @property
    def starts_by_itself(self) -> bool:
        """Whether it starts as soon as all of its files have been looked at."""
        return self.is_draft and self.start_asked is not None

    @property
    def is_copying(self) -> bool:
        return self.copied_up_to is not None

    @property
    def is_paused(self) -> bool:
        return self.is_active and self.paused is not None


class BatchImageQuerySet(models.QuerySet["BatchImage"]):
    def claimable(self, now: datetime) -> BatchImageQuerySet:
        return self.filter(state=ImageState.WAITING, not_before__lte=now)

    def running(self) -> BatchImageQuerySet:
        return self.filter(state=ImageState.RUNNING)

    def settled_after(self, settlement: int) -> BatchImageQuerySet:
        """The images settled after that settlement of the batch (0: all), in order."""
        return self.filter(settlement__gt=settlement).order_by("settlement")

    def by_card(self) -> BatchImageQuerySet:
        """With the rows that their values need, the sides of a card one after the other."""
        with_read = self.select_related("result").prefetch_related("corrections")
        return with_read.order_by("card", "is_back", "position")

    def kept(self) -> BatchImageQuerySet:
        """All but those that were removed from a draft."""
        return self.filter(removed=None)


class BatchImage(models.Model):
    """One page to read. `file` is its name in the folder of the batch; `name` is for people.

    `upload` is the sender's id of the file that it came from. Only a draft has removed images:
    until it is started they can be put back. `settlement` rises with each that the batch has had:
    a client that has seen all up to a number asks for those above it. A retry clears the number.
    """

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="images")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    page = models.PositiveIntegerField(null=True, blank=True)
    file = models.CharField(max_length=64, editable=False)
    upload = models.CharField(max_length=36, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    # Whether we wrote its bytes, rather than whoever sent it: images before that was so are not.
    encoded_here = models.BooleanField(default=False, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    turn = models.PositiveSmallIntegerField(choices=Turn, default=Turn.NONE)
    removed = models.DateTimeField(null=True, editable=False)
    # Which row it belongs to, once it is frozen to be read for fields, and as which side.
    card = models.PositiveIntegerField(null=True, editable=False)
    is_back = models.BooleanField(default=False, editable=False)
    state = models.CharField(choices=ImageState, default=ImageState.WAITING, max_length=10)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    not_before = models.DateTimeField(default=timezone.now, editable=False)
    claim = models.UUIDField(null=True, editable=False)
    claimed_until = models.DateTimeField(null=True, editable=False)
    claimed_by = models.CharField(max_length=120, blank=True, editable=False)
    begun = models.DateTimeField(null=True, editable=False)
    settled = models.DateTimeField(null=True, editable=False)
    settlement = models.PositiveIntegerField(null=True, editable=False)
    error_code = models.CharField(max_length=40, blank=True, editable=False)
    error = models.TextField(blank=True, editable=False)
    answer = models.TextField(blank=True, editable=False)  # of a model, which could not be read
    # When a person had looked it over, and who; no name for a browser without a login.
    reviewed = models.DateTimeField(null=True, editable=False)
    reviewed_by = models.CharField(max_length=150, blank=True, editable=False)

    objects = BatchImageQuerySet.as_manager()

    class Meta:
        # Whole, not partial: SQLite does not match a partial index with a bound parameter.
        indexes = [
            models.Index(fields=["batch", "state", "position"], name="image_next_of_batch"),
            models.Index(fields=["batch", "-settled"], name="image_settled_lately"),
            models.Index(fields=["state", "claimed_until"], name="image_claimed"),
            models.Index(fields=["batch", "upload"], name="image_of_upload"),
            models.Index(fields=["batch", "removed", "position"], name="image_of_page"),
            models.Index(fields=["batch", "card", "is_back"], name="image_of_card"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["batch", "position"], name="image_position_is_its_own"),
            models.UniqueConstraint(fields=["file"], name="image_file_is_its_own"),
            models.UniqueConstraint(
                fields=["batch", "settlement"], name="image_settlement_is_its_own"
            ),
            models.CheckConstraint(
                name="image_state_is_known", condition=Q(state__in=ImageState.values)
            ),
            models.CheckConstraint(
                name="image_running_is_claimed",
                condition=Q(state="running", claim__isnull=False, claimed_until__isnull=False)
                | (~Q(state="running") & Q(claim__isnull=True, claimed_until__isnull=True)),
            ),
            models.CheckConstraint(
                name="image_failed_has_reason", condition=~Q(state="failed", error_code="")
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return f"{self.name}, page {self.page}" if self.page else self.name


class RefusedFile(models.Model):
    """A file that was not taken into a batch, and why; nothing of it is kept."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="refusals")
    upload = models.CharField(max_length=36, blank=True, editable=False)
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    code = models.CharField(max_length=40)
    message = models.TextField()

    def __str__(self) -> str:
        return f"{self.name}: {self.code}"
