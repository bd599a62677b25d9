"""One field of many cards: its values side by side, settled together and undone together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from converter.batches import reviewed
from converter.batches.lifecycle import BatchError
from converter.core.fields.specification import FieldSpec, Zone
from converter.core.fields.values import FieldValue
from converter.core.fields.zones import value_in
from converter.core.tables.model import Word
from converter.fields import cards, corrections
from converter.fields.cards import CardRow, Specs
from converter.fields.corrections import NoSuchField
from converter.models import Batch, BatchImage, Correction, ImageState, Result

MOST: Final = 100  # values side by side
_LOOKED_THROUGH: Final = 2_000  # cards with doubts, at a time
_ENDED: Final = (ImageState.DONE, ImageState.FAILED, ImageState.CANCELLED)


class Told(NamedTuple):
    """What somebody says of the value of a card, by its front, and what they saw there."""

    front: int
    text: str
    was: str


@dataclass(frozen=True, slots=True)
class Group:
    """Values of a field, each with its card; by field, how many are `doubtful` in the batch; and
    the number of the card to go on with, if there are more."""

    spec: FieldSpec
    values: Sequence[tuple[CardRow, FieldValue]]
    doubtful: Mapping[str, int]
    after: int | None = None


def doubtful(batch: Batch, field: str = "") -> Group:
    """The first values of a field that are in doubt, by three queries; of the field with the most
    if none is named. Raises NoSuchField."""
    specs = cards.specs_of(batch)
    fronts = batch.images.filter(is_back=False, state=ImageState.DONE, result__doubtful__gt=0)
    numbers = list(fronts.order_by("card").values_list("card", flat=True)[:_LOOKED_THROUGH])
    by_field: dict[str, list[tuple[CardRow, FieldValue]]] = {spec.name: [] for spec in specs}
    for row in _rows(batch, numbers):
        for value in row.values(specs):
            if value.is_doubtful:
                by_field[value.name].append((row, value))
    counts = {name: len(found) for name, found in by_field.items()}
    spec = _spec(specs, field or max(counts, key=lambda name: counts[name], default=""))
    return Group(spec, by_field[spec.name][:MOST], counts)


def every(batch: Batch, field: str, first: int) -> Group:
    """The values of a field of all cards from a number on, as `doubtful`."""
    specs = cards.specs_of(batch)
    spec = _spec(specs, field)
    rows = [
        row for row in _rows(batch, range(first, first + MOST)) if row.has_values and _ended(row)
    ]
    place = [one.name for one in specs].index(spec.name)
    values = [(row, row.values(specs)[place]) for row in rows]
    beyond = first + MOST
    after = beyond if batch.cards is not None and beyond < batch.cards else None
    return Group(spec, values, {}, after)


def in_zone(batch: Batch, field: str, zone: Zone, first: int) -> Group:
    """What stands in a zone of each card from a number on, where nobody has said what the field
    is and it says something else; each value as it would be. Raises NoSuchField."""
    spec = _spec(cards.specs_of(batch), field)
    found = []
    for row in _rows(batch, range(first, first + MOST)):
        if field in cards.current_corrections(row.front) or not _ended(row):
            continue
        for side in row.read:
            reading = side.result.to_reading()
            lines = [Word(one.text, one.box, one.confidence) for one in reading.lines if one.box]
            size = side.width, side.height
            size = size[::-1] if reading.turned % 180 else size
            if value := value_in(spec, zone, lines, size):
                found.append((row, value))
                break
    beyond = first + MOST
    after = beyond if batch.cards is not None and beyond < batch.cards else None
    return Group(spec, found, {}, after)


@transaction.atomic
def settle(batch: Batch, field: str, told: Sequence[Told], by: Mapping[str, Any]) -> int:
    """Set or confirm the values of a field on many cards, as one step; on how many. What somebody
    else has changed since it was seen is left alone. The queries are as many for all as for one."""
    locked, spec = _lock(batch, field)
    specs = cards.specs_of(locked)
    step, made = uuid4(), []
    rows = {
        row.front.pk: row for row in _rows(locked, _numbers(locked, [one.front for one in told]))
    }
    for one in told:
        row = rows.get(one.front)
        if row is None or not _ended(row):
            continue
        [before] = [value for value in row.values(specs) if value.name == field]
        if (before.text or "").split() != one.was.split():
            continue
        text = corrections.cleaned(spec, one.text)
        stored = before.to_json()
        made.append(
            Correction(**by, image=row.front, field=field, text=text, before=stored, step=step)
        )
    Correction.objects.bulk_create(made)
    left = _follow(locked, [one.image_id for one in made], specs)
    reviewed.mark_all([pk for pk, count in left.items() if not count], by)
    return len(made)


@transaction.atomic
def undo(batch: Batch) -> int:
    """Undo the last step of this batch that is in force; how many values it had."""
    locked = Batch.objects.lock(batch.pk)
    steps = Correction.objects.filter(image__batch=batch, undone=None).exclude(step=None)
    last = steps.order_by("-pk").first()
    if locked is None or last is None:
        raise BatchError("nothing_to_undo", "Nothing has been said of many cards at once.")
    fronts = list(steps.filter(step=last.step).values_list("image", flat=True))
    steps.filter(step=last.step).update(undone=timezone.now())
    left = _follow(locked, fronts, cards.specs_of(locked))
    reviewed.unmark_all([pk for pk, count in left.items() if count])
    return len(fronts)


def may_undo(batch: Batch) -> bool:
    steps = Correction.objects.filter(image__batch=batch, undone=None)
    return steps.exclude(step=None).exists()


def side_of(row: CardRow, value: FieldValue) -> BatchImage:
    """The picture of a card that a value stands on."""
    for side in row.read:
        stored = map(FieldValue.from_json, side.result.reading["fields"])
        if value.box and any(one.name == value.name and one.box == value.box for one in stored):
            return side
    return row.front


def _lock(batch: Batch, field: str) -> tuple[Batch, FieldSpec]:
    locked = Batch.objects.lock(batch.pk)
    if locked is None:
        raise NoSuchField
    return locked, _spec(cards.specs_of(locked), field)


def _spec(specs: Specs, name: str) -> FieldSpec:
    found = next((spec for spec in specs if spec.name == name), None)
    if found is None:
        raise NoSuchField
    return found


def _numbers(batch: Batch, fronts: Sequence[int]) -> list[int]:
    """The numbers of cards, by their fronts."""
    images = batch.images.filter(pk__in=fronts, is_back=False)
    return [number for number in images.values_list("card", flat=True) if number is not None]


def _rows(batch: Batch, numbers: Iterable[int | None]) -> list[CardRow]:
    images = batch.images.filter(card__in=list(numbers)).defer("answer").by_card()
    return list(cards.rows_of(images))


def _ended(row: CardRow) -> bool:
    return all(side.state in _ENDED for side in row.sides)


def _follow(batch: Batch, fronts: Sequence[int], specs: Specs) -> dict[int, int]:
    """Store what cards say by now, and how many of their values are in doubt; those by the fronts
    of the cards."""
    rows = _rows(batch, _numbers(batch, fronts))
    left = {row.front.pk: sum(value.is_doubtful for value in row.values(specs)) for row in rows}
    cards.index_values(rows, specs)
    results = list(Result.objects.filter(image__in=left).only("pk", "image_id"))
    for result in results:
        result.doubtful = left[result.image_id]
    Result.objects.bulk_update(results, ["doubtful"])
    return left
