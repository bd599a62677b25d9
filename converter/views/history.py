"""The trail for people: who changed what on an image, when, and why it was marked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from converter.accounts import access
from converter.accounts.sharing import for_guests
from converter.core.fields.values import FieldValue
from converter.core.tables.edits import Edit, SetText
from converter.core.tables.model import Said
from converter.fields import cards
from converter.models import BatchImage, Correction, TableEdit
from converter.review import trail
from converter.views.card_rows import why

ENTRIES_PER_PAGE: Final = 50

_DONE: Final[Mapping[str, str]] = {
    "merge": "Cells merged",
    "split": "Cell split",
    "insert_rows": "Rows inserted",
    "insert_cols": "Columns inserted",
    "delete_rows": "Rows deleted",
    "delete_cols": "Columns deleted",
    "move_rows": "Rows moved",
    "move_cols": "Columns moved",
    "header": "Header rows set",
    "join": "Joined with the next table",
    "cut": "Cut in two",
    "lines": "Lines moved on the picture",
    "drop": "Table taken away",
    "draw": "Table drawn",
    "take": "Words taken into the cell",
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A change: `before` and `after` are texts, None where it was of no text. `at` is the part of
    the image's address that leads to the place, "" if it may be elsewhere by now."""

    made: datetime
    who: str
    where: str
    what: str
    before: str | None = None
    after: str | None = None
    reasons: str = ""
    why: str = ""
    at: str = ""
    undone: datetime | None = None


@require_safe
@never_cache
@for_guests
def history(request: HttpRequest, pk: UUID, image_pk: int) -> HttpResponse:
    """The latest changes first, undone ones too."""
    image = access.image_for(request, pk, image_pk)
    if image.card is None:
        entries, front = list(_of_tables(trail.history(image))), image
    else:
        front = cards.row_of(image).front
        entries = list(_of_values(front, image))
    page = Paginator(entries, ENTRIES_PER_PAGE).get_page(request.GET.get("page"))
    context = {"batch": image.batch, "image": image, "front": front, "page": page}
    return render(request, "review/trail.html", context)


def _of_tables(rows: Sequence[TableEdit]) -> Iterator[Entry]:
    """Of edits, the latest first. Places are linked as long as no later edit moved cells."""
    has_moved = False
    for row in rows:
        edit = row.to_edit()
        yield _entry(row, edit, is_there=not has_moved)
        has_moved |= edit.moves_cells and row.undone is None


def _entry(row: TableEdit, edit: Edit, *, is_there: bool) -> Entry:
    table = f"Table {row.details.get('table', 0) + 1}"
    if not isinstance(edit, SetText):
        what = _DONE.get(edit.do, edit.do.replace("_", " "))
        return Entry(row.made, who(row, program=row.by_program), table, what, undone=row.undone)
    return Entry(
        row.made,
        who(row, program=row.by_program),
        f"{table}, row {edit.row + 1}, column {edit.col + 1}",
        _what(edit),
        row.before.get("text", ""),
        edit.text,
        "; ".join(row.before.get("reasons", ())),
        row.why,
        f"?at={edit.table}.{edit.row}.{edit.col}#editor" if is_there else "",
        row.undone,
    )


def _what(edit: SetText) -> str:
    match edit.said:
        case Said.CONFIRMED:
            return "Said to be right"
        case Said.UNREADABLE:
            return "Said to be unreadable"
        case _:
            return "Corrected"


def _of_values(front: BatchImage, image: BatchImage) -> Iterator[Entry]:
    numbers = {spec.name: n for n, spec in enumerate(cards.specs_of(image.batch), 1)}
    rows = Correction.objects.filter(image=front).select_related("user").order_by("-pk")
    for row in rows:
        before = FieldValue.from_json(row.before)
        is_right = (before.text or "") == row.text
        yield Entry(
            row.made,
            who(row),
            row.field,
            "Said to be right" if is_right else "Corrected",
            before.text or "",
            row.text,
            why(before),
            at=f"#value-{numbers[row.field]}" if row.field in numbers else "",
            undone=row.undone,
        )


def who(row: TableEdit | Correction, *, program: bool = False) -> str:
    """Who made a change, in words."""
    name = str(row.user) if row.user else "the owner"
    if row.guest:
        return f"{row.guest}, a guest"
    return f"a program of {name}" if program else name
