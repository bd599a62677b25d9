"""Estimates by recent measurements: how long a batch will still take, and what an image costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Avg, Max
from django.utils import timezone

from converter.config.options import engine_choice
from converter.core.engines.registry import REMOTE
from converter.models import MODEL_NAME_LENGTH, Batch, BatchImage, ImageState, Result

RECENT = 100  # images whose times are averaged
AT_LEAST = 5  # of them at the start, when the first ones waited for the models
WINDOW_SECONDS = 15.0  # in which the busy workers are counted
SHOWN = 200  # images being read at most; there are fewer workers
TAIL = 50  # with no more images left than this, the pause before a retry matters
COSTS: Final = 200  # results whose costs are averaged
COSTS_AMONG: Final = 5_000  # the newest results, which are searched for them


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
        waiting = batch.images.filter(state=ImageState.WAITING)
        last = waiting.aggregate(last=Max("not_before"))["last"]
        seconds = max(seconds, _seconds(last - now) if last else 0.0)
    return Progress(current, seconds)


def seconds_left(pace: Pace, images: int) -> float | None:
    """How long so many images still take: their work, divided by the recently busy workers.

    If a worker also serves another batch, or an image needs several attempts, less work is done in
    the same time. The number of workers, which need not be whole, accounts for that.
    """
    if not pace.spans:
        return None
    # The mean of all but the first fifth, which waited for the models to load.
    number = min(max(pace.finished * 4 // 5, AT_LEAST), len(pace.spans))
    usual = sum(begun - ended for begun, ended in pace.spans[:number]) / number
    workers = _workers(pace, usual)
    if not workers:
        return None
    rest = [max(usual - begun, 0.0) for begun in pace.running]
    waiting = max(images - len(rest), 0)
    last = min(rest, default=0.0) + usual if waiting else 0.0  # it is begun when one is done
    return max((usual * waiting + sum(rest)) / workers, last, *rest)


def is_free(batch: Batch) -> bool:
    """Whether no server is asked."""
    return engine_choice(batch.engine).first != REMOTE


def cost_per_image(batch: Batch) -> float | None:
    """US dollars for an image read as this batch will be; None if nothing was measured yet."""
    newest = Result.objects.aggregate(Max("pk"))["pk__max"] or 0
    paid = Result.objects.filter(
        pk__gt=newest - COSTS_AMONG,
        asked=settings.OLMOCR_MODEL[:MODEL_NAME_LENGTH],
        cost__isnull=False,
        tokens__gt=0,  # a blank page was not sent
        image__batch__mode=batch.mode,
    )
    mean: float | None = paid.order_by("-pk")[:COSTS].aggregate(mean=Avg("cost"))["mean"]
    return mean


def _workers(pace: Pace, usual: float) -> float:
    """The mean number of busy workers, in a window long enough to measure, and short enough to
    follow workers that come and go."""
    window = min(max(WINDOW_SECONDS, 3 * usual), pace.age)
    if len(pace.spans) >= RECENT:  # earlier ones are not among the spans
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


def _seconds(time: timedelta) -> float:
    return max(time.total_seconds(), 0.0)
