"""Numbers that follow from others of their row: products, ratios, changes, shares, balances.

A column is tried as what others make, in all rows at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from math import log10
from typing import Final

import numpy as np

from converter.core.tables.sums.amounts import BROKEN, Amounts, Bools, Floats
from converter.core.tables.sums.linear import FAILS
from converter.core.tables.sums.relation import EPSILON, Relation
from converter.core.tables.sums.ways import FEWEST, Way, ways

MOST: Final = 12
"""Columns that are tried with each other."""
MOSTLY: Final = 0.75
"""Of the rows with all numbers of a relation must bear it out."""
BELIEVED: Final = 2.0
"""Digits by which a relation must be likelier than chance,"""
FIRST: Final = 60
"""Rows that show which way is the likeliest."""
CERTAIN: Final = 4.0
"""and by which fewer rows are enough: one misread balance breaks two."""


def derived(amounts: Amounts, totals: set[int]) -> list[Relation]:
    """The relations between columns that enough rows bear out; `totals` are rows that are made of
    others."""
    counts = amounts.has_digits.sum(axis=0).tolist()
    columns = [col for col, count in enumerate(counts) if count >= FEWEST][:MOST]
    found: list[Relation] = []
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        for col in columns:
            others = [one for one in columns if one != col]
            found += _best(amounts, col, list(ways(amounts, col, others, totals)))
    return found


@dataclass(frozen=True)
class _Judged:
    """Arrays (ways, rows) of where each way is tried and where it holds, of how surprising that is,
    and a score for each way."""

    valid: Bools
    holds: Bools
    bits: Floats
    scores: Floats


def _judged(amounts: Amounts, col: int, tried: Sequence[Way], rows: slice) -> _Judged:
    printed, units = amounts.values[rows, col], amounts.units[rows, col]
    known = amounts.has_digits[:, col]
    spread = float(np.ptp(amounts.values[known, col]))
    valid = np.array([way.valid[rows] for way in tried]) & known[rows]
    made = np.nan_to_num(np.array([way.made[rows] for way in tried]), posinf=0, neginf=0)
    slack = np.nan_to_num(np.array([way.slack[rows] for way in tried]), posinf=0, neginf=0)
    holds = valid & (np.abs(made - printed) <= slack + EPSILON * units) & (made != 0)
    start = np.array([way.start[rows] for way in tried])
    told = np.minimum(np.abs(printed - start), spread)
    bits = np.log10(np.maximum(1.0, told / (2 * slack + units)))
    scores = (bits * holds).sum(axis=1) - FAILS * (valid & ~holds).sum(axis=1)
    return _Judged(valid, holds, bits, scores)


def _best(amounts: Amounts, col: int, tried: Sequence[Way]) -> Iterator[Relation]:
    """The relations of the way that is likeliest, if any is likely enough."""
    if not tried:
        return
    judged = _judged(amounts, col, tried, slice(FIRST))
    way = tried[int(np.argmax(judged.scores))]
    judged = _judged(amounts, col, [way], slice(None))
    held, count = int(judged.holds.sum()), int(judged.valid.sum())
    score = float(judged.scores[0]) - log10(len(tried))
    enough = max(FEWEST, MOSTLY * count) if score < CERTAIN else max(2, count / 2)
    if score < BELIEVED or held < enough:
        return
    printed, units = amounts.values[:, col], amounts.units[:, col]
    for row in np.flatnonzero(judged.valid[0]).tolist():
        parts = way.parts(row)
        yield Relation(
            way.kind,
            parts,
            (row, col),
            made=float(way.made[row]),
            printed=float(printed[row]),
            slack=float(way.slack[row] + EPSILON * units[row]),
            is_broken=any(amounts.holds[at] == BROKEN for at in (*parts, (row, col))),
            bits=float(judged.bits[0, row]),
            support=float(judged.bits[judged.holds].sum()),
            claim=(way.kind, col),
            held=held,
            failed=count - held,
            wanted=partial(way.wanted, row),
        )
