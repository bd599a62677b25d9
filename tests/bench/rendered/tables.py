"""The supply of content: tables that fit, from a corpus of real ones or invented."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from tests.bench.rendered.invented import COLUMNS, KINDS, Range, invent
from tests.bench.rendered.source import (
    Placed,
    SourceCell,
    SourceTable,
    fill_grid,
    heads,
    is_number,
    plain,
    read_corpus,
)

__all__ = [
    "KINDS",
    "Placed",
    "Range",
    "SourceCell",
    "SourceTable",
    "Supply",
    "fill_grid",
    "heads",
    "invent",
    "is_number",
    "plain",
    "read_corpus",
]

TRIES = 200  # tables of the corpus to look at before one is invented
OF_FIGURES = ("financial", "numbers", "scientific", "timetable", "regions", "study")
OF_WORDS = ("records", "statement", "invoice")


@dataclass(frozen=True)
class Supply:
    rnd: Random
    corpus: Sequence[SourceTable] = ()

    def table(
        self, rows: Range = (3, 30), columns: Range = (2, 12), numeric: bool | None = None
    ) -> SourceTable:
        """A table with so many rows and columns; `numeric` asks for mostly figures or for few."""
        for _ in range(TRIES if self.corpus else 0):
            table = self.rnd.choice(self.corpus)
            fits = rows[0] <= table.height <= rows[1] and columns[0] <= table.width <= columns[1]
            if fits and numeric in {None, 2 * len(table.numeric_columns) >= table.width}:
                return table
        kinds = {None: OF_FIGURES + OF_WORDS, True: OF_FIGURES, False: OF_WORDS}[numeric]
        ranges = {kind: _common(columns, COLUMNS.get(kind, columns)) for kind in kinds}
        kind = self.rnd.choice([kind for kind in kinds if ranges[kind]] or OF_FIGURES)
        return invent(self.rnd, kind, rows, ranges.get(kind) or columns)

    def invented(
        self, kind: str, rows: Range | None = None, columns: Range | None = None
    ) -> SourceTable:
        """A table of one of `KINDS`, of its usual size unless another is given."""
        return invent(self.rnd, kind, rows, columns)


def _common(one: Range, other: Range) -> Range | None:
    least, most = max(one[0], other[0]), min(one[1], other[1])
    return (least, most) if least <= most else None
