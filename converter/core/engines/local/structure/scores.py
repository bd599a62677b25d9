"""What the network finds of the pieces of a page, and grids made of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.structure.evidence import Values
from converter.core.engines.local.structure.page import Places

Matrix = NDArray[np.float32]
Spans = NDArray[np.intp]
"""The first row or column of each piece, and the one after its last: shape (n, 2)."""

CLIP: Final = 6.0
"""The most that the score of one pair counts."""


@dataclass(frozen=True, eq=False)
class Scores:
    """Log-odds of what the network finds, n pieces: (n, n) per pair, (n,) per piece.

    `roles` (n, ROLES) are of what print outside of tables is to them, in the network's order.
    """

    row: Matrix
    column: Matrix
    table: Matrix
    inside: Values
    tall: Values
    wide: Values
    header: Values
    joined: Values
    section: Values
    roles: Matrix


@dataclass(frozen=True, eq=False)
class Grid:
    """A table: which `pieces` of the page it has (n,), and the rows and columns of each.

    `margins` (n,) are the log-odds that a piece is in its place; a table of rules has none.
    """

    pieces: Places
    rows: Spans
    columns: Spans
    margins: Values | None = None


def shares(spans: Spans) -> NDArray[np.bool_]:
    """Whether each two pieces share a row (or a column): (n, n)."""
    return np.asarray(
        (spans[:, None, 0] < spans[:, 1]) & (spans[:, 0] < spans[:, None, 1]), np.bool_
    )


def log_likelihood(odds: Matrix, claimed: NDArray[np.bool_]) -> Matrix:
    """That of claims, by the log-odds of what they claim: of the same shape."""
    return np.asarray(-np.logaddexp(0, np.where(claimed, -odds, odds)), np.float32)
