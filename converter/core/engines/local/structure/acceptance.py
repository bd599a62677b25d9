"""Whether a grid that was decoded is a table at all."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.scores import CLIP, Grid, Scores

FIGURE: Final = 7
"""Which of the kinds of a text says that it is a number."""


class TableSigns(NamedTuple):
    """What speaks for a table; the first three are log-odds, `rows` and `columns` logarithms.

    `inside` is the mean over its pieces, `together` over its pairs, `margin` over their places.
    `filled` is the share of its places that hold print, `figures` that of its pieces that are
    numbers, and `ruled` that of those in closed boxes (each 0..1).
    """

    inside: float
    together: float
    margin: float
    rows: float
    columns: float
    filled: float
    figures: float
    ruled: float


# Fitted by tests/bench/structure/fitting.py.
MODEL: Final = Logistic(
    bias=-3.81,
    weights=TableSigns(
        inside=1.04,
        together=0.22,
        margin=0.24,
        rows=-0.06,
        columns=-0.25,
        filled=2.22,
        figures=-0.64,
        ruled=0.24,
    ),
)


def is_table(page: Page, scores: Scores, grid: Grid) -> bool:
    """Whether a grid is likelier a table than not, by a logistic model of its signs."""
    return log_odds_of_table(page, scores, grid) > 0


def log_odds_of_table(page: Page, scores: Scores, grid: Grid) -> float:
    return MODEL.log_odds(signs_of(page, scores, grid))


def signs_of(page: Page, scores: Scores, grid: Grid) -> TableSigns:
    pieces = grid.pieces
    rows, columns = int(grid.rows.max()), int(grid.columns.max())
    areas = np.diff(grid.rows, axis=1) * np.diff(grid.columns, axis=1)
    printed = ~page.empty[pieces]
    together = np.clip(scores.table[np.ix_(pieces, pieces)], -CLIP, CLIP)
    margins = np.zeros(1) if grid.margins is None else grid.margins
    return TableSigns(
        inside=float(np.clip(scores.inside[pieces], -CLIP, CLIP).mean()),
        together=float(together.mean()),
        margin=float(margins.mean()),
        rows=float(np.log(rows)),
        columns=float(np.log(columns)),
        filled=min(1.0, float(areas[printed].sum()) / (rows * columns)),
        figures=float(page.kinds[pieces, FIGURE].mean()),
        ruled=float((~np.isnan(page.ruled[pieces, 0])).mean()),
    )
