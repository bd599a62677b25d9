"""The reference for the queue: one image by one plain django-q2 task."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from converter.config.options import image_limits
from converter.core.images import open_pages
from converter.models import BatchImage, Result
from converter.reading import pipeline
from converter.storage import layout

PLAIN: Final = "tests.bench.plain.read"


def read(number: str) -> None:
    """Reads one image without a claim, a counter or a second attempt.

    A task carries UUIDs alone, so the image's number comes as one.
    """
    image = BatchImage.objects.select_related("batch").get(pk=UUID(number).int)
    with layout.local_file(image) as path:
        page = next(iter(open_pages(path, image_limits(), image.name)))
    reading = pipeline.engine("instant").read(page, pipeline.request_for(image.batch))
    Result.objects.create(
        image=image,
        engine="instant",
        model=reading.model,
        reading=reading.to_json(),
        tables=len(reading.tables),
        doubtful=reading.doubtful,
        seconds=reading.seconds,
    )
