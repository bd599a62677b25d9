"""The trail: edits of an image's tables are added at its end, undone and redone, never overwritten.

The tables of a review always are its base with all edits in force, in order. A change takes the
batch's lock, like every other; of two people who change the same cell, the second is told what it
says by now.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction

from converter.core.errors import EditError
from converter.core.tables.edits import Edit, SetText, Tables, apply_all, cell_at
from converter.models import BatchImage, Review, TableEdit
from converter.review import records, repeats
from converter.review.records import MOST_EDITS, By, Change, Plan

__all__ = ["MOST_EDITS", "By", "Change", "Seen", "history", "make", "redo", "take_back", "undo"]


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw who sends edits: the review's `shape`, and the text in each of the cells
    that they set, in order. What is None was not looked at, and is not compared."""

    shape: int | None = None
    texts: Sequence[str | None] = ()


@transaction.atomic
def make(
    image: BatchImage, edits: Sequence[Edit] | Plan, by: By, seen: Seen | None = None
) -> Change:
    """Make these edits, as one step. Raises EditError, then none is made; BatchError if the image
    has not been read."""
    review = records.lock(image, by)
    before = review.to_tables()
    if callable(edits):
        edits = edits(before)
    _compare(review, before, edits, seen or Seen())
    return records.record(review, before, records.with_print(review, before, edits), by)


@transaction.atomic
def undo(image: BatchImage, by: By | None = None) -> Change:
    """Undo the last step that is in force; if that was to repeat a correction, then on all images.
    Raises EditError if there is none."""
    review = records.lock(image, by)
    in_force = records.in_force(review)
    if not in_force:
        raise EditError("There is nothing to undo on this image.", "nothing_to_undo")
    last = in_force[-1]
    latest = repeats.latest_of(review)
    if latest and latest.same_as and latest.pk >= last.pk:
        return repeats.undo_all(review, latest.same_as)[0]
    return records.leave_out(review, in_force, [row for row in in_force if row.step == last.step])


@transaction.atomic
def take_back(image: BatchImage, table: int, row: int, col: int, by: By | None = None) -> Change:
    """Undo the last edit of one cell's text, whatever was edited since. Raises EditError if there
    is none since rows or columns were last changed."""
    review = records.lock(image, by)
    in_force = records.in_force(review)
    last = records.last_text_of(in_force, (table, row, col))
    if last is None:
        raise EditError("Nobody has said anything of this cell.", "nothing_to_undo")
    return records.leave_out(review, in_force, [last])


@transaction.atomic
def redo(image: BatchImage, by: By | None = None) -> Change:
    """Make the step again that was undone last. Raises EditError if another edit came since.

    What was repeated of an edit is not made again with it: that is offered anew.
    """
    review = records.lock(image, by)
    trail = records.trail_of(review)
    last = max((row.step for row in trail if row.undone is None), default=0)
    undone = [row for row in trail if row.step > last and row.may_be_redone]
    if not undone:
        raise EditError("There is nothing to redo on this image.", "nothing_to_redo")
    step = [row for row in undone if row.step == undone[0].step]
    review.edits.filter(pk__in=[row.pk for row in step]).update(undone=None)
    edits = tuple(row.to_edit() for row in step)
    tables = apply_all(review.to_tables(), edits)
    change = Change(review, tables, edits, may_redo=len(undone) > len(step))
    records.keep(change, by)
    return change


def history(image: BatchImage) -> list[TableEdit]:
    """All edits of an image, undone ones too, the latest first."""
    rows = TableEdit.objects.filter(review__image=image)
    return list(rows.select_related("user", "same_as__review__image").order_by("-pk"))


def _compare(review: Review, tables: Tables, edits: Sequence[Edit], seen: Seen) -> None:
    if seen.shape is not None and seen.shape != review.shape:
        raise EditError(
            "Rows or columns of this image have been changed since you opened it; look again.",
            "cell_changed",
        )
    for edit, text in zip(edits, seen.texts, strict=False):
        if text is None or not isinstance(edit, SetText):
            continue
        now = cell_at(tables, edit.table, edit.row, edit.col).text
        if now.split() not in (text.split(), edit.text.split()):
            raise EditError(
                f"Somebody has changed this cell to “{now}” since you saw it; look again.",
                "cell_changed",
            )
