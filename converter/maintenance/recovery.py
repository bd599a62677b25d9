"""What puts right after faults: lost images, batches that nobody works on, files not moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import timedelta

from django.utils import timezone

from converter.accounts import idempotency, rate_limits
from converter.batches import claims, deletion, lifecycle, rerun
from converter.fields import outliers
from converter.imports import claims as fetch_claims
from converter.imports import manifests
from converter.models import Batch, BatchImage, WorkerPool
from converter.storage import layout
from converter.webhooks import sender, signing
from converter.workers import processes, queue

STALE_UPLOAD = timedelta(days=1)


class Guardian:
    """What the guard of the workers has done to the rows when something happens to one."""

    def before_start(self) -> None:
        recover()

    def renew(self, holders: Collection[str]) -> set[str]:
        return claims.renew(holders)

    def wake(self) -> None:
        queue.wake_further(sender.is_due, queue.DELIVER)
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
    rerun.resume()
    outliers.resume()
    sender.resume()
    deletion.clear()
    rate_limits.prune()
    idempotency.prune()
    signing.prune()


def put_right() -> None:
    """Take back lost images, settle batches that have none left, wake a worker for what waits.

    Safe at any time and as often as one likes: a wake-up too many finds nothing to claim. Its cost
    depends on what was lost, not on how large the batches are.
    """
    _set_aside(claims.expire())
    for batch in Batch.objects.active().complete():
        lifecycle.settle(batch)
    fetch_claims.expire()
    manifests.settle_all()
    queue.wake_further(claims.is_work_waiting)
    queue.fetch_further(fetch_claims.is_waiting)
    queue.prune_failures()


def recover() -> None:
    """Before workers start: nothing that was under way here is under way any more."""
    put_right()
    layout.discard_stale_uploads(STALE_UPLOAD)
    WorkerPool.objects.forgotten().delete()


def _set_aside(failed: Iterable[BatchImage]) -> None:
    for image in failed:
        layout.set_aside(image)
