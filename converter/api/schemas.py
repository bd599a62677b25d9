"""The schemas of jobs (batches), images and readings, and how they are made from rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.urls import reverse
from ninja import Schema
from pydantic import Field

from converter.batches import progress
from converter.core.engines.protocol import TextLine
from converter.core.fields.values import Mark, ValueState
from converter.core.tables.causes import Cause
from converter.core.tables.csv_text import rows_of
from converter.core.tables.doubt import needs_a_look, reasons
from converter.core.tables.model import Box, Table
from converter.core.tables.roles import Role
from converter.fields import cards
from converter.fields.cards import CardRow, Specs
from converter.models import Batch, BatchImage, BatchState, ImageState, OutputFormat

ERRORS_SHOWN: Final = 200
BOX: Final = "left, top, right and bottom, in pixels of the upright picture"


class JobState(StrEnum):
    DRAFT = "draft"
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATES: Final = {state: JobState(state.api_name) for state in BatchState}


class Downloads(Schema):
    """Where the result is. Any format of it is at the same address: `?format=csv`."""

    file_id: str
    download_url: str
    info_url: str
    preview_url: str


class ImageError(Schema):
    """An image that was not read, and why."""

    image_id: int
    filename: str
    code: str
    message: str


class RefusedOut(Schema):
    """A file that was not taken; the others go on."""

    filename: str
    code: str
    message: str


class Job(Schema):
    """A job: how far it is, and where its result is."""

    job_id: UUID
    name: str
    status: JobState
    progress: int = Field(ge=0, le=100, description="finished images in percent")
    processed_images: int
    total_images: int
    failed_images: int
    mode: str
    engine: str
    output_format: OutputFormat
    consolidation_strategy: str
    created: datetime
    started: datetime | None
    settled: datetime | None
    results: Downloads | None = Field(description="once something has been read")


class JobStatus(Job):
    """A job at this moment."""

    current_image: str | None = Field(description="one that is being read")
    eta_seconds: float | None = Field(description="how long it will still take, once measured")
    processing_time: float | None = Field(description="seconds from its start to its end")
    paused: str | None = Field(description="why nothing is read at present, if so")
    errors: list[ImageError] = Field(description=f"images not read, the first {ERRORS_SHOWN}")
    refused: list[RefusedOut] = Field(
        description=f"files that were not taken, the first {ERRORS_SHOWN}"
    )
    pending_files: int = Field(
        description="files that are still being looked at; the job starts when they have been"
    )


class CellOut(Schema):
    """A cell; places count from 0."""

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False
    stub: bool = Field(default=False, description="names its row, in the body")
    indent: int = Field(0, description="how many levels a stub stands below others")
    confidence: float
    doubtful: bool = Field(description="marked in the workbook: compare it with the picture")
    reasons: list[str] = Field([], description="why it is doubtful, in words")
    causes: list[Cause] = Field([], description="the same for programs, beside how clear it is")
    other: str | None = Field(None, description="what a second reading says in its place")
    box: list[float] | None = Field(None, description=BOX)


class TableOut(Schema):
    """A table: its texts row by row, and each cell with what is known of it."""

    rows: list[list[str]]
    cells: list[CellOut]
    box: list[float] | None = Field(None, description=BOX)
    beside: int = Field(0, description="lines of `text` that may belong to the table")


class LineOut(Schema):
    """A line of print outside of all tables."""

    text: str
    box: list[float] | None = Field(None, description=BOX)
    confidence: float
    role: Role | None = Field(None, description="what it is; beside: it may belong to a table")
    table: int | None = Field(None, description="the table that it is of, from 0")


class FieldOut(Schema):
    """The value of a field as it now stands; where there is no text, `state` tells why."""

    name: str
    text: str | None
    confidence: float
    state: ValueState = Field(description="corrected: a person says so, with a text or with none")
    doubtful: bool = Field(description="marked in the workbook: compare it with the picture")
    marks: list[Mark] = Field(description="what speaks against it beside its confidence")
    reasons: list[str] = Field(description="why it is doubtful, in words")
    other: str | None = Field(description="what a second reading says, where it differs")
    read: str | None = Field(description="what was read, where a person has corrected it")


class Read(Schema):
    """What was read on an image."""

    tables: list[TableOut]
    fields: list[FieldOut]
    text: list[LineOut] = Field([], description="what is printed outside of the tables")
    unread: list[list[float]] = Field([], description="boxes of print outside that was not read")


class ImageResult(Schema):
    """What became of one image."""

    cursor: int = Field(description="its place among the results; 0: not completed yet")
    image_id: int
    position: int
    filename: str
    page: int | None
    status: ImageState
    error: ImageError | None
    tables: int
    doubtful: int = Field(description="cells to look at")
    download_url: str | None
    reviewed: datetime | None = Field(None, description="when a person had looked it over")
    reviewed_by: str | None = Field(None, description="who; null: nobody, or one without a login")
    read: Read | None = Field(description="with `include=tables`")


class Results(Schema):
    """Images in the order in which they were completed."""

    job_id: UUID
    status: JobState
    results: list[ImageResult]
    after: int = Field(description="the cursor to ask with next")
    finished: bool = Field(description="nothing more will come unless it is run again")


def job(batch: Batch) -> Job:
    return Job(**_job(batch))


def job_status(batch: Batch) -> JobStatus:
    now = progress.of(batch)
    took = None
    if batch.settled and batch.running_since:
        took = round((batch.settled - batch.running_since).total_seconds(), 3)
    failed = batch.images.filter(state=ImageState.FAILED).order_by("position")
    return JobStatus(
        **_job(batch),
        current_image=now.current[0].display_name if now.current else None,
        eta_seconds=None if now.seconds_left is None else round(now.seconds_left, 1),
        processing_time=took,
        paused=batch.pause_reason if batch.is_paused else None,
        errors=[_error(image) for image in failed[:ERRORS_SHOWN]] if batch.failed else [],
        refused=refused_of(batch),
        pending_files=batch.pending.count() if batch.is_draft else 0,
    )


def state_of(batch: Batch) -> JobState:
    """A draft that starts by itself when its files have been looked at is queued for clients."""
    return JobState.QUEUED if batch.starts_by_itself else STATES[BatchState(batch.state)]


def refused_of(batch: Batch) -> list[RefusedOut]:
    refused = batch.refusals.order_by("pk")[:ERRORS_SHOWN]
    return [RefusedOut(filename=r.name, code=r.code, message=r.message) for r in refused]


def downloads(file_id: str) -> Downloads:
    where = {"file_id": file_id}
    return Downloads(
        file_id=file_id,
        download_url=reverse("api:download", kwargs=where),
        info_url=reverse("api:download_info", kwargs=where),
        preview_url=reverse("api:download_preview", kwargs=where),
    )


def image_file_id(image: BatchImage) -> str:
    return f"{image.batch_id}-{image.pk}"


def image_result(image: BatchImage, *, with_tables: bool) -> ImageResult:
    result = image.result if image.state == ImageState.DONE else None
    return ImageResult(
        cursor=image.settlement or 0,
        image_id=image.pk,
        position=image.position,
        filename=image.name,
        page=image.page,
        status=ImageState(image.state),
        error=_error(image) if image.state == ImageState.FAILED else None,
        tables=result.tables if result else 0,
        doubtful=result.doubtful if result else 0,
        download_url=downloads(image_file_id(image)).download_url if result else None,
        reviewed=image.reviewed,
        reviewed_by=image.reviewed_by or None,
        read=read(image) if result and with_tables else None,
    )


def read(image: BatchImage) -> Read:
    reading = cards.reading_of(image)
    return Read(
        tables=[table(one) for one in reading.tables],
        fields=values_of(CardRow((image,)), cards.specs_of(image.batch)),
        text=[line(one) for one in reading.loose_text],
        unread=[_rounded(box) for box in reading.unread],
    )


def values_of(row: CardRow, specs: Specs) -> list[FieldOut]:
    """The current values of a card, each with what was read."""
    fields = []
    for value, as_read in zip(row.values(specs), row.as_read(specs), strict=True):
        corrected = value.state is ValueState.CORRECTED
        fields.append(
            FieldOut(
                name=value.name,
                text=value.text,
                confidence=round(value.confidence, 3),
                state=value.state,
                doubtful=value.is_doubtful,
                marks=list(value.marks),
                reasons=list(value.reasons),
                other=(as_read if corrected else value).other or None,
                read=as_read.text if corrected else None,
            )
        )
    return fields


def table(one: Table) -> TableOut:
    cells = [
        CellOut(
            row=cell.row,
            col=cell.col,
            text=cell.text,
            rowspan=cell.rowspan,
            colspan=cell.colspan,
            header=cell.header,
            stub=cell.stub,
            indent=cell.indent,
            confidence=round(cell.confidence, 3),
            doubtful=needs_a_look(cell),
            reasons=list(reasons(cell)),
            causes=list(cell.causes),
            other=cell.other or None,
            box=_rounded(cell.box) if cell.box else None,
        )
        for cell in one.cells
    ]
    box = _rounded(one.box) if one.box else None
    return TableOut(rows=list(rows_of(one)), cells=cells, box=box, beside=one.beside)


def line(one: TextLine) -> LineOut:
    return LineOut(
        text=one.text,
        box=_rounded(one.box) if one.box else None,
        confidence=round(one.confidence, 3),
        role=one.role,
        table=one.table,
    )


def _rounded(box: Box) -> list[float]:
    return [round(float(edge), 1) for edge in box]


def _job(batch: Batch) -> dict[str, Any]:
    return {
        "job_id": batch.pk,
        "name": batch.name,
        "status": state_of(batch),
        "progress": batch.percent,
        "processed_images": batch.finished,
        "total_images": batch.total,
        "failed_images": batch.failed,
        "mode": batch.mode,
        "engine": batch.engine,
        "output_format": batch.output_format,
        "consolidation_strategy": batch.consolidation,
        "created": batch.created,
        "started": batch.started,
        "settled": batch.settled,
        "results": downloads(str(batch.pk)) if batch.done else None,
    }


def _error(image: BatchImage) -> ImageError:
    return ImageError(
        image_id=image.pk,
        filename=image.display_name,
        code=image.error_code,
        message=image.error,
    )
