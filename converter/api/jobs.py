"""Jobs: what was sent to be read, how far it is, and what can be done with it."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Router

from converter import access
from converter.api.schemas import Job

AT_ONCE: Final = 100

router: Final = Router()


@router.get("", response=list[Job], summary="List your jobs")
def list_jobs(request: HttpRequest) -> list[Job]:
    """The newest first."""
    return [Job.of(batch) for batch in access.batches_for(request).newest_first()[:AT_ONCE]]


@router.get("/{uuid:job_id}", response=Job, summary="See a job")
def get_job(request: HttpRequest, job_id: UUID) -> Job:
    return Job.of(access.batch_for(request, job_id))
