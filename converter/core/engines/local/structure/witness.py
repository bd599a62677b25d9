"""Two readings of the same print, learned and ruled, and which of them to believe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.structure.page import Page, Places
from converter.core.engines.local.structure.scores import (
    CLIP,
    Grid,
    Scores,
    log_likelihood,
    shares,
)


@dataclass(frozen=True, eq=False)
class Dispute:
    """The tables of either reading on one stretch of a page, and all pieces of print in them."""

    learned: tuple[int, ...]
    ruled: tuple[int, ...]
    pieces: Places


def disputes(learned: Sequence[Grid], ruled: Sequence[Grid]) -> list[Dispute]:
    """Tables of both readings, grouped so that no two groups share print."""
    groups: list[tuple[set[int], set[int], set[int]]] = []
    for kind, grids in enumerate((learned, ruled)):
        for number, grid in enumerate(grids):
            pieces = set(grid.pieces.tolist())
            meeting = [group for group in groups if group[2] & pieces]
            merged: tuple[set[int], set[int], set[int]] = (set(), set(), pieces)
            merged[kind].add(number)
            for group in meeting:
                groups.remove(group)
                merged = (merged[0] | group[0], merged[1] | group[1], merged[2] | group[2])
            groups.append(merged)
    return [
        Dispute(tuple(sorted(first)), tuple(sorted(second)), np.array(sorted(pieces)))
        for first, second, pieces in groups
    ]


def plausibility(page: Page, scores: Scores, grids: Sequence[Grid], pieces: Places) -> float:
    """The mean log-likelihood of what tables say of these pieces: 0 at best.

    They say of each whether it is in a table, and of each pair whether it shares one, and if so,
    whether it shares a row and a column. Of two tables of one make, pieces far apart look as if
    they shared one, so only those near each other tell.
    """
    place = np.full(int(pieces.max()) + 1, -1)
    place[pieces] = np.arange(len(pieces))
    table = np.full(len(pieces), -1)
    rows, columns = np.zeros((2, len(pieces), 2), np.intp)
    for number, grid in enumerate(grids):
        held = place[grid.pieces]
        table[held] = number
        rows[held], columns[held] = grid.rows, grid.columns
    same = (table[:, None] == table) & (table >= 0)
    other = ~np.eye(len(pieces), dtype=bool)
    at = np.ix_(pieces, pieces)
    inside = np.clip(scores.inside[pieces], -CLIP, CLIP)
    total, count = log_likelihood(inside, table >= 0).sum(), len(pieces)
    lines = page.lines[pieces]
    near = np.abs(lines[:, None] - lines) <= NEAR
    for odds, claimed, held in (
        (scores.table[at], same, other & near),
        (scores.row[at], shares(rows), same & other),
        (scores.column[at], shares(columns), same & other),
    ):
        told = held & (odds != 0)
        total += log_likelihood(np.clip(odds, -CLIP, CLIP), claimed)[told].sum()
        count += int(told.sum())
    return float(total) / max(1, count)


class DisputeSigns(NamedTuple):
    """What speaks for the rules' reading of a dispute.

    `learned` is the plausibility of the network's reading, `ratio` the logarithm of how many times
    as implausible that of the rules is. `ruled` is the share (0..1) of pieces in closed boxes,
    `dense` the logarithm of how many times MANY there are, at least 0. `numbers` says whether the
    two find different numbers of tables, and `missing` whether the rules find none (each 0 or 1).
    """

    learned: float
    ratio: float
    ruled: float
    dense: float
    numbers: float
    missing: float


LEAST: Final = 1e-4
"""A log-likelihood that is nearer to 0 counts as this."""
MOST: Final = 3.0
NEAR: Final = 3
"""Printed lines apart."""
MANY: Final = 400
"""Pieces: the network has learned from few tables that have more."""

# Fitted by tests/bench/structure/fitting.py.
MODEL: Final = Logistic(
    bias=0.20,
    weights=DisputeSigns(
        learned=-17.6,
        ratio=-0.93,
        ruled=-0.93,
        dense=0.32,
        numbers=-2.44,
        missing=-1.14,
    ),
)


def believes_rules(signs: DisputeSigns) -> bool:
    """Whether the rules' reading is likelier right, by a logistic model."""
    return MODEL.log_odds(signs) > 0


def signs_of_dispute(
    page: Page, scores: Scores, learned: Sequence[Grid], ruled: Sequence[Grid], pieces: Places
) -> DisputeSigns:
    """The signs of a dispute between two readings of these pieces."""
    mine = plausibility(page, scores, learned, pieces)
    other = plausibility(page, scores, ruled, pieces)
    ratio = np.log(max(LEAST, -other) / max(LEAST, -mine))
    return DisputeSigns(
        learned=mine,
        ratio=float(np.clip(ratio, -1, MOST)),
        ruled=float((~np.isnan(page.ruled[pieces, 0])).mean()),
        dense=max(0.0, float(np.log(len(pieces) / MANY))),
        numbers=float(len(learned) != len(ruled)),
        missing=float(not ruled),
    )
