"""Tables as text: cells with spans, and how a corpus of real tables is read."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

NUMBER: Final = re.compile(
    r"[-\u2013\u2212+(<±]?\s*[$€£¥]?\s*[\d.,\s]*\d[\d.,\s]*\)?\s*[%)*†‡a-z]{0,3}"
)
DASH: Final = re.compile(r"[-\u2013\u2014\u2212.…]+|n\.?/?a\.?|", re.IGNORECASE)
UNDRAWN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2e80-\uffff\U00010000-\U0010ffff]")
"""Control characters and scripts for which most machines have no font."""
INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]")


@dataclass(frozen=True)
class SourceCell:
    text: str
    rowspan: int = 1
    colspan: int = 1
    header: bool = False


@dataclass(frozen=True)
class Placed:
    """A cell with the row and the column, from 0, of its upper left corner."""

    row: int
    col: int
    cell: SourceCell


@dataclass(frozen=True)
class SourceTable:
    """Rows of cells; what a span covers is left out. The cells fill the grid without gaps."""

    rows: tuple[tuple[SourceCell, ...], ...]
    caption: str = ""
    note: str = ""
    language: str = "en"
    source: str = "invented"

    @cached_property
    def placed(self) -> tuple[Placed, ...]:
        """All cells with their places, row by row."""
        taken: set[tuple[int, int]] = set()
        found = []
        for row, cells in enumerate(self.rows):
            col = 0
            for cell in cells:
                while (row, col) in taken:
                    col += 1
                found.append(Placed(row, col, cell))
                if cell.rowspan > 1 or cell.colspan > 1:
                    taken |= set(_area(found[-1]))
                col += 1
        return tuple(found)

    @property
    def height(self) -> int:
        return len(self.rows)

    @cached_property
    def width(self) -> int:
        return max((each.col + each.cell.colspan for each in self.placed), default=0)

    @cached_property
    def header_rows(self) -> int:
        """How many rows from the top hold header cells and empty ones only."""
        for row, cells in enumerate(self.rows):
            if not all(cell.header or not cell.text for cell in cells):
                return row
        return len(self.rows)

    @cached_property
    def numeric_columns(self) -> frozenset[int]:
        """The columns whose body holds figures, more than other text."""
        body: dict[int, list[str]] = {}
        for each in self.placed:
            if each.row >= self.header_rows and each.cell.colspan == 1 and each.cell.text:
                body.setdefault(each.col, []).append(each.cell.text)
        return frozenset(
            col
            for col, texts in body.items()
            if sum(is_number(text) for text in texts) > 0.6 * len(texts)
        )

    def by_row(self) -> Iterator[list[Placed]]:
        """The cells that begin in each row."""
        placed = iter(self.placed)
        for cells in self.rows:
            yield [next(placed) for _ in cells]


def is_number(text: str) -> bool:
    """Whether a text is a figure, or a dash in its place."""
    return bool(NUMBER.fullmatch(text.strip()) or DASH.fullmatch(text.strip()))


def read_corpus(path: Path) -> list[SourceTable]:
    """The tables of a file of JSON lines, gzipped or not, that can be drawn.

    A line is `{"rows": [[{"t": text, "r": rowspan, "c": colspan, "h": 1}]], "lang", "source",
    "caption", "note"}`, of which `r`, `c`, `h`, `caption` and `note` may be missing.
    """
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    lines = [line for line in INVISIBLE.sub("", text).split("\n") if line]
    tables = (_from_json(json.loads(line)) for line in lines if not UNDRAWN.search(line))
    return [titles_over_width(table) for table in tables if table.width]


def titles_over_width(table: SourceTable) -> SourceTable:
    """The table with section titles as cells over its whole width.

    Published tables have them so, or as a first cell beside empty ones, and both look alike. A row
    of the latter kind is taken for a title unless most rows are so.
    """
    alone = [
        table.header_rows <= row < table.height - 1
        and len(cells) == table.width > 2
        and all(cell.rowspan == 1 for cell in cells)
        and bool(cells[0].text)
        and not is_number(cells[0].text)
        and not any(cell.text for cell in cells[1:])
        for row, cells in enumerate(table.rows)
    ]
    if sum(alone) > 0.4 * table.height:
        return table
    rows = (
        (replace(cells[0], colspan=table.width),) if title else cells
        for title, cells in zip(alone, table.rows, strict=True)
    )
    return replace(table, rows=tuple(rows))


def _from_json(record: Mapping[str, Any]) -> SourceTable:
    rows = [
        [SourceCell(_clean(x["t"]), x.get("r", 1), x.get("c", 1), bool(x.get("h"))) for x in row]
        for row in record["rows"]
    ]
    return SourceTable(
        fill_grid(rows),
        _clean(record.get("caption") or ""),
        _clean(record.get("note") or ""),
        record["lang"],
        record["source"],
    )


def _clean(text: str) -> str:
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def fill_grid(rows: Sequence[Sequence[SourceCell]]) -> tuple[tuple[SourceCell, ...], ...]:
    """The rows with spans cut where they overlap or end outside, and empty cells in all gaps."""
    placed = SourceTable(tuple(map(tuple, rows))).placed
    width = max((each.col + each.cell.colspan for each in placed), default=0)
    owner: dict[tuple[int, int], Placed] = {}
    for each in placed:
        area = [at for at in _area(each) if at[0] < len(rows)]
        if any(at in owner for at in area):
            area = [(each.row, each.col)]
        tall, wide = area[-1][0] - each.row + 1, area[-1][1] - each.col + 1
        same = (tall, wide) == (each.cell.rowspan, each.cell.colspan)
        kept = each.cell if same else replace(each.cell, rowspan=tall, colspan=wide)
        owner.update(dict.fromkeys(area, Placed(each.row, each.col, kept)))
    filled = []
    for row in range(len(rows)):
        found = (owner.get((row, col), Placed(row, col, SourceCell(""))) for col in range(width))
        filled.append(
            tuple(at.cell for col, at in enumerate(found) if (at.row, at.col) == (row, col))
        )
    return tuple(filled)


def _area(placed: Placed) -> list[tuple[int, int]]:
    cell = placed.cell
    rows = range(placed.row, placed.row + cell.rowspan)
    return [(row, col) for row in rows for col in range(placed.col, placed.col + cell.colspan)]


def heads(*texts: str) -> tuple[SourceCell, ...]:
    return tuple(SourceCell(text, header=True) for text in texts)


def plain(*texts: str) -> tuple[SourceCell, ...]:
    return tuple(SourceCell(text) for text in texts)
