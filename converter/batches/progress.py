"""How far a batch is, and how long it will still take, by what was measured in it lately."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Max
from django.utils import timezone

from converter.models import Batch, BatchImage, ImageState

RECENT = 100  # so many images say how long one takes
AT_LEAST = 5  # and as few of them at the start, when the first ones wait for the models
WINDOW_SECONDS = 15.0  # so far back one looks to see how many workers are at it
SHOWN = 200  # images being read: more than there are workers
TAIL = 50  # with no more images left than this, a pause before a next try is felt


@dataclass(frozen=True, slots=True)
class Progress:
    """A batch at one moment. `seconds_left` is None while nothing has been measured."""

    current: list[BatchImage]
    seconds_left: float | None


@dataclass(frozen=True, slots=True)
class Pace:
    """What was measured, in seconds before now.

    `spans` are beginning and end of the images read lately, newest first; `running` the beginnings
    of those being read; `age` is how long the batch has run, `finished` how many it has read.
    """

    age: float
    finished: int
    spans: Sequence[tuple[float, float]]
    running: Sequence[float]


def of(batch: Batch) -> Progress:
    """What is being read, and the estimate. A fixed number of queries for any batch."""
    if not batch.is_active:
        return Progress([], None)
    current = list(batch.images.running().order_by("position")[:SHOWN])
    if batch.is_paused:
        return Progress(current, None)
    now = timezone.now()
    seconds = seconds_left(_pace(batch, current, now), batch.total - batch.finished)
    if seconds is not None and len(current) < batch.total - batch.finished <= TAIL:
        seconds = max(seconds, _next_try(batch, now))
    return Progress(current, seconds)


def seconds_left(pace: Pace, images: int) -> float | None:
    """How long so many images still take: their work, shared by the workers that were at it lately.

    Where a worker is at another batch, or an image needs several tries, that shows as less work
    done in the same time; so it is in the number of workers, which need not be whole.
    """
    if not pace.spans:
        return None
    usual = _usual(pace)
    workers = _workers(pace, usual)
    if not workers:
        return None
    rest = [max(usual - begun, 0.0) for begun in pace.running]
    waiting = max(images - len(rest), 0)
    last = min(rest, default=0.0) + usual if waiting else 0.0  # it is begun when one is done
    return max((usual * waiting + sum(rest)) / workers, last, *rest)


def _usual(pace: Pace) -> float:
    """How long one image takes: the mean of all but the first fifth, which is slow to begin."""
    number = min(max(pace.finished * 4 // 5, AT_LEAST), len(pace.spans))
    return sum(begun - ended for begun, ended in pace.spans[:number]) / number


def _workers(pace: Pace, usual: float) -> float:
    """How many were at work at a time, in a time long enough to tell, and short enough to follow
    those that come and go."""
    window = min(max(WINDOW_SECONDS, 3 * usual), pace.age)
    if len(pace.spans) >= RECENT:  # of what was before, not all is known
        window = min(window, pace.spans[-1][1])
    spans = [*pace.spans, *((begun, 0.0) for begun in pace.running)]
    busy = sum(max(min(begun, window) - ended, 0.0) for begun, ended in spans)
    return busy / window if window > 0 else 0.0


def _pace(batch: Batch, current: Sequence[BatchImage], now: datetime) -> Pace:
    since = batch.running_since or now
    read = batch.images.filter(settled__gt=since, begun__isnull=False).order_by("-settled")
    times = read.values_list("begun", "settled")[:RECENT]
    spans = [(_seconds(now - begun), _seconds(now - end)) for begun, end in times if begun and end]
    return Pace(
        age=_seconds(now - since),
        finished=batch.finished,
        spans=spans,
        running=[_seconds(now - image.begun) for image in current if image.begun],
    )


def _next_try(batch: Batch, now: datetime) -> float:
    """How long until the last of the waiting images may be tried."""
    waiting = batch.images.filter(state=ImageState.WAITING)
    last = waiting.aggregate(last=Max("not_before"))["last"]
    return _seconds(last - now) if last else 0.0


def _seconds(time: timedelta) -> float:
    return max(time.total_seconds(), 0.0)
