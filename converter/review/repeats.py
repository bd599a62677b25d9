"""Fix once: what was corrected in one cell is offered for the same misreading in others.

The same misreading is the same text that was read, in a cell of the batch of which nobody has said
anything. What is taken over is a correction like any other, which names the one that it repeats
(`TableEdit.same_as`); so all of them can be taken back at once, whatever was edited since.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, product
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, TextField
from django.db.models.functions import Cast

from converter.core.errors import EditError
from converter.core.tables.doubt import is_open
from converter.core.tables.edits import SetText
from converter.core.tables.model import Cell, Said, Table
from converter.core.tables.numerals import parse_numeral
from converter.models import BatchImage, BatchImageQuerySet, ImageState, Review, TableEdit
from converter.review import records
from converter.review.records import By, Change

MOST: Final = 500  # cells that are offered at once
_LOOKED_AT: Final = 5_000  # cells with the same text; the doubtful among these come first
_CHUNK: Final = 20  # images in memory at a time

Place = tuple[int, int, int]
"""Table, row and column of a cell."""


class Twin(NamedTuple):
    """A cell with the same misreading, in table `number` of its image."""

    image: BatchImage
    number: int
    cell: Cell

    @property
    def table(self) -> Table:
        return Table.from_json(records.stored_tables(self.image)[self.number])

    @property
    def at(self) -> str:
        """Its place on its image."""
        return f"{self.number}.{self.cell.row}.{self.cell.col}"

    @property
    def key(self) -> str:
        """What names it in the batch."""
        return f"{self.image.pk}.{self.at}"

    @property
    def in_doubt(self) -> bool:
        return is_open(self.cell)


@dataclass(frozen=True, slots=True)
class Offer:
    """What may be taken over from one correction: `read` is `text` in `twins` too, the doubtful
    ones first. `taken` is in how many cells it has been."""

    edit: TableEdit
    read: str
    text: str
    twins: tuple[Twin, ...]
    taken: int

    @property
    def doubtful(self) -> int:
        return sum(twin.in_doubt for twin in self.twins)


def offer(image: BatchImage, place: Place) -> Offer | None:
    """Where else in the batch a cell was misread as this one; None if it was not corrected."""
    rows = BatchImage.objects.select_related("result", "review").filter(pk=image.pk)
    review: Review | None = getattr(rows.first(), "review", None)
    return None if review is None else _offer(review, place)


@transaction.atomic
def take(
    image: BatchImage, place: Place, by: By, chosen: Collection[str] | None = None
) -> tuple[Change, int]:
    """Correct all twins of a cell, or those with a `chosen` key, as it was; the change of its own
    image, and in how many cells. Raises EditError if there is none any more."""
    review = records.lock(image, by)
    found = _offer(review, place)
    twins = [twin for twin in found.twins if chosen is None or twin.key in chosen] if found else []
    if found is None or not twins:
        raise EditError("None of these cells says this any more; look again.", "cell_changed")
    change = Change(review, review.to_tables(), ())
    for _, some in groupby(sorted(twins, key=_by_image), key=_by_image):
        made = _repeat(list(some), found, by)
        if made.review.pk == review.pk:
            change = made
    return change, len(twins)


@transaction.atomic
def take_back(image: BatchImage, place: Place, by: By | None = None) -> tuple[Change, int]:
    """Undo all that was taken over from a cell, but not its own correction; returns as `take`."""
    review = records.lock(image, by)
    edit = records.last_text_of(records.in_force(review), place)
    change, count = undo_all(review, edit) if edit else (None, 0)
    if change is None or not count:
        raise EditError("Nothing was taken over from this cell.", "nothing_to_undo")
    return change, count


def latest_of(review: Review) -> TableEdit | None:
    """The last edit in force that repeats one of this image, wherever it is."""
    repeated = TableEdit.objects.filter(same_as__review=review, undone=None)
    return repeated.select_related("same_as").order_by("-pk").first() if review.pk else None


def undo_all(review: Review, edit: TableEdit) -> tuple[Change, int]:
    """Undo all that repeats an edit of this review; the change of it, and how much that was."""
    repeated = TableEdit.objects.filter(same_as=edit, undone=None)
    rows = list(repeated.select_related("review__image", "same_as").order_by("review", "pk"))
    change = Change(review, review.to_tables(), (), may_redo=False)
    for other, some in groupby(rows, key=lambda row: row.review):
        is_own = other.pk == review.pk
        left = review if is_own else other
        made = records.leave_out(left, records.in_force(left), list(some))
        change = made if is_own else change
    return change, len(rows)


def _by_image(twin: Twin) -> int:
    return twin.image.position


def _repeat(twins: Sequence[Twin], found: Offer, by: By) -> Change:
    review = records.review_of(twins[0].image)
    edits = [
        SetText(table=twin.number, row=twin.cell.row, col=twin.cell.col, text=found.text)
        for twin in twins
    ]
    return records.record(review, review.to_tables(), edits, by, same_as=found.edit)


def _offer(review: Review, place: Place) -> Offer | None:
    table, *at = place
    tables = review.to_tables()
    cells = tables[table].cells if table < len(tables) else ()
    cell = next((cell for cell in cells if [cell.row, cell.col] == at), None)
    edit = records.last_text_of(records.in_force(review), place)
    if cell is None or edit is None or cell.said is not Said.CORRECTED:
        return None
    if not cell.read or cell.read == cell.text:
        return None
    twins = _twins(review.image.batch_id, cell.read)
    taken = TableEdit.objects.filter(same_as=edit, undone=None).count()
    return Offer(edit, cell.read, cell.text, tuple(twins), taken)


def _twins(batch: UUID, read: str) -> list[Twin]:
    """The doubtful ones first, otherwise as they stand. A number is the same misreading only where
    it is in doubt: others may well say it and be right."""
    only_doubtful = parse_numeral(read) is not None
    found = (
        twin
        for image in _holding(batch, read).iterator(chunk_size=_CHUNK)
        for twin in _twins_on(image, read)
        if twin.in_doubt or not only_doubtful
    )
    some = list(islice(found, _LOOKED_AT))
    return sorted(some, key=lambda twin: not twin.in_doubt)[:MOST]


def _twins_on(image: BatchImage, read: str) -> Iterator[Twin]:
    for number, table in enumerate(records.stored_tables(image)):
        for stored in table["cells"]:
            if stored["text"] == read and not stored.get("said"):
                yield Twin(image, number, Cell.from_json(stored))


def _holding(batch: UUID, text: str) -> BatchImageQuerySet:
    """The images of a batch with this text among their JSON, in which SQLite keeps letters beyond
    ASCII as escapes and PostgreSQL as they are."""
    written = {json.dumps(text), json.dumps(text, ensure_ascii=False)}
    holds = Q()
    for name, form in product(("read_json", "kept_json"), written):
        holds |= Q(**{f"{name}__contains": form})
    images = BatchImage.objects.filter(batch=batch, state=ImageState.DONE).alias(
        read_json=Cast("result__reading", TextField()),
        kept_json=Cast("review__tables", TextField()),
    )
    return images.filter(holds).select_related("result", "review").order_by("position")
