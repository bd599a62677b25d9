"""Run again: what people had said of an image before, where the new reading says something else.

A batch that is run again is read from nothing, so that readings can be compared. What was said of
the same picture in the batch before is offered at the desk, cell by cell, by where it stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from converter.core.tables.edits import Edit, SetText, Tables
from converter.core.tables.model import Cell, Said
from converter.models import BatchImage, Review
from converter.review import trail
from converter.review.records import By, Change


class Difference(NamedTuple):
    """A cell that says something else than a person said of this place before."""

    table: int
    cell: Cell
    text: str

    @property
    def at(self) -> str:
        return f"{self.table}.{self.cell.row}.{self.cell.col}"


def differences(image: BatchImage, tables: Tables) -> list[Difference]:
    """Of an image with its batch and result, by one query; none for a batch that is read for the
    first time."""
    before = _review_before(image)
    if before is None:
        return []
    return list(_differences(before.to_tables(), tables))


def take(image: BatchImage, wanted: str, by: By) -> Change:
    """Say again what was said before, of the cell `wanted` or, if that is empty, of all, as one
    step. Raises EditError where nothing differs."""

    def plan(tables: Tables) -> Sequence[Edit]:
        return [
            SetText(table=one.table, row=one.cell.row, col=one.cell.col, text=one.text)
            for one in differences(image, tables)
            if wanted in ("", one.at)
        ]

    return trail.make(image, plan, by)


def _review_before(image: BatchImage) -> Review | None:
    if image.batch.again_of_id is None:
        return None
    reviews = Review.objects.filter(
        image__batch=image.batch.again_of_id, image__sha256=image.sha256, image__page=image.page
    ).select_related("image__result")
    before = reviews.order_by("image__position").first()
    turned = image.result.reading.get("turned", 0)
    if before and before.image.result.reading.get("turned", 0) == turned:
        return before
    return None


def _differences(before: Tables, now: Tables) -> Iterator[Difference]:
    cells = [(n, cell, cell.box) for n, table in enumerate(now) for cell in table.cells if cell.box]
    for table in before:
        for said in table.cells:
            if said.said not in (Said.CORRECTED, Said.CONFIRMED) or said.box is None:
                continue
            for number, cell, box in cells:
                if box.holds(*said.box.middle):
                    if not cell.said and cell.text.split() != said.text.split():
                        yield Difference(number, cell, said.text)
                    break
