"""Downloads: workbooks, archives, pictures and thumbnails."""

from __future__ import annotations

from pathlib import PurePath
from typing import IO, Final
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.accounts.sharing import for_guests
from converter.core.errors import ImageError
from converter.exports import formats, workbooks
from converter.models import Consolidation, ImageState
from converter.storage import layout

PICTURE_TYPES: Final = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".bmp": "image/bmp",
}

# A browser that shows a picture alone puts it on a page of its own making, with inline styles.
PICTURE_POLICY: Final = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@for_guests
@require_safe
@never_cache
def workbook(request: HttpRequest, pk: UUID) -> FileResponse:
    """As the batch is to be written, or with `sheets` in another way, this time alone."""
    batch = access.batch_for(request, pk)
    if not batch.done:
        raise Http404("No image of this batch has been read yet.")
    sheets = request.GET.get("sheets", batch.consolidation)
    if sheets not in Consolidation.values:
        raise Http404("There is no such workbook.")
    batch.consolidation = sheets
    return _attachment(workbooks.workbook_file(batch), workbooks.workbook_name(batch))


@for_guests
@require_safe
@never_cache
def archive(request: HttpRequest, pk: UUID, what: str) -> StreamingHttpResponse:
    """Streamed: the archive is made while it is sent."""
    if what not in formats.OF_PAGES:
        raise Http404("There is no such download.")
    kind = formats.OF_PAGES[what]
    batch = access.batch_for(request, pk)
    if not formats.is_ready(batch, kind):
        raise Http404("There is nothing to download yet.")
    name, content_type, pieces = formats.of_batch(batch, kind)
    response = StreamingHttpResponse(pieces, content_type=content_type)
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    return response


@for_guests
@require_safe
@never_cache
def image_workbook(request: HttpRequest, pk: UUID, image_pk: int) -> FileResponse:
    image = access.image_for(request, pk, image_pk)
    if image.state != ImageState.DONE:
        raise Http404("This image has not been read.")
    return _attachment(workbooks.image_workbook_file(image), workbooks.image_workbook_name(image))


@for_guests
@require_safe
@cache_control(private=True, max_age=24 * 3600, immutable=True)
def picture(request: HttpRequest, pk: UUID, image_pk: int) -> FileResponse:
    """The page as it is stored. Only types that no browser runs anything of are ever stored."""
    image = access.image_for(request, pk, image_pk)
    try:
        kind = PICTURE_TYPES[PurePath(image.file).suffix]
        response = FileResponse(layout.open_image(image), content_type=kind)
    except (ImageError, KeyError) as error:
        raise Http404("The file of this image is gone.") from error
    response.headers["Content-Security-Policy"] = PICTURE_POLICY
    return response


@for_guests
@require_safe
@cache_control(private=True, max_age=24 * 3600, immutable=True)
def thumbnail(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """The image, small. Pages turn it themselves, so it never changes."""
    image = access.image_for(request, pk, image_pk)
    try:
        return HttpResponse(layout.thumbnail(image), content_type="image/jpeg")
    except (ImageError, OSError) as error:
        raise Http404("The file of this image is gone.") from error


def _attachment(stream: IO[bytes], name: str) -> FileResponse:
    return FileResponse(stream, as_attachment=True, filename=name, content_type=formats.XLSX)
