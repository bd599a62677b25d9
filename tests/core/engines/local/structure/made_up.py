"""Pages of print at regular places, and scores that say the truth about them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from converter.core.engines.local.page.fragments import Fragment
from converter.core.engines.local.page.glyphs import Glyph
from converter.core.engines.local.structure.evidence import Evidence
from converter.core.engines.local.structure.page import Page
from converter.core.engines.local.structure.scores import Matrix, Scores
from converter.core.tables.model import Box

Place = tuple[int, int, int, int, int]
"""Table, first row, row after the last, first column, column after the last."""

WIDE, HIGH, PRINT = 100, 30, 20
OUTSIDE: Place = (-1, 0, 1, 0, 1)


def box_of(row: float, col: float, cols: float = 1) -> Box:
    """Where the text of a cell is printed."""
    left, top = WIDE * col, HIGH * row
    return Box(left, top, left + WIDE * cols - 40, top + PRINT)


def fragment(text: str, row: float, col: float, cols: float = 1) -> Fragment:
    box = box_of(row, col, cols)
    step = box.width / max(1, len(text))
    glyphs = (Glyph(sign, box.left + step * (at + 0.5), 0.99) for at, sign in enumerate(text))
    return Fragment(text, box, 0.99, tuple(glyphs))


def page_of(fragments: Sequence[Fragment]) -> Page:
    """A page of black print on white without ruling lines."""
    count = len(fragments)
    lines = np.zeros((0, 3), np.float32)
    return Page(
        Evidence(
            np.array([tuple(item.box) for item in fragments], np.float32),
            tuple(item.text for item in fragments),
            np.ones(count, np.float32),
            np.ones(count, np.float32),
            np.full(count, 0.3, np.float32),
            np.full((count, 4), np.nan, np.float32),
            lines,
            lines,
            PRINT,
        )
    )


def certain(places: Sequence[Place], headers: Sequence[int] = ()) -> Scores:
    """Scores without a doubt for pieces at these places; `headers` are header cells."""
    table, top, bottom, left, right = np.array(places).T
    same = (table[:, None] == table) & (table >= 0)
    heads = np.isin(np.arange(len(places)), headers)
    return Scores(
        row=_odds(same & (top[:, None] < bottom) & (top < bottom[:, None])),
        column=_odds(same & (left[:, None] < right) & (left < right[:, None])),
        table=_odds(same),
        inside=_odds(table >= 0),
        tall=_odds(bottom - top > 1),
        wide=_odds(right - left > 1),
        header=_odds(heads),
        joined=_odds(table > 99),
        section=_odds(table > 99),
        roles=_odds(np.arange(9) == np.zeros((len(places), 1))),
    )


def _odds(claims: np.ndarray) -> Matrix:
    return np.where(claims, 5, -5).astype(np.float32)
