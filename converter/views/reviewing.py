"""Who looks at an image: it is said to be reviewed, and is reserved for who has it open."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.batches import reviewed
from converter.batches.lifecycle import BatchError
from converter.fields import cards
from converter.models import BatchImage, ImageState, Reservation
from converter.review import reservations
from converter.review.reservations import Holder
from converter.views import answers


@for_reviewers
@require_POST
def set_reviewed(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """`do` is set or unset, of an image, or of the card that it shows."""
    image = access.image_for(request, pk, image_pk)
    front = image if image.card is None else cards.row_of(image).front
    if front.state != ImageState.DONE:
        error = BatchError("image_not_read", "This image has not been read; wait for that.")
        return answers.refusal(request, image.batch, error)
    if request.POST.get("do") == "unset":
        reviewed.unmark(front)
    else:
        reviewed.mark(front, access.author_of(request, image.batch))
    if request.htmx:  # type: ignore[attr-defined]
        front.refresh_from_db()
        context = {"batch": image.batch, "image": image, "front": front, "is_fragment": True}
        return render(request, "review/_reviewed.html", context)
    return redirect("image", pk=pk, image_pk=image_pk)


@for_reviewers
@require_POST
def hold(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """`do` is keep, by a browser that shows it; take, from whoever has it; or release."""
    image = access.image_for(request, pk, image_pk)
    do, holder = request.POST.get("do"), holder_of(request)
    if do == "release":
        reservations.release(image, holder)
        return HttpResponse(status=204)
    if do == "take":
        reservations.take_over(image, holder)
        return redirect("image", pk=pk, image_pk=image_pk)
    context = {"batch": image.batch, "image": image, "held": held_by_other(request, image)}
    return render(request, "review/_held.html", context | {"is_fragment": True})


def held_by_other(request: HttpRequest, image: BatchImage) -> Reservation | None:
    """Reserves an image for the caller; who has it, if somebody else does."""
    return reservations.hold(image, holder_of(request))


def holder_of(request: HttpRequest) -> Holder:
    return Holder(access.browser_of(request), access.name_of(request))
