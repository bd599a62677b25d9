"""Random check: how many of the cells that nothing marks are wrong, measured on a sample of them.

Every cell with text that is not marked, and of which nobody has said anything, is as likely to be
drawn as any other. A person says of each whether it is right; what they type instead is a
correction like any other. Of a large batch, cells are drawn from MOST_IMAGES images, drawn before
them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final

from django.db import transaction
from django.utils import timezone

from converter.batches.lifecycle import BatchError
from converter.core.errors import EditError
from converter.core.tables.doubt import needs_a_look
from converter.core.tables.edits import SetText
from converter.core.tables.model import Cell
from converter.models import Batch, BatchImage, ImageState, RandomCheck, RandomCheckCell
from converter.review import records, trail
from converter.review.records import By
from converter.review.trail import Seen

CELLS: Final = 30
MOST_IMAGES: Final = 200
_CHUNK: Final = 20  # images in memory at a time


@transaction.atomic
def begin(batch: Batch, by: By, chance: random.Random | None = None) -> RandomCheck:
    """Draw the cells of a new check. Raises BatchError if no cell is left that nothing marks."""
    drawn = _draw(batch, chance or random.SystemRandom())
    if not drawn:
        raise BatchError("nothing_to_check", "No cell of this batch is unmarked and still unseen.")
    check = RandomCheck.objects.create(batch=batch, **by.owner)
    for cell in drawn:
        cell.check_of = check
    RandomCheckCell.objects.bulk_create(drawn)
    return check


def latest(batch: Batch) -> RandomCheck | None:
    return RandomCheck.objects.filter(batch=batch).order_by("-pk").first()


def answer(cell: RandomCheckCell, text: str, by: By) -> None:
    """The text that a cell should have: its own if it is right. Raises EditError, then nothing is
    noted."""
    if text.split() == cell.text.split():
        _note(cell, wrong=False)
        return
    table, row, col = cell.place
    edit = SetText(table=table, row=row, col=col, text=text)
    with transaction.atomic():
        trail.make(cell.image, [edit], by, Seen(texts=[cell.text]))
        _note(cell, wrong=True, corrected=text)


def undo(check: RandomCheck, by: By) -> RandomCheckCell:
    """Take the last answer back, with the correction that came of it."""
    last = (
        check.cells.exclude(looked_at=None).select_related("image").order_by("-looked_at").first()
    )
    if last is None:
        raise EditError("Nothing of this check has been answered.", "nothing_to_undo")
    with transaction.atomic():
        if last.wrong:
            trail.take_back(last.image, *last.place, by)
        _note(last, wrong=None)
    return last


def _note(cell: RandomCheckCell, *, wrong: bool | None, corrected: str = "") -> None:
    cell.wrong, cell.corrected = wrong, corrected
    cell.looked_at = None if wrong is None else timezone.now()
    cell.save(update_fields=["wrong", "corrected", "looked_at"])


def _draw(batch: Batch, chance: random.Random) -> list[RandomCheckCell]:
    """Reservoir sampling (Vitter's algorithm R), in the order of chance."""
    drawn: list[RandomCheckCell] = []
    for number, cell in enumerate(_cells(batch, chance)):
        if number < CELLS:
            drawn.append(cell)
        elif (place := chance.randrange(number + 1)) < CELLS:
            drawn[place] = cell
    chance.shuffle(drawn)
    return drawn


def _cells(batch: Batch, chance: random.Random) -> Iterator[RandomCheckCell]:
    images = BatchImage.objects.filter(batch=batch, state=ImageState.DONE).order_by("pk")
    pks = list(images.values_list("pk", flat=True))
    chosen = chance.sample(pks, min(len(pks), MOST_IMAGES))
    rows = images.filter(pk__in=chosen).select_related("result", "review")
    for image in rows.iterator(chunk_size=_CHUNK):
        for number, table in enumerate(records.stored_tables(image)):
            for cell in map(Cell.from_json, table["cells"]):
                if cell.text and not cell.said and not needs_a_look(cell):
                    place = {"table": number, "row": cell.row, "col": cell.col}
                    yield RandomCheckCell(image=image, text=cell.text, **place)
