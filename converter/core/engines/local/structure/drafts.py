"""Grids that were decoded as tables in the making, as `tables` knows them, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from converter.core.engines.local.fragments.cutting import part_between_words
from converter.core.engines.local.page.boxes import line_height
from converter.core.engines.local.page.fragments import Fragment, box_around
from converter.core.engines.local.page.ruling_lines import RulingLine, RulingLines
from converter.core.engines.local.page.text_lines import group_lines
from converter.core.engines.local.structure.cells import cells_of
from converter.core.engines.local.structure.page import Page, Places
from converter.core.engines.local.structure.scores import Grid, Scores
from converter.core.engines.local.tables.date_columns import join_dates
from converter.core.engines.local.tables.draft import Draft, cell_of, layout_of
from converter.core.engines.local.tables.headers import count_header_rows
from converter.core.tables.areas import Area, tile
from converter.core.tables.model import Box

HARDLY: Final = 8.0
"""A row that scores below minus this is no header, whatever rules say."""
OUTLIERS: Final = 10
"""Per cent of the print of a column that may reach into the next one."""

Contents = list[tuple[Area, list[Fragment]]]


def draft_of(
    page: Page, scores: Scores, grid: Grid, fragments: Sequence[Fragment], rules: RulingLines
) -> Draft:
    """The table that a grid makes of `fragments`, the first pieces of the page."""
    boundaries = boundaries_of(page, grid)
    contents: Contents = []
    for area, pieces in cells_of(page, grid):
        held = [fragments[piece] for piece in pieces if piece < len(fragments)]
        joined = len(held) == 1 and scores.joined[pieces[0]] > 0
        contents += parted(area, held[0], boundaries) if joined else [(area, held)]
    rows = max(area.bottom for area, _ in contents)
    columns = max(area.right for area, _ in contents)
    areas = tile(rows, columns, [area for area, _ in contents if not area.is_single])
    home = {place: index for index, area in enumerate(areas) for place in area.places()}
    filled: list[list[Fragment]] = [[] for _ in areas]
    for area, held in contents:
        filled[home[area.top, area.left]] += held
    inside = [fragment for held in filled for fragment in held]
    layout = layout_of(inside, rules_within(rules, box_around(inside), inside), boundaries)
    lines: list[list[Fragment]] = [[] for _ in range(rows)]
    for area, held in zip(areas, filled, strict=True):
        lines[area.top] += held
    in_rows = tuple(group_lines(held) for held in lines)
    heads = header_rows(scores, grid, count_header_rows(layout, in_rows, areas))
    return Draft(
        layout,
        in_rows,
        areas=tuple(areas),
        contents=tuple(filled),
        cells=tuple(
            replace(cell_of(area, held), header=area.top < heads)
            for area, held in zip(areas, filled, strict=True)
        ),
    )


def with_whole_dates(
    page: Page, grid: Grid, fragments: Sequence[Fragment], rules: RulingLines
) -> Grid:
    """The grid with the columns of days, months and years, as cards label them, made one."""
    boundaries = boundaries_of(page, grid)
    inside = [fragments[piece] for piece in grid.pieces if piece < len(fragments)]
    layout = layout_of(inside, rules_within(rules, box_around(inside), inside), boundaries)
    kept = join_dates(layout.lines, boundaries, layout.rules.vertical, layout.height)
    column = np.concatenate([[0], np.isin(boundaries, kept).cumsum()]).astype(np.intp)
    first, end = grid.columns.T
    return replace(grid, columns=np.stack([column[first], column[end - 1] + 1], axis=1))


def boundaries_of(page: Page, grid: Grid) -> list[float]:
    """Where neighbouring columns part, in pixels."""
    single = grid.columns[:, 1] - grid.columns[:, 0] == 1
    count = int(grid.columns[:, 1].max())
    left, right = page.evidence.boxes[grid.pieces][:, [0, 2]].T
    first, last = np.full(count, np.nan), np.full(count, np.nan)
    for column in range(count):
        held = single & (grid.columns[:, 0] == column)
        if held.any():
            first[column] = np.percentile(left[held], OUTLIERS)
            last[column] = np.percentile(right[held], 100 - OUTLIERS)
    known = np.flatnonzero(~np.isnan(first))
    first = np.interp(np.arange(count), known, first[known])
    last = np.interp(np.arange(count), known, last[known])
    return [float(x) for x in np.maximum.accumulate((last[:-1] + first[1:]) / 2)]


def parted(area: Area, fragment: Fragment, boundaries: Sequence[float]) -> Contents:
    """Text of several columns that was found as one, as a cell for the words of each column."""
    parts = part_between_words(fragment, boundaries[area.left : area.right - 1])
    if len(parts) < 2:
        return [(area, [fragment])]
    cells: dict[int, list[Fragment]] = {}
    for part in parts:
        column = int(np.searchsorted(boundaries, part.centre))
        cells.setdefault(min(max(column, area.left), area.right - 1), []).append(part)
    return [(replace(area, left=column, right=column + 1), held) for column, held in cells.items()]


def header_rows(scores: Scores, grid: Grid, ruled: int) -> int:
    """How many rows at the top are header: those whose pieces score above 0 together.

    Where none do but the first might, it is as many as there are by rules.
    """
    odds = []
    for row in range(int(grid.rows[:, 1].max()) - 1):
        held = (grid.rows[:, 0] <= row) & (row < grid.rows[:, 1])
        odds.append(float(scores.header[grid.pieces[held]].mean()) if held.any() else 0.0)
    heads = next((row for row, each in enumerate(odds) if each < 0), len(odds))
    return min(ruled, len(odds)) if not heads and odds[0] > -HARDLY else heads


def rules_within(rules: RulingLines, box: Box, fragments: Sequence[Fragment]) -> RulingLines:
    """The ruling lines within reach of a table at `box`."""
    reach = 1.5 * line_height(fragment.box for fragment in fragments)

    def near(line: RulingLine, low: float, high: float, start: float, end: float) -> bool:
        beside = low - reach <= line.at <= high + reach
        return beside and line.end > start and line.start < end

    left, top, right, bottom = box
    return RulingLines(
        tuple(line for line in rules.horizontal if near(line, top, bottom, left, right)),
        tuple(line for line in rules.vertical if near(line, left, right, top, bottom)),
        tuple(line for line in rules.bands if near(line, top, bottom, left, right)),
    )


def grid_of(draft: Draft, fragments: Sequence[Fragment]) -> Grid:
    """The grid of a table in the making, by the places of its text among `fragments`."""
    exact = {fragment.box: place for place, fragment in enumerate(fragments)}
    pieces: dict[int, tuple[int, int, int, int]] = {}
    for area, content in zip(draft.areas, draft.contents, strict=True):
        for fragment in content:
            place = exact.get(fragment.box)
            place = _around(fragment, fragments) if place is None else place
            if place is not None:
                top, left, bottom, right = pieces.get(place, (area.top, area.left, 0, 0))
                pieces[place] = (
                    min(top, area.top),
                    min(left, area.left),
                    max(bottom, area.bottom),
                    max(right, area.right),
                )
    spans = np.array(list(pieces.values()), np.intp).reshape(-1, 4)
    order: Places = np.array(list(pieces), np.intp)
    return Grid(order, spans[:, [0, 2]], spans[:, [1, 3]])


def _around(part: Fragment, fragments: Sequence[Fragment]) -> int | None:
    """The fragment that a part was cut from."""
    return next(
        (
            place
            for place, whole in enumerate(fragments)
            if whole.box.left <= part.centre <= whole.box.right
            and whole.box.top <= part.middle <= whole.box.bottom
        ),
        None,
    )
