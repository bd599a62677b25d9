"""Where what was taken for one table is two, one above or beside the other.

Far pieces of two tables of one make look like pieces of one table. What is near tells more: the
scores across a gap fall, a frame ends, a caption or text lies between.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.page.logistic import Logistic
from converter.core.engines.local.structure.page import Page, Places
from converter.core.engines.local.structure.scores import CLIP, Matrix, Scores

LEAST: Final = 4
"""Pieces on either side of a gap, in two groups at least: a table has two rows and two columns."""
NEAR: Final = 3
"""Printed lines, or columns of print, on either side of a gap that are near it."""
LEVEL: Final = 2
"""Printed lines: columns are compared where their print is as level."""
BLANK: Final = 0.8
"""Heights: print beside each other with a narrower blank is in one column of print."""

MOST: Final = 4.0
"""Log-odds: how much more a line looks like a header counts no more than this."""

Marks = NDArray[np.bool_]


class GapSigns(NamedTuple):
    """What speaks for two tables on either side of a gap; scores are clipped log-odds.

    `near` is the mean score of pieces near the gap to be in one table across it, `dip` by how much
    that is less than at the gaps around, and `far` the mean of all pieces across it. `wide` is the
    logarithm of how many times as wide it is as the median gap, and `between` that of how much
    print in no table lies in it. `heads` is by how much more the print after it looks like a header
    than the rest, and `starts` the product of a wide gap and that. `lone` is how many of the groups
    beside it are one piece (0..2). `apart` and `together` are how much of the print near it is in
    different frames, and in the same (each 0..1).
    """

    near: float
    dip: float
    far: float
    wide: float
    between: float
    heads: float
    starts: float
    lone: float
    apart: float
    together: float


def divided(page: Page, scores: Scores, pieces: Places) -> list[Places]:
    """The pieces of what was taken for one table, table by table."""
    best, parts = 0.0, None
    for axis, model in ((1, DOWN), (0, ALONG)):
        groups = printed_groups(page, pieces, axis)
        for number, signs in signs_of_gaps(page, scores, pieces, groups, axis=axis).items():
            odds = model.log_odds(signs)
            if odds > best:
                best, parts = odds, groups <= number
    if parts is None:
        return [pieces]
    return [
        part for side in (parts, ~parts) for part in divided(page, scores, np.sort(pieces[side]))
    ]


def printed_groups(page: Page, pieces: Places, axis: int) -> Places:
    """The printed line of each piece, from the top (axis 1), or its column of print (axis 0)."""
    if axis:
        return np.unique(page.lines[pieces], return_inverse=True)[1].reshape(-1)
    left, right = page.boxes[pieces][:, [0, 2]].T
    order = np.argsort(left, kind="stable")
    reach = np.maximum.accumulate(right[order])
    groups = np.zeros(len(pieces), np.intp)
    groups[order[1:]] = (left[order][1:] > reach[:-1] + BLANK).cumsum()
    return groups


def signs_of_gaps(
    page: Page, scores: Scores, pieces: Places, groups: Places, *, axis: int
) -> dict[int, GapSigns]:
    """Those of the gap after each of the groups (n,) of pieces that has enough on both sides."""
    count = int(groups.max()) + 1
    counts = np.bincount(groups)
    sizes = counts.cumsum()
    inner = [at for at in range(1, count - 2) if LEAST <= sizes[at] <= len(pieces) - LEAST]
    if not inner:
        return {}
    table = np.clip(scores.table[np.ix_(pieces, pieces)], -CLIP, CLIP)
    lines = page.lines[pieces]
    level = np.ones_like(table, np.bool_) if axis else np.abs(lines[:, None] - lines) <= LEVEL
    told = (table != 0) & level
    near = [_mean(table, told, *_beside(groups, at)) for at in range(count - 1)]
    starts, ends = _extent(page, pieces, groups, axis)
    widths = np.maximum(0.05, starts[1:] - ends[:-1])
    heads = scores.header[pieces]
    found = {}
    for at in inner:
        before, after = _beside(groups, at)
        around = near[max(0, at - 4) : max(0, at - 1)] + near[at + 2 : at + 5]
        frames = page.frames[pieces]
        framed = (frames[before, None] >= 0) & (frames[after] >= 0)
        same = frames[before, None] == frames[after]
        wide = float(np.log(widths[at] / np.median(widths)))
        head = float(heads[groups == at + 1].mean() - heads.mean()) if axis else 0.0
        found[at] = GapSigns(
            near=near[at],
            dip=float(np.mean(around)) - near[at] if around else 0.0,
            far=_mean(table, told, groups <= at, groups > at),
            wide=wide,
            between=float(np.log1p(_foreign(page, pieces, ends[at], starts[at + 1], axis))),
            heads=head,
            starts=max(0.0, wide) * float(np.clip(head, 0, MOST)),
            lone=float((counts[at : at + 2] == 1).sum()),
            apart=float((framed & ~same).mean()),
            together=float((framed & same).mean()),
        )
    return found


def _beside(groups: Places, at: int) -> tuple[Marks, Marks]:
    return (groups > at - NEAR) & (groups <= at), (groups > at) & (groups <= at + NEAR)


def _mean(table: Matrix, told: Marks, before: Marks, after: Marks) -> float:
    between = np.ix_(before, after)
    held = told[between]
    return float(table[between][held].mean()) if held.any() else 0.0


def _extent(page: Page, pieces: Places, groups: Places, axis: int) -> tuple[Matrix, Matrix]:
    """Where each group starts and ends: (groups,) each."""
    count = int(groups.max()) + 1
    starts, ends = np.full(count, np.inf, np.float32), np.full(count, -np.inf, np.float32)
    np.minimum.at(starts, groups, page.boxes[pieces, axis])
    np.maximum.at(ends, groups, page.boxes[pieces, axis + 2])
    return starts, ends


def _foreign(page: Page, pieces: Places, start: float, end: float, axis: int) -> int:
    """How many pieces of print that are not of `pieces` lie in a gap."""
    middle = (page.boxes[:, axis] + page.boxes[:, axis + 2]) / 2
    low, high = page.boxes[pieces, 1 - axis].min(), page.boxes[pieces, 3 - axis].max()
    within = (page.boxes[:, 1 - axis] < high) & (page.boxes[:, 3 - axis] > low)
    held = (middle > start) & (middle < end) & within & ~page.empty
    held[pieces] = False
    return int(held.sum())


# Fitted by tests/bench/structure/fitting.py: whether two tables meet at a gap, beside each other
# and one below the other.
ALONG: Final = Logistic(
    bias=-0.6,
    weights=GapSigns(
        near=-0.67,
        dip=-0.09,
        far=-0.51,
        wide=0.95,
        between=-0.5,
        heads=0.0,
        starts=0.0,
        lone=-2.02,
        apart=0.0,
        together=0.0,
    ),
)
DOWN: Final = Logistic(
    bias=-5.2,
    weights=GapSigns(
        near=-0.25,
        dip=0.92,
        far=-0.04,
        wide=0.96,
        between=1.8,
        heads=0.04,
        starts=0.29,
        lone=0.29,
        apart=2.48,
        together=-0.45,
    ),
)
