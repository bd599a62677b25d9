"""Search over the API: where words stand on the images of the caller."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from converter.accounts import access
from converter.models import BatchImage
from converter.review import finding
from converter.review.finding import Found, Hit

MOST_IMAGES: Final = 50  # in one answer
MOST_PLACES: Final = 100  # of one image

router: Final = Router()


class PlaceFound(Schema):
    """A place where words stand: a cell of a table, a value of a field, or neither."""

    text: str
    table: int | None
    row: int | None
    col: int | None
    field: str | None
    box: list[float] | None = Field(description="left, top, right, bottom; null: not known")


class ImageFound(Schema):
    """An image on which all words stand."""

    job_id: UUID
    job_name: str
    image_id: int
    filename: str
    position: int
    places: list[PlaceFound] = Field(description="those with the most words first")
    count: int = Field(description="how many places there are; not all may be listed")


class SearchFound(Schema):
    """Images of the newest job first, in their order."""

    images: list[ImageFound]
    after: int | None = Field(description="the cursor to ask with for more; null: no more")


@router.get("/search", response=SearchFound, summary="Search in values, names and text")
def search(
    request: HttpRequest,
    q: Annotated[str, Query(max_length=finding.LONGEST)],
    job_id: UUID | None = None,
    after: Annotated[int | None, Query(ge=0, lt=2**63)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_IMAGES)] = 20,
) -> SearchFound:
    """Of all your jobs, or of one. Words are found by how they begin, as they are now: corrections
    count. `after` is the id of the last image that you have."""
    batches = access.batches_for(request)
    if job_id:
        batches = batches.filter(pk=access.batch_for(request, job_id).pk)
    images = finding.images_with(q, batches)
    if after is not None:
        mine = BatchImage.objects.filter(batch__in=batches).select_related("batch")
        images = finding.after(images, get_object_or_404(mine, pk=after))
    pks = list(images.values_list("pk", flat=True)[: limit + 1])
    found = finding.hits_on(images.filter(pk__in=pks[:limit]), q, MOST_PLACES)
    return SearchFound(
        images=[_image(one) for one in found], after=pks[limit - 1] if len(pks) > limit else None
    )


def _image(found: Found) -> ImageFound:
    image = found.image
    return ImageFound(
        job_id=image.batch_id,
        job_name=image.batch.name,
        image_id=image.pk,
        filename=image.display_name,
        position=image.position,
        places=[_place(hit) for hit in found.hits],
        count=found.count,
    )


def _place(hit: Hit) -> PlaceFound:
    return PlaceFound(
        text=hit.text,
        table=hit.table,
        row=hit.cell.row if hit.cell else None,
        col=hit.cell.col if hit.cell else None,
        field=hit.field or None,
        box=[round(float(edge), 1) for edge in hit.box] if hit.box else None,
    )
