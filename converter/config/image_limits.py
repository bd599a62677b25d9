"""What a file may be, from the settings: the same at the door and when it is read."""

from django.conf import settings

from converter.core.images import Limits


def limits() -> Limits:
    return Limits(
        max_bytes=settings.MAX_FILE_SIZE,
        max_pixels=settings.MAX_PIXELS,
        max_pages=settings.MAX_PAGES,
    )
