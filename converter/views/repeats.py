"""Fix once: a correction is offered for the same misreading elsewhere, shown, taken, taken back."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.batches.lifecycle import BatchError
from converter.core.errors import EditError
from converter.core.tables.edits import SetText
from converter.models import BatchImage, Review
from converter.review import queue, repeats
from converter.review.records import By, Change
from converter.review.repeats import Offer, Place, Twin
from converter.views import answers, desk
from converter.views.cutouts import Cutout, place_name, plate_of
from converter.views.readings import around


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def same(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """The cells that were misread as the one that `at` names, to choose from. `do` is take, with
    the `cell`s that are chosen; doubtful or all; or take_back."""
    image = access.image_for(request, pk, image_pk)
    try:
        place = desk.place_of(request.POST.get("at") or request.GET.get("at", ""))
    except EditError:
        return render(request, "404.html", status=404)
    if request.method == "POST":
        return _act(request, image, place)
    found = repeats.offer(image, place)
    if request.htmx:  # type: ignore[attr-defined]
        context = _context(image, place) | {"offer": found, "is_fragment": True}
        return render(request, "review/_same.html", context)
    context = _context(image, place) | {"offer": found, "cutouts": _cutouts(found)}
    return render(request, "review/same.html", context)


def _act(request: HttpRequest, image: BatchImage, place: Place) -> HttpResponse:
    is_back = request.POST.get("do") == "take_back"
    by = By(access.author_of(request, image.batch), desk=access.browser_of(request))
    try:
        if is_back:
            change, count = repeats.take_back(image, place, by)
        else:
            change, count = repeats.take(image, place, by, _chosen(request, image, place))
    except (BatchError, EditError) as error:
        return _refused(request, image, place, error)
    if request.htmx:  # type: ignore[attr-defined]
        return _fragments(request, image, place, change)
    said = "was taken back in" if is_back else "was taken over in"
    messages.success(request, f"The correction {said} {count} cell{'s' * (count != 1)}.")
    return redirect(f"{reverse('image-same', args=[image.batch_id, image.pk])}?at={_at(place)}")


def _chosen(request: HttpRequest, image: BatchImage, place: Place) -> list[str] | None:
    match request.POST.get("do"):
        case "all":
            return None
        case "doubtful":
            found = repeats.offer(image, place)
            return [twin.key for twin in found.twins if twin.in_doubt] if found else []
        case _:
            return request.POST.getlist("cell")


def _fragments(
    request: HttpRequest, image: BatchImage, place: Place, change: Change
) -> HttpResponse:
    """The cells of this image that changed, and what may be done next."""
    may_undo, may_redo = desk.steps_of(change.review)
    places = [
        (edit.table, (edit.row, edit.col)) for edit in change.edits if isinstance(edit, SetText)
    ]
    context = _context(image, place) | {
        "may_undo": may_undo,
        "may_redo": may_redo,
        "cells": desk.cells_of(change.tables, places),
        "sums": desk.sums_of(change.tables),
        "front": change.review.image,
        "shows_same": True,
        "offer": repeats.offer(image, place),
        "is_fragment": True,
    }
    return render(request, "review/_changed.html", context)


def _refused(
    request: HttpRequest, image: BatchImage, place: Place, error: BatchError | EditError
) -> HttpResponse:
    if not request.htmx:  # type: ignore[attr-defined]
        return answers.refusal(request, image.batch, error)
    review = Review.objects.filter(image=image).first()
    may_undo, may_redo = desk.steps_of(review)
    context = _context(image, place) | {"may_undo": may_undo, "may_redo": may_redo, "error": error}
    return render(request, "review/_changed.html", context, status=409)


def _context(image: BatchImage, place: Place) -> dict[str, Any]:
    return {
        "batch": image.batch,
        "image": image,
        "at": _at(place),
        "elsewhere": queue.left_elsewhere(image),
    }


def _cutouts(found: Offer | None) -> list[tuple[Twin, Cutout]]:
    return [(twin, _cutout(twin)) for twin in found.twins] if found else []


def _cutout(twin: Twin) -> Cutout:
    return Cutout(
        twin.key,
        twin.image,
        plate_of(twin.image),
        around(twin.cell.box),
        twin.cell.text,
        place_name(twin.number, twin.table, twin.cell),
        twin.at,
    )


def _at(place: Place) -> str:
    return ".".join(map(str, place))
