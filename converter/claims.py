"""Claims: the only writer of an image's state, and of the counters that follow from it.

Who works on an image holds a claim: a token and a time until which it is valid. Every change is
one conditional UPDATE that names the state it starts from and, once claimed, the token; 0 rows
means that somebody else was first, and nothing happens. The batch's counters change in the same
transaction, so they are equal to the rows at every moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection, transaction
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
    now = timezone.now()
    token = uuid4()
    with transaction.atomic():
        first = (
            BatchImage.objects.claimable(now)
            .filter(batch=batch, batch__state__in=[BatchState.QUEUED, BatchState.RUNNING])
            .order_by("position")
        )
        if connection.features.has_select_for_update_skip_locked:
            first = first.select_for_update(skip_locked=True, of=("self",))
        image = first.first()
        if image is None or not _take(image, token, now):
            return None
        Batch.objects.filter(pk=batch.pk, state=BatchState.QUEUED).update(state=BatchState.RUNNING)
    image.refresh_from_db()
    image.batch = batch
    return Claim(image, token)


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
    if not permanent and claim.image.attempts < settings.MAX_ATTEMPTS:
        _put_back(claim, not_before=timezone.now() + _backoff(claim.image.attempts), **_why(error))
        return False
    with transaction.atomic():
        if not _settle(claim, ImageState.FAILED, **_why(error)):
            return False
        _count(claim.image, failed=1)
    return True


def release(claim: Claim) -> None:
    """Hand an image back untouched, as when a worker stops. It does not count as an attempt."""
    _put_back(claim, attempts=F("attempts") - 1)


def expire() -> list[BatchImage]:
    """Take back the images of holders that are gone; those that failed by it for good.

    A holder is gone when its claim ran out, or when its process on this machine is dead. An image
    that took its holder with it as often as `MAX_ATTEMPTS` allows fails, with that reason.
    """
    overdue = Q(claimed_until__lt=timezone.now())
    here = Q(claimed_by__startswith=f"{processes.machine()}:")
    suspects = BatchImage.objects.running().select_related("batch")
    lost = [
        *suspects.filter(overdue),
        *(i for i in suspects.filter(here & ~overdue) if not processes.is_alive(i.claimed_by)),
    ]
    return [image for image in lost if _take_back(image)]


def cancel_waiting(batch: Batch) -> int:
    """Cancel the images that no one works on yet; how many."""
    with transaction.atomic():
        cancelled = batch.images.filter(state=ImageState.WAITING).update(
            state=ImageState.CANCELLED, settled=timezone.now()
        )
        Batch.objects.filter(pk=batch.pk).update(cancelled=F("cancelled") + cancelled)
    return cancelled


def retry_failed(batch: Batch) -> list[BatchImage]:
    """Let the failed images wait again, with all their attempts; which they were.

    To be called inside the transaction that takes the batch back to RUNNING.
    """
    failed = list(batch.images.select_for_update().filter(state=ImageState.FAILED))
    batch.images.filter(pk__in=[image.pk for image in failed]).update(
        state=ImageState.WAITING,
        attempts=0,
        not_before=timezone.now(),
        settled=None,
        error_code="",
        error="",
    )
    Batch.objects.filter(pk=batch.pk).update(failed=F("failed") - len(failed))
    return failed


def _take(image: BatchImage, token: UUID, now: datetime) -> bool:
    return bool(
        BatchImage.objects.filter(pk=image.pk, state=ImageState.WAITING).update(
            state=ImageState.RUNNING,
            attempts=F("attempts") + 1,
            claim=token,
            claimed_until=now + timedelta(seconds=settings.CLAIM_SECONDS),
            claimed_by=processes.identity(),
        )
    )


def _take_back(image: BatchImage) -> bool:
    assert image.claim  # noqa: S101  (the database holds: what runs is claimed)
    claim = Claim(image, image.claim)
    if image.attempts < settings.MAX_ATTEMPTS:
        _put_back(claim, not_before=timezone.now())
        return False
    return fail(claim, _died(image), permanent=True)


def _held(claim: Claim) -> BatchImageQuerySet:
    return BatchImage.objects.filter(pk=claim.image.pk, state=ImageState.RUNNING, claim=claim.token)


def _settle(claim: Claim, state: ImageState, **changes: str) -> bool:
    return bool(_held(claim).update(state=state, settled=timezone.now(), **UNCLAIMED, **changes))


def _put_back(claim: Claim, **changes: object) -> bool:
    """Back to WAITING; or to CANCELLED, if the batch was cancelled in the meantime."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().filter(pk=claim.image.batch_id).first()
        if batch is None:  # deleted in the meantime
            return False
        if batch.state != BatchState.CANCELLED:
            return bool(_held(claim).update(state=ImageState.WAITING, **UNCLAIMED, **changes))
        if settled := _settle(claim, ImageState.CANCELLED):
            _count(claim.image, cancelled=1)
    return settled


def _count(image: BatchImage, **steps: int) -> None:
    Batch.objects.filter(pk=image.batch_id).update(
        **{counter: F(counter) + step for counter, step in steps.items()}
    )


def _why(error: TablexlError) -> dict[str, str]:
    return {"error_code": error.code, "error": error.message}


def _died(image: BatchImage) -> TablexlError:
    return TablexlError(
        "worker_died",
        f"The worker stopped while it read this image, {image.attempts} times."
        " The picture may be too large or damaged; try it alone, or in another format.",
    )


def _backoff(attempts: int) -> timedelta:
    return timedelta(seconds=BACKOFF_SECONDS * 2 ** (attempts - 1))
