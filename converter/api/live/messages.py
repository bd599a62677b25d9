"""What there is to say of a job: its present state, each image that was settled, its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder

from converter.api import schemas
from converter.api.schemas import JobStatus
from converter.models import Batch, BatchImage, BatchState, ImageState

PAGE: Final = 50  # images at a time
STEP: Final = 10  # and so many in one question to the database
PAGE_BYTES: Final = 1 << 16  # and no more than that of what was read, as each listener holds a page

_OF_IMAGE: Final = {
    ImageState.DONE: "image_completed",
    ImageState.FAILED: "image_failed",
    ImageState.CANCELLED: "image_cancelled",
}
TYPES: Final = ("job_progress", *_OF_IMAGE.values(), "job_completed", "job_error")
_READ: Final = (BatchState.DONE, BatchState.PARTIAL)


@dataclass(frozen=True, slots=True, eq=False)
class Message:
    """Said once for everybody. `settlement` is its place to go on from; 0 if it has none."""

    name: str
    text: str
    settlement: int = 0
    is_end: bool = False


def of_images(batch: Batch, after: int) -> tuple[list[Message], bool]:
    """The next images of a job that were settled after a settlement, with what was read on them;
    and whether there may be more."""
    page: list[Message] = []
    size = 0
    for image in islice(_settled_after(batch, after), PAGE):
        page.append(_of_image(batch, image))
        size += len(page[-1].text)
        if size > PAGE_BYTES:
            return page, True
    return page, len(page) == PAGE


def _settled_after(batch: Batch, after: int) -> Iterator[BatchImage]:
    """Some at a time, since one reading alone may be large."""
    images = batch.images.select_related("result").defer("answer")
    while found := list(images.settled_after(after)[:STEP]):
        yield from found
        if len(found) < STEP:
            return
        after = found[-1].settlement or after


def of_job(batch: Batch, status: JobStatus) -> Message:
    return _message("job_progress", batch.pk, status.dict())


def of_end(batch: Batch, status: JobStatus) -> Message:
    """How a settled job ended: with something to download, or without."""
    place = {"settlement": batch.settlements, "is_end": True}
    if batch.state in _READ:
        url = status.results.download_url if status.results else None
        told = status.dict() | {"primary_download_url": url}
        return _message("job_completed", batch.pk, told, **place)
    return _message("job_error", batch.pk, status.dict() | {"message": _why(batch)}, **place)


def of_deleted(job: UUID) -> Message:
    told = {"status": "deleted", "message": "This job was deleted."}
    return _message("job_error", job, told, is_end=True)


def _of_image(batch: Batch, image: BatchImage) -> Message:
    image.batch = batch
    told = schemas.image_result(image, with_tables=True).dict()
    name = _OF_IMAGE[ImageState(image.state)]
    return _message(name, batch.pk, told, settlement=image.settlement or 0)


def _why(batch: Batch) -> str:
    if batch.state == BatchState.CANCELLED:
        return "This job was cancelled; what had been read by then stays."
    return "No image of this job could be read; its errors say why."


def _message(name: str, job: UUID, told: dict[str, Any], **place: Any) -> Message:
    told = {"type": name, "job_id": job} | told
    text = json.dumps(told, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
    return Message(name, text, **place)
