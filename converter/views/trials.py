"""The trial before the start: what each field means, and what is read for it on one image."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from converter.accounts import access, origins
from converter.batches import drafts, trials
from converter.core.errors import TablexlError
from converter.fields import cards, templates
from converter.fields.templates import NameTaken
from converter.forms import OptionsForm, is_id
from converter.models import NAME_LENGTH, Batch, BatchImage
from converter.util.text_input import one_line
from converter.views import card_rows, meanings, readings
from converter.views.drafts import draft_page

_POLL_SECONDS: Final = 1


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """POST tries the fields, with the options of the page if it sent them; or saves a template."""
    batch = access.batch_for(request, pk)
    if not batch.is_draft:
        return redirect("batch", pk=pk)
    if request.method != "POST":
        return render(request, "fields/check.html", _context(batch))
    return _save(request, batch) if request.POST.get("do") == "save" else _try(request, batch)


@require_safe
@never_cache
def trial(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only the polled region. Once the image has been read it has no trigger any more."""
    batch = access.batch_for(request, pk)
    return render(request, "fields/check.html#trial", _context(batch))


def _try(request: HttpRequest, batch: Batch) -> HttpResponse:
    if "name" in request.POST:
        form = OptionsForm(request.POST, batch)
        if not form.is_valid():
            return draft_page(request, batch, form, status=422)
        drafts.configure(batch, form.options(origins.origin_of(request)))
        batch.refresh_from_db()
    number = request.POST.get("number", "")
    at = max(int(number) - 1, 0) if is_id(number) else 0
    image = batch.images.kept().order_by("position")[at : at + 1].first()
    if image is None:
        messages.error(request, "There is no such image to try the fields on; add one first.")
        return redirect("batch", pk=batch.pk)
    image.batch = batch
    try:
        trials.begin(batch, image)
    except (TablexlError, OSError) as error:
        reason = error.message if isinstance(error, TablexlError) else "Its file cannot be read."
        messages.error(request, reason)
        return redirect("batch", pk=batch.pk)
    return redirect(reverse("draft-check", args=[batch.pk]) + "#trial")


def _save(request: HttpRequest, batch: Batch) -> HttpResponse:
    name = one_line(request.POST.get("template_name", ""))[:NAME_LENGTH]
    error = "" if name else "Give this template a name."
    if name:
        try:
            templates.create(access.owner_of(request), name, batch.fields)
        except NameTaken as taken:
            error = taken.message
    if error:
        context = _context(batch) | {"name_error": error, "template_name": name}
        return render(request, "fields/check.html", context, status=422)
    messages.success(request, f"Saved as the template “{name}”.")
    return redirect("draft-check", pk=batch.pk)


def _context(batch: Batch) -> dict[str, Any]:
    specs = cards.specs_of(batch) if batch.fields else ()
    context: dict[str, Any] = {
        "batch": batch,
        "explained": [(spec, meanings.explained(spec)) for spec in specs],
        "name_length": NAME_LENGTH,
        "number": 1,
    }
    found = trials.of(batch)
    return context | (_tried(batch, *found) if found else {})


def _tried(batch: Batch, tried: Batch, image: BatchImage) -> dict[str, Any]:
    image.batch = tried
    kept = batch.images.kept()
    original = kept.filter(pk=image.upload if is_id(image.upload) else 0).first()
    result = getattr(image, "result", None)
    shown = readings.show(image, result.to_reading() if result else None)
    specs = cards.specs_of(tried)
    values = card_rows.shown(cards.CardRow((image,)), specs, image) if tried.is_settled else []
    return {
        "trial": tried,
        "image": image,
        "original": original,
        "number": kept.filter(position__lt=original.position).count() + 1 if original else 1,
        "result": result,
        "plate": shown.plate,
        "spots": card_rows.spots_of(values),
        "values": [(value, meanings.understood(value)) for value in values],
        "doubts": sum(bool(value.why) for value in values),
        "is_current": trials.is_current(batch, tried),
        "poll_seconds": 0 if tried.is_settled or tried.is_paused else _POLL_SECONDS,
    }
