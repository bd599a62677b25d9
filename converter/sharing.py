"""Which batch a free worker serves next: the rule by which batches share the workers.

Asked anew for every image. A batch that was never served comes first, so that what is started now
gets the next free worker, whatever else there is. After that the one is due that has waited
longest since a worker last took an image of it, where waiting counts more for a higher priority.
As every wait grows until it is the longest, none starves.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from converter.models import Batch, Priority

# A high batch gets about three times the service of a normal one, and that one of a low one.
WEIGHTS: Final[dict[int, float]] = {Priority.HIGH: 9.0, Priority.NORMAL: 3.0, Priority.LOW: 1.0}


def in_turn(batches: Iterable[Batch], now: datetime) -> list[Batch]:
    """Batches that have work, the one that is due first."""
    return sorted(batches, key=lambda batch: _place(batch, now))


def _place(batch: Batch, now: datetime) -> tuple[bool, float, float]:
    weight = WEIGHTS.get(batch.priority, 1.0)
    if batch.served is None:
        return False, -weight, -_seconds_since(batch.started, now)
    return True, -weight * _seconds_since(batch.served, now), -weight


def _seconds_since(moment: datetime | None, now: datetime) -> float:
    return (now - moment).total_seconds() if moment else 0.0
