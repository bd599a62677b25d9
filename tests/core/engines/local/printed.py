"""Print for the tests of the local engine: fragments placed by hand, and pages that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.fragments import Fragment
from converter.core.engines.local.layout import Layout
from converter.core.engines.local.ruling_lines import RulingLines
from converter.core.engines.local.text_lines import PrintLine, group_lines
from converter.core.tables.model import Box, Table

LINE, LETTER = 20, 9


def fragment(text: str, left: float, top: float, confidence: float = 1.0) -> Fragment:
    """`text` in letters 9 wide and 20 high."""
    return Fragment(text, Box(left, top, left + LETTER * len(text), top + LINE), confidence)


def lines_of(
    rows: Iterable[Sequence[str]], columns: Sequence[float], *, top: float = 0, pitch: float = 24
) -> list[Fragment]:
    """Lines of fragments that begin at `columns`; an empty text is left out."""
    return [
        fragment(text, left, top + index * pitch)
        for index, row in enumerate(rows)
        for text, left in zip(row, columns, strict=False)
        if text
    ]


def layout_of(
    fragments: Sequence[Fragment], boundaries: Sequence[float], rules: RulingLines | None = None
) -> Layout:
    """The layout of fragments whose columns are known."""
    return Layout(
        lines=tuple(group_lines(fragments)),
        boundaries=tuple(boundaries),
        rules=rules or RulingLines(),
        left=min(item.box.left for item in fragments),
        right=max(item.box.right for item in fragments),
    )


def texts(rows: Iterable[PrintLine]) -> list[list[str]]:
    return [[item.text for item in row] for row in rows]


def grid_of(table: Table) -> list[list[str]]:
    """The texts of a table, row by row; a place that a span covers is '^'."""
    grid = [[""] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        for row, col in cell.places():
            grid[row][col] = "^"
        grid[cell.row][cell.col] = cell.text
    return grid


class Page:
    """A white page to draw on."""

    def __init__(self, width: int, height: int) -> None:
        self.image = Image.new("RGB", (width, height), "white")
        self.draw = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, text: str, size: int = 20) -> Page:
        self.draw.text((x, y), text, fill="black", font=ImageFont.load_default(size))
        return self

    def across(self, y: float, left: float, right: float, width: int = 1) -> Page:
        self.draw.line((left, y, right, y), fill="black", width=width)
        return self

    def down(self, x: float, top: float, bottom: float, width: int = 1) -> Page:
        self.draw.line((x, top, x, bottom), fill="black", width=width)
        return self

    def table(self, rows: Iterable[Sequence[str]], columns: Sequence[float], top: float) -> Page:
        """Rows 40 apart, whose texts begin at `columns`."""
        for index, row in enumerate(rows):
            for text, left in zip(row, columns, strict=False):
                self.text(left, top + 40 * index, text)
        return self

    @property
    def pixels(self) -> NDArray[np.uint8]:
        return np.asarray(self.image)

    @property
    def gray(self) -> NDArray[np.uint8]:
        return np.asarray(self.image.convert("L"))
