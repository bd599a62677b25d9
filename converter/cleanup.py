"""What puts right after faults: lost images, batches that nobody works on, files not moved."""

from __future__ import annotations

from datetime import timedelta

from converter import again, batches, claims, queue, storage
from converter.models import Batch

STALE_UPLOAD = timedelta(days=1)
# Longer than the broker takes to hand out a lane again whose worker was killed.
LOST_AFTER = timedelta(minutes=6)


def sweep() -> None:
    """Take back lost images, wake batches that have work, settle those that have none left.

    Safe at any time and as often as one likes: a lane too many finds nothing to claim.
    """
    _sweep(LOST_AFTER)


def recover() -> None:
    """The sweep before workers start: nothing that was under way here is under way any more."""
    _sweep(timedelta(0))
    storage.discard_stale_uploads(STALE_UPLOAD)


def hand_back() -> None:
    """After workers had to be killed: their images wait again, and are not to blame."""
    claims.release_orphans()


def _sweep(lost_after: timedelta) -> None:
    for image in claims.expire():
        storage.set_aside(image)
    for batch in Batch.objects.active().order_by("created"):
        if not batches.settle(batch):
            batches.wake_if_idle(batch, after=lost_after)
    again.resume()
    queue.prune_failures()
