"""One poll of the rows: the jobs of each topic, and what is new of each job."""

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

NEWEST: Final = 20  # jobs of a session, besides all that run
MOST: Final = 500  # of those that run
PAST: Final = timedelta(hours=1)  # the images of a job that ended longer ago are not sent again


@dataclass(frozen=True, slots=True)
class Topic:
    """What clients listen to: one job, or all jobs of a query."""

    key: str
    job: UUID | None = None
    batches: BatchQuerySet | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """The row of a job at the last poll, and the last settlement that was read."""

    row: tuple[object, ...]
    settlement: int
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class JobUpdate:
    """What is new of a job. Its first update has no images."""

    job: UUID
    seen: Seen
    progress: Message | None
    end: Message | None
    images: Sequence[Message] = ()
    is_past: bool = False
    is_gone: bool = False


def poll(
    topics: Sequence[Topic], known: Mapping[UUID, Seen]
) -> tuple[dict[str, list[UUID]], list[JobUpdate]]:
    """The jobs of each topic by its key, and the updates of all jobs that have changed."""
    found: dict[str, list[UUID]] = {}
    for topic in topics:
        found[topic.key] = [topic.job] if topic.job else []
        if topic.batches is not None:
            started = topic.batches.exclude(state=BatchState.DRAFT).newest_first()
            newest = started.values_list("pk", flat=True)[:NEWEST]
            running = started.active().values_list("pk", flat=True)[:MOST]
            found[topic.key] = [*reversed(dict.fromkeys([*newest, *running]))]
    rows = Batch.objects.in_bulk({*known, *(job for jobs in found.values() for job in jobs)})
    updates = [_update_of(batch, known.get(pk)) for pk, batch in rows.items()]
    expected = {*known, *(topic.job for topic in topics if topic.job)}
    gone = [
        JobUpdate(job, Seen((), 0), progress=None, end=messages.of_deleted(job), is_gone=True)
        for job in expected - rows.keys()
    ]
    return found, [*filter(None, updates), *gone]


def images(job: UUID, after: int) -> list[Message]:
    batch = Batch.objects.filter(pk=job).first()
    return messages.of_images(batch, after)[0] if batch else []


def _update_of(batch: Batch, before: Seen | None) -> JobUpdate | None:
    # All columns that listeners can notice. `served` changes when another image is begun.
    counts = (batch.total, batch.done, batch.failed, batch.cancelled, batch.settlements)
    row = (batch.state, *counts, batch.paused, batch.served)
    if before and before.row == row and not before.has_more:
        return None
    images, has_more = messages.of_images(batch, before.settlement) if before else ([], False)
    last = images[-1].settlement if images else 0
    status = schemas.job_status(batch)
    return JobUpdate(
        batch.pk,
        Seen(row, last if has_more else max(batch.settlements, last), has_more),
        progress=messages.of_job(batch, status),
        end=messages.of_end(batch, status) if batch.is_settled and not has_more else None,
        images=images,
        is_past=bool(batch.settled and timezone.now() - batch.settled > PAST),
    )
