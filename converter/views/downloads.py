"""The way out: workbooks, and the pictures that they came from."""

from __future__ import annotations

from typing import IO, Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from converter import access, exports, storage, thumbnails
from converter.core.errors import ImageError
from converter.models import ImageState

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PICTURE_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}

# A browser that shows a picture alone puts it on a page of its own making, with inline styles.
PICTURE_POLICY: Final = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@require_safe
@never_cache
def workbook(request: HttpRequest, pk: UUID) -> FileResponse:
    batch = access.batch_for(request, pk)
    if not batch.done:
        raise Http404("No image of this batch has been read yet.")
    return _attachment(exports.workbook_file(batch), exports.workbook_name(batch))


@require_safe
@never_cache
def image_workbook(request: HttpRequest, pk: UUID, image_pk: int) -> FileResponse:
    image = access.image_for(request, pk, image_pk)
    if image.state != ImageState.DONE:
        raise Http404("This image has not been read.")
    return _attachment(exports.image_workbook_file(image), exports.image_workbook_name(image))


@require_safe
@cache_control(private=True, max_age=24 * 3600, immutable=True)
def picture(request: HttpRequest, pk: UUID, image_pk: int) -> FileResponse:
    """The page as it is stored. Only types that no browser runs anything of are ever stored."""
    image = access.image_for(request, pk, image_pk)
    try:
        path = storage.image_path(image)
        response = FileResponse(path.open("rb"), content_type=PICTURE_TYPES[path.suffix])
    except (ImageError, FileNotFoundError, KeyError) as error:
        raise Http404("The file of this image is gone.") from error
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@require_safe
@cache_control(private=True, max_age=24 * 3600, immutable=True)
def thumbnail(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """The image, small. Pages turn it themselves, so it never changes."""
    image = access.image_for(request, pk, image_pk)
    try:
        return HttpResponse(thumbnails.of(image), content_type="image/jpeg")
    except (ImageError, OSError) as error:
        raise Http404("The file of this image is gone.") from error


def _attachment(stream: IO[bytes], name: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name, content_type=XLSX)
