"""Filters: the images of a batch, or its cards, of which something holds that a person asks for."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, TextField
from django.db.models.functions import Cast
from django.db.models.lookups import Contains

from converter.core.engines.protocol import Mode
from converter.core.fields.pairing import Pairing
from converter.core.fields.values import ValueState
from converter.models import (
    Batch,
    BatchImage,
    BatchImageQuerySet,
    Correction,
    ImageState,
    TableEdit,
)


class Filter(NamedTuple):
    """Its name in addresses, what people call it, and which images it lets through."""

    name: str
    label: str
    holds: Q


_EDITED: Final = TableEdit.objects.filter(review__image=OuterRef("pk"), undone=None)
_CORRECTED: Final = Correction.objects.filter(image=OuterRef("pk"), undone=None)
_OF_ALL: Final = (
    Filter("doubtful", "In doubt", Q(result__doubtful__gt=0)),
    Filter("failed", "Failed", Q(state=ImageState.FAILED)),
    Filter("corrected", "Corrected", Q(Exists(_EDITED)) | Q(Exists(_CORRECTED))),
    Filter("reviewed", "Reviewed", Q(reviewed__isnull=False)),
)
_OF_TABLES: Final = (
    Filter("unread", "Print not read", Q(result__unread__gt=0) | Q(result__missing__gt=0)),
    Filter("nothing", "Nothing found", Q(result__tables=0)),
)
_OF_CARDS: Final = (
    # As it stands in a stored value; the other side of a card has none of most fields.
    Filter(
        "not_found",
        "Not found",
        Q(Contains(Cast("result__reading", TextField()), f'"{ValueState.NOT_FOUND}"')),
    ),
)


SORTS: Final = {"doubt": "Most in doubt first", "name": "By name"}
"""How images or cards may be sorted: the name in addresses, and what people call it."""


def filters_of(batch: Batch) -> tuple[Filter, ...]:
    if batch.mode == Mode.TABLES:
        return _OF_ALL + _OF_TABLES
    return _OF_ALL + (_OF_CARDS if batch.pairing == Pairing.NONE else ())


def counts(batch: Batch) -> list[tuple[Filter, int]]:
    """The filters that let anything through, each with how many images or cards, by one query."""
    filters = filters_of(batch)
    thing = "pk" if batch.cards is None else "card"
    found = batch.images.aggregate(
        **{one.name: Count(thing, filter=one.holds, distinct=True) for one in filters}
    )
    return [(one, found[one.name]) for one in filters if found[one.name]]


def chosen(batch: Batch, name: str) -> BatchImageQuerySet | None:
    """The images that a filter lets through, in order; None if there is no such filter."""
    found = next((one for one in filters_of(batch) if one.name == name), None)
    images = BatchImage.objects.filter(batch=batch)
    return images.filter(found.holds).order_by("position") if found else None


def ordered(images: BatchImageQuerySet, sort: str) -> BatchImageQuerySet:
    """As `SORTS` has it; as they stand for anything else."""
    match sort:
        case "doubt":
            return images.order_by(F("result__doubtful").desc(nulls_last=True), "position")
        case "name":
            return images.order_by("name", "page", "position")
        case _:
            return images.order_by("card", "position")


def cards_of(images: BatchImageQuerySet, sort: str = "") -> list[int]:
    """The numbers of the cards that these images are of, sorted by the first of their images."""
    numbers = ordered(images, sort).values_list("card", flat=True)
    return list(dict.fromkeys(number for number in numbers if number is not None))
