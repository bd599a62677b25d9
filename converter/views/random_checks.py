"""The page of a random check: cells that nothing marked, each beside what was read of it."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from converter.accounts import access
from converter.batches.lifecycle import BatchError
from converter.core.errors import EditError, TablexlError
from converter.core.tables.edits import cell_at
from converter.models import Batch, RandomCheck, RandomCheckCell, check_result
from converter.review import random_checks
from converter.review.records import By
from converter.views import answers
from converter.views.cutouts import Cutout, place_name, plate_of
from converter.views.readings import around
from converter.views.table_edits import plain


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def random_check(request: HttpRequest, pk: UUID) -> HttpResponse:
    """`do` is begin, undo, or answer with a `cell` and what it says as `text`."""
    batch = access.batch_for(request, pk)
    check = random_checks.latest(batch)
    if request.method == "POST":
        return _act(request, batch, check)
    if check is None:
        return redirect("batch", pk=pk)
    return render(request, "review/random_check.html", _context(batch, check))


def _act(request: HttpRequest, batch: Batch, check: RandomCheck | None) -> HttpResponse:
    by = By(access.owner_of(request), desk=access.browser_of(request))
    url = reverse("batch-random-check", args=[batch.pk])
    cell = None
    try:
        match request.POST.get("do"), check:
            case "begin", _:
                random_checks.begin(batch, by)
                return redirect(url)
            case "undo", RandomCheck():
                cell = random_checks.undo(check, by)
            case _, RandomCheck():
                cell = _cell(request, check)
                random_checks.answer(cell, plain(request.POST.get("text", "")), by)
            case _:
                return redirect("batch", pk=batch.pk)
    except (BatchError, EditError) as error:
        return _refused(request, batch, cell, error)
    if request.htmx:  # type: ignore[attr-defined]
        return _piece(request, batch, cell)
    return redirect(f"{url}#piece-{cell.pk}")


def _refused(
    request: HttpRequest, batch: Batch, cell: RandomCheckCell | None, error: TablexlError
) -> HttpResponse:
    if cell is None or not request.htmx:  # type: ignore[attr-defined]
        return answers.refusal(request, batch, error)
    return _piece(request, batch, cell, error)


def _piece(
    request: HttpRequest, batch: Batch, cell: RandomCheckCell, error: TablexlError | None = None
) -> HttpResponse:
    fresh = _cells(cell.check_of).get(pk=cell.pk)
    context = {"batch": batch, "cell": fresh, "cutout": _cutout(fresh), "error": error}
    context |= {"found": check_result(batch), "is_fragment": True}
    return render(request, "review/_checked_cell.html", context)


def _context(batch: Batch, check: RandomCheck) -> dict[str, object]:
    pieces = [(cell, _cutout(cell)) for cell in _cells(check).order_by("pk")]
    return {"batch": batch, "pieces": pieces, "found": check_result(batch)}


def _cells(check: RandomCheck) -> QuerySet[RandomCheckCell]:
    return check.cells.select_related("image__batch", "image__result", "image__review")


def _cell(request: HttpRequest, check: RandomCheck) -> RandomCheckCell:
    number = request.POST.get("cell", "")
    pk = int(number) if number.isdecimal() and len(number) < 19 else 0
    return get_object_or_404(_cells(check), pk=pk)


def _cutout(cell: RandomCheckCell) -> Cutout:
    """The cell on its picture; without a mark where its table is another by now."""
    tables = cell.image.result.current().tables
    try:
        now = cell_at(tables, *cell.place)
        where, mark = place_name(cell.table, tables[cell.table], now), around(now.box)
    except EditError:
        where, mark = "no longer in the table", None
    at = ".".join(map(str, cell.place))
    return Cutout(str(cell.pk), cell.image, plate_of(cell.image), mark, cell.text, where, at)
