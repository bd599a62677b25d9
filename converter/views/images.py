"""An image as its owner sees it: the picture, what was read of it, and what is in doubt."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter import access
from converter.models import BatchImage, Result
from converter.views import readings, wording
from converter.views.batches import IMAGES_PER_PAGE


@require_safe
@never_cache
def image_page(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    image = access.image_for(request, pk, image_pk)
    if image.batch.is_draft:
        return redirect("batch", pk=pk)
    result = Result.objects.filter(image=image).first()
    reading = result.to_reading() if result else None
    context = {
        "batch": image.batch,
        "image": image,
        "result": result,
        "reading": reading,
        "shown": readings.show(image, reading),
        "facts": wording.facts(result) if result else "",
        "before": _neighbour(image, -1),
        "after": _neighbour(image, 1),
        "page": image.position // IMAGES_PER_PAGE + 1,
    }
    return render(request, "images/image.html", context)


def _neighbour(image: BatchImage, step: int) -> BatchImage | None:
    """A started batch counts its images 0, 1, 2 …"""
    others = BatchImage.objects.filter(batch=image.batch_id, position=image.position + step)
    return others.first() if image.position + step >= 0 else None
