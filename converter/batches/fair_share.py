"""Which batch a free worker serves next: the rule by which batches share the workers.

It is applied anew for every image. The next batch is the one that has waited longest since a worker
last took an image of it, where waiting counts more for a higher priority. A batch that was never
served has a head start, so that it gets the next free worker. The advantages are limited and
waiting is not: a batch that waits long enough passes every batch that began to wait later. So none
starves, even if more batches come than the workers can read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from converter.models import Batch, Priority

# A high batch gets about three times the service of a normal one, and that one of a low one.
WEIGHTS: Final[dict[int, float]] = {Priority.HIGH: 9.0, Priority.NORMAL: 3.0, Priority.LOW: 1.0}
WEIGHED: Final = 300.0  # seconds of waiting that count by weight; after them, all count alike

# The head start of a batch that was never served, in seconds of waiting of a low one.
HEAD_START: Final = 600.0


def in_turn(batches: Iterable[Batch], now: datetime) -> list[Batch]:
    """Batches that have work, in the order in which they are due."""
    return sorted(batches, key=lambda batch: _urgency(batch, now), reverse=True)


def _urgency(batch: Batch, now: datetime) -> tuple[float, float]:
    weight = WEIGHTS.get(batch.priority, 1.0)
    since = batch.served or batch.started or now
    waited = (now - since).total_seconds()
    ahead = (weight - 1) * min(waited, WEIGHED) + (0.0 if batch.served else HEAD_START)
    return waited + ahead, weight
