"""Repairs after faults: lost images, batches that no worker serves, files that were not moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta
from typing import Final

from django.utils import timezone

from converter.accounts import idempotency, rate_limits
from converter.batches import claims, deletion, lifecycle, rerun, retention, spending
from converter.fields import outliers
from converter.imports import claims as fetch_claims
from converter.imports import manifests
from converter.models import Batch, BatchImage, ManifestAddress, PendingFile, WorkerPool
from converter.storage import layout
from converter.uploads import looking, pending
from converter.webhooks import sender, signing
from converter.workers import leases, processes, queue

STALE_UPLOAD = timedelta(days=1)

# More than the largest back-off of each kind of work.
_LONGEST_PAUSES: Final = (
    (BatchImage.objects, timedelta(minutes=1)),
    (PendingFile.objects, timedelta(minutes=1)),
    (ManifestAddress.objects, timedelta(seconds=fetch_claims.LONGEST_PAUSE)),
)


class Guardian:
    """Changes the rows for the guard of the workers, when something happens to one of them."""

    def before_start(self) -> None:
        recover()

    def renew(self, holders: Collection[str]) -> set[str]:
        return claims.renew(holders)

    def wake(self) -> None:
        queue.wake_further(sender.is_due, queue.DELIVER)
        queue.wake_further(claims.is_work_waiting)
        queue.fetch_further(fetch_claims.is_waiting)
        queue.look_further(pending.is_waiting)

    def died(self, holder: str, image: int) -> None:
        claims.release_but(holder, image)
        put_right()

    def timed_out(self, holder: str, image: int) -> None:
        _set_aside(claims.time_out(holder, image))
        put_right()

    def report(self, workers: int, busy: int, memory: int) -> None:
        now = {"workers": workers, "busy": busy, "memory": memory, "seen": timezone.now()}
        WorkerPool.objects.update_or_create(now, guard=processes.identity())

    def killed(self) -> None:
        claims.release_orphans()
        fetch_claims.expire()
        looking.recover()
        self.wake()


def sweep() -> None:
    """Repair what went wrong, resume copies and deletions. Safe at any time."""
    clamp()
    put_right()
    rerun.resume()
    outliers.resume()
    spending.resume()
    sender.resume()
    retention.delete_abandoned()
    deletion.clear()
    rate_limits.prune()
    idempotency.prune()
    signing.prune()


def clamp() -> None:
    """Let nothing wait for a time that a clock wrote which was wrong."""
    for rows, longest in _LONGEST_PAUSES:
        leases.clamp(rows.all(), longest)
    sender.clamp()


def put_right() -> None:
    """Take back lost images, settle batches that have none left, wake a worker for what waits.

    Safe at any time and any number of times: a wake-up too many finds nothing to claim. The cost
    depends on what was lost, not on the size of the batches.
    """
    _set_aside(claims.expire())
    for batch in Batch.objects.active().complete():
        lifecycle.settle(batch)
    fetch_claims.expire()
    manifests.settle_all()
    looking.recover()
    queue.wake_further(claims.is_work_waiting)
    queue.fetch_further(fetch_claims.is_waiting)
    queue.look_further(pending.is_waiting)
    queue.prune_failures()


def recover() -> None:
    """Before workers start: take back everything that was in progress on this machine."""
    put_right()
    layout.discard_stale_uploads(STALE_UPLOAD)
    WorkerPool.objects.forgotten().delete()


def _set_aside(failed: Iterable[BatchImage]) -> None:
    for image in failed:
        layout.set_aside(image)
