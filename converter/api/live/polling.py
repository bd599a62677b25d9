"""A look at the rows: which jobs there are to tell of, and what is new of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.utils import timezone

from converter.api import schemas
from converter.api.live import messages
from converter.api.live.messages import Message
from converter.models import Batch, BatchQuerySet, BatchState

NEWEST: Final = 20  # jobs of a session that are told of, beside all that run
MOST: Final = 500  # of those that run
PAST: Final = timedelta(hours=1)  # of what ended longer ago no image is told again


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody listens to: one job, or the jobs among these batches."""

    key: str
    job: UUID | None = None
    batches: BatchQuerySet | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a job's row said, and up to which settlement its images have been looked at."""

    row: tuple[object, ...]
    settlement: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """What is new of a job. The first look takes its images for known."""

    job: UUID
    seen: Seen
    progress: Message | None
    end: Message | None
    images: Sequence[Message] = ()
    is_past: bool = False
    is_gone: bool = False


def look(
    topics: Sequence[Topic], known: Mapping[UUID, Seen]
) -> tuple[dict[str, list[UUID]], list[Look]]:
    """The jobs of each topic, by its key; and of all of them those of which there is news."""
    found = {topic.key: _jobs_of(topic) for topic in topics}
    rows = Batch.objects.in_bulk({*known, *(job for jobs in found.values() for job in jobs)})
    news = [_look_at(batch, known.get(pk)) for pk, batch in rows.items()]
    told = {*known, *(topic.job for topic in topics if topic.job)}
    gone = [_gone(job) for job in told - rows.keys()]
    return found, [*filter(None, news), *gone]


def images(job: UUID, after: int) -> list[Message]:
    batch = Batch.objects.filter(pk=job).first()
    return messages.of_images(batch, after)[0] if batch else []


def _jobs_of(topic: Topic) -> list[UUID]:
    if topic.batches is None:
        return [topic.job] if topic.job else []
    started = topic.batches.exclude(state=BatchState.DRAFT).newest_first()
    newest = started.values_list("pk", flat=True)[:NEWEST]
    running = started.active().values_list("pk", flat=True)[:MOST]
    return [*reversed(dict.fromkeys([*newest, *running]))]


def _look_at(batch: Batch, before: Seen | None) -> Look | None:
    row = _row(batch)
    if before and before.row == row and not before.has_more:
        return None
    images, has_more = messages.of_images(batch, before.settlement) if before else ([], False)
    last = images[-1].settlement if images else 0
    status = schemas.job_status(batch)
    return Look(
        batch.pk,
        Seen(row, last if has_more else max(batch.settlements, last), has_more),
        progress=messages.of_job(batch, status),
        end=messages.of_end(batch, status) if batch.is_settled and not has_more else None,
        images=images,
        is_past=bool(batch.settled and timezone.now() - batch.settled > PAST),
    )


def _gone(job: UUID) -> Look:
    return Look(job, Seen((), 0), progress=None, end=messages.of_deleted(job), is_gone=True)


def _row(batch: Batch) -> tuple[object, ...]:
    """All that makes a difference to who listens. `served` moves when another image is begun."""
    counted = (batch.total, batch.done, batch.failed, batch.cancelled, batch.settlements)
    return (batch.state, *counted, batch.paused, batch.served)
