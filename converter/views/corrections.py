"""Corrections of a card: a value is corrected or confirmed, and both can be undone."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.batches.lifecycle import BatchError
from converter.core.fields.zones import zone_of
from converter.core.tables.edit_values import boxes_of
from converter.fields import corrections
from converter.fields.corrections import NoSuchField
from converter.models import BatchImage
from converter.views import answers, images, readings


@for_reviewers
@require_POST
def change(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """`do=undo`, or `text` as the value of `field`."""
    image = access.image_for(request, pk, image_pk)
    field = request.POST.get("field", "")
    try:
        if request.POST.get("do") == "undo":
            corrections.undo(image, field)
        else:
            text = request.POST.get("text", "").replace("\0", "")
            corrections.correct(image, field, text, access.author_of(request, image.batch))
    except NoSuchField as error:
        raise Http404(error.message) from error
    except BatchError as error:
        return answers.refusal(request, image.batch, error)
    if request.htmx:  # type: ignore[attr-defined]
        image.refresh_from_db()
        context = images.card_context(image) | {"batch": image.batch, "image": image}
        context |= {"zone": _zone(request.POST.get("boxes", ""), image), "zone_field": field}
        return render(request, "images/_values.html", context | {"is_fragment": True})
    number = request.POST.get("number", "")
    place = f"#value-{number}" if number.isdecimal() else ""
    return redirect(reverse("image", args=[pk, image_pk]) + place)


def _zone(sent: str, image: BatchImage) -> str:
    """The zone around the words that somebody pressed on a picture; "" if none or a value was
    typed."""
    try:
        boxes = boxes_of([box.split() for box in sent.split(",")])
    except (TypeError, ValueError):
        return ""
    plate = readings.show(image, image.result.to_reading()).plate
    return " ".join(map(str, zone_of(boxes, plate.size)))
