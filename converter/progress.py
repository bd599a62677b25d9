"""How far a batch is, and how long it will still take, by what was measured in it lately."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from converter.models import Batch, BatchImage

RECENT = 20  # so many results say how fast the batch is now


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch at one moment. `seconds_left` is None while nothing has been measured."""

    current: list[BatchImage]
    seconds_left: float | None


def of(batch: Batch) -> Progress:
    """What is being read, and the estimate. A fixed number of queries for any batch."""
    if not batch.is_active:
        return Progress([], None)
    current = list(batch.images.running().order_by("position")[:RECENT])
    return Progress(current, _seconds_left(batch, timezone.now()))


def _seconds_left(batch: Batch, now: datetime) -> float | None:
    """The images left, at the pace of the recent ones, less what the next one has had already."""
    if batch.running_since is None:
        return None
    settled = batch.images.filter(settled__gt=batch.running_since).order_by("-settled")
    times = [time for time in settled.values_list("settled", flat=True)[:RECENT] if time]
    if not times:
        return None
    # With all of them at hand, the first one counts too: from the start of the batch.
    begun = [batch.running_since] if len(times) < RECENT else []
    moments = [*times, *begun]
    pace = (moments[0] - moments[-1]) / (len(moments) - 1)
    left = pace * (batch.total - batch.finished) - min(now - moments[0], pace)
    return max(0.0, left.total_seconds())
