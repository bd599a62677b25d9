"""A table in the making: what each stage has found of it so far."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from converter.core.engines.local.page.fragments import Fragment, box_around, join_text
from converter.core.engines.local.page.ruling_lines import RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.tables.layout import Layout, TableRow
from converter.core.engines.local.tables.places import PlaceSigns
from converter.core.tables.areas import Area
from converter.core.tables.model import Box, Cell


@dataclass(frozen=True, slots=True)
class Draft:
    """`spans` may overlap; `areas` tile the grid, and each has its cell and that cell's `contents`.

    `places` says what speaks against the place of each area, where a network looked. Columns are
    those of the layout: at first a single one.
    """

    layout: Layout
    rows: tuple[TableRow, ...] = ()
    spans: tuple[Area, ...] = ()
    areas: tuple[Area, ...] = ()
    contents: tuple[Sequence[Fragment], ...] = ()
    cells: tuple[Cell, ...] = ()
    places: tuple[PlaceSigns, ...] = ()

    @property
    def fragments(self) -> list[Fragment]:
        return [fragment for line in self.layout.lines for fragment in line]

    @property
    def box(self) -> Box:
        return box_around(self.fragments)

    def with_columns(self, boundaries: Iterable[float]) -> Draft:
        return replace(self, layout=replace(self.layout, boundaries=tuple(boundaries)))

    def with_spans(self, more: Iterable[Area]) -> Draft:
        return replace(self, spans=(*self.spans, *more))

    def divisions(self) -> Iterator[Box]:
        """The lines between columns and between rows, as boxes without width or height."""
        left, top, right, bottom = self.box
        for x in self.layout.boundaries:
            yield Box(x, top, x, bottom)
        for upper, lower in pairwise(row for row in self.rows if row):
            y = (upper[-1].bottom + lower[0].top) / 2
            yield Box(left, y, right, y)


def layout_of(
    fragments: Sequence[Fragment], rules: RulingLines, boundaries: Sequence[float] = ()
) -> Layout:
    """The layout of fragments (one at least) with these rules and boundaries between columns."""
    box = box_around(fragments)
    return Layout(tuple(group_lines(fragments)), tuple(boundaries), rules, box.left, box.right)


def cell_of(area: Area, content: Sequence[Fragment]) -> Cell:
    """The cell of an area that holds these fragments, in reading order."""
    return Cell(
        row=area.top,
        col=area.left,
        rowspan=area.bottom - area.top,
        colspan=area.right - area.left,
        text=join_text(content),
        box=box_around(content) if content else None,
    )
