"""Finding: the images that hold what somebody searches for, and where on them it stands.

An image is found if each word of the query is somewhere on it: in a cell or value as people have
left it, in print beside the tables, or in its name. Of an image, the places with most of the words
come first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Q

from converter.core.tables.model import Box, Cell, Table
from converter.fields import cards
from converter.models import Batch, BatchImage, BatchImageQuerySet, BatchQuerySet
from converter.search import index
from converter.search.words import places_of, terms_of

LONGEST: Final = 200  # characters of a query
MOST_HITS: Final = 6  # that are shown of one image
MOST_BATCHES: Final = 5  # that are found by their names


@dataclass(frozen=True, slots=True)
class Hit:
    """A place on an image: cell `cell` of table `table`, value `value` of a card, counted from 0,
    or, with neither, print beside them or the image's name. `marks` are where the words stand in
    `text`."""

    text: str
    marks: tuple[tuple[int, int], ...]
    table: int | None = None
    cell: Cell | None = None
    value: int | None = None
    field: str = ""
    box: Box | None = None
    is_name: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An image with the first of its hits, and how many there are; `tables` are what it says by
    now."""

    image: BatchImage
    hits: tuple[Hit, ...]
    count: int
    tables: tuple[Table, ...] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.hits)


def images_with(query: str, batches: BatchQuerySet) -> BatchImageQuerySet:
    """The images of these batches that hold a query: of the newest batch first, in their order."""
    rows = index.holding(terms_of(query[:LONGEST]))
    found = BatchImage.objects.filter(pk__in=rows.values("pk"), batch__in=batches)
    return found.order_by("-batch__created", "-batch", "position")


def batches_named(query: str, batches: BatchQuerySet) -> list[Batch]:
    """The first of these batches of whose names each word of a query is a part."""
    words = query.replace("\0", "").encode(errors="ignore").decode()[:LONGEST].split()
    for word in words:
        batches = batches.filter(name__icontains=word)
    return list(batches.newest_first()[:MOST_BATCHES]) if words else []


def after(images: BatchImageQuerySet, last: BatchImage) -> BatchImageQuerySet:
    """Those after one of them that came with its batch."""
    batch = last.batch
    return images.filter(
        Q(batch__created__lt=batch.created)
        | Q(batch__created=batch.created, batch__lt=batch.pk)
        | Q(batch=batch.pk, position__gt=last.position)
    )


def hits_on(images: BatchImageQuerySet, query: str, most: int = MOST_HITS) -> list[Found]:
    """Where a query stands on each of some images; a card is told once, by two queries for all."""
    terms = terms_of(query[:LONGEST])
    rows = list(images.select_related("batch", "result", "review").defer("answer"))
    by_card = _cards(rows)
    found, told = [], set()
    for image in rows:
        card = (image.batch_id, image.card)
        if image.card is not None and card in told:
            continue
        told.add(card)
        tables: tuple[Table, ...] = ()
        if image.card is not None:
            hits = list(_in_values(by_card[card], terms))
        elif hasattr(image, "result"):
            tables = image.result.current().tables
            hits = list(_in_tables(tables, terms))
        else:
            hits = []
        hits += _beside(image, terms)
        hits.sort(key=lambda hit: -len(hit.marks))
        found.append(Found(image, tuple(hits[:most]), len(hits), tables))
    return found


def _cards(images: Sequence[BatchImage]) -> dict[tuple[UUID, int | None], cards.CardRow]:
    """The rows of the cards that these images are of."""
    wanted = Q(pk__in=[])
    for image in images:
        if image.card is not None:
            wanted |= Q(batch=image.batch_id, card=image.card)
    if not wanted.children:
        return {}
    sides = BatchImage.objects.filter(wanted).select_related("batch").defer("answer")
    ordered = sides.by_card().order_by("batch", "card", "is_back", "position")
    return {(row.front.batch_id, row.front.card): row for row in cards.rows_of(ordered)}


def _in_tables(tables: Sequence[Table], terms: Collection[str]) -> Iterator[Hit]:
    for number, table in enumerate(tables):
        for cell in table.cells:
            if marks := _marks(terms, cell.text):
                yield Hit(cell.text, marks, table=number, cell=cell, box=cell.box)


def _in_values(row: cards.CardRow, terms: Collection[str]) -> Iterator[Hit]:
    for number, value in enumerate(row.values(cards.specs_of(row.front.batch))):
        if marks := _marks(terms, value.text or ""):
            yield Hit(value.text or "", marks, value=number, field=value.name, box=value.box)


def _beside(image: BatchImage, terms: Collection[str]) -> Iterator[Hit]:
    if hasattr(image, "result"):
        reading = image.result.current()
        for line in (*reading.loose_text, *reading.missing):
            if marks := _marks(terms, line.text):
                yield Hit(line.text, marks, box=line.box)
    if marks := _marks(terms, image.display_name):
        yield Hit(image.display_name, marks, is_name=True)


def _marks(terms: Collection[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(places_of(terms, text).values()))
