"""The messages about a job: its progress, each settled image, and its end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from converter.api import schemas
from converter.api.schemas import JobStatus
from converter.models import Batch, BatchState, ImageState

PAGE: Final = 50  # images at a time
STEP: Final = 10  # per query
PAGE_BYTES: Final = 1 << 16  # of readings, since each listener holds a page

_OF_IMAGE: Final = {
    ImageState.DONE: "image_completed",
    ImageState.FAILED: "image_failed",
    ImageState.CANCELLED: "image_cancelled",
}
TYPES: Final = ("job_progress", *_OF_IMAGE.values(), "job_completed", "job_error")
_READ: Final = (BatchState.DONE, BatchState.PARTIAL)


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """Shared by all listeners. `settlement` is where to resume after it; 0 if nowhere."""

    name: str
    text: str
    settlement: int = 0
    is_end: bool = False


def of_images(batch: Batch, after: int) -> tuple[list[Message], bool]:
    """The next images of a job that were settled after a settlement, with what was read on them;
    and whether there may be more."""
    page: list[Message] = []
    size = 0
    images = batch.images.select_related("result").defer("answer")
    # A few rows at a time, since even one reading may be large.
    while found := list(images.settled_after(after)[:STEP]):
        for image in found:
            image.batch = batch
            result = schemas.image_result(image, with_tables=True).dict()
            after = image.settlement or after
            name = _OF_IMAGE[ImageState(image.state)]
            page.append(_message(name, batch.pk, result, settlement=image.settlement or 0))
            size += len(page[-1].text)
            if size > PAGE_BYTES or len(page) == PAGE:
                return page, True
        if len(found) < STEP:
            break
    return page, False


def of_job(batch: Batch, status: JobStatus) -> Message:
    return _message("job_progress", batch.pk, status.dict())


def of_end(batch: Batch, status: JobStatus) -> Message:
    """How a settled job ended: with something to download, or without."""
    place = {"settlement": batch.settlements, "is_end": True}
    if batch.state in _READ:
        url = status.results.download_url if status.results else None
        content = status.dict() | {"primary_download_url": url}
        return _message("job_completed", batch.pk, content, **place)
    if batch.state == BatchState.CANCELLED:
        why = "This job was cancelled; what had been read by then stays."
    else:
        why = "No image of this job could be read; its errors say why."
    return _message("job_error", batch.pk, status.dict() | {"message": why}, **place)


def of_deleted(job: UUID) -> Message:
    content = {"status": "deleted", "message": "This job was deleted."}
    return _message("job_error", job, content, is_end=True)


def _message(name: str, job: UUID, content: dict[str, Any], **place: Any) -> Message:
    content = {"type": name, "job_id": job} | content
    text = json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return Message(name, text, **place)
