"""One picture, answered when it has been read; and whether a picture would be accepted at all."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
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
from converter.core.errors import TablexlError
from converter.models import Batch, ImageState, Priority
from converter.uploads import intake

router: Final = Router()

LOOK_SECONDS: Final = 0.1
WAITING_AT_ONCE: Final = 4  # calls that hold a thread of this process; more are told to ask again
_waiting: Final = BoundedSemaphore(WAITING_AT_ONCE)


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
    with _turn_to_wait() as may_wait:
        if may_wait:
            _wait(batch, settings.CONVERT_WAIT_SECONDS if wait is None else wait)
    batch.refresh_from_db()
    told = _told(request, batch, with_tables=single.include_tables)
    return Status(200 if batch.is_settled else 202, told)


@router.post(
    "/convert/validate",
    response=Verdict,
    summary="Validate a picture",
    openapi_extra=takes(Single, files=True, most=1),
)
def validate(request: HttpRequest) -> Verdict:
    """The picture is decoded whole, and nothing of it is kept."""
    single = sent.parsed(request, Single)
    file = _one_file(request, single)
    name = intake.clean_name(file.name)
    with file, TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR, suffix=".upload") as folder:
        try:
            pages = intake.check_file(file, Path(folder))
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


@contextmanager
def _turn_to_wait() -> Iterator[bool]:
    """Whether this call may hold a thread; pages must go on being served meanwhile."""
    may_wait = _waiting.acquire(blocking=False)
    try:
        yield may_wait
    finally:
        if may_wait:
            _waiting.release()


def _wait(batch: Batch, seconds: float) -> None:
    until = time.monotonic() + min(seconds, settings.CONVERT_WAIT_SECONDS)
    unsettled = Batch.objects.active().filter(pk=batch.pk)
    while unsettled.exists() and time.monotonic() < until:
        time.sleep(LOOK_SECONDS)


def _told(request: HttpRequest, batch: Batch, *, with_tables: bool) -> SingleRead:
    status = schemas.job_status(batch)
    where = status.results or _NOWHERE
    read = batch.images.filter(state=ImageState.DONE).select_related("result").order_by("position")
    pages = [schemas.read(image) for image in read] if with_tables else None
    return SingleRead(
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
    )


_NOWHERE: Final = Downloads(file_id="", download_url="", info_url="", preview_url="")
