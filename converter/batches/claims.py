"""Claims: the only writer of an image's state, and of the counters that follow from it.

A worker that reads an image holds a claim: a token and a time until which it is valid. Every change
is made under the batch's lock, and that of a claimed image is a conditional UPDATE that names the
token; if it changes 0 rows, the claim was lost and nothing happens. The batch's counters change in
the same transaction, so they always equal the rows. There, each settlement gets the next number of
its batch, so a client that has seen all up to a number misses nothing by asking for what is above.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from converter.batches import fair_share
from converter.core.engines.protocol import Reading
from converter.core.errors import EngineError, TablexlError
from converter.models import (
    ACTIVE,
    MODEL_NAME_LENGTH,
    Batch,
    BatchImage,
    BatchState,
    ImageState,
    Result,
)
from converter.search import index
from converter.webhooks import outbox
from converter.workers import backoff, leases

UNCHANGED: Mapping[str, object] = {}
BACKOFF_SECONDS = 5  # after the first failure, then twice as long each time
BACKOFF_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to work on `image`, valid while nobody else holds a later one."""

    image: BatchImage
    token: UUID


def claim_due() -> Claim | None:
    """Claim the next image of the batch that is due; None if no image can be claimed now."""
    now = timezone.now()
    waiting = Batch.objects.with_work(now).only("priority", "served", "started")
    for batch in fair_share.in_turn(waiting, now):
        if claim := claim_next(batch):
            return claim
    return None


def claim_next(batch: Batch) -> Claim | None:
    """Claim the first image of a batch that can be claimed; None if there is none now."""
    with transaction.atomic():
        row = Batch.objects.lock(batch.pk)
        if row is None or not row.is_active or row.is_paused:
            return None
        now = timezone.now()
        image = row.images.claimable(now).order_by("position").first()
        if image is None:
            return None
        token = leases.take(image, now, begun=now, error_code="", error="", answer="")
        Batch.objects.filter(pk=row.pk).update(state=BatchState.RUNNING, served=now)
    row.state, row.served = BatchState.RUNNING, now
    image.batch = row
    return Claim(image, token)


def is_work_waiting() -> bool:
    """Is there an image that a worker could claim now?"""
    return Batch.objects.with_work(timezone.now()).exists()


def finish(claim: Claim, engine: str, reading: Reading, fingerprint: str = "") -> bool:
    """Store what was read. False if the claim was lost: then the reading is dropped."""
    return _store(
        claim,
        Result(
            engine=engine,
            model=reading.model[:MODEL_NAME_LENGTH],
            asked=reading.asked[:MODEL_NAME_LENGTH],
            instead_of=reading.instead_of,
            cost=reading.cost,
            tokens=reading.tokens_in + reading.tokens_out,
            reading=reading.to_json(),
            tables=len(reading.tables),
            doubtful=reading.doubtful,
            missing=len(reading.missing),
            unread=len(reading.unread),
            seconds=reading.seconds,
            fingerprint=fingerprint,
        ),
    )


def take_over(claim: Claim, earlier: Result) -> bool:
    """Settle an image by an earlier result of the same picture. False if the claim was lost."""
    copied = ("engine", "model", "asked", "reading", "missing", "unread", "fingerprint")
    values = {name: getattr(earlier, name) for name in copied}
    reading = earlier.to_reading()  # people may have corrected that image, but not this one
    counts = {"tables": len(reading.tables), "doubtful": reading.doubtful}
    return _store(claim, Result(**values, **counts, seconds=0, taken_over=True))


def fail(claim: Claim, error: TablexlError, *, permanent: bool) -> bool:
    """Fail an image for good, or let it wait for its next attempt. True if it failed for good."""
    raw = error.raw if isinstance(error, EngineError) else ""
    answer = raw.replace("\0", "").encode(errors="replace").decode()  # no database takes the rest
    why = {"error_code": error.code, "error": error.message, "answer": answer}
    if isinstance(error, EngineError) and error.tokens:  # answers that were of no use cost too
        with transaction.atomic():
            if batch := Batch.objects.lock(claim.image.batch_id):
                spent = {"cost": F("cost") + error.cost, "tokens": F("tokens") + error.tokens}
                Batch.objects.filter(pk=batch.pk).update(**spent)
    attempts = claim.image.attempts
    if not permanent and attempts < settings.MAX_ATTEMPTS:
        pause = backoff.spread(backoff.doubled(BACKOFF_SECONDS, attempts), BACKOFF_SPREAD)
        _put_back(claim, not_before=timezone.now() + pause, **why)
        return False
    with transaction.atomic():
        failed = _settle(claim, ImageState.FAILED, why, reported=(error.code, error.message))
        if failed:
            index.put(claim.image)
    return failed


