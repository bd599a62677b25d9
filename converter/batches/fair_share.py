"""Which batch a free worker serves next: the rule by which batches share the workers.

Asked anew for every image. The batch is due that has waited longest since a worker last took an
image of it, where waiting counts more for a higher priority. One that was never served is ahead by
a head start, so that what is started now gets the next free worker, whatever else there is. Being
ahead has a limit and waiting has none: who waits long enough passes whatever began to wait later.
So none starves, however many new batches come, and even if they are more than the workers can do.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from converter.models import Batch, Priority

# A high batch gets about three times the service of a normal one, and that one of a low one.
WEIGHTS: Final[dict[int, float]] = {Priority.HIGH: 9.0, Priority.NORMAL: 3.0, Priority.LOW: 1.0}
WEIGHED: Final = 300.0  # seconds of waiting that count by weight; those after them count alike

# What a batch that was never served is ahead, in seconds that a low one would have to wait for it.
HEAD_START: Final = 600.0


def in_turn(batches: Iterable[Batch], now: datetime) -> list[Batch]:
    """Batches that have work, the one that is due first."""
    return sorted(batches, key=lambda batch: _urgency(batch, now), reverse=True)


def _urgency(batch: Batch, now: datetime) -> tuple[float, float]:
    weight = WEIGHTS.get(batch.priority, 1.0)
    since = batch.served or batch.started or now
    waited = (now - since).total_seconds()
    ahead = (weight - 1) * min(waited, WEIGHED) + (0.0 if batch.served else HEAD_START)
    return waited + ahead, weight
