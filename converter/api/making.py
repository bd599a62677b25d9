"""Creating jobs: a draft, its pictures, and its start."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from converter.accounts import access, quota
from converter.api import schemas
from converter.api.options import JobOptions, new_batch
from converter.api.problems import Invalid, Refusals
from converter.api.schemas import JobState, RefusedOut
from converter.batches import lifecycle
from converter.core.engines.protocol import Mode
from converter.core.errors import ImageError, TablexlError
from converter.models import Batch
from converter.uploads import intake
from converter.workers import processes


class JobMade(Schema):
    """A new job, and the URLs to follow it."""

    success: bool = True
    job_id: UUID
    session_id: str = Field(description="all jobs of this client, for the socket")
    status: JobState
    status_url: str
    events_url: str
    results_url: str
    total_images: int
    refused: list[RefusedOut] = Field([], description="files that were not taken, each with why")
    pending: list[str] = Field(
        [], description="files that are still being looked at; the job starts when they have been"
    )


def draft(request: HttpRequest, options: JobOptions, first: str, made_by: str = "") -> Batch:
    """An empty draft that belongs to the caller; or to the process of a call that starts it."""
    values = new_batch(options.of_batch(request), first)
    by_id = access.shows_nothing(request)
    owner = quota.owner_of_batch(request)
    return Batch.objects.create(**owner, by_id=by_id, made_by=made_by, **values)


def started(
    request: HttpRequest, options: JobOptions, files: Iterable[UploadedFile[Any]], **more: object
) -> tuple[Batch, intake.IntakeReport]:
    """A started job. Raises TablexlError, and keeps nothing, if no file was accepted; or if one was
    not for a fault of ours, unless the caller takes a part of the job."""
    check_fields(request, options)
    batch = draft(request, options, "", made_by=processes.identity())
    try:
        report = intake.add_files(batch, _naming(batch, options, files))
        if report.fault and not options.partial:
            raise TablexlError(report.fault.code, report.fault.message)  # noqa: TRY301
        if report.added or report.pending:
            what = {"name": batch.name, "partial": options.partial}
            lifecycle.start(batch, what | more)
    except BaseException:
        with suppress(DatabaseError):  # the sweep finds a draft that its call did not start
            lifecycle.delete(batch)
        raise
    if not (report.added or report.pending):
        lifecycle.delete(batch)
        raise nothing_taken(report)
    return batch, report


def made(request: HttpRequest, batch: Batch, report: intake.IntakeReport) -> JobMade:
    arguments = {"job_id": batch.pk}
    return JobMade(
        job_id=batch.pk,
        session_id=access.session_id(request),
        status=schemas.state_of(batch),
        status_url=status_url(batch),
        events_url=f"{reverse('api:get_job', kwargs=arguments)}/events",
        results_url=reverse("api:job_results", kwargs=arguments),
        total_images=batch.total,
        refused=refused(report),
        pending=report.pending,
    )


def status_url(batch: Batch) -> str:
    return reverse("api:job_status", kwargs={"job_id": batch.pk})


def refused(report: intake.IntakeReport) -> list[RefusedOut]:
    return [
        RefusedOut(filename=one.name, code=one.code, message=one.message) for one in report.refused
    ]


def check_fields(request: HttpRequest, options: JobOptions) -> None:
    """Raises TablexlError if fields are to be read and none is named."""
    values = options.of_batch(request)
    if values.get("mode") == Mode.FIELDS and not values.get("fields"):
        raise TablexlError("fields_missing", "Name at least one field to read, or a template_id.")


def _naming(
    batch: Batch, options: JobOptions, files: Iterable[UploadedFile[Any]]
) -> Iterable[UploadedFile[Any]]:
    """The files; a batch without a name takes the name of the first."""
    for number, file in enumerate(files):
        if number == 0 and not options.name:
            batch.name = new_batch({}, file.name or "")["name"]
        yield file


def nothing_taken(report: intake.IntakeReport) -> TablexlError:
    if not report.refused:
        return TablexlError("no_file", "There is no picture in this call; send at least one.")
    first = report.refused[0]
    if len(report.refused) == 1:
        return ImageError(first.code, first.message)
    places = [Invalid(at=one.name, message=f"{one.message} ({one.code})") for one in report.refused]
    return Refusals(first.code, "None of these files could be taken.", places)
