"""The pages of batches: the list, one batch with its polled fragment, and its actions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, Sum
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from converter.accounts import access, origins
from converter.accounts.sharing import for_guests
from converter.batches import filters, lifecycle, progress, retention
from converter.batches.lifecycle import BatchError
from converter.core.engines.protocol import Mode
from converter.core.engines.registry import LOCAL
from converter.forms import ARRANGEMENTS, OptionsForm
from converter.models import (
    Batch,
    BatchImage,
    BatchState,
    Manifest,
    ManifestState,
    Result,
    check_result,
)
from converter.views import answers, card_rows, drafts, uploads, webhooks, wording
from converter.views.answers import wants_json

BATCHES_PER_PAGE: Final = 25
IMAGES_PER_PAGE: Final = 25  # a poll costs by its rows
REFUSALS_SHOWN: Final = 200
COMPARED_WITHIN: Final = timedelta(seconds=30)


@require_http_methods(["GET", "HEAD", "POST"])
def batch_list(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        return uploads.create(request)
    older = _older_than(request.GET.get("before", ""))
    found = list(access.batches_for(request).filter(older).newest_first()[: BATCHES_PER_PAGE + 1])
    shown = found[:BATCHES_PER_PAGE]
    last = shown[-1] if len(found) > len(shown) else None
    doubtful = _doubtful(shown)
    context = {
        "batches": [
            (batch, retention.goes_at(batch), doubtful.get(batch.pk, 0)) for batch in shown
        ],
        "before": f"{last.created.isoformat()}_{last.pk}" if last else None,
        "is_first": not older,
    }
    return render(request, "batches/list.html", context)


@for_guests
@require_safe
def batch_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    manifest = Manifest.objects.filter(batch=batch).first()
    if batch.is_draft:
        if manifest and manifest.state != ManifestState.FETCHED:
            return redirect("import", pk=manifest.pk)
        return drafts.draft_page(request, batch)
    refusals = list(batch.refusals.order_by("pk")[: REFUSALS_SHOWN + 1])
    context = _progress(request, batch) | {
        "refusals": refusals[:REFUSALS_SHOWN],
        "more_refusals": len(refusals) > REFUSALS_SHOWN,
        "goes_at": retention.goes_at(batch),
        "told": webhooks.latest(batch),
        "manifest": manifest,
    }
    return render(request, "batches/batch.html", context)


@for_guests
@require_safe
@never_cache
def batch_progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Only the polled region. Once the batch has settled it has no trigger any more."""
    batch = access.batch_for(request, pk)
    context = _progress(request, batch) | {"is_fragment": True}
    return render(request, "batches/batch.html#progress", context)


