"""What speaks against the place of each cell of a table, whichever reading found it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.structure.acceptance import log_odds_of_table
from converter.core.engines.local.structure.grids import margins_of
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.scores import CLIP, Grid, Scores, Spans, shares
from converter.core.engines.local.structure.witness import LEAST
from converter.core.engines.local.tables.places import MOST, SURE, PlaceSigns
from converter.core.tables.areas import Area


@dataclass(frozen=True, eq=False)
class Believed:
    """A grid that is believed, and on which grounds.

    `rivals` are the tables of the other reading on the same stretch of the page, and `plausibility`
    is that of the reading which has this one, as `witness` tells it.
    """

    grid: Grid
    rivals: Sequence[Grid]
    plausibility: float


def place_signs(
    page: Page, scores: Scores, believed: Believed, areas: Sequence[Area]
) -> tuple[PlaceSigns, ...]:
    """What speaks against the place of what is in each of the `areas` of a grid."""
    grid = believed.grid
    at = np.ix_(grid.pieces, grid.pieces)
    row, column = (np.clip(each[at], -CLIP, CLIP) for each in (scores.row, scores.column))
    per_piece = np.column_stack(
        [
            margins_of(grid.rows, row),
            margins_of(grid.columns, column),
            -_disputed(grid, believed.rivals),
        ]
    )
    table = (
        float(np.log(max(LEAST, -believed.plausibility))),
        float(np.clip(log_odds_of_table(page, scores, grid), -MOST, MOST)),
    )
    printed = ~page.empty[grid.pieces]

    def signs_in(area: Area) -> PlaceSigns:
        held = printed & _inside(grid, area)
        if not held.any():
            return SURE
        row, column, undisputed = per_piece[held].min(axis=0).tolist()
        return PlaceSigns(row, column, -undisputed, *table)

    return tuple(map(signs_in, areas))


def _inside(grid: Grid, area: Area) -> NDArray[np.bool_]:
    """Which pieces of a grid reach into an area."""
    rows, columns = grid.rows, grid.columns
    within = (rows[:, 0] < area.bottom) & (area.top < rows[:, 1])
    return np.asarray(within & (columns[:, 0] < area.right) & (area.left < columns[:, 1]), np.bool_)


def _disputed(grid: Grid, rivals: Sequence[Grid]) -> NDArray[np.float64]:
    """Of what shares a cell with each piece in either reading, the share (n,) that does in one.

    Pieces that one of the readings has in no table do not count.
    """
    place = {int(piece): number for number, piece in enumerate(grid.pieces)}
    known = np.zeros(len(place), np.bool_)
    theirs = np.zeros((len(place), len(place)), np.bool_)
    for rival in rivals:
        both = [n for n, piece in enumerate(rival.pieces.tolist()) if piece in place]
        home = [place[int(piece)] for piece in rival.pieces[both]]
        known[home] = True
        theirs[np.ix_(home, home)] = _share_cells(rival.rows[both], rival.columns[both])
    ours = _share_cells(grid.rows, grid.columns) & known[:, None] & known
    either = np.maximum(1, (ours | theirs).sum(axis=1))
    return np.asarray((ours ^ theirs).sum(axis=1) / either, np.float64)


def _share_cells(rows: Spans, columns: Spans) -> NDArray[np.bool_]:
    return np.asarray(shares(rows) & shares(columns), np.bool_)
