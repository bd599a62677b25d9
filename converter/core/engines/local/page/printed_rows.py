"""Which row of print each of many things is in, by the heights of their middles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


def printed_rows(middles: NDArray[np.floating], apart: ArrayLike) -> NDArray[np.intp]:
    """The row of each, from the top, by its middle (n,).

    A row ends where the next middle lies lower than the mean of the row's by more than `apart`: one
    distance for all, or one for each (n,).
    """
    rows = np.zeros(len(middles), np.intp)
    least = np.broadcast_to(np.asarray(apart, middles.dtype), len(middles))
    row, total, count = -1, 0.0, 0
    for place in np.argsort(middles, kind="stable"):
        if not count or middles[place] - total / count > least[place]:
            row, total, count = row + 1, 0.0, 0
        total, count = total + float(middles[place]), count + 1
        rows[place] = row
    return rows
