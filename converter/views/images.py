"""The page of an image: the picture, what was read on it, and what is in doubt."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.accounts.sharing import for_guests
from converter.core.errors import EditError
from converter.fields import cards
from converter.models import BatchImage, ImageState, Result, Review
from converter.review import earlier
from converter.views import card_rows, desk, readings, reviewing, wording
from converter.views.batches import IMAGES_PER_PAGE

_ENDED: Final = (ImageState.DONE, ImageState.FAILED, ImageState.CANCELLED)


@for_guests
@require_safe
@never_cache
def image_page(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    image = access.image_for(request, pk, image_pk)
    if image.batch.is_draft:
        return redirect("batch", pk=pk)
    result = (
        Result.objects.filter(image=image).select_related("image__review", "image__batch").first()
    )
    if result and image.card is None and image.batch.may_review:
        return _desk_page(request, image, result)
    card = card_context(image) if image.card is not None else {}
    reading = result.current() if result else None
    shown = readings.show(image, reading)
    context = {
        "batch": image.batch,
        "image": image,
        "result": result,
        "reading": reading,
        "shown": shown,
        "spots": shown.spots,
        "facts": wording.facts(result) if result else "",
        "before": _neighbour(image, -1),
        "after": _neighbour(image, 1),
        "page": (image.position if image.card is None else image.card) // IMAGES_PER_PAGE + 1,
    }
    return render(request, "images/image.html", context | card)


def _desk_page(request: HttpRequest, image: BatchImage, result: Result) -> HttpResponse:
    """The review desk: what was read, as people have left it, to be settled cell by cell."""
    review: Review | None = getattr(result.image, "review", None)
    reading = result.current()
    laid_out = desk.desk_of(reading.tables, review, request.GET.get("at", ""))
    shown = readings.show(image, replace(reading, tables=()))
    context = desk.context_of(image, laid_out) | {
        "result": result,
        "reading": reading,
        "shown": shown,
        "plate": shown.plate,
        "facts": wording.facts(result),
        "before": _neighbour(image, -1),
        "after": _neighbour(image, 1),
        "page": image.position // IMAGES_PER_PAGE + 1,
        "corrected": _corrected(request, image),
        "front": image,
        # A link shares this batch, and not the one before it.
        "earlier": [] if image.batch.link else earlier.differences(result.image, reading.tables),
        "held": reviewing.held_by_other(request, image),
    }
    return render(request, "review/desk.html", context)


def _corrected(request: HttpRequest, image: BatchImage) -> str:
    """Where to ask for the same misreading as in the cell that was corrected just now, maybe on the
    image before."""
    whose, _, at = request.GET.get("same", "").partition(".")
    try:
        desk.place_of(at)
        address = reverse("image-same", args=[image.batch_id, int(whose)])
    except (EditError, NoReverseMatch, ValueError):
        return ""
    return f"{address}?at={at}"


def card_context(image: BatchImage) -> dict[str, Any]:
    """The values of the card that this picture shows, and the links to other cards."""
    row = cards.row_of(image)
    picture = next(side for side in row.sides if side.pk == image.pk)
    is_settled = all(side.state in _ENDED for side in row.sides)
    values = card_rows.shown(row, cards.specs_of(image.batch), picture) if is_settled else []
    return {
        "row": row,
        "front": row.front,
        "values": values,
        "spots": card_rows.spots_of(values),
        "doubts": sum(bool(shown.why) for shown in values),
        "other_sides": [side for side in row.sides if side.pk != image.pk],
        "after_doubt": card_rows.next_doubtful(row),
        "before": card_rows.neighbour(row, -1),
        "after": card_rows.neighbour(row, 1),
    }


def _neighbour(image: BatchImage, step: int) -> BatchImage | None:
    """A started batch counts its images 0, 1, 2 …"""
    others = BatchImage.objects.filter(batch=image.batch_id, position=image.position + step)
    return others.first() if image.position + step >= 0 else None
