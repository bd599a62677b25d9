"""The page of an image: the picture, what was read on it, and what is in doubt."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.fields import cards
from converter.models import BatchImage, ImageState, Result
from converter.views import card_rows, readings, wording
from converter.views.batches import IMAGES_PER_PAGE

_ENDED: Final = (ImageState.DONE, ImageState.FAILED, ImageState.CANCELLED)


@require_safe
@never_cache
def image_page(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    image = access.image_for(request, pk, image_pk)
    if image.batch.is_draft:
        return redirect("batch", pk=pk)
    result = Result.objects.filter(image=image).select_related("image").first()
    card = card_context(image) if image.card is not None else {}
    reading = result.to_reading() if result else None
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


def card_context(image: BatchImage) -> dict[str, Any]:
    """The values of the card that this picture shows, and the links to other cards."""
    row = cards.row_of(image)
    picture = next(side for side in row.sides if side.pk == image.pk)
    is_settled = all(side.state in _ENDED for side in row.sides)
    values = card_rows.shown(row, cards.specs_of(image.batch), picture) if is_settled else []
    return {
        "row": row,
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
