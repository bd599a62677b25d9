"""Claims: the only writer of an image's state, and of the counters that follow from it.

Who works on an image holds a claim: a token and a time until which it is valid. Every change is
made under the batch's lock, and once an image is claimed it is a conditional UPDATE that names the
token; 0 rows means that the claim was lost, and nothing happens. The batch's counters change in the
same transaction, so they are equal to the rows at every moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from converter import processes
from converter.core.engines.protocol import Reading
from converter.core.errors import TablexlError
from converter.models import Batch, BatchImage, BatchImageQuerySet, BatchState, ImageState, Result

UNCLAIMED = {"claim": None, "claimed_until": None, "claimed_by": ""}
BACKOFF_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on `image`, valid as long as no one else holds a later one."""

    image: BatchImage
    token: UUID


def claim_next(batch: Batch) -> Claim | None:
    """Claim the first image of a batch that waits; None if there is none now."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_active:
            return None
        image = row.images.claimable(timezone.now()).order_by("position").first()
        if image is None:
            return None
        claim = _take(image)
        Batch.objects.filter(pk=row.pk, state=BatchState.QUEUED).update(state=BatchState.RUNNING)
    image.batch = batch
    return claim


def finish(claim: Claim, engine: str, reading: Reading) -> bool:
    """Store what was read. False if the claim was lost: then the reading is dropped."""
    with transaction.atomic():
        if not _settle(claim, ImageState.DONE, error_code="", error=""):
            return False
        Result.objects.create(
            image=claim.image,
            engine=engine,
            model=reading.model,
            reading=reading.to_json(),
            tables=len(reading.tables),
            doubtful=reading.doubtful,
            seconds=reading.seconds,
        )
        _count(claim.image, done=1)
    return True


def fail(claim: Claim, error: TablexlError, *, permanent: bool) -> bool:
    """Fail an image for good, or let it wait for its next attempt. True if it failed for good."""
    why = {"error_code": error.code, "error": error.message}
    if not permanent and claim.image.attempts < settings.MAX_ATTEMPTS:
        _put_back(claim, not_before=timezone.now() + _backoff(claim.image.attempts), **why)
        return False
    with transaction.atomic():
        if not _settle(claim, ImageState.FAILED, **why):
            return False
        _count(claim.image, failed=1)
    return True


def expire() -> list[BatchImage]:
    """Take back the images of holders that are gone; those that failed by it for good.

    A holder is gone when its claim ran out, or when its process on this machine is dead. An image
    that took its holder with it as often as `MAX_ATTEMPTS` allows fails, with that reason.
    """
    overdue = BatchImage.objects.running().filter(claimed_until__lt=timezone.now())
    lost = {image.pk: image for image in [*overdue.select_related("batch"), *_orphans()]}
    return [image for image in lost.values() if _take_back(image)]


def release_orphans() -> None:
    """Hand back the images of dead processes on this machine, without counting an attempt.

    For a stop that had to kill its workers: the images are not to blame.
    """
    for image in _orphans():
        _put_back(_claim_of(image), attempts=F("attempts") - 1, not_before=timezone.now())


def cancel_waiting(batch: Batch) -> None:
    """Cancel the images that no one works on yet. To be called with the batch's lock held."""
    cancelled = batch.images.filter(state=ImageState.WAITING).update(
        state=ImageState.CANCELLED, settled=timezone.now()
    )
    Batch.objects.filter(pk=batch.pk).update(cancelled=F("cancelled") + cancelled)


def retry_failed(batch: Batch) -> list[BatchImage]:
    """Let the failed images wait again, with all their attempts; which they were.

    To be called with the batch's lock held.
    """
    failed = list(batch.images.filter(state=ImageState.FAILED).select_related("batch"))
    batch.images.filter(state=ImageState.FAILED).update(
        state=ImageState.WAITING,
        attempts=0,
        not_before=timezone.now(),
        settled=None,
        error_code="",
        error="",
    )
    Batch.objects.filter(pk=batch.pk).update(failed=F("failed") - len(failed))
    return failed


def _take(image: BatchImage) -> Claim:
    image.state = ImageState.RUNNING
    image.attempts += 1
    image.claim = uuid4()
    image.claimed_until = timezone.now() + timedelta(seconds=settings.CLAIM_SECONDS)
    image.claimed_by = processes.identity()
    image.error_code = image.error = ""
    image.save()
    return Claim(image, image.claim)


def _orphans() -> list[BatchImage]:
    """The images whose holder on this machine is dead."""
    here = Q(claimed_by__startswith=f"{processes.machine()}:")
    held = BatchImage.objects.running().filter(here).select_related("batch")
    return [image for image in held if not processes.is_alive(image.claimed_by)]


def _take_back(image: BatchImage) -> bool:
    if image.attempts < settings.MAX_ATTEMPTS:
        _put_back(_claim_of(image), not_before=timezone.now())
        return False
    return fail(_claim_of(image), _died(image), permanent=True)


def _claim_of(image: BatchImage) -> Claim:
    assert image.claim  # noqa: S101  (the database holds: what runs is claimed)
    return Claim(image, image.claim)


def _held(claim: Claim) -> BatchImageQuerySet:
    return BatchImage.objects.filter(pk=claim.image.pk, state=ImageState.RUNNING, claim=claim.token)


def _settle(claim: Claim, state: ImageState, **changes: str) -> bool:
    """Settle an image under its batch's lock; False if the claim, or the batch, is gone."""
    if Batch.objects.lock(claim.image.batch_id) is None:
        return False
    return bool(_held(claim).update(state=state, settled=timezone.now(), **UNCLAIMED, **changes))


@transaction.atomic
def _put_back(claim: Claim, **changes: object) -> None:
    """Back to WAITING; or to CANCELLED, if the batch was cancelled in the meantime."""
    batch = Batch.objects.lock(claim.image.batch_id)
    if batch is None:  # deleted in the meantime
        return
    if batch.state != BatchState.CANCELLED:
        _held(claim).update(state=ImageState.WAITING, **UNCLAIMED, **changes)
    elif _settle(claim, ImageState.CANCELLED):
        _count(claim.image, cancelled=1)


def _count(image: BatchImage, **steps: int) -> None:
    Batch.objects.filter(pk=image.batch_id).update(
        **{counter: F(counter) + step for counter, step in steps.items()}
    )


def _died(image: BatchImage) -> TablexlError:
    return TablexlError(
        "worker_died",
        f"The worker stopped while it read this image, {image.attempts} times."
        " The picture may be too large or damaged; try it alone, or in another format.",
    )


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=BACKOFF_SECONDS * 2 ** (attempts - 1))