def pauses(claim: Claim, error: EngineError) -> bool:
    """Count a failure whose cause concerns the whole batch. True if the batch is paused by now.

    After `PAUSE_AFTER_FAILURES` of them in a row it is. Then this image waits again, and so does
    everything that is still in flight and fails: another try would only take time and money.
    """
    with transaction.atomic():
        row = Batch.objects.lock(claim.image.batch_id)
        if row is None or not row.is_active:
            return False
        row.failures_in_row += 1
        if row.paused is None and row.failures_in_row >= settings.PAUSE_AFTER_FAILURES:
            row.paused, row.pause_code, row.pause_reason = timezone.now(), error.code, error.message
        row.save(update_fields=["failures_in_row", "paused", "pause_code", "pause_reason"])
        if row.paused is not None:
            hand_back(claim)
        return row.paused is not None


def pause(claim: Claim, error: EngineError) -> None:
    """Pause the batch at once, for a reason that no later image would escape; this one waits."""
    with transaction.atomic():
        row = Batch.objects.lock(claim.image.batch_id)
        if row is not None and row.is_active and row.paused is None:
            row.paused, row.pause_code, row.pause_reason = timezone.now(), error.code, error.message
            row.save(update_fields=["paused", "pause_code", "pause_reason"])
        hand_back(claim)


def hand_back(claim: Claim) -> None:
    """Let an image wait again without counting the attempt: it is not to blame."""
    _put_back(claim, **leases.blameless())


def renew(holders: Collection[str]) -> set[str]:
    """Renew the claims of living processes; which of them hold an image that is still wanted.

    The others work in vain: their batch was cancelled or deleted, or the claim was lost.
    """
    running = BatchImage.objects.running().filter(claimed_by__in=holders, batch__state__in=ACTIVE)
    late = timezone.now() + timedelta(seconds=settings.CLAIM_SECONDS / 2)
    wanted = set()
    for image in running:
        if image.claimed_until and image.claimed_until > late:
            wanted.add(image.claimed_by)
            continue
        with transaction.atomic():
            is_there = Batch.objects.lock(image.batch_id) is not None
            if is_there and leases.extend(_held(_claim_of(image))):
                wanted.add(image.claimed_by)
    return wanted


def time_out(holder: str, blamed: int) -> list[BatchImage]:
    """Take the images back from a process that was killed over one; those that failed for good."""
    release_but(holder, blamed)
    error = TablexlError(
        "timed_out",
        f"This image was not read within {settings.IMAGE_TIMEOUT_SECONDS} seconds."
        " Try it again later, or make it smaller.",
    )
    return _fail_all(BatchImage.objects.running().filter(claimed_by=holder), error)


def release_but(holder: str, blamed: int) -> None:
    """Hand back what a process that is gone had claimed, except the image it was reading, if known.

    The others were only in flight to a server.
    """
    if blamed:
        running = BatchImage.objects.running().filter(claimed_by=holder).exclude(pk=blamed)
        _hand_back_all(running)


def expire() -> list[BatchImage]:
    """Take back the images of holders that are gone; those that failed for good.

    A holder is gone when its claim ran out, or when its process on this machine is dead. An image
    that took its holder with it as often as `MAX_ATTEMPTS` allows fails, with that reason.
    """
    error = TablexlError(
        "worker_died",
        "The worker stopped while it read this image."
        " The picture may be too large or damaged; try it alone, or in another format.",
    )
    return _fail_all(leases.lost(BatchImage.objects.all()), error)


def release_orphans() -> None:
    """Hand back the images of dead processes on this machine, without counting an attempt.

    For a stop that had to kill its workers: the images are not to blame.
    """
    _hand_back_all(leases.orphans(BatchImage.objects.all()))


