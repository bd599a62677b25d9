"""From the network's scores to the tables of a page."""

from __future__ import annotations

from typing import Final

import numpy as np

from converter.core.engines.local.structure.acceptance import is_table
from converter.core.engines.local.structure.clusters import find_tables
from converter.core.engines.local.structure.divisions import divided
from converter.core.engines.local.structure.grids import find_grid
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.scores import Grid, Scores

LEAST: Final = 6
"""Pieces of print in a table: four may be the head of a letter,"""
LEAST_RULED: Final = 4
"""but not if ruling lines close them in."""


def decode(page: Page, scores: Scores) -> list[Grid]:
    """The tables of a page."""
    grids = []
    found = find_tables(page, scores)
    for pieces in (part for whole in found for part in divided(page, scores, whole)):
        closed = not np.isnan(page.ruled[pieces, 0]).any()
        if (~page.empty[pieces]).sum() < (LEAST_RULED if closed else LEAST):
            continue
        grid = find_grid(page, scores, pieces)
        has_two = grid.rows[:, 1].max() > 1 and grid.columns[:, 1].max() > 1
        if has_two and is_table(page, scores, grid):
            grids.append(grid)
    return grids
