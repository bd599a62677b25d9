"""Where the columns of a table are on the page, by the words that its rows were read from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np

from converter.core.engines.two_readings.print_lines import Token
from converter.core.engines.two_readings.rows import SAME, CellWord, Shares, weight

Extent = tuple[float, float]

WIDE: Final = (20, 80)  # per cent of a column's words begin and end within


@dataclass(frozen=True, slots=True)
class Columns:
    """The bounds of each column in pixels from the left."""

    lefts: tuple[float, ...]
    rights: tuple[float, ...]

    def between(self, first: int, last: int) -> Extent:
        """The stretch that belongs to columns `first` to `last` and to no other."""
        return self.lefts[first], self.rights[last]


def find_columns(
    parts: Sequence[CellWord],
    tokens: Sequence[Token],
    alike: Shares,
    lines: Mapping[int, Sequence[int]],
    n_cols: int,
) -> Columns:
    """The columns by what rows have in common with their `lines`, in the same order.

    Columns that are not where their order puts them get the space between the others.
    """
    extents: list[list[Extent]] = [[] for _ in range(n_cols)]
    for col, extent in _extents(parts, tokens, alike, lines):
        extents[col].append(extent)
    typical = [_typical(found) if found else None for found in extents]
    ordered = _in_order(typical, [len(found) for found in extents])
    known = [(col, extent) for col, extent in enumerate(ordered) if extent]
    lefts, rights = [], []
    for col, own in enumerate(ordered):
        before = [found for other, found in known if other < col]
        after = [found for other, found in known if other > col]
        left = before[-1][1] if before else float("-inf")
        right = after[0][0] if after else float("inf")
        # Two neighbours part in the middle of the gap between them, or of what they share.
        lefts.append((left + own[0]) / 2 if own and before else left)
        rights.append((own[1] + right) / 2 if own and after else right)
    return Columns(tuple(lefts), tuple(rights))


def _extents(
    parts: Sequence[CellWord],
    tokens: Sequence[Token],
    alike: Shares,
    lines: Mapping[int, Sequence[int]],
) -> Iterator[tuple[int, Extent]]:
    """The columns of cells that span none but their own, and where each has words on a line."""
    by_line: dict[int, list[int]] = {}
    for place, token in enumerate(tokens):
        by_line.setdefault(token.line, []).append(place)
    places = range(len(parts))
    for row, group in groupby(places, key=lambda place: parts[place].cell.row):
        ours = list(group)
        for line in lines.get(row, ()):
            theirs = by_line.get(line, [])
            pairs = _common(alike[np.ix_(ours, theirs)], [weight(parts[i].key) for i in ours])
            for cell, found in groupby(pairs, key=lambda pair: parts[ours[pair[0]]].cell):
                touched = [tokens[theirs[b]] for _, b in found]
                if cell.colspan == 1:
                    yield cell.col, (touched[0].left, touched[-1].right)


def _common(alike: Shares, weights: Sequence[float]) -> list[tuple[int, int]]:
    """The heaviest sequence of words that a row and a line have in common."""
    n, m = alike.shape
    best = np.zeros((n + 1, m + 1))
    gain = (alike == SAME) * np.array(weights)[:, None]
    for i in range(n):
        through = np.maximum(best[i, 1:], best[i, :-1] + gain[i])
        best[i + 1, 1:] = np.maximum.accumulate(through)
    pairs = []
    i, j = n, m
    while i and j:
        if best[i, j] == best[i - 1, j]:
            i -= 1
        elif best[i, j] == best[i, j - 1]:
            j -= 1
        else:
            i, j = i - 1, j - 1
            pairs.append((i, j))
    return pairs[::-1]


def _typical(extents: Sequence[Extent]) -> Extent:
    """The extent of a column without outliers: by the words that share a stretch with the word
    that shares one with most others."""
    found = np.array(extents)
    lefts, rights = found.T
    above = (lefts[:, None] < rights) & (lefts < rights[:, None])
    kept = found[above[np.argmax(above.sum(axis=1))]]
    low, high = np.percentile(kept[:, 0], WIDE[0]), np.percentile(kept[:, 1], WIDE[1])
    return float(low), float(high)


def _in_order(typical: Sequence[Extent | None], support: Sequence[int]) -> list[Extent | None]:
    """The columns that are in order from left to right and together have the most words."""
    best: list[tuple[int, int]] = []  # the words behind a chain that ends here; the link before
    for col, extent in enumerate(typical):
        chains = [
            (best[other][0], other)
            for other in range(col)
            if extent and (before := typical[other]) and sum(before) < sum(extent)
        ]
        count, other = max(chains, default=(0, -1))
        best.append((count + support[col], other))
    col = max(range(len(best)), key=lambda end: best[end][0], default=-1)
    chain = set()
    while col >= 0:
        chain.add(col)
        col = best[col][1]
    return [extent if col in chain else None for col, extent in enumerate(typical)]
