"""New jobs: all at once, or as a draft that takes pictures in several calls until it is started."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import BaseModel, Field

from converter import access, batches, intake
from converter.api import making, schemas, sent
from converter.api.making import JobMade, RefusedOut
from converter.api.openapi_bodies import takes
from converter.api.options import JobOptions, Submission
from converter.api.schemas import JobStatus

router: Final = Router()


class Added(Schema):
    """What became of the pictures of one call."""

    job_id: UUID
    added: int
    total_images: int
    refused: list[RefusedOut] = Field(description="files that were not taken, each with why")


class Pictures(BaseModel):
    """More pictures for a draft."""

    images: list[sent.Picture] = Field([], max_length=10_000)


@router.post(
    "/convert/batch",
    response={202: JobMade},
    summary="Read many pictures",
    openapi_extra=takes(Submission, files=True),
)
def convert_batch(request: HttpRequest) -> Status[JobMade]:
    """As `/jobs/batch`."""
    return submit(request)


@router.post(
    "/jobs/batch",
    response={202: JobMade},
    summary="Make a job and start it",
    openapi_extra=takes(Submission, files=True),
)
def submit_batch(request: HttpRequest) -> Status[JobMade]:
    """Pictures in base64 as JSON, or files in a form. A file that cannot be used does not stop the
    others; `refused` lists it."""
    return submit(request)


@router.post(
    "/jobs/{uuid:job_id}/images",
    response=Added,
    summary="Add pictures to a draft",
    openapi_extra=takes(Pictures, files=True),
)
def add_images(request: HttpRequest, job_id: UUID) -> Added:
    batch = access.job_for(request, job_id)
    more = sent.parsed(request, Pictures)
    report = intake.add_files(batch, sent.files(request, more.images))
    if not (report.added or report.refused):
        raise making.nothing_taken(report)
    batch.refresh_from_db()
    return Added(
        job_id=batch.pk,
        added=len(report.added),
        total_images=batch.total,
        refused=making.refused(report),
    )


@router.post(
    "/jobs/{uuid:job_id}/start",
    response={202: JobStatus},
    summary="Start a draft",
    openapi_extra=takes(JobOptions, needed=False),
)
def start_job(request: HttpRequest, job_id: UUID) -> Status[JobStatus]:
    """From now on its pictures and options stay as they are. Options may come along."""
    batch = access.job_for(request, job_id)
    options = sent.parsed(request, JobOptions, needed=False)
    batches.start(batch, options.of_batch(request))
    return Status(202, schemas.job_status(batch))


def submit(request: HttpRequest) -> Status[JobMade]:
    submission = sent.parsed(request, Submission)
    files = sent.files(request, submission.images)
    batch, report = making.started(request, submission, files)
    return Status(202, making.made(request, batch, report))
