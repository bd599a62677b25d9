"""A person's corrections of a card's fields: made, and undone.

Corrections belong to the front of a card. Nothing is overwritten: the result keeps what was read,
and each correction keeps the value that it replaced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from converter.batches import reviewed
from converter.batches.lifecycle import BatchError
from converter.core.fields.specification import FieldSpec, FieldType
from converter.fields import cards
from converter.fields.cards import CardRow
from converter.models import Batch, BatchImage, Correction, ImageState, Result
from converter.util.text_input import one_line

LONGEST: Final = 10_000
_OPEN: Final = (ImageState.WAITING, ImageState.RUNNING)


class NoSuchField(BatchError):
    """The batch has no field of this name."""

    def __init__(self) -> None:
        super().__init__("no_such_field", "This batch reads no such field.")


@transaction.atomic
def correct(
    image: BatchImage, field: str, text: str, by: Mapping[str, Any], *, program: bool = False
) -> None:
    """Set the value of a card's field to `text`, `by` an owner or their program; "" empties it.

    Repeating what was read confirms it. Raises BatchError while the card is still to be read.
    """
    row = _lock(image, field)
    specs = cards.specs_of(row.front.batch)
    [before] = [value for value in row.values(specs) if value.name == field]
    text = cleaned(next(spec for spec in specs if spec.name == field), text)
    Correction.objects.create(
        **by, image=row.front, field=field, text=text, before=before.to_json()
    )
    left = _count(row)
    if not program:
        reviewed.follow(row.front, left, by)


def cleaned(spec: FieldSpec, text: str) -> str:
    """A text as it is kept for a field."""
    if spec.type is FieldType.MULTILINE:
        return "\n".join(map(one_line, text.strip().splitlines()))[:LONGEST]
    return one_line(text)[:LONGEST]


@transaction.atomic
def undo(image: BatchImage, field: str) -> bool:
    """Undo the current correction of a field: the value before it is current again."""
    row = _lock(image, field)
    last = cards.current_corrections(row.front).get(field)
    if last is None:
        return False
    last.undone = timezone.now()
    last.save(update_fields=["undone"])
    reviewed.follow(row.front, _count(row), None)
    return True


def _lock(image: BatchImage, field: str) -> CardRow:
    batch = Batch.objects.lock(image.batch_id)
    if batch is None or field not in {spec.name for spec in cards.specs_of(batch)}:
        raise NoSuchField
    row = cards.row_of(image)
    if any(side.state in _OPEN for side in row.sides):
        raise BatchError("image_not_read", "This card is still to be read; wait for that.")
    for side in row.sides:
        side.batch = batch
    return row


def _count(row: CardRow) -> int:
    """Store how many values of a card are doubtful, in the result of its front, and what they say,
    for the search."""
    front = BatchImage.objects.by_card().select_related("batch").get(pk=row.front.pk)
    fresh = CardRow((front, *row.sides[1:]))
    specs = cards.specs_of(front.batch)
    cards.index_values([fresh], specs)
    doubtful = sum(value.is_doubtful for value in fresh.values(specs))
    Result.objects.filter(image=front).update(doubtful=doubtful)
    return doubtful
