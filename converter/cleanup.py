"""What puts right after faults: lost images, batches that nobody works on, files not moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.utils import timezone

from converter import (
    again,
    allowances,
    batches,
    claims,
    comparisons,
    deletion,
    fetch_claims,
    manifests,
    processes,
    queue,
    replays,
    signing,
    storage,
    webhooks,
)
from converter.models import Batch, BatchImage, WorkerPool

STALE_UPLOAD = timedelta(days=1)


class Guardian:
    """What the guard of the workers has done to the rows when something happens to one."""

    def before_start(self) -> None:
        recover()

    def renew(self, holders: Collection[str]) -> set[str]:
        return claims.renew(holders)

    def wake(self) -> None:
        queue.wake_further(webhooks.is_due, queue.DELIVER)
        queue.wake_further(claims.is_work_waiting)
        queue.fetch_further(fetch_claims.is_waiting)

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
        self.wake()


def sweep() -> None:
    """Put right what went wrong, go on with copies and deletions. Safe at any time."""
    put_right()
    again.resume()
    comparisons.resume()
    webhooks.resume()
    deletion.clear()
    allowances.prune()
    replays.prune()
    signing.prune()


def put_right() -> None:
    """Take back lost images, settle batches that have none left, wake a worker for what waits.

    Safe at any time and as often as one likes: a wake-up too many finds nothing to claim. Its cost
    depends on what was lost, not on how large the batches are.
    """
    _set_aside(claims.expire())
    for batch in Batch.objects.active().complete():
        batches.settle(batch)
    fetch_claims.expire()
    manifests.settle_all()
    queue.wake_further(claims.is_work_waiting)
    queue.fetch_further(fetch_claims.is_waiting)
    queue.prune_failures()


def recover() -> None:
    """Before workers start: nothing that was under way here is under way any more."""
    put_right()
    storage.discard_stale_uploads(STALE_UPLOAD)
    WorkerPool.objects.forgotten().delete()


def _set_aside(failed: Iterable[BatchImage]) -> None:
    for image in failed:
        storage.set_aside(image)
