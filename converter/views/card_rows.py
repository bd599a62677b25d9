"""Cards for pages: each value with its state in words, why it is in doubt, and its mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from converter.core.engines.protocol import CardKind
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import FieldValue, ValueState
from converter.fields import cards
from converter.fields.cards import CardRow, Specs
from converter.models import Batch, BatchImage, Correction, ImageState
from converter.views.readings import Spot, around

STATES: Final[Mapping[ValueState, str]] = {
    ValueState.READ: "read",
    ValueState.BLANK: "blank on the card",
    ValueState.NOT_FOUND: "not found",
    ValueState.UNREADABLE: "unreadable",
    ValueState.CORRECTED: "corrected",
}

KINDS: Final[Mapping[CardKind, str]] = {
    CardKind.BLANK: "a blank picture",
    CardKind.VERSO: "the back of a card",
    CardKind.COVER: "a cover",
}


@dataclass(frozen=True, slots=True)
class ShownValue:
    """A value of a card; `spot` is its place on the picture, if it is there."""

    number: int
    spec: FieldSpec
    value: FieldValue
    correction: Correction | None = None
    spot: Spot | None = None

    @property
    def name(self) -> str:
        return f"value-{self.number}"

    @property
    def text(self) -> str:
        return self.value.text or ""

    @property
    def state(self) -> str:
        return STATES[self.value.state]

    @property
    def is_several_lines(self) -> bool:
        return self.spec.type is FieldType.MULTILINE or "\n" in self.text

    @property
    def percent(self) -> int:
        return round(100 * self.value.confidence)

    @property
    def was_read(self) -> FieldValue | None:
        """What was read, where a person has corrected it."""
        return FieldValue.from_json(self.correction.before) if self.correction else None

    @property
    def why(self) -> str:
        """Why a person should look at it, in words; empty if there is no reason."""
        return why(self.value)


@dataclass(frozen=True, slots=True)
class ShownCard:
    """A row of a batch's page."""

    row: CardRow
    values: list[ShownValue]

    @property
    def state(self) -> str:
        """The one of its sides' that matters most."""
        states = {side.state for side in self.row.sides}
        return next((state for state in _WEIGHTIEST if state in states), ImageState.WAITING)

    @property
    def kinds(self) -> list[str]:
        """What its pictures show, where that is no card to read."""
        read = (side.result.reading.get("card", CardKind.CARD) for side in self.row.read)
        return [KINDS[CardKind(kind)] for kind in read if kind != CardKind.CARD]

    @property
    def state_label(self) -> str:
        return ImageState(self.state).label


_WEIGHTIEST: Final = (
    ImageState.RUNNING,
    ImageState.FAILED,
    ImageState.WAITING,
    ImageState.CANCELLED,
    ImageState.DONE,
)


def why(value: FieldValue) -> str:
    return "; ".join(value.reasons)


def of_page(batch: Batch, numbers: Sequence[int]) -> tuple[Specs, list[ShownCard]]:
    """The rows of these numbers, from 0, in their order, by two queries."""
    specs = cards.specs_of(batch)
    images = batch.images.filter(card__in=list(numbers)).defer("answer").by_card()
    rows = sorted(cards.rows_of(images), key=lambda row: numbers.index(row.number))
    return specs, [ShownCard(row, shown(row, specs)) for row in rows]


def shown(row: CardRow, specs: Specs, picture: BatchImage | None = None) -> list[ShownValue]:
    """The values of a card, with the places of those that stand on this picture of it."""
    if not row.has_values and picture is None:
        return []
    corrections = cards.current_corrections(row.front)
    boxes: dict[str, object] = {}
    if picture and picture.state == ImageState.DONE:
        boxes = {value.name: value.box for value in picture.result.to_reading().fields}
    found = []
    for number, (spec, value) in enumerate(zip(specs, row.values(specs), strict=True), 1):
        spot = None
        if value.box is not None and boxes.get(value.name) == value.box:
            spot = Spot(f"value-{number}", around(value.box), is_sure=not value.is_doubtful)
        found.append(ShownValue(number, spec, value, corrections.get(spec.name), spot))
    return found


def next_doubtful(row: CardRow) -> BatchImage | None:
    """The front of the next card that has something to look at; after the last the first."""
    fronts = BatchImage.objects.filter(batch=row.front.batch_id, is_back=False)
    doubtful = fronts.filter(state=ImageState.DONE, result__doubtful__gt=0).order_by("card")
    later = doubtful.filter(card__gt=row.number).first()
    return later or doubtful.filter(card__lt=row.number).first()


def neighbour(row: CardRow, step: int) -> BatchImage | None:
    """The front of the card before (-1) or after (1)."""
    fronts = BatchImage.objects.filter(batch=row.front.batch_id, is_back=False)
    return fronts.filter(card=row.number + step).first() if row.number + step >= 0 else None


def spots_of(values: Sequence[ShownValue]) -> list[Spot]:
    return [value.spot for value in values if value.spot]
