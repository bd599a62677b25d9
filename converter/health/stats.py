"""Counts of batches and images by state, and what APIs cost.

Only rows of batches are counted: each has the counts of its images, so ten thousand images cost as
much as ten.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Count, Q, Sum
from django.utils import timezone

from converter.models import ACTIVE, Batch, BatchImage, BatchState, ImageState

LATELY: Final = timedelta(minutes=5)
_SUMMED: Final = ("total", "done", "failed", "cancelled", "cost", "tokens")


@dataclass(frozen=True, slots=True)
class Stats:
    """All batches and images by state, without deleted ones.

    `lately` counts the images that workers settled in the last `LATELY`. `cost` is in US dollars.
    """

    batches: Mapping[str, int]
    images: Mapping[str, int]
    lately: Mapping[str, int]
    cost: float
    tokens: int

    @property
    def per_minute(self) -> float:
        """Images read, or failed, per minute of `LATELY`."""
        return sum(self.lately.values()) / (LATELY.total_seconds() / 60)


def collect_stats() -> Stats:
    """In three queries, for any number of images. Raises DatabaseError."""
    sums = {name: Sum(name, default=0) for name in _SUMMED}
    rows = Batch.objects.listed().order_by().values("state").annotate(number=Count("pk"), **sums)
    by_state: dict[str, Mapping[str, Any]] = {row["state"]: row for row in rows}
    total = {name: sum(row[name] for row in by_state.values()) for name in _SUMMED}
    draft = by_state[BatchState.DRAFT]["total"] if BatchState.DRAFT in by_state else 0
    reading = BatchImage.objects.running().count()
    since = timezone.now() - LATELY
    # Only batches in which something may have settled since are searched.
    recent = Batch.objects.filter(Q(state__in=ACTIVE) | Q(settled__gt=since))
    states = (ImageState.DONE, ImageState.FAILED)
    images = BatchImage.objects.filter(batch__in=recent, settled__gt=since, state__in=states)
    lately = images.order_by().values_list("state").annotate(Count("pk"))
    settled = total["done"] + total["failed"] + total["cancelled"]
    return Stats(
        batches={
            state: by_state[state]["number"] if state in by_state else 0
            for state in BatchState.values
        },
        images={
            "draft": draft,
            # Not below 0: images may start or settle between the queries.
            "waiting": max(total["total"] - draft - settled - reading, 0),
            "running": reading,
            "done": total["done"],
            "failed": total["failed"],
            "cancelled": total["cancelled"],
        },
        lately={str(state): 0 for state in states} | dict(lately),
        cost=total["cost"],
        tokens=total["tokens"],
    )
