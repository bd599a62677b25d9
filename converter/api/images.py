"""The images of a job: listing, adding, removing, retrying and correcting them."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from ninja.responses import Status
from pydantic import BaseModel, ConfigDict, Field

from converter.accounts import access
from converter.api import making, schemas, sent
from converter.api.openapi_bodies import takes
from converter.api.schemas import FieldOut, ImageResult, JobStatus, RefusedOut
from converter.batches import drafts, lifecycle
from converter.batches.lifecycle import BatchError
from converter.fields import cards, corrections
from converter.models import BatchImage
from converter.uploads import intake

MOST: Final = 200  # images in one answer

router: Final = Router()


class Pictures(BaseModel):
    """More pictures for a draft."""

    model_config = ConfigDict(json_schema_extra=sent.with_pictures)

    images: list[sent.Picture] = Field([], max_length=10_000)


class Added(Schema):
    """What became of the pictures of one call."""

    job_id: UUID
    added: int
    total_images: int
    refused: list[RefusedOut] = Field(description="files that were not taken, each with why")
    pending: list[str] = Field(
        [], description="files that are still being looked at; the job's status tells what came"
    )


class Images(Schema):
    """Images in the order they have in the job."""

    images: list[ImageResult]
    after: int | None = Field(description="the cursor to ask with for more; null: no more")


class Said(Schema):
    """What stands in a field of a card."""

    field: str = Field(max_length=200, description="the name of the field")
    text: str = Field(
        max_length=corrections.LONGEST, description="what the card says there; empty: nothing"
    )


class Card(Schema):
    """The row of an image: its values as they now stand, those of both sides together."""

    image_ids: list[int] = Field(description="the pictures of the card, its front first")
    filename: str
    doubtful: int = Field(description="values to look at")
    fields: list[FieldOut]


@router.get("/{uuid:job_id}/images", response=Images, summary="List the images of a job")
def list_images(
    request: HttpRequest,
    job_id: UUID,
    after: Annotated[int, Query(ge=-1, lt=2**31)] = -1,
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST,
) -> Images:
    """All of them, whether they have been read or not. `after` is the position of the last one
    that you have."""
    batch = access.job_for(request, job_id)
    found = batch.images.kept().filter(position__gt=after).order_by("position")
    found = found.select_related("result").defer("answer", "result__reading")
    shown = list(found[: limit + 1])
    more = shown[limit - 1].position if len(shown) > limit else None
    results = [schemas.image_result(image, with_tables=False) for image in shown[:limit]]
    return Images(images=results, after=more)


@router.post(
    "/{uuid:job_id}/images",
    response=Added,
    summary="Add pictures to a draft",
    openapi_extra=takes(Pictures, files=True),
)
def add_images(request: HttpRequest, job_id: UUID) -> Added:
    batch = access.job_for(request, job_id)
    more = sent.parsed(request, Pictures)
    report = intake.add_files(batch, sent.files(request, more.images))
    if not report:
        raise making.nothing_taken(report)
    batch.refresh_from_db()
    return Added(
        job_id=batch.pk,
        added=len(report.added),
        total_images=batch.total,
        refused=making.refused(report),
        pending=report.pending,
    )


@router.get("/{uuid:job_id}/images/{int:image_id}", response=ImageResult, summary="See an image")
def get_image(request: HttpRequest, job_id: UUID, image_id: int) -> ImageResult:
    """With what was read on it, once it has been."""
    return schemas.image_result(_image(request, job_id, image_id), with_tables=True)


@router.delete(
    "/{uuid:job_id}/images/{int:image_id}",
    response={204: None},
    summary="Remove an image from a draft",
)
def remove_image(request: HttpRequest, job_id: UUID, image_id: int) -> Status[None]:
    image = _image(request, job_id, image_id)
    drafts.remove(image.batch, [image.pk])
    return Status(204, None)


@router.post(
    "/{uuid:job_id}/images/{int:image_id}/retry",
    response={202: JobStatus},
    summary="Retry an image",
)
def retry_image(request: HttpRequest, job_id: UUID, image_id: int) -> Status[JobStatus]:
    """The image must have failed or been cancelled."""
    image = _image(request, job_id, image_id)
    lifecycle.retry_image(image)
    return Status(202, schemas.job_status(image.batch))


@router.get(
    "/{uuid:job_id}/images/{int:image_id}/values", response=Card, summary="See the values of a card"
)
def get_values(request: HttpRequest, job_id: UUID, image_id: int) -> Card:
    return _card(_image(request, job_id, image_id))


@router.put("/{uuid:job_id}/images/{int:image_id}/values", response=Card, summary="Correct a value")
def put_value(request: HttpRequest, job_id: UUID, image_id: int, said: Said) -> Card:
    """What was read is kept beside it. The text that was read, said again, confirms it."""
    image = _image(request, job_id, image_id)
    text = said.text.replace("\0", "")
    corrections.correct(image, said.field, text, access.owner_of(request), program=True)
    return _card(_image(request, job_id, image_id))


@router.delete(
    "/{uuid:job_id}/images/{int:image_id}/values",
    response=Card,
    summary="Undo a correction",
)
def undo_value(
    request: HttpRequest, job_id: UUID, image_id: int, field: Annotated[str, Query(max_length=200)]
) -> Card:
    """The last one of a field; what stood there before stands there again."""
    image = _image(request, job_id, image_id)
    if not corrections.undo(image, field):
        raise BatchError("nothing_corrected", "Nobody has corrected this field.")
    return _card(_image(request, job_id, image_id))


def _image(request: HttpRequest, job_id: UUID, image_id: int) -> BatchImage:
    images = (
        access.job_for(request, job_id).images.kept().select_related("batch", "result", "review")
    )
    return get_object_or_404(images, pk=image_id)


def _card(image: BatchImage) -> Card:
    row = cards.row_of(image)
    values = schemas.values_of(row, cards.specs_of(image.batch))
    return Card(
        image_ids=[side.pk for side in row.sides],
        filename=row.name,
        doubtful=sum(value.doubtful for value in values),
        fields=values,
    )
