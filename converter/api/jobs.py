"""Jobs: listing, status, results, and every action on a job."""

from __future__ import annotations

from typing import Annotated, Final, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import BaseModel, Field

from converter.accounts import access
from converter.api import making, schemas, sent
from converter.api.making import JobMade
from converter.api.openapi_bodies import takes
from converter.api.options import JobOptions
from converter.api.schemas import Job, JobStatus, Results
from converter.batches import drafts, lifecycle, rerun
from converter.uploads import intake

MOST: Final = 200  # jobs, or results, in one answer
MOST_WITH_TABLES: Final = 25

router: Final = Router()


class Jobs(Schema):
    """Your jobs, the newest first."""

    jobs: list[Job]
    before: UUID | None = Field(description="the cursor to ask with for older ones; null: no more")


class GoOn(BaseModel):
    """Who reads the rest."""

    engine: Literal["local"] | None = Field(
        None, description="local: on this machine from now on; as before if left out"
    )


@router.get("", response=Jobs, summary="List your jobs")
def list_jobs(
    request: HttpRequest,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
    before: UUID | None = None,
) -> Jobs:
    """The newest first; `before` is the id of the last one that you have."""
    mine = access.batches_for(request)
    if before:
        mine = mine.older_than(access.batch_for(request, before))
    found = list(mine.newest_first()[: limit + 1])
    more = found[limit - 1].pk if len(found) > limit else None
    return Jobs(jobs=[schemas.job(batch) for batch in found[:limit]], before=more)


@router.post(
    "",
    response={201: JobMade},
    summary="Create a draft",
    openapi_extra=takes(JobOptions, needed=False),
)
def create_draft(request: HttpRequest) -> Status[JobMade]:
    """A job that takes pictures in as many calls as you like, until it is started."""
    options = sent.parsed(request, JobOptions, needed=False)
    batch = making.draft(request, options, "")
    return Status(201, making.made(request, batch, intake.IntakeReport()))


@router.get("/{uuid:job_id}", response=JobStatus, summary="See a job")
def get_job(request: HttpRequest, job_id: UUID) -> JobStatus:
    return schemas.job_status(access.job_for(request, job_id))


@router.patch(
    "/{uuid:job_id}",
    response=JobStatus,
    summary="Change the options of a draft",
    openapi_extra=takes(JobOptions),
)
def change_job(request: HttpRequest, job_id: UUID) -> JobStatus:
    """Options that are left out stay as they are."""
    batch = access.job_for(request, job_id)
    options = sent.parsed(request, JobOptions)
    drafts.configure(batch, options.of_batch(request))
    return get_job(request, job_id)


@router.get("/{uuid:job_id}/status", response=JobStatus, summary="See the status of a job")
def job_status(request: HttpRequest, job_id: UUID) -> JobStatus:
    return schemas.job_status(access.job_for(request, job_id))


@router.get("/{uuid:job_id}/results", response=Results, summary="List the results of a job")
def job_results(
    request: HttpRequest,
    job_id: UUID,
    after: Annotated[int, Query(ge=0, lt=2**31)] = 0,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST_WITH_TABLES,
    include: Literal["tables"] | None = None,
) -> Results:
    """Images in the order in which they were completed, those after a cursor.

    With `include=tables` each with what was read on it, and at most 25 at a time.
    """
    batch = access.job_for(request, job_id)
    most = min(limit, MOST_WITH_TABLES) if include else limit
    settled = batch.images.settled_after(after).select_related("result", "review")
    if include:
        settled = settled.prefetch_related("corrections")
    else:
        settled = settled.defer("result__reading")
    found = list(settled.defer("answer")[:most])
    last = (found[-1].settlement or after) if found else after
    return Results(
        job_id=batch.pk,
        status=schemas.state_of(batch),
        results=[schemas.image_result(image, with_tables=bool(include)) for image in found],
        after=last,
        finished=batch.is_settled and last >= batch.settlements,
    )


@router.post("/{uuid:job_id}/retry", response={202: JobStatus}, summary="Retry failed images")
def retry_job(request: HttpRequest, job_id: UUID) -> Status[JobStatus]:
    """Only the failed images are read again."""
    batch = access.job_for(request, job_id)
    lifecycle.retry_failed(batch)
    return Status(202, schemas.job_status(batch))


@router.post("/{uuid:job_id}/cancel", response=JobStatus, summary="Cancel a job")
def cancel_job(request: HttpRequest, job_id: UUID) -> JobStatus:
    """What has been read stays. A job that has ended stays as it is."""
    batch = access.job_for(request, job_id)
    lifecycle.cancel(batch)
    batch.refresh_from_db()
    return schemas.job_status(batch)


@router.post("/{uuid:job_id}/resume", response={202: JobStatus}, summary="Resume a cancelled job")
def resume_job(request: HttpRequest, job_id: UUID) -> Status[JobStatus]:
    """What was read stays; the images that were cancelled are read."""
    batch = access.job_for(request, job_id)
    lifecycle.resume(batch)
    return Status(202, schemas.job_status(batch))


@router.post(
    "/{uuid:job_id}/go-on",
    response={202: JobStatus},
    summary="Resume a paused job",
    openapi_extra=takes(GoOn, needed=False),
)
def go_on_with_job(request: HttpRequest, job_id: UUID) -> Status[JobStatus]:
    """A job pauses by itself where all images would fail for one reason; `paused` says which."""
    batch = access.job_for(request, job_id)
    lifecycle.go_on(batch, sent.parsed(request, GoOn, needed=False).engine or "")
    return Status(202, schemas.job_status(batch))


@router.post("/{uuid:job_id}/again", response={201: JobMade}, summary="Run a job again")
def run_again(request: HttpRequest, job_id: UUID) -> Status[JobMade]:
    """A new draft with its pictures and options, which can be changed before it is started."""
    draft = rerun.run_again(access.job_for(request, job_id))
    return Status(201, making.made(request, draft, intake.IntakeReport()))


@router.delete("/{uuid:job_id}", response={204: None}, summary="Delete a job")
def delete_job(request: HttpRequest, job_id: UUID) -> Status[None]:
    """With its pictures and results; a job that is being read is ended."""
    lifecycle.delete(access.job_for(request, job_id))
    return Status(204, None)
