"""Which lines of print each row of a table was read from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.fuzz import ratio
from rapidfuzz.process import cdist

from converter.core.engines.two_readings.agreement import key_of
from converter.core.engines.two_readings.print_lines import Token
from converter.core.tables.model import Cell, Table

Floats = NDArray[np.float64]
Shares = NDArray[np.uint8]  # per cent: a long answer against a full page makes millions of pairs

HEAVIEST: Final = 10  # characters: a longer word says no more about its row
ALIKE: Final = 60  # per cent
UNLIKE: Final = 0.6  # what the best likeness short of the same is worth
SAME: Final = 100
APART: Final = 3  # lines: farther off, a word that a row has is a word of the prose around it
STRAY: Final = 0.15  # of a line's words: what it may share with a row by chance


@dataclass(frozen=True, slots=True)
class CellWord:
    """A word of a cell."""

    key: str
    cell: Cell


def parts_of(table: Table) -> list[CellWord]:
    """The words of all cells by row, then from left to right."""
    cells = sorted(table.cells, key=lambda cell: cell.place)
    return [
        CellWord(key, cell) for cell in cells for word in cell.text.split() if (key := key_of(word))
    ]


def likenesses(parts: Sequence[CellWord], tokens: Sequence[Token]) -> Shares:
    """How much the words of a table are like those of a page: (parts, tokens), 0..100."""
    ours, where_ours = np.unique([part.key for part in parts], return_inverse=True)
    theirs, where_theirs = np.unique([token.key for token in tokens], return_inverse=True)
    alike = cdist(ours.tolist(), theirs.tolist(), scorer=ratio, score_cutoff=ALIKE, dtype=np.uint8)
    return np.asarray(alike[np.ix_(where_ours, where_theirs)], np.uint8)


def weight(key: str) -> float:
    return min(len(key), HEAVIEST) + 1.0


def find_lines(
    parts: Sequence[CellWord], tokens: Sequence[Token], alike: Shares, n_rows: int
) -> dict[int, list[int]]:
    """The lines of print of each row: as like it as can be, both in the same order.

    `alike` is (parts, tokens). A row that nothing on the page is like has no line, and a line is
    that of one row at most.
    """
    evidence = _evidence(parts, tokens, alike, n_rows)
    lines: dict[int, list[int]] = {}
    for line, row in enumerate(_labels(evidence)):
        if row >= 0:
            lines.setdefault(row, []).append(line)
    together: dict[int, list[int]] = {}
    for row, found in lines.items():
        # From the line with the most evidence up and down, as far as no line is too far away.
        best = int(evidence[found, row].argmax())
        first = last = found[best]
        for line in found[best::-1]:
            first = line if first - line <= APART else first
        for line in found[best:]:
            last = line if line - last <= APART else last
        together[row] = list(range(first, last + 1))
    return together


def _evidence(
    parts: Sequence[CellWord], tokens: Sequence[Token], alike: Shares, n_rows: int
) -> Floats:
    """What speaks for each line being of each row: (lines, rows)."""
    line_of = np.array([token.line for token in tokens])
    starts = np.flatnonzero(np.diff(line_of, prepend=-1))
    best = np.maximum.reduceat(alike, starts, axis=1).astype(np.float64)
    worth = np.where(best == SAME, 1.0, np.maximum(0, best - ALIKE) / (SAME - ALIKE) * UNLIKE)
    heavy = worth * np.array([[weight(part.key)] for part in parts])
    evidence = np.zeros((n_rows, len(starts)))
    np.add.at(evidence, [part.cell.row for part in parts], heavy)
    loads = np.add.reduceat([weight(token.key) for token in tokens], starts)
    return np.maximum(0, np.minimum(evidence, loads) - STRAY * loads).T


def _labels(evidence: Floats) -> list[int]:
    """The row of each line, -1 for none, rows never going up: dynamic programming over lines."""
    n_lines, n_rows = evidence.shape
    best = np.zeros((n_lines + 1, n_rows))
    came = np.zeros((n_lines, n_rows), np.intp)
    for line in range(n_lines):
        highest = np.maximum.accumulate(best[line])
        # The first of equals, so that a row said twice keeps its line and its double has none.
        came[line] = np.searchsorted(highest, highest, side="left")
        best[line + 1] = highest + evidence[line]
    row = int(best[-1].argmax())
    labels = []
    for line in range(n_lines - 1, -1, -1):
        labels.append(row if evidence[line, row] > 0 else -1)
        row = int(came[line, row])
    return labels[::-1]
