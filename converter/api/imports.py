"""Imports: a CSV file of addresses is sent, and each row comes back with its result."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import content_disposition_header
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from converter.accounts import access, origins
from converter.api import making, schemas, sent
from converter.api.openapi_bodies import takes_file
from converter.api.options import JobOptions
from converter.api.schemas import Downloads
from converter.core.errors import TablexlError
from converter.exports import workbooks
from converter.imports import manifests, results, retry
from converter.imports.results import ImportProgress
from converter.imports.results import Status as ImportState
from converter.models import Manifest

ERRORS_SHOWN: Final = 200
CSV: Final = "text/csv; charset=utf-8"

_FILE: Final[dict[str, Any]] = {
    "responses": {
        200: {
            "description": "The file",
            "content": {CSV: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}

router: Final = Router()


class RowError(Schema):
    """What is wrong with a row, or with an address in it; the others go on."""

    line: int = Field(description="of the file, from 1")
    url: str | None = Field(description="the address, if the row itself can be used")
    code: str
    message: str


class ImportStatus(Schema):
    """The status of an import."""

    success: bool = True
    request_id: UUID
    job_id: UUID = Field(description="the job that reads its pictures")
    session_id: str
    filename: str
    status: ImportState
    progress: int = Field(ge=0, le=100, description="half for fetching, half for reading")
    status_url: str
    output_url: str = Field(description="the CSV file with what became of each row")
    columns: list[str]
    url_columns: list[str] = Field(description="those with addresses of pictures")
    encoding: str
    rows: int
    rows_refused: int
    urls: int = Field(description="each counts once")
    urls_fetched: int
    urls_failed: int
    images: int
    images_read: int
    images_failed: int
    results: Downloads | None = Field(description="of the job, once something has been read")
    errors: list[RowError] = Field(description=f"by line, the first {ERRORS_SHOWN}")


@router.post(
    "/upload",
    response={202: ImportStatus},
    summary="Import pictures from the web",
    openapi_extra=takes_file(JobOptions),
)
def upload_manifest(request: HttpRequest) -> Status[ImportStatus]:
    """One CSV file in a form, with the options of a job beside it. Its pictures are fetched, and
    read as one job. A row that cannot be used does not stop the others."""
    manifests.check_enabled()
    if not sent.is_form(request):
        message = "Send the CSV file in a form (multipart/form-data)."
        raise TablexlError("unsupported_media_type", message)
    options = sent.parsed(request, JobOptions)
    making.check_fields(request, options)
    if sent.file_count(request) > 1:
        raise TablexlError("too_many_files", "Send one CSV file a call.")
    file = next(sent.files(request, []), None)
    if file is None:
        raise TablexlError("no_file", "There is no CSV file in this call; send one, in a form.")
    found = manifests.read_file(file)
    with transaction.atomic():
        batch = making.draft(request, options, file.name or "")
        manifest = manifests.keep(batch, file.name or "", found)
        manifests.start(manifest)
    return Status(202, _status(request, manifest))


@router.get(
    "/status/{uuid:request_id}", response=ImportStatus, summary="See the status of an import"
)
def import_status(request: HttpRequest, request_id: UUID) -> ImportStatus:
    return _status(request, access.import_for(request, request_id))


@router.post(
    "/status/{uuid:request_id}/retry",
    response={202: ImportStatus},
    summary="Retry failed addresses of an import",
)
def retry_import(request: HttpRequest, request_id: UUID) -> Status[ImportStatus]:
    """As a new import of the rows whose pictures could not be fetched; its status is returned."""
    manifest = retry.fetch_again(access.import_for(request, request_id))
    return Status(202, _status(request, manifest))


@router.get(
    "/status/{uuid:request_id}/output",
    response={200: None},
    summary="Download the results of an import",
    openapi_extra=_FILE,
)
def import_output(request: HttpRequest, request_id: UUID) -> HttpResponseBase:
    """The columns of the file that was sent, and behind them `status`, `error`, and the address of
    each result, or a column for each field."""
    manifest = access.import_for(request, request_id)
    pieces = results.output(manifest, lambda image: origins.result_url(request, image))
    response = StreamingHttpResponse(pieces, content_type=CSV)
    name = workbooks.file_name(manifest.batch, ", results.csv")
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


def _status(request: HttpRequest, manifest: Manifest) -> ImportStatus:
    batch = manifest.batch
    batch.refresh_from_db()
    now: ImportProgress = results.progress(manifest)
    where = {"request_id": manifest.pk}
    return ImportStatus(
        request_id=manifest.pk,
        job_id=batch.pk,
        session_id=access.session_id(request),
        filename=manifest.file_name,
        status=now.status,
        progress=now.percent,
        status_url=reverse("api:import_status", kwargs=where),
        output_url=reverse("api:import_output", kwargs=where),
        columns=manifest.header,
        url_columns=[manifest.header[number] for number in manifest.columns["addresses"]],
        encoding=manifest.encoding,
        rows=now.rows,
        rows_refused=now.rows_refused,
        urls=now.addresses,
        urls_fetched=now.fetched,
        urls_failed=now.not_fetched,
        images=now.total,
        images_read=now.done,
        images_failed=now.failed,
        results=schemas.downloads(str(batch.pk)) if batch.done else None,
        errors=[
            RowError(line=one.line, url=one.url or None, code=one.code, message=one.message)
            for one in results.problems(manifest, ERRORS_SHOWN)
        ],
    )
