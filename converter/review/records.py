"""How a change of an image's tables is written: the edits, the tables that come of them, the count
of what is left to look at.

All of it under the batch's lock, like every other change of a batch.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from converter.batches import reviewed
from converter.batches.lifecycle import BatchError
from converter.core.engines.words_left import as_left, words_left
from converter.core.errors import EditError
from converter.core.tables import doubt
from converter.core.tables.edits import Edit, SetText, Tables, apply_all, cell_at
from converter.core.tables.model import Table
from converter.models import Batch, BatchImage, ImageState, Result, Review, TableEdit
from converter.review import reservations
from converter.search import index

MOST_EDITS: Final = 2_000  # in one call


@dataclass(frozen=True, slots=True)
class By:
    """Who makes an edit: a user or a browser session, as `accounts.access.owner_of` has it, whether
    a program does it for them, and at which desk, by the id of its browser."""

    owner: Mapping[str, Any]
    program: bool = False
    desk: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """What was done to a review, the tables that came of it, and what can be done next."""

    review: Review
    tables: Tables
    edits: tuple[Edit, ...]
    may_undo: bool = True
    may_redo: bool = False

    @property
    def moves_cells(self) -> bool:
        return any(edit.moves_cells for edit in self.edits)


Plan = Callable[[Tables], Sequence[Edit]]
"""Makes the edits of the tables as they stand."""


def lock(image: BatchImage, by: By | None = None) -> Review:
    """The review of an image, not saved yet if it is the first time, with its batch locked. Raises
    EditError where somebody else has it open at a desk."""
    if Batch.objects.lock(image.batch_id) is None:
        raise EditError("This image is gone.", "no_such_cell")
    rows = BatchImage.objects.select_related("result", "review", "reservation")
    row = rows.filter(pk=image.pk).first()
    if row is None:
        raise _not_read()
    if by and by.desk:
        reservations.check(row, by.desk)
    return review_of(row)


def review_of(row: BatchImage) -> Review:
    """The review of an image that came with its result and review, its batch being locked."""
    review: Review | None = getattr(row, "review", None)
    if review is not None:
        return review
    if row.state != ImageState.DONE:
        raise _not_read()
    tables = row.result.reading["tables"]
    return Review(image=row, base=tables, tables=tables)


def record(
    review: Review, before: Tables, edits: Sequence[Edit], by: By, same_as: TableEdit | None = None
) -> Change:
    """Write these edits as one step. `same_as` is the edit that they repeat."""
    if not 1 <= len(edits) <= MOST_EDITS:
        raise EditError(f"Between 1 and {MOST_EDITS:,} edits can be made at once.")
    change = Change(review, apply_all(before, edits), tuple(edits))
    notes = [_before(before, edit, is_first=index == 0) for index, edit in enumerate(edits)]
    # What is repeated nobody has looked at, and a program looks at nothing.
    keep(change, None if by.program or same_as else by)
    TableEdit.objects.bulk_create(
        TableEdit(
            review=review,
            step=review.version,
            details=edit.to_json(),
            before=note,
            by_program=by.program,
            same_as=same_as,
            **by.owner,
        )
        for edit, note in zip(edits, notes, strict=True)
    )
    return change


def with_print(review: Review, tables: Tables, edits: Sequence[Edit]) -> list[Edit]:
    """The edits, each with the print of the picture that it is about."""
    if not any(edit.needs_print for edit in edits):
        return list(edits)
    left = words_left(review.image.result.to_reading(), tables)
    return [edit.with_print(tables, left) for edit in edits]


def stored_tables(image: BatchImage) -> list[dict[str, Any]]:
    """The tables of an image that came with its result and review, as `Table.to_json` made them:
    for who looks through many, and needs few of their cells."""
    review: Review | None = getattr(image, "review", None)
    return list(review.tables if review else image.result.reading["tables"])


def trail_of(review: Review) -> list[TableEdit]:
    """All edits of a review, undone ones too, in order."""
    return list(review.edits.select_related("same_as").order_by("pk")) if review.pk else []


def in_force(review: Review) -> list[TableEdit]:
    return [row for row in trail_of(review) if row.undone is None]


def last_text_of(rows: Sequence[TableEdit], place: tuple[int, int, int]) -> TableEdit | None:
    """The last edit of the text of a cell: table, row, col. None if there is none, or cells may
    have moved since."""
    for row in reversed(rows):
        edit = row.to_edit()
        if edit.moves_cells:
            return None
        if isinstance(edit, SetText) and (edit.table, edit.row, edit.col) == place:
            return row
    return None


def leave_out(review: Review, before: Sequence[TableEdit], rows: Sequence[TableEdit]) -> Change:
    """Undo some of the edits in force: the last ones, or texts, on which no other depends."""
    kept = [row for row in before if row not in rows]
    review.edits.filter(pk__in=[row.pk for row in rows]).update(undone=timezone.now())
    last = max((row.step for row in kept), default=0)
    base = tuple(map(Table.from_json, review.base))
    change = Change(
        review,
        apply_all(base, [row.to_edit() for row in kept]),
        tuple(row.to_edit() for row in rows),
        bool(kept),
        any(row.step > last and row.may_be_redone for row in rows),
    )
    keep(change)
    return change


def keep(change: Change, by: By | None = None) -> None:
    """Store the tables, how many of their cells are still to be looked at, and whether a person has
    looked at all."""
    review = change.review
    texts = list(index.texts_of(change.tables))
    if texts != list(index.texts_of(review.to_tables())):  # not where one was said to be right
        index.put_cells({review.image_id: texts})
    review.tables = [table.to_json() for table in change.tables]
    review.version += 1
    review.shape += change.moves_cells
    review.save()
    still_open = sum(doubt.is_open(cell) for table in change.tables for cell in table.cells)
    counts = {"tables": len(change.tables), "doubtful": still_open}
    if change.moves_cells:
        left = as_left(review.image.result.to_reading(), change.tables)
        counts |= {"missing": len(left.missing), "unread": len(left.unread)}
    Result.objects.filter(image=review.image_id).update(**counts)
    reviewed.follow(review.image, still_open, by.owner if by else None)


def _before(tables: Tables, edit: Edit, *, is_first: bool) -> dict[str, Any]:
    """What an edit found: of a cell its text and why it was marked. Later edits of a step that move
    cells find something else than there was before it."""
    if not isinstance(edit, SetText):
        return {}
    try:
        cell = cell_at(tables, edit.table, edit.row, edit.col)
    except EditError:
        if is_first:
            raise
        return {}
    return {
        "text": cell.text,
        "confidence": round(cell.confidence, 3),
        "reasons": list(doubt.reasons(cell)),
        "said": cell.said,
    }


def _not_read() -> BatchError:
    return BatchError("image_not_read", "This image has not been read; wait for that.")