@require_POST
def start(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Start with the options that the page shows, if it sent them."""
    batch = access.batch_for(request, pk)
    if not (batch.is_draft and "name" in request.POST):
        return _act(request, pk, lifecycle.start)
    form = OptionsForm(request.POST, batch)
    if not form.is_valid():
        return drafts.draft_page(request, batch, form, status=422)
    options = form.options(origins.origin_of(request))
    return _act(request, pk, partial(lifecycle.start, options=options))


@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lifecycle.cancel)


@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lifecycle.retry_failed)


@require_POST
def resume(request: HttpRequest, pk: UUID) -> HttpResponse:
    return _act(request, pk, lifecycle.resume)


@require_POST
def go_on(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Resume a paused batch; with `engine=local` by the local engine."""
    engine = LOCAL if request.POST.get("engine") == LOCAL else ""
    return _act(request, pk, lambda batch: lifecycle.go_on(batch, engine))


@require_POST
def retry_image(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    image = access.image_for(request, pk, image_pk)
    return _act(request, pk, lambda _batch: lifecycle.retry_image(image))


@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, pk: UUID) -> HttpResponse:
    batch = access.batch_for(request, pk)
    if request.method == "POST":
        lifecycle.delete(batch)
        messages.success(request, f"“{batch.name}” was deleted, with its files.")
        return redirect("batches")
    size = batch.images.aggregate(size=Sum("size", default=0))["size"]
    return render(request, "batches/delete.html", {"batch": batch, "size": size})


def _act(request: HttpRequest, pk: UUID, verb: Callable[[Batch], object]) -> HttpResponse:
    batch = access.batch_for(request, pk)
    try:
        verb(batch)
    except BatchError as error:
        if wants_json(request):
            return answers.problem(error, 409)
        messages.error(request, error.message)
    if wants_json(request):
        return JsonResponse({"url": reverse("batch", args=[batch.pk])})
    return redirect("batch", pk=batch.pk)


def _progress(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    now = progress.of(batch)
    return _listed(request, batch) | {
        "batch": batch,
        "current": now.current,
        "line": wording.progress_line(batch, now.seconds_left),
        "spent": wording.spent(batch),
        "announcement": wording.announcement(batch) if batch.is_settled else "",
        "needs": _needs(batch) if batch.is_settled else "",
        "checked": check_result(batch) if batch.is_settled else None,
        "poll_seconds": _poll_seconds(batch),
        # The other ways to arrange its tables on sheets.
        "arrangements": [
            (value, label)
            for value, label in ARRANGEMENTS
            if batch.mode == Mode.TABLES and value != batch.consolidation
        ],
    }


def _listed(request: HttpRequest, batch: Batch) -> dict[str, Any]:
    """The images or cards that the page shows: of all, or of those that a filter lets through."""
    rows = batch.total if batch.cards is None else batch.cards
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    through = filters.chosen(batch, show) if batch.is_settled else None
    counts = filters.counts(batch) if batch.is_settled else []
    context = {
        "rows": rows,
        "show": show if through is not None else "",
        "sort": sort if sort in filters.SORTS else "",
        "sorts": filters.SORTS if batch.is_settled else {},
        "filters": counts,
        "reviewed": next((count for one, count in counts if one.name == "reviewed"), 0),
    }
    if through is None and sort in filters.SORTS:
        through = BatchImage.objects.filter(batch=batch)
    number = _page_number(request)
    if batch.cards is not None:
        numbers = range(rows) if through is None else filters.cards_of(through, sort)
        page = Paginator(numbers, IMAGES_PER_PAGE).get_page(number)
        specs, shown = card_rows.of_page(batch, list(page.object_list))
        return context | {"page": page, "specs": specs, "card_rows": shown}
    # A reading may be large, and the page shows only its counts.
    images = batch.images.select_related("result").defer("answer", "result__reading")
    if through is not None:
        chosen = images.filter(pk__in=through.order_by().values("pk"))
        found = Paginator(filters.ordered(chosen, sort), IMAGES_PER_PAGE).get_page(number)
        return context | {"page": found, "images": found.object_list}
    page = Paginator(range(rows), IMAGES_PER_PAGE).get_page(number)
    within = (page.start_index() - 1, page.end_index() - 1)
    return context | {
        "page": page,
        "images": images.filter(position__range=within).order_by("position"),
    }


def _page_number(request: HttpRequest) -> str:
    """The page that is asked for, or that has a `row`, counted from 1."""
    row = request.GET.get("row", "")
    if row.isdecimal() and len(row) < 10:
        return str(max(int(row) - 1, 0) // IMAGES_PER_PAGE + 1)
    return request.GET.get("page", "")


def _doubtful(batches: Sequence[Batch]) -> dict[UUID, int]:
    """How many cells or values are in doubt, by batch, by one query."""
    found = Result.objects.filter(image__batch__in=batches).values_list("image__batch")
    return dict(found.annotate(doubtful=Sum("doubtful")))


def _needs(batch: Batch) -> str:
    """What of a settled batch waits for a person."""
    nothing_found = Q(tables=0) if batch.mode == Mode.TABLES else Q(pk=None)
    found = Result.objects.filter(image__batch=batch).aggregate(
        doubtful=Sum("doubtful", default=0),
        unread=Sum("unread", default=0),
        nothing_found=Count("pk", filter=nothing_found),
    )
    return wording.needs(**found, failed=batch.failed)


def _poll_seconds(batch: Batch) -> int:
    """The polling interval; 0 when nothing will change any more."""
    still_read = batch.state == BatchState.CANCELLED and batch.finished < batch.total
    if not (batch.is_active or still_read):
        return 1 if _is_compared_soon(batch) else 0
    if batch.is_paused:
        return 5
    return 1 if batch.total <= 100 else 2 if batch.total <= 1_000 else 3


def _is_compared_soon(batch: Batch) -> bool:
    """Whether a worker may still compare its cards with each other."""
    if batch.cards is None or batch.compared or batch.settled is None:
        return False
    return timezone.now() - batch.settled < COMPARED_WITHIN


def _older_than(cursor: str) -> Q:
    """The batches after a cursor (`created_pk`); all of them if it cannot be parsed."""
    moment, _, pk = cursor.partition("_")
    try:
        created, last = datetime.fromisoformat(moment), UUID(pk)
    except ValueError:
        return Q()
    if created.tzinfo is None:
        return Q()
    return Q(created__lt=created) | Q(created=created, pk__lt=last)
