"""What the API says about batches, which it calls jobs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from ninja import Schema
from pydantic import Field

from converter.models import Batch, BatchState


class JobState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATES: Final = {
    BatchState.DRAFT: JobState.DRAFT,
    BatchState.QUEUED: JobState.QUEUED,
    BatchState.RUNNING: JobState.PROCESSING,
    BatchState.DONE: JobState.COMPLETED,
    BatchState.PARTIAL: JobState.PARTIAL,
    BatchState.FAILED: JobState.FAILED,
    BatchState.CANCELLED: JobState.CANCELLED,
}


class Job(Schema):
    """A job as lists show it."""

    job_id: UUID
    name: str
    status: JobState
    progress: int = Field(ge=0, le=100, description="finished images in percent")
    processed_images: int
    total_images: int
    failed_images: int
    created: datetime
    started: datetime | None
    settled: datetime | None

    @classmethod
    def of(cls, batch: Batch) -> Self:
        return cls(
            job_id=batch.pk,
            name=batch.name,
            status=STATES[BatchState(batch.state)],
            progress=batch.percent,
            processed_images=batch.finished,
            total_images=batch.total,
            failed_images=batch.failed,
            created=batch.created,
            started=batch.started,
            settled=batch.settled,
        )