def cancel_waiting(batch: Batch) -> None:
    """Cancel the images that nobody works on yet. To be called with the batch's lock held.

    Their settlements are numbered by position, in one statement, so some numbers are skipped.
    """
    cancelled = batch.images.filter(state=ImageState.WAITING).update(
        state=ImageState.CANCELLED,
        settled=timezone.now(),
        settlement=F("position") + batch.settlements + 1,
    )
    Batch.objects.filter(pk=batch.pk).update(
        cancelled=F("cancelled") + cancelled, settlements=F("settlements") + batch.total
    )


def wait_again(batch: Batch, images: QuerySet[BatchImage]) -> list[BatchImage]:
    """Let failed and cancelled images wait again, with all attempts; those that had failed.

    To be called with the batch's lock held.
    """
    failed = list(images.filter(state=ImageState.FAILED).select_related("batch"))
    fresh = {"state": ImageState.WAITING, "attempts": 0, "not_before": timezone.now()}
    unsettled = {"settled": None, "settlement": None, "error_code": "", "error": "", "answer": ""}
    freed = {
        state: images.filter(state=state).update(**fresh, **unsettled)
        for state in ("failed", "cancelled")
    }
    Batch.objects.filter(pk=batch.pk).update(
        **{counter: F(counter) - number for counter, number in freed.items()}
    )
    return failed


def wait_no_longer(batch: Batch) -> None:
    """Make all that waits due now, with all attempts. To be called with the batch's lock held."""
    waiting = batch.images.filter(state=ImageState.WAITING)
    waiting.update(attempts=0, not_before=timezone.now())


def _fail_all(images: QuerySet[BatchImage], error: TablexlError) -> list[BatchImage]:
    """Fail the attempt at each of these images; those that failed for good."""
    running = images.select_related("batch")
    return [image for image in running if fail(_claim_of(image), error, permanent=False)]


def _hand_back_all(images: QuerySet[BatchImage]) -> None:
    for image in images.select_related("batch"):
        hand_back(_claim_of(image))


def _claim_of(image: BatchImage) -> Claim:
    assert image.claim  # noqa: S101  (the database holds: what runs is claimed)
    return Claim(image, image.claim)


def _held(claim: Claim) -> QuerySet[BatchImage]:
    return leases.held(BatchImage.objects.all(), claim.image.pk, claim.token)


@transaction.atomic
def _store(claim: Claim, result: Result) -> bool:
    read: dict[str, object] = {
        "cost": F("cost") + (result.cost or 0),
        "tokens": F("tokens") + result.tokens,
    }
    if not result.instead_of:
        read["failures_in_row"] = 0
    unblamed = {"error_code": "", "error": "", "answer": ""}
    if not _settle(claim, ImageState.DONE, unblamed, read, reported=result):
        return False
    result.image = claim.image
    result.save(force_insert=True)
    index.put(claim.image, result.to_reading())
    return True


@transaction.atomic
def _settle(
    claim: Claim,
    state: ImageState,
    of_image: Mapping[str, object] = UNCHANGED,
    of_batch: Mapping[str, object] = UNCHANGED,
    reported: Result | tuple[str, str] | None = None,
) -> bool:
    """Settle an image under its batch's lock; False if the claim, or the batch, is gone.

    `reported` goes to the webhook: the result, or code and sentence of the error.
    """
    batch = Batch.objects.lock(claim.image.batch_id)
    if batch is None:
        return False
    number = batch.settlements + 1
    settled = {"settled": timezone.now(), "settlement": number}
    if not leases.release(_held(claim), state, **settled, **of_image):
        return False
    counted = {state.value: F(state.value) + 1, "settlements": number}
    Batch.objects.filter(pk=batch.pk).update(**counted, **of_batch)
    if reported:
        outbox.write_image_event(batch, claim.image, number, reported)
    return True


@transaction.atomic
def _put_back(claim: Claim, **changes: object) -> None:
    """Back to WAITING; or to CANCELLED, if the batch was cancelled in the meantime."""
    batch = Batch.objects.lock(claim.image.batch_id)
    if batch is None:  # deleted in the meantime
        return
    if batch.state != BatchState.CANCELLED:
        leases.release(_held(claim), ImageState.WAITING, **changes)
    else:
        _settle(claim, ImageState.CANCELLED)
