"""True tables of a corpus, as an engine would read them if it made no error."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import md5
from pathlib import Path
from typing import Any

from converter.core.tables.model import Cell, Table
from tests.bench.rendered.source import SourceCell, SourceTable, fill_grid

SURE = 0.97
"""The confidence of every cell: the picture gives no sign of any error."""
FIFTH = 5
DEEPEST_HEADER = 3
FIGURE = re.compile(r"[-+(\u2212\u2013$€£¥\s]*\d[\d.,\s]*[%)\s]*")
YEAR = re.compile(r"(?:19|20)\d\d")
PART_OF_DOCUMENT = re.compile(r"-(?:\d|ch|en)$")


@dataclass(frozen=True)
class Truth:
    """A true table. All tables of a document are either held out or not."""

    name: str
    source: str
    table: Table

    @property
    def is_held_out(self) -> bool:
        document = PART_OF_DOCUMENT.sub("", self.name)
        return md5(document.encode(), usedforsecurity=False).digest()[0] % FIFTH == 0


def read_truths(path: Path, step: int = 1) -> Iterator[Truth]:
    """Each `step`th table of a file of JSON lines, gzipped or not; `tests.bench.rendered` has the
    form. Those without a grid of two by two are left out."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode()
    for line in text.split("\n")[::step]:
        if line:
            record = json.loads(line)
            table = table_of(record)
            if min(table.n_rows, table.n_cols) > 1:
                yield Truth(record.get("id", ""), record.get("source", ""), table)


def table_of(record: Mapping[str, Any]) -> Table:
    """The table of a record. Where no cell is called a header, its first rows without figures are
    one."""
    rows = [
        [SourceCell(x["t"].strip(), x.get("r", 1), x.get("c", 1), bool(x.get("h"))) for x in row]
        for row in record["rows"]
    ]
    source = SourceTable(fill_grid(rows))
    is_told = any(cell.header for row in source.rows for cell in row)
    deep = source.header_rows if is_told else _rows_without_figures(source)
    return Table(
        tuple(
            Cell(
                one.row,
                one.col,
                one.cell.text,
                one.cell.rowspan,
                one.cell.colspan,
                confidence=SURE,
                header=one.row < deep,
            )
            for one in source.placed
        )
    )


def _rows_without_figures(source: SourceTable) -> int:
    for row, cells in enumerate(source.rows[: DEEPEST_HEADER + 1]):
        texts = [cell.text for cell in cells[1:] if cell.text]
        if any(FIGURE.fullmatch(text) and not YEAR.fullmatch(text) for text in texts):
            return row
    return min(1, len(source.rows) - 1)
