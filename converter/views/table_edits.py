"""Edits of an image's tables from its page: a cell is settled, rows and columns change, undo, redo.

A script gets fragments: the cells that changed, or the whole grid where cells may have moved. A
form without a script is sent back to the page, at the next cell to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST

from converter.accounts import access
from converter.accounts.sharing import for_reviewers
from converter.batches.lifecycle import BatchError
from converter.core.errors import EditError
from converter.core.tables.edits import Edit, SetText, Tables, cell_at, no_such_cell, parse
from converter.core.tables.model import Cell, Said, Table
from converter.models import BatchImage, Review
from converter.review import earlier, queue, trail
from converter.review.trail import By, Change, Seen
from converter.views import answers, desk

_LISTS: Final = ("row_edges", "col_edges")


@for_reviewers
@require_POST
def change_cell(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """Settle a cell: `do` is accept, same, blank or unreadable; or `offer` is its text."""
    return _changed(request, pk, image_pk, _settle)


@for_reviewers
@require_POST
def change_structure(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """An edit by its verb and arguments."""
    return _changed(request, pk, image_pk, _restructure)


@for_reviewers
@require_POST
def step(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """`do` is undo, redo, or take_back with a cell."""
    return _changed(request, pk, image_pk, _step)


@require_POST
def say_again(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """What was said before the batch was run again: of the cell `at`, or of all."""
    return _changed(request, pk, image_pk, _say_again)


_Verb = Callable[[Mapping[str, Any], BatchImage, By], Change]


def _changed(request: HttpRequest, pk: UUID, image_pk: int, verb: _Verb) -> HttpResponse:
    image = access.image_for(request, pk, image_pk)
    by = By(access.author_of(request, image.batch), desk=access.browser_of(request))
    try:
        change = verb(request.POST, image, by)
    except BatchError as error:
        return answers.refusal(request, image.batch, error)
    except EditError as error:
        return _refused(request, image, error)
    if request.htmx:  # type: ignore[attr-defined]
        return _fragments(request, image, change)
    return redirect(f"{reverse('image', args=[pk, image_pk])}{_next(request, image, change)}")


def _step(post: Mapping[str, Any], image: BatchImage, by: By) -> Change:
    match post.get("do"):
        case "redo":
            return trail.redo(image, by)
        case "take_back":
            table, row, col = (_number(post, name) for name in ("table", "row", "col"))
            return trail.take_back(image, table, row, col, by)
        case _:
            return trail.undo(image, by)


def _say_again(post: Mapping[str, Any], image: BatchImage, by: By) -> Change:
    read = BatchImage.objects.select_related("batch", "result").filter(result__isnull=False)
    return earlier.take(get_object_or_404(read, pk=image.pk), post.get("at", ""), by)


def _settle(post: Mapping[str, Any], image: BatchImage, by: By) -> Change:
    table, row, col = (_number(post, name) for name in ("table", "row", "col"))

    def plan(tables: Tables) -> list[Edit]:
        cell = cell_at(tables, table, row, col)
        text, said = _answer(post, cell, tables[table])
        return [SetText(table=table, row=row, col=col, text=text, said=said)]

    seen = [plain(post["was"])] if "was" in post else []
    return trail.make(image, plan, by, Seen(_shape(post), seen))


def _answer(post: Mapping[str, Any], cell: Cell, table: Table) -> tuple[str, Said]:
    """The text that a form says a cell has, and in which sense."""
    do = post.get("do")
    if do == "unreadable":
        return "", Said.UNREADABLE
    if "offer" in post:
        text = plain(post["offer"])
    elif do == "blank":
        text = ""
    elif do == "same":
        text = _above(table, cell)
    else:
        text = plain(post.get("text", cell.text))
    if text in (cell.text, plain(cell.text)):
        return cell.text, Said.CORRECTED if cell.said is Said.CORRECTED else Said.CONFIRMED
    return text, Said.CORRECTED


def _restructure(post: Mapping[str, Any], image: BatchImage, by: By) -> Change:
    data: dict[str, Any] = dict(post.items())
    for name in _LISTS:
        if name in data:
            data[name] = data[name].split()
    if "boxes" in data:
        data["boxes"] = [box.split() for box in data["boxes"].split(",")]
    return trail.make(image, [parse(data)], by, Seen(_shape(post)))


def _fragments(request: HttpRequest, image: BatchImage, change: Change) -> HttpResponse:
    context = _context(image, change.review) | {
        "may_undo": change.may_undo,
        "may_redo": change.may_redo,
    }
    context["sums"] = desk.sums_of(change.tables)
    context["front"] = change.review.image
    if change.moves_cells:
        at = request.POST.get("at", "")
        shown = desk.desk_of(change.tables, change.review, at)
        return render(request, "review/_changed.html", context | {"desk": shown, "is_whole": True})
    places = [
        (edit.table, (edit.row, edit.col)) for edit in change.edits if isinstance(edit, SetText)
    ]
    cells = desk.cells_of(change.tables, places)
    return render(request, "review/_changed.html", context | {"cells": cells})


def _refused(request: HttpRequest, image: BatchImage, error: EditError) -> HttpResponse:
    """The edit was not made: a script gets the grid as it is, everybody else a page."""
    if not request.htmx:  # type: ignore[attr-defined]
        if error.code == "no_such_cell":
            return render(request, "404.html", status=404)
        return answers.refusal(request, image.batch, error)
    review = Review.objects.filter(image=image).first()
    may_undo, may_redo = desk.steps_of(review)
    context = _context(image, review) | {"may_undo": may_undo, "may_redo": may_redo}
    context |= {"error": error}
    if error.code in ("cell_changed", "no_such_cell"):
        at = request.POST.get("at", "")
        tables = _current(image)
        shown = desk.desk_of(tables, review, at)
        context |= {"desk": shown, "is_whole": True, "sums": desk.sums_of(tables)}
    return render(request, "review/_changed.html", context, status=409)


def _context(image: BatchImage, review: Review | None) -> dict[str, Any]:
    return {
        "batch": image.batch,
        "image": image,
        "shape": review.shape if review else 0,
        "is_fragment": True,
    }


def _next(request: HttpRequest, image: BatchImage, change: Change) -> str:
    """The part of the address that names the cell to look at next, and what was corrected."""
    waiting, at = queue.doubts_of(change.tables), request.POST.get("at", "")
    if waiting and not change.moves_cells:
        first = waiting[0]
        at = f"{first.table}.{first.cell.row}.{first.cell.col}"
    asked = {"at": at, "same": _corrected(image, change)}
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"?{query}#editor" if query else "#editor"


def _corrected(image: BatchImage, change: Change) -> str:
    """The cell that was just corrected; "" if none was."""
    match change.edits:
        case [SetText(said=Said.CORRECTED) as edit]:
            return f"{image.pk}.{edit.table}.{edit.row}.{edit.col}"
    return ""


def _current(image: BatchImage) -> Tables:
    rows = BatchImage.objects.select_related("result", "review")
    found = rows.filter(pk=image.pk, result__isnull=False).first()
    if found is None:
        raise BatchError("image_not_read", "This image has not been read; wait for that.")
    return found.result.current().tables


def _above(table: Table, cell: Cell) -> str:
    """The text of the nearest cell above that has any."""
    above = [one for one in table.cells if one.col == cell.col and one.row < cell.row and one.text]
    return max(above, key=lambda one: one.row).text if above else ""


def plain(text: str) -> str:
    """As it is kept: without what no database takes, and with line breaks of one kind."""
    return "\n".join(line.strip() for line in text.replace("\0", "").strip().splitlines())


def _shape(post: Mapping[str, Any]) -> int | None:
    shape = post.get("shape", "")
    return int(shape) if shape.isdecimal() and len(shape) < 10 else None


def _number(post: Mapping[str, Any], name: str) -> int:
    value = post.get(name, "")
    if not (value.isdecimal() and len(value) < 10):
        raise no_such_cell()
    return int(value)
