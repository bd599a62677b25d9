"""The reference for the queue: one image by one plain django-q2 task."""

from __future__ import annotations

from converter.config.options import image_limits
from converter.core.images import open_pages
from converter.models import BatchImage, Result
from converter.reading import pipeline
from converter.storage import layout


def read(pk: int) -> None:
    """Reads one image without a claim, a counter or a second attempt."""
    image = BatchImage.objects.select_related("batch").get(pk=pk)
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
