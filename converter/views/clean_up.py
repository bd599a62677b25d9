"""The pages for cleaning up: each shows what would be deleted before it is."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from converter.accounts import access
from converter.batches import deletion, retention
from converter.maintenance import orphans
from converter.maintenance.recovery import STALE_UPLOAD
from converter.storage import layout

PER_PAGE: Final = 50
DAYS: Final = {"drafts": 7, "settled": 30}  # what is offered first


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "clean_up/overview.html", {"is_staff": access.is_staff(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def batches(request: HttpRequest, kind: str) -> HttpResponse:
    if kind not in retention.CHOICES:
        raise Http404
    before = _before(request, DAYS[kind])
    chosen = retention.CHOICES[kind](access.batches_to_clean(request), before)
    if request.method == "POST":
        deleted = deletion.delete_all(chosen)
        what = "1 batch was" if deleted == 1 else f"{deleted} batches were"
        messages.success(request, f"{what} deleted; the files follow within minutes.")
        return redirect("clean-up")
    context = {
        "kind": kind,
        "before": before,
        "held": retention.amount_of(chosen),
        "page": _page(request, chosen.newest_first().select_related("user")),
        "is_staff": access.is_staff(request),
    }
    return render(request, "clean_up/batches.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def files(request: HttpRequest) -> HttpResponse:
    access.require_staff(request)
    found = sorted(orphans.scan(), key=lambda finding: (finding.kind, finding.name))
    if request.method == "POST":
        orphans.put_right(found)
        layout.discard_stale_uploads(STALE_UPLOAD)
        messages.success(request, "The files are cleaned up.")
        return redirect("clean-up")
    counts = Counter(one.kind for one in found)
    stale = [size for _, size in layout.stale_uploads(STALE_UPLOAD)]
    context = {
        "orphans": counts[orphans.Kind.ORPHAN],
        "misplaced": counts[orphans.Kind.MISPLACED],
        "missing": counts[orphans.Kind.MISSING],
        "stale": len(stale),
        "bytes": sum(one.size for one in found if one.kind == orphans.Kind.ORPHAN) + sum(stale),
        "page": _page(request, found),
    }
    return render(request, "clean_up/files.html", context)


def _before(request: HttpRequest, days: int) -> datetime:
    """The moment the page showed, so that only what it showed is deleted; or so many days ago."""
    given = request.POST if request.method == "POST" else request.GET
    try:
        moment = parse_datetime(given.get("before", ""))
        past = timezone.now() - timedelta(days=int(given.get("days", days)))
    except (ValueError, OverflowError) as error:
        raise Http404("This is no number of days.") from error
    if moment and moment.tzinfo:
        return moment
    if request.method == "POST":
        raise Http404("Nothing was shown that could be deleted.")
    return past


def _page(request: HttpRequest, rows: Any) -> Any:
    return Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
