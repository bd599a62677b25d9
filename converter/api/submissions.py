"""New jobs: created and started in one request, or by starting a draft."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from converter.accounts import access
from converter.api import making, schemas, sent
from converter.api.making import JobMade
from converter.api.openapi_bodies import takes
from converter.api.options import JobOptions, Submission
from converter.api.schemas import JobStatus
from converter.batches import lifecycle

router: Final = Router()


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
    summary="Create a job and start it",
    openapi_extra=takes(Submission, files=True),
)
def submit_batch(request: HttpRequest) -> Status[JobMade]:
    """Pictures in base64 as JSON, or files in a form. A file that cannot be used does not stop the
    others; `refused` lists it."""
    return submit(request)


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
    lifecycle.start(batch, options.of_batch(request))
    return Status(202, schemas.job_status(batch))


def submit(request: HttpRequest) -> Status[JobMade]:
    submission = sent.parsed(request, Submission)
    files = sent.files(request, submission.images)
    batch, report = making.started(request, submission, files)
    return Status(202, making.made(request, batch, report))
