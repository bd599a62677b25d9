"""Deliver the messages that `outbox` has written: send them, retry them, give them up.

A worker claims what is due, one message of each batch at a time, and postpones it by LEASE before
it sends. If the worker dies before it has noted the answer, another one sends the message again, so
each is delivered at least once. The postponed time is also the token of the claim: an answer counts
only while the delivery is still due at the time that its sender has set.
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
from converter.core.outbound.client import PUBLIC, Bounds, Guard, Response
from converter.core.outbound.errors import OutboundError, refused
from converter.models import Attempt, Batch, Delivery, DeliveryState
from converter.util import logs
from converter.webhooks import outbox, signing
from converter.workers import backoff, queue
from converter.workers.shift import WorkShift

logger = logging.getLogger(__name__)

BOUNDS: Final = Bounds(size=2_000, seconds=15)
LEASE: Final = timedelta(seconds=30)  # longer than a request may take
DAY: Final = timedelta(days=1)  # how long a message is retried
PAUSES: Final = (5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400)  # seconds; the last one repeats
SPREAD: Final = 0.2
AT_ONCE: Final = 20  # messages in flight from one worker, each of another batch
SHIFT_SECONDS: Final = 10  # then images have their turn
SHOWN: Final = 500  # characters of an answer that are kept

# Retrying these cannot help. All other errors may pass, even a wrong path at the receiver.
HOPELESS: Final = frozenset({"bad_address", "port_refused", "address_not_public"})

GUARD: Guard = PUBLIC  # tests, which have no public server, set another


class DeliveryError(TablexlError):
    """A message that cannot be sent again at present."""


@dataclass(frozen=True, slots=True, eq=False)
class DeliveryJob:
    """A message in flight: all that a thread needs, and the rows to note its answer in."""

    batch: UUID
    delivery: int
    attempt: int
    token: datetime
    address: str
    body: bytes
    headers: Mapping[str, str]

    def post(self) -> Response:
        return client.post(self.address, self.body, self.headers, BOUNDS, GUARD)


class SendingShift(WorkShift[DeliveryJob, Response]):
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

    def settle(self, job: DeliveryJob, outcome: Response | Exception) -> bool:
        """Note what came of an attempt, and what follows from it."""
        error = _error_of(outcome)
        noted: dict[str, object] = {"ended": timezone.now()}
        if isinstance(outcome, Response):
            text = outcome.body.decode(errors="replace")[:SHOWN]
            # No database and no page takes all the rest.
            shown = "".join(one if one.isprintable() or one == "\n" else " " for one in text)
            noted |= {"status": outcome.status, "answer": shown}
        if error:
            noted |= {"code": error.code, "error": error.message}
        with logs.about(batch_id=job.batch), transaction.atomic():
            batch = Batch.objects.lock(job.batch)
            if batch is None:  # deleted in the meantime
                return True
            Attempt.objects.filter(pk=job.attempt).update(**noted)
            row = batch.deliveries.filter(pk=job.delivery, due=job.token).first()
            if row is not None:  # or it took so long that another worker has sent it since
                _follow_up(batch, row, error)
                outbox.line_up(batch)
        return True


def check_address(address: str) -> None:
    """Raises OutboundError for an address to which nothing is ever sent."""
    client.check(address, GUARD)


def deliver() -> None:
    """Send what is due, for at most SHIFT_SECONDS; then other tasks have their turn."""
    SendingShift().work()


def is_due() -> bool:
    return Delivery.objects.due().exists()


def resume() -> None:
    """Wake a worker for what is due."""
    if is_due():
        queue.deliver()


def clamp() -> None:
    """Let no message wait for longer than a day, as it would by a clock that was wrong."""
    Delivery.objects.filter(due__gt=timezone.now() + DAY).update(due=timezone.now())


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
    for pk, batch_id in Delivery.objects.due().values_list("pk", "batch_id")[:AT_ONCE]:
        with transaction.atomic():
            batch = Batch.objects.lock(batch_id)
            delivery = batch.deliveries.due().filter(pk=pk).first() if batch else None
            if batch is None or delivery is None:
                continue
            now = timezone.now()
            delivery.tries += 1
            delivery.due = now + LEASE
            delivery.save(update_fields=["tries", "due"])
            body, moment = delivery.body.encode(), int(now.timestamp())
            keys = signing.keys_of(batch)
            return DeliveryJob(
                batch=batch.pk,
                delivery=delivery.pk,
                attempt=delivery.attempts.create(begun=now).pk,
                token=delivery.due,
                address=batch.webhook_url,
                body=body,
                headers=signature.headers(delivery.message_id, moment, body, keys),
            )
    return None


def _error_of(outcome: Response | Exception) -> TablexlError | None:
    """Why a message was not taken; None if it was."""
    if isinstance(outcome, Response):
        if 200 <= outcome.status < 300:
            return None
        if outcome.status == 410:
            return TablexlError(outbox.GONE, outbox.GONE_REASON)
        return refused(outcome.status, outcome.retry_after)
    if isinstance(outcome, OutboundError):
        return outcome
    logger.error("A webhook was not sent", exc_info=outcome)
    return unexpected(then="")


def _follow_up(batch: Batch, row: Delivery, error: TablexlError | None) -> None:
    """End a delivery, or try it again later: never if there is no hope, or its day is over.

    A receiver that says when it wants to hear again is asked no sooner.
    """
    now, until = timezone.now(), row.since + DAY
    if error is None:
        _end(row, DeliveryState.DELIVERED)
    elif error.code == outbox.GONE:
        Batch.objects.filter(pk=batch.pk).update(webhook_gone=now)
        _give_up(batch, row, error.code, error.message)
    elif error.code in HOPELESS:
        _give_up(batch, row, error.code, error.message)
    elif now >= until:
        reason = f"It was tried for a day. In the end: {error.message}"
        _give_up(batch, row, error.code, reason, before=now - DAY)
    else:
        asked = error.retry_after if isinstance(error, OutboundError) else None
        pause = backoff.spread(backoff.listed(PAUSES, row.tries), SPREAD)
        row.due = min(now + max(pause, timedelta(seconds=asked or 0)), until)
        row.save(update_fields=["due"])
        logger.warning("A webhook was not delivered (%s)", error.code)


def _give_up(
    batch: Batch, row: Delivery, code: str, reason: str, before: datetime | None = None
) -> None:
    """Give up a message, and with it all that waits, or has waited since `before`."""
    _end(row, DeliveryState.GIVEN_UP, code, reason)
    waiting = batch.deliveries.waiting().filter(since__lte=before or timezone.now())
    ended = {"state": DeliveryState.GIVEN_UP, "ended": timezone.now(), "due": None}
    waiting.update(**ended, code=code, reason=reason)


def _end(row: Delivery, state: DeliveryState, code: str = "", reason: str = "") -> None:
    row.state, row.ended, row.due = state, timezone.now(), None
    row.code, row.reason = code, reason
    row.save(update_fields=["state", "ended", "due", "code", "reason"])
    logger.info("Webhook %s (attempts: %s)", state.label.lower(), row.tries)


def _is_under_way(row: Delivery) -> bool:
    """A worker sends it, or will soon. One that waits for its next attempt is not under way."""
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
