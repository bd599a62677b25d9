"""The search: in values, names and print of the caller's batches, or of one of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.models import Batch, BatchImage
from converter.review import finding
from converter.review.finding import Found, Hit
from converter.search.words import terms_of
from converter.views.cutouts import Cutout, place_name, plate_of
from converter.views.readings import around

IMAGES_PER_PAGE: Final = 12
_BEFORE: Final = 60  # characters of a long text that are shown before what was found
_AROUND: Final = 200


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit: its text in parts, of which every second was searched for, its place, and its page."""

    parts: list[str]
    where: str
    url: str
    cutout: Cutout | None


@dataclass(frozen=True, slots=True)
class ShownImage:
    image: BatchImage
    hits: list[ShownHit]
    more: int


@require_safe
@never_cache
def search(request: HttpRequest) -> HttpResponse:
    """`q` is searched for, in the batch of that id if there is one."""
    query = " ".join(request.GET.get("q", "").split())[: finding.LONGEST]
    batches = access.batches_for(request)
    batch = _batch(request, request.GET.get("batch", ""))
    if batch is not None:
        batches = batches.filter(pk=batch.pk)
    images = finding.images_with(query, batches)
    page = Paginator(images, IMAGES_PER_PAGE).get_page(request.GET.get("page"))
    shown = slice(max(page.start_index() - 1, 0), page.end_index())
    found = finding.hits_on(images[shown], query) if page.paginator.count else []
    context = {
        "query": query,
        "batch": batch,
        "page": page,
        "says_something": bool(terms_of(query)),
        "named": finding.batches_named(query, batches) if batch is None else [],
        "found": [_shown(one) for one in found],
    }
    return render(request, "search.html", context)


def _batch(request: HttpRequest, pk: str) -> Batch | None:
    """One of the caller's batches; None if its id is none."""
    try:
        return access.batch_for(request, UUID(pk)) if pk else None
    except ValueError:
        return None


def _shown(found: Found) -> ShownImage:
    return ShownImage(found.image, [_shown_hit(found, hit) for hit in found.hits], found.more)


def _shown_hit(found: Found, hit: Hit) -> ShownHit:
    image = found.image
    at, where = _place(found, hit)
    url = reverse("image", args=[image.batch_id, image.pk]) + at
    cutout = None
    if hit.box:
        cutout = Cutout("", image, plate_of(image), around(hit.box), hit.text, where)
    return ShownHit(list(_parts(hit)), where, url, cutout)


def _place(found: Found, hit: Hit) -> tuple[str, str]:
    """The part of the address that opens a place, and the place in words."""
    if hit.cell is not None and hit.table is not None:
        cell = hit.cell
        at = f"?at={hit.table}.{cell.row}.{cell.col}#editor"
        return at, place_name(hit.table, found.tables[hit.table], cell)
    if hit.value is not None:
        return f"#value-{hit.value + 1}", hit.field
    return "", "the name of the image" if hit.is_name else "beside the tables"


def _parts(hit: Hit) -> Iterator[str]:
    """Of a long text what stands around the first word that was found."""
    first = max(hit.marks[0][0] - _BEFORE, 0)
    last = min(first + _AROUND, len(hit.text))
    end = first
    for start, stop in hit.marks:
        if end <= start < last:
            yield ("…" if first and end == first else "") + hit.text[end:start]
            yield hit.text[start:stop]
            end = stop
    yield hit.text[end:last] + ("…" if last < len(hit.text) else "")
