"""Cards: what stands in the fields of one, by what was read, on both its sides, and by people.

What a person says is laid over what was read each time anew, so neither ever takes the other's
place: not by another try, not by another reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from converter.core.engines.protocol import Mode, Reading
from converter.core.fields.pairing import merge_sides
from converter.core.fields.specification import FieldSpec, active, parse_fields
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.models import Batch, BatchImage, Correction, ImageState, Result

Specs = Sequence[FieldSpec]


@dataclass(frozen=True, slots=True)
class CardRow:
    """One row: the picture of a card, or those of its two sides, the front first."""

    sides: tuple[BatchImage, ...]

    @property
    def front(self) -> BatchImage:
        return self.sides[0]

    @property
    def number(self) -> int:
        """Its place among the rows, from 0."""
        return _card(self.front)

    @property
    def name(self) -> str:
        return " + ".join(side.display_name for side in self.sides)

    @property
    def read(self) -> list[BatchImage]:
        """The sides that have been read."""
        return [side for side in self.sides if side.state == ImageState.DONE]

    @property
    def failed(self) -> list[BatchImage]:
        return [side for side in self.sides if side.state == ImageState.FAILED]

    @property
    def has_values(self) -> bool:
        return bool(self.read or standing(self.front))

    def values(self, specs: Specs) -> tuple[FieldValue, ...]:
        """One for each field, in their order: what was read, and over it what a person says."""
        return with_said(self.as_read(specs), standing(self.front))

    def as_read(self, specs: Specs) -> tuple[FieldValue, ...]:
        """One for each field, in their order, whatever a person says of it."""
        first, *others = [_read_values(side, specs) for side in self.sides]
        for other in others:
            first = merge_sides(first, other)
        return tuple(_with_marks(first, self.front))


def specs_of(batch: Batch) -> tuple[FieldSpec, ...]:
    """The fields that are read of a batch, in the order of its columns."""
    return active(parse_fields(batch.fields)) if batch.mode == Mode.FIELDS else ()


def rows_of(images: Iterable[BatchImage]) -> Iterator[CardRow]:
    """The rows of images that come card by card."""
    for _, sides in groupby(images, key=_card):
        yield CardRow(tuple(sides))


def row_of(image: BatchImage) -> CardRow:
    """The row that an image is in, with all its sides."""
    if image.card is None:
        return CardRow((image,))
    sides = BatchImage.objects.filter(batch=image.batch_id, card=image.card).by_card()
    return CardRow(tuple(sides))


def reading_of(image: BatchImage) -> Reading:
    """What was read on one image, with what was said of it since."""
    reading, specs = image.result.to_reading(), specs_of(image.batch)
    return replace(reading, fields=CardRow((image,)).values(specs)) if specs else reading


def standing(image: BatchImage) -> dict[str, Correction]:
    """By field, what a person says that stands there."""
    said = sorted(image.corrections.all(), key=lambda correction: correction.pk)
    return {correction.field: correction for correction in said if correction.undone is None}


def with_said(
    values: Iterable[FieldValue], said: Mapping[str, Correction]
) -> tuple[FieldValue, ...]:
    return tuple(_said(value, said.get(value.name)) for value in values)


def _said(value: FieldValue, correction: Correction | None) -> FieldValue:
    if correction is None:
        return value
    return FieldValue(
        value.name, correction.text or None, value.box, confidence=1.0, state=ValueState.CORRECTED
    )


def _read_values(image: BatchImage, specs: Specs) -> tuple[FieldValue, ...]:
    result = _result(image)
    stored = map(FieldValue.from_json, result.reading["fields"]) if result else ()
    found = {value.name: value for value in stored}
    return tuple(found.get(spec.name, FieldValue(spec.name)) for spec in specs)


def _with_marks(values: Iterable[FieldValue], image: BatchImage) -> Iterator[FieldValue]:
    result = _result(image)
    marks = result.marks if result else {}
    return (value.marked(*map(Mark, marks.get(value.name, ()))) for value in values)


def _result(image: BatchImage) -> Result | None:
    return image.result if image.state == ImageState.DONE else None


def _card(image: BatchImage) -> int:
    return image.position if image.card is None else image.card
