"""One picture, read within the request; and the validation of a picture."""

from __future__ import annotations

import time
from threading import BoundedSemaphore
from typing import Annotated, Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import Field

from converter.accounts import access
from converter.api import making, schemas, sent
from converter.api.openapi_bodies import takes
from converter.api.options import Single
from converter.api.schemas import Downloads, Read
from converter.core.decoding.decoders import StillDecoding
from converter.core.decoding.pages import StoredPage
from converter.core.errors import TablexlError
from converter.models import SETTLED, Batch, ImageState, Priority
from converter.uploads import intake

router: Final = Router()

POLL_SECONDS: Final = 0.1
CHECK_SECONDS: Final = 20.0  # for which a picture is decoded to validate it
WAITING_AT_ONCE: Final = 4  # requests that hold a thread of this process; more get 202 at once
_waiting: Final = BoundedSemaphore(WAITING_AT_ONCE)

_NOWHERE: Final = Downloads(file_id="", download_url="", info_url="", preview_url="")


class SingleRead(Schema):
    """A picture that has been read; or, with 202, the job that it became."""

    success: bool = Field(description="whether all of it has been read")
    job_id: UUID
    session_id: str
    status: schemas.JobState
    status_url: str
    file_id: str | None
    download_url: str | None
    processing_time: float | None
    doubtful: int = Field(0, description="cells to look at")
    pages: list[Read] | None = Field(None, description="what was read, with `include_tables`")
    tables: list[schemas.TableOut] | None = Field(None, description="the tables of all pages")
    errors: list[schemas.ImageError] = []
    refused: list[schemas.RefusedOut] = Field([], description="pages that were not taken, with why")


class Size(Schema):
    """Of a page, in pixels."""

    width: int
    height: int


class Verdict(Schema):
    """Whether a picture would be accepted, and why not."""

    valid: bool
    filename: str
    code: str | None
    message: str | None
    pages: list[Size]


@router.post(
    "/convert/single",
    response={200: SingleRead, 202: SingleRead},
    summary="Read one picture",
    openapi_extra=takes(Single, files=True, most=1),
)
def convert_single(
    request: HttpRequest, wait: Annotated[float | None, Query(ge=0, le=3600)] = None
) -> Status[SingleRead]:
    """The answer comes when the picture has been read. If that takes longer than `wait` seconds,
    or than the server lets a call wait, it is 202, and `status_url` tells when."""
    single = sent.parsed(request, Single)
    file = _one_file(request, single)
    batch, _ = making.started(request, single, [file], priority=Priority.HIGH)
    _wait(batch, settings.CONVERT_WAIT_SECONDS if wait is None else wait)
    batch.refresh_from_db()
    status = schemas.job_status(batch)
    where = status.results or _NOWHERE
    read = (
        batch.images.filter(state=ImageState.DONE)
        .select_related("result", "review")
        .order_by("position")
    )
    pages = [schemas.read(image) for image in read] if single.include_tables else None
    result = SingleRead(
        success=batch.is_settled and batch.done == batch.total,
        job_id=batch.pk,
        session_id=access.session_id(request),
        status=status.status,
        status_url=making.status_url(batch),
        file_id=where.file_id or None,
        download_url=where.download_url or None,
        processing_time=status.processing_time,
        doubtful=sum(image.result.doubtful for image in read),
        pages=pages,
        tables=None if pages is None else [table for page in pages for table in page.tables],
        errors=status.errors,
        refused=status.refused,
    )
    return Status(200 if batch.is_settled else 202, result)


@router.post(
    "/convert/validate",
    response=Verdict,
    summary="Validate a picture",
    openapi_extra=takes(Single, files=True, most=1),
)
def validate(request: HttpRequest) -> Verdict:
    """The picture is decoded in full and not kept."""
    single = sent.parsed(request, Single)
    file = _one_file(request, single)
    name = intake.clean_name(file.name)
    with file:
        try:
            pages = _checked(file)
        except TablexlError as error:
            return Verdict(
                valid=False, filename=name, code=error.code, message=error.message, pages=[]
            )
    sizes = [Size(width=page.width, height=page.height) for page in pages]
    return Verdict(valid=True, filename=name, code=None, message=None, pages=sizes)


def _one_file(request: HttpRequest, single: Single) -> UploadedFile[Any]:
    if sent.file_count(request) > 1:
        raise TablexlError("too_many_files", "This call takes one picture; /jobs/batch takes many.")
    file = next(sent.files(request, single.pictures), None)
    if file is None:
        raise TablexlError("no_file", "There is no picture in this call; send one.")
    return file


def _checked(file: UploadedFile[Any]) -> list[StoredPage]:
    """The pages of a file; raises TablexlError."""
    slow = TablexlError(
        "too_complex", "It takes longer to check than a call may; send it as a job."
    )
    if not _waiting.acquire(blocking=False):
        raise TablexlError("cannot_serve", "Too many pictures are being checked. Try again soon.")
    try:
        return intake.check_file(file, CHECK_SECONDS)
    except StillDecoding as error:
        raise slow from error
    finally:
        _waiting.release()


def _wait(batch: Batch, seconds: float) -> None:
    """Until the batch has settled; not at all if too many requests hold a thread already."""
    if not _waiting.acquire(blocking=False):
        return
    until = time.monotonic() + min(seconds, settings.CONVERT_WAIT_SECONDS)
    unsettled = Batch.objects.filter(pk=batch.pk).exclude(state__in=SETTLED)
    try:
        while unsettled.exists() and time.monotonic() < until:
            time.sleep(POLL_SECONDS)
    finally:
        _waiting.release()
