"""Trials: the fields of a draft are read on one of its images before the start."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from ninja.responses import Status
from pydantic import BaseModel, Field

from converter.accounts import access
from converter.api import schemas, sent
from converter.api.openapi_bodies import takes
from converter.api.schemas import STATES, JobState, Read
from converter.batches import trials
from converter.models import Batch, BatchState, ImageState

router: Final = Router()


class CheckIn(BaseModel):
    """Which image of the draft to read."""

    image_id: int | None = Field(None, ge=1, lt=2**63, description="the first one if left out")


class Reason(Schema):
    """Why the image was not read."""

    code: str
    message: str


class Check(Schema):
    """What a draft's fields give on one image."""

    job_id: UUID
    image_id: int | None = Field(description="the image of the draft; null once it was taken out")
    filename: str
    status: JobState
    current: bool = Field(description="read by the fields that the draft has now")
    error: Reason | None
    read: Read | None = Field(description="once it has been read")


@router.post(
    "/{uuid:job_id}/check",
    response={202: Check},
    summary="Try the fields of a draft on one image",
    openapi_extra=takes(CheckIn, needed=False),
)
def check_job(request: HttpRequest, job_id: UUID) -> Status[Check]:
    """It is read before all others that wait. The next check replaces this one."""
    batch = access.job_for(request, job_id)
    chosen = sent.parsed(request, CheckIn, needed=False).image_id
    images = batch.images.kept().select_related("batch").order_by("position")
    image = get_object_or_404(images, pk=chosen) if chosen else images.first()
    if image is None:
        raise trials.NothingToTry
    trials.begin(batch, image)
    return Status(202, _check(batch))


@router.get("/{uuid:job_id}/check", response=Check, summary="See the result of a check")
def get_check(request: HttpRequest, job_id: UUID) -> Check:
    return _check(access.job_for(request, job_id))


def _check(batch: Batch) -> Check:
    found = trials.of(batch)
    if found is None:
        raise Http404
    trial, image = found
    image.batch = trial
    original = batch.images.kept().filter(pk=image.upload).first()
    failed = image.state == ImageState.FAILED
    return Check(
        job_id=batch.pk,
        image_id=original.pk if original else None,
        filename=image.display_name,
        status=STATES[BatchState(trial.state)],
        current=trials.is_current(batch, trial),
        error=Reason(code=image.error_code, message=image.error) if failed else None,
        read=schemas.read(image) if image.state == ImageState.DONE else None,
    )
