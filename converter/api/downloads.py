"""Downloads: the results of a job, or of one image, in any format."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple
from uuid import UUID

from django.db.models import Count, Sum
from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import Field

from converter.accounts import access
from converter.api import schemas
from converter.batches import lifecycle, retention
from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Mode
from converter.core.errors import TablexlError
from converter.core.tables.csv_text import rows_of
from converter.exports import formats
from converter.exports.formats import Download, Format
from converter.fields import cards
from converter.models import (
    Batch,
    BatchImage,
    BatchImageQuerySet,
    BatchState,
    Consolidation,
    ImageState,
)

PREVIEW_TABLES: Final = 5
PREVIEW_ROWS: Final = 20
PREVIEW_COLUMNS: Final = 50
_FILE_ID: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:-([0-9]{1,18}))?")

# Of these files only JSON has a schema.
_FILE: Final = {"schema": {"type": "string", "format": "binary"}}
_IMAGE: Final = {
    "type": "object",
    "required": ["name", "page", "state"],
    "properties": {
        "name": {"type": "string"},
        "page": {"type": ["integer", "null"]},
        "state": {"enum": ImageState.values},
    },
}
_JSON: Final = {
    "type": "object",
    "required": ["name", "state", "mode", "engine", "images"],
    "properties": {
        "name": {"type": "string"},
        "state": {"enum": BatchState.values},
        "mode": {"enum": list(Mode)},
        "engine": {"type": "string"},
        "images": {"type": "array", "items": _IMAGE},
    },
}
_FILES: Final = dict.fromkeys(formats.CONTENT_TYPES, _FILE) | {
    "application/json": {"schema": _JSON}
}
_DOWNLOAD: Final = {"responses": {200: {"description": "The file", "content": _FILES}}}

router: Final = Router()


class FormatOut(Schema):
    """A format in which a result can be had."""

    format: Format
    download_url: str
    filename: str
    content_type: str
    description: str


class Info(Schema):
    """What a file id stands for."""

    file_id: str
    job_id: UUID
    image_id: int | None
    filename: str = Field(description="of the format that comes if none is asked for")
    status: str
    images: int
    images_read: int
    tables: int
    doubtful: int
    created: datetime
    deleted_at: datetime | None = Field(description="when it goes by itself, if ever")
    formats: list[FormatOut]


class PreviewTable(Schema):
    """The beginning of a table."""

    image_id: int
    filename: str
    rows: list[list[str]]
    total_rows: int
    total_columns: int


class Preview(Schema):
    """The beginning of a result, as text."""

    file_id: str
    tables: list[PreviewTable]
    fields: list[dict[str, str | None]] = Field(description="a row for each image, in fields mode")
    complete: bool = Field(description="whether this is all that there is")


class _File(NamedTuple):
    """What a file id stands for: a job, or one image of it."""

    batch: Batch
    image: BatchImage | None


@router.get(
    "/{file_id}", response={200: None}, summary="Download a result", openapi_extra=_DOWNLOAD
)
def download(
    request: HttpRequest,
    file_id: str,
    format: Format | None = None,  # noqa: A002
    consolidation_strategy: Consolidation | None = None,
) -> HttpResponseBase:
    """The file of a job, or of one of its images; a job's id is a file id too.

    Without a format it is the workbook, or for an `individual` job the archive of workbooks.
    With a `consolidation_strategy` it is written in that way instead of the job's, this time alone.
    """
    batch, image = _file(request, file_id)
    batch.consolidation = consolidation_strategy or batch.consolidation
    kind = format or (Format.XLSX if image else formats.default_of(batch))
    if image and kind not in formats.OF_IMAGE:
        raise TablexlError("no_such_format", "One image can be had as xlsx, csv or json.")
    if not _is_there(batch, image, kind):
        raise BatchError("nothing_read", "Nothing of it has been read yet; ask for its status.")
    name, content_type, pieces = _download(batch, image, kind)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@router.get("/{file_id}/info", response=Info, summary="See what a file contains")
def download_info(request: HttpRequest, file_id: str) -> Info:
    batch, image = _file(request, file_id)
    usual = Format.XLSX if image else formats.default_of(batch)
    url = schemas.downloads(schemas.image_file_id(image) if image else str(batch.pk)).download_url
    kinds = [
        kind for kind in (formats.OF_IMAGE if image else Format) if _is_there(batch, image, kind)
    ]
    read = _read(batch, image).aggregate(
        images=Count("pk"), tables=Sum("result__tables"), doubtful=Sum("result__doubtful")
    )
    return Info(
        file_id=file_id,
        job_id=batch.pk,
        image_id=image.pk if image else None,
        filename=_download(batch, image, usual).name,
        status=image.state if image else schemas.state_of(batch),
        images=1 if image else batch.total,
        images_read=read["images"],
        tables=read["tables"] or 0,
        doubtful=read["doubtful"] or 0,
        created=batch.created,
        deleted_at=retention.goes_at(batch),
        formats=[
            FormatOut(
                format=kind,
                download_url=f"{url}?format={kind}",
                filename=file.name,
                content_type=file.content_type,
                description=formats.about(kind),
            )
            for kind, file in ((kind, _download(batch, image, kind)) for kind in kinds)
        ],
    )


@router.get("/{file_id}/preview", response=Preview, summary="Preview a result")
def download_preview(request: HttpRequest, file_id: str) -> Preview:
    """The first rows of the first tables, or the fields of the first images."""
    batch, image = _file(request, file_id)
    read = _read(batch, image).select_related("result", "review").order_by("position")
    shown = list(read[: PREVIEW_TABLES + 1])
    tables = [
        PreviewTable(
            image_id=one.pk,
            filename=one.display_name,
            rows=[row[:PREVIEW_COLUMNS] for row in islice(rows_of(table), PREVIEW_ROWS)],
            total_rows=table.n_rows,
            total_columns=table.n_cols,
        )
        for one in shown[:PREVIEW_TABLES]
        for table in one.result.current().tables
    ]
    fields = [
        {field.name: field.text for field in cards.reading_of(one).fields}
        | {"Image": one.display_name}
        for one in shown[:PREVIEW_TABLES]
        if batch.mode == Mode.FIELDS
    ]
    return Preview(
        file_id=file_id,
        tables=tables[:PREVIEW_TABLES],
        fields=fields,
        complete=len(shown) <= PREVIEW_TABLES
        and len(tables) <= PREVIEW_TABLES
        and all(len(table.rows) == table.total_rows for table in tables),
    )


@router.delete("/{file_id}", response={204: None}, summary="Delete a result")
def delete_download(request: HttpRequest, file_id: str) -> Status[None]:
    """Deletes the job with its pictures and results. The file of one image goes with its job."""
    batch, image = _file(request, file_id)
    if image:
        raise BatchError("part_of_job", "This file is a part of a job; delete the whole job.")
    lifecycle.delete(batch)
    return Status(204, None)


def _file(request: HttpRequest, file_id: str) -> _File:
    match = _FILE_ID.fullmatch(file_id)
    if not match:
        raise Http404
    batch = access.job_for(request, UUID(match[1]))
    if not match[2]:
        return _File(batch, None)
    image = get_object_or_404(batch.images.select_related("result"), pk=int(match[2]))
    image.batch = batch
    return _File(batch, image)


def _is_there(batch: Batch, image: BatchImage | None, kind: Format) -> bool:
    if image:
        return kind in formats.OF_IMAGE and image.state == ImageState.DONE
    return formats.is_ready(batch, kind)


def _read(batch: Batch, image: BatchImage | None) -> BatchImageQuerySet:
    read = batch.images.filter(state=ImageState.DONE)
    return read.filter(pk=image.pk) if image else read


def _download(batch: Batch, image: BatchImage | None, kind: Format) -> Download:
    return formats.of_image(image, kind) if image else formats.of_batch(batch, kind)
