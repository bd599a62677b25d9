"""Print for the tests of the local engine: fragments placed by hand, and pages that are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unittest.mock import Mock

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.page.text_lines import PrintLine
from converter.core.engines.local.picture.pictures import Picture
from converter.core.engines.local.pipeline import STAGES
from converter.core.engines.local.stages import Page as PageState
from converter.core.engines.local.tables import draft
from converter.core.engines.local.tables.draft import Draft
from converter.core.engines.local.tables.layout import Layout
from converter.core.engines.local.text.page_text import PageText
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
    return draft.layout_of(fragments, rules or RulingLines(), boundaries)


def build_table(fragments: Sequence[Fragment], rules: RulingLines) -> Table:
    """The table that the stages after `bands` make of fragments and rules."""
    blank = PageText((), Picture(np.full((1, 1, 3), 255, np.uint8)))
    start = Draft(draft.layout_of(fragments, rules))
    page = PageState(blank, straight=tuple(fragments), drafts=(start,))
    first = [stage.name for stage in STAGES].index("bands") + 1
    for stage in STAGES[first:]:
        page = stage.step(page, Mock())
    (table,) = page.tables
    return table


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
