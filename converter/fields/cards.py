"""Cards: the values of their fields, from the readings of both sides and from people's corrections.

Corrections are applied to the reading on every access, so neither ever replaces the other: not
when an image is retried, and not when it is read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Final

from converter.core.engines.protocol import Mode, Reading
from converter.core.fields.pairing import merge_sides
from converter.core.fields.specification import FieldSpec, active, parse_fields
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.models import Batch, BatchImage, Correction, ImageState, Result
from converter.search import index

CHUNK: Final = 100  # cards in memory at a time

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
        return bool(self.read or current_corrections(self.front))

    def values(self, specs: Specs) -> tuple[FieldValue, ...]:
        """One for each field, in their order: the current correction, or else what was read."""
        corrections = current_corrections(self.front)
        values = list(self.as_read(specs))
        for number, value in enumerate(values):
            if correction := corrections.get(value.name):
                text, state = correction.text or None, ValueState.CORRECTED
                values[number] = FieldValue(
                    value.name, text, value.box, confidence=1.0, state=state
                )
        return tuple(values)

    def as_read(self, specs: Specs) -> tuple[FieldValue, ...]:
        """One for each field, in their order, without corrections."""
        first, *others = [_read_values(side, specs) for side in self.sides]
        for other in others:
            first = merge_sides(first, other)
        result = _result(self.front)
        marks = result.marks if result else {}
        return tuple(value.marked(*map(Mark, marks.get(value.name, ()))) for value in first)


def specs_of(batch: Batch) -> tuple[FieldSpec, ...]:
    """The fields that are read of a batch, in the order of its columns."""
    return active(parse_fields(batch.fields)) if batch.mode == Mode.FIELDS else ()


def rows_of(images: Iterable[BatchImage]) -> Iterator[CardRow]:
    """The rows of images that come card by card."""
    for _, sides in groupby(images, key=_card):
        yield CardRow(tuple(sides))


def chunk_of(batch: Batch, first: int) -> Iterator[CardRow]:
    """CHUNK rows of a batch from a number on, fetched by a query of their own."""
    images = batch.images.filter(card__range=(first, first + CHUNK - 1))
    return rows_of(images.defer("answer").by_card())


def row_of(image: BatchImage) -> CardRow:
    """The row that an image is in, with all its sides."""
    if image.card is None:
        return CardRow((image,))
    sides = BatchImage.objects.filter(batch=image.batch_id, card=image.card).by_card()
    return CardRow(tuple(sides))


def reading_of(image: BatchImage) -> Reading:
    """What was read on one image, with its corrections."""
    reading, specs = image.result.current(), specs_of(image.batch)
    return replace(reading, fields=CardRow((image,)).values(specs)) if specs else reading


def index_values(rows: Iterable[CardRow], specs: Specs) -> None:
    """Let the search find what the values of these cards say by now, by one query. All of a card's
    are with its front."""
    texts: dict[int, list[str]] = {}
    for row in rows:
        texts |= {side.pk: [] for side in row.sides}
        texts[row.front.pk] = [value.text or "" for value in row.values(specs)]
    index.put_cells(texts)


def current_corrections(image: BatchImage) -> dict[str, Correction]:
    """By field, the latest correction that was not undone."""
    ordered = sorted(image.corrections.all(), key=lambda correction: correction.pk)
    return {one.field: one for one in ordered if one.undone is None}


def _read_values(image: BatchImage, specs: Specs) -> tuple[FieldValue, ...]:
    result = _result(image)
    stored = map(FieldValue.from_json, result.reading["fields"]) if result else ()
    found = {value.name: value for value in stored}
    return tuple(found.get(spec.name, FieldValue(spec.name)) for spec in specs)


def _result(image: BatchImage) -> Result | None:
    return image.result if image.state == ImageState.DONE else None


def _card(image: BatchImage) -> int:
    return image.position if image.card is None else image.card
