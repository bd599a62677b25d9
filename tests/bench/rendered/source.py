"""Tables as text: cells with spans, and how a corpus of real tables is read."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final, overload

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
        return sum(cell.colspan for cell in self.rows[0]) if self.rows else 0

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


Rows = list[Sequence[SourceCell]]


def is_number(text: str) -> bool:
    """Whether a text is a figure, or a dash in its place."""
    return bool(NUMBER.fullmatch(text.strip()) or DASH.fullmatch(text.strip()))


class Corpus(Sequence[SourceTable]):
    """Tables as lines of JSON, each parsed when it is first asked for."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._tables: dict[int, SourceTable] = {}

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, at: int) -> SourceTable: ...

    @overload
    def __getitem__(self, at: slice) -> Corpus: ...

    def __getitem__(self, at: int | slice) -> SourceTable | Corpus:
        if isinstance(at, slice):
            return Corpus(self._lines[at])
        if at not in self._tables:
            self._tables[at] = titles_over_width(_from_json(json.loads(self._lines[at])))
        return self._tables[at]


def read_corpus(path: Path) -> Corpus:
    """The tables of a file of JSON lines, gzipped or not, that can be drawn.

    A line is `{"rows": [[{"t": text, "r": rowspan, "c": colspan, "h": 1}]], "lang", "source",
    "caption", "note"}`, of which `r`, `c`, `h`, `caption` and `note` may be missing.
    """
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    lines = INVISIBLE.sub("", text).split("\n")
    return Corpus([line for line in lines if line and not UNDRAWN.search(line)])


def titles_over_width(table: SourceTable) -> SourceTable:
    """The table with section titles as cells over its whole width.

    Published tables have them so, or as a first cell beside empty ones, and both look alike. A row
    of the latter kind is taken for a title unless most rows are so.
    """
    body = range(table.header_rows, table.height - 1)
    alone = [row in body and _is_alone(cells, table.width) for row, cells in enumerate(table.rows)]
    if not 0 < sum(alone) <= 0.4 * table.height:
        return table
    rows = (
        (replace(cells[0], colspan=table.width),) if title else cells
        for title, cells in zip(alone, table.rows, strict=True)
    )
    return replace(table, rows=tuple(rows))


def _is_alone(cells: Sequence[SourceCell], width: int) -> bool:
    """Whether only the first cell of a row holds text, and no figure."""
    return (
        len(cells) == width > 2
        and bool(cells[0].text)
        and not any(cell.text for cell in cells[1:])
        and all(cell.rowspan == 1 for cell in cells)
        and not is_number(cells[0].text)
    )


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
    if "\n" not in text:
        return " ".join(text.split())
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "\n".join(line for line in lines if line)


def fill_grid(rows: Sequence[Sequence[SourceCell]]) -> tuple[tuple[SourceCell, ...], ...]:
    """The rows with spans cut where they overlap or end outside, and empty cells in all gaps."""
    if all(cell.rowspan == cell.colspan == 1 for cells in rows for cell in cells):
        width = max(map(len, rows), default=0)
        return tuple((*cells, *(SourceCell(""),) * (width - len(cells))) for cells in rows)
    placed = SourceTable(tuple(map(tuple, rows))).placed
    width = max((each.col + each.cell.colspan for each in placed), default=0)
    owned: set[tuple[int, int]] = set()
    begins: dict[tuple[int, int], SourceCell] = {}
    for each in placed:
        at, kept = (each.row, each.col), each.cell
        if kept.rowspan > 1 or kept.colspan > 1:
            area = [place for place in _area(each) if place[0] < len(rows)]
            area = [at] if owned.intersection(area) else area
            tall, wide = area[-1][0] - each.row + 1, area[-1][1] - each.col + 1
            kept = replace(kept, rowspan=tall, colspan=wide)
            owned.update(area)
        owned.add(at)
        begins[at] = kept
    empty = SourceCell("")
    return tuple(
        tuple(
            begins.get((row, col), empty)
            for col in range(width)
            if (row, col) in begins or (row, col) not in owned
        )
        for row in range(len(rows))
    )


def _area(placed: Placed) -> list[tuple[int, int]]:
    cell = placed.cell
    rows = range(placed.row, placed.row + cell.rowspan)
    return [(row, col) for row in rows for col in range(placed.col, placed.col + cell.colspan)]


def heads(*texts: str) -> tuple[SourceCell, ...]:
    return tuple(SourceCell(text, header=True) for text in texts)


def plain(*texts: str) -> tuple[SourceCell, ...]:
    return tuple(SourceCell(text) for text in texts)
