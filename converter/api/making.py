"""Creating jobs: a draft, its pictures, and its start."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.urls import reverse
from ninja import Schema
from pydantic import Field

from converter.accounts import access
from converter.api.options import JobOptions, new_batch
from converter.api.problems import Invalid, Refusals
from converter.api.schemas import STATES, JobState
from converter.batches import lifecycle
from converter.core.engines.protocol import Mode
from converter.core.errors import ImageError, TablexlError
from converter.models import Batch, BatchState
from converter.uploads import intake


class RefusedOut(Schema):
    """A file that was not taken; the others go on."""

    filename: str
    code: str
    message: str


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


def draft(request: HttpRequest, options: JobOptions, first: str) -> Batch:
    """An empty draft that belongs to the caller."""
    values = new_batch(options.of_batch(request), first)
    by_id = access.shows_nothing(request)
    return Batch.objects.create(**access.owner_of(request), by_id=by_id, **values)


def started(
    request: HttpRequest, options: JobOptions, files: Iterable[UploadedFile[Any]], **more: object
) -> tuple[Batch, intake.IntakeReport]:
    """A started job. Raises TablexlError, and keeps nothing, if no file was accepted."""
    check_fields(request, options)
    batch = draft(request, options, "")
    try:
        report = intake.add_files(batch, _naming(batch, options, files))
        if report.added:
            lifecycle.start(batch, {"name": batch.name} | more)
    except BaseException:
        lifecycle.delete(batch)
        raise
    if not report.added:
        lifecycle.delete(batch)
        raise nothing_taken(report)
    return batch, report


def made(request: HttpRequest, batch: Batch, report: intake.IntakeReport) -> JobMade:
    arguments = {"job_id": batch.pk}
    return JobMade(
        job_id=batch.pk,
        session_id=access.session_id(request),
        status=STATES[BatchState(batch.state)],
        status_url=status_url(batch),
        events_url=f"{reverse('api:get_job', kwargs=arguments)}/events",
        results_url=reverse("api:job_results", kwargs=arguments),
        total_images=batch.total,
        refused=refused(report),
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
