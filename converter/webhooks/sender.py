"""Webhooks on their way: sent, sent again, given up. `outbox` has written what there is to tell.

A worker claims what is due, of each batch one message at a time, and puts its time off by LEASE
before it sends; threads wait for the receivers, and all rows are written in the main thread. One
that dies before it has noted the answer is followed by another, so a message comes at least once.
That time is also the token: an answer counts while its delivery still has the time that its sender
gave it.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from converter.core.errors import TablexlError, unexpected
from converter.core.outbound import client, signature
from converter.core.outbound.client import PUBLIC, Answer, Bounds, Guard
from converter.core.outbound.errors import OutboundError, refused
from converter.models import Attempt, Batch, Delivery, DeliveryState
from converter.util import logs
from converter.webhooks import outbox, signing
from converter.workers import backoff, queue
from converter.workers.shift import WorkShift

logger = logging.getLogger(__name__)

BOUNDS: Final = Bounds(size=2_000, seconds=15)
LEASE: Final = timedelta(seconds=30)  # longer than a request may take
DAY: Final = timedelta(days=1)  # so long it is tried
PAUSES: Final = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)  # seconds; the last one repeats
SPREAD: Final = 0.2
AT_ONCE: Final = 20  # messages under way from one worker, each of another batch
SHIFT_SECONDS: Final = 10  # then images have their turn
SHOWN: Final = 500  # letters of an answer that are kept

# Trying these again cannot help. All else may pass, a wrong address at the receiver's too.
HOPELESS: Final = frozenset({"bad_address", "port_refused", "address_not_public"})

GUARD: Guard = PUBLIC  # tests, which have no public server, put another here


class DeliveryError(TablexlError):
    """A message that cannot be sent again now."""


@dataclass(frozen=True, slots=True, eq=False)
class DeliveryJob:
    """A message under way: all that a thread needs, and what its answer is noted by."""

    batch: UUID
    delivery: int
    attempt: int
    token: datetime
    address: str
    body: bytes
    headers: Mapping[str, str]

    def post(self) -> Answer:
        return client.post(self.address, self.body, self.headers, BOUNDS, GUARD)


class SendingShift(WorkShift[DeliveryJob, Answer]):
    """Sends the messages that are due. One whose outcome does not come in time is sent again by
    another worker once its lease is over."""

    wait = 0.2

    @property
    def longest(self) -> float:
        return SHIFT_SECONDS

    @property
    def most_in_flight(self) -> int:
        return AT_ONCE

    @property
    def patience(self) -> float:
        return BOUNDS.seconds + 5

    def begin_next(self) -> bool:
        job = _claim_due()
        if job:
            self.pool.send(job, job.post)
        return job is not None

    def settle(self, job: DeliveryJob, outcome: Answer | Exception) -> bool:
        _note(job, outcome)
        return True


def check_address(address: str) -> None:
    """Raises OutboundError for an address that will never be asked."""
    client.check(address, GUARD)


def deliver() -> None:
    """Send what is due, for some seconds; then other tasks have their turn."""
    SendingShift().work()


def is_due() -> bool:
    return Delivery.objects.due().exists()


def resume() -> None:
    """Wake a worker for what is due."""
    if is_due():
        queue.deliver()


@transaction.atomic
def send_again(delivery: Delivery) -> None:
    """Send a message once more, under its old id, and try it for a day. Raises DeliveryError."""
    batch = Batch.objects.lock(delivery.batch_id)
    row = batch.deliveries.filter(pk=delivery.pk).first() if batch else None
    if batch is None or row is None or _is_under_way(row):
        raise DeliveryError(
            "delivery_waits", "This message is being sent, or waits for those before it."
        )
    _wait_again(batch, batch.deliveries.filter(pk=row.pk))


@transaction.atomic
def send_rest_again(batch: Batch) -> int:
    """Send all that was given up once more, in its order; how many. Raises DeliveryError."""
    row = Batch.objects.lock(batch.pk)
    number = 0
    if row:
        number = _wait_again(row, row.deliveries.filter(state=DeliveryState.GIVEN_UP))
    if not number:
        raise DeliveryError("nothing_to_send", "No message of this batch was given up.")
    return number


def _claim_due() -> DeliveryJob | None:
    """Claim the first message that is due; None if none can be claimed now."""
    due = Delivery.objects.due().values_list("pk", "batch_id")[:AT_ONCE]
    return next(filter(None, (_claim(*one) for one in due)), None)


@transaction.atomic
def _claim(pk: int, batch_id: UUID) -> DeliveryJob | None:
    batch = Batch.objects.lock(batch_id)
    delivery = batch.deliveries.due().filter(pk=pk).first() if batch else None
    if batch is None or delivery is None:
        return None
    now = timezone.now()
    delivery.tries += 1
    delivery.due = now + LEASE
    delivery.save(update_fields=["tries", "due"])
    body = delivery.body.encode()
    keys = signing.keys_of(batch)
    return DeliveryJob(
        batch=batch.pk,
        delivery=delivery.pk,
        attempt=delivery.attempts.create(begun=now).pk,
        token=delivery.due,
        address=batch.webhook_url,
        body=body,
        headers=signature.headers(delivery.message_id, int(now.timestamp()), body, keys),
    )


def _note(job: DeliveryJob, outcome: Answer | Exception) -> None:
    """Write down what came of an attempt, and what follows from it."""
    error = _error_of(outcome)
    with logs.about(batch_id=job.batch), transaction.atomic():
        batch = Batch.objects.lock(job.batch)
        if batch is None:
            return
        _end_attempt(job, outcome, error)
        row = batch.deliveries.filter(pk=job.delivery, due=job.token).first()
        if row is None:  # it took so long that another has sent it since
            return
        if error is None:
            _end(row, DeliveryState.DELIVERED)
        elif error.code == outbox.GONE:
            _stop(batch, row)
        else:
            _put_off(batch, row, error)
        outbox.line_up(batch)


def _error_of(outcome: Answer | Exception) -> TablexlError | None:
    """Why a message was not taken; None if it was."""
    if isinstance(outcome, Answer):
        if 200 <= outcome.status < 300:
            return None
        if outcome.status == 410:
            return TablexlError(outbox.GONE, outbox.GONE_REASON)
        return refused(outcome.status, outcome.retry_after)
    if isinstance(outcome, OutboundError):
        return outcome
    logger.error("A webhook was not sent", exc_info=outcome)
    return unexpected(then="")


def _end_attempt(job: DeliveryJob, outcome: Answer | Exception, error: TablexlError | None) -> None:
    values: dict[str, object] = {"ended": timezone.now()}
    if isinstance(outcome, Answer):
        values |= {"status": outcome.status, "answer": _readable(outcome.body)}
    if error:
        values |= {"code": error.code, "error": error.message}
    Attempt.objects.filter(pk=job.attempt).update(**values)


def _put_off(batch: Batch, row: Delivery, error: TablexlError) -> None:
    """Try again later, or never if there is no hope, or no day left.

    A receiver that says when it wants to hear again is asked no sooner.
    """
    now, until = timezone.now(), row.since + DAY
    if error.code in HOPELESS:
        _end(row, DeliveryState.GIVEN_UP, error.code, error.message)
        _give_up_rest(batch, error.code, error.message)
    elif now >= until:
        reason = f"It was tried for a day. In the end: {error.message}"
        _end(row, DeliveryState.GIVEN_UP, error.code, reason)
        _give_up_rest(batch, error.code, reason, before=now - DAY)
    else:
        asked = error.retry_after if isinstance(error, OutboundError) else None
        pause = backoff.spread(backoff.listed(PAUSES, row.tries), SPREAD)
        row.due = min(now + max(pause, timedelta(seconds=asked or 0)), until)
        row.save(update_fields=["due"])
        logger.warning("A webhook was not delivered (%s)", error.code)


def _stop(batch: Batch, row: Delivery) -> None:
    """The receiver wants nothing more of this batch."""
    Batch.objects.filter(pk=batch.pk).update(webhook_gone=timezone.now())
    _end(row, DeliveryState.GIVEN_UP, outbox.GONE, outbox.GONE_REASON)
    _give_up_rest(batch, outbox.GONE, outbox.GONE_REASON)


def _end(row: Delivery, state: DeliveryState, code: str = "", reason: str = "") -> None:
    row.state, row.ended, row.due = state, timezone.now(), None
    row.code, row.reason = code, reason
    row.save(update_fields=["state", "ended", "due", "code", "reason"])
    logger.info("Webhook %s (attempts: %s)", state.label.lower(), row.tries)


def _give_up_rest(batch: Batch, code: str, reason: str, before: datetime | None = None) -> None:
    """Give up all that waits, or what has waited since before then, without another attempt."""
    waiting = batch.deliveries.waiting().filter(since__lte=before or timezone.now())
    ended = {"state": DeliveryState.GIVEN_UP, "ended": timezone.now(), "due": None}
    waiting.update(**ended, code=code, reason=reason)


def _is_under_way(row: Delivery) -> bool:
    """It is in somebody's hands, or will be soon. One that waits for its next try is not."""
    if row.state != DeliveryState.WAITING:
        return False
    if row.due is None or row.due <= timezone.now():
        return True
    last = row.attempts.order_by("-pk").first()
    return last is None or last.ended is None


def _wait_again(batch: Batch, chosen: QuerySet[Delivery]) -> int:
    now = timezone.now()
    again = {"state": DeliveryState.WAITING, "since": now, "tries": 0, "ended": None, "due": None}
    number = chosen.update(**again, code="", reason="")
    Batch.objects.filter(pk=batch.pk).update(webhook_gone=None)
    outbox.line_up(batch)
    return number


def _readable(body: bytes) -> str:
    """How an answer began, without what no database and no page takes."""
    text = body.decode(errors="replace")[:SHOWN]
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)
