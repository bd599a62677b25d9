"""A smooth field of slopes fitted to pieces of lines, and the curves that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.engines.local.picture.pieces import Pieces, slopes_of

Values = NDArray[np.float64]

STEPS: Final = 24
ROUNDS: Final = 6
FLOOR: Final = 0.002  # slopes of true lines scatter by this much whatever their length


@dataclass(frozen=True, slots=True)
class Flow:
    """Lines that run along x with the slope dy/dx of a polynomial; (x, y) in pixels.

    `centre` is the middle of the page, `reach` half its longer side.
    """

    coefficients: Values
    centre: tuple[float, float]
    reach: float

    def slope(self, x: Values, y: Values) -> Values:
        c, cx, cy, cxy, cxx, cxxy, cxxx = self.coefficients
        a, b = (x - self.centre[0]) / self.reach, (y - self.centre[1]) / self.reach
        along = c + a * (cx + a * (cxx + a * cxxx))
        return np.asarray(along + b * (cy + a * (cxy + a * cxxy)), np.float64)

    def terms(self, x: Values, y: Values) -> Values:
        """The terms of the polynomial at each point: shape (n, 7)."""
        a, b = (x - self.centre[0]) / self.reach, (y - self.centre[1]) / self.reach
        return np.stack([np.ones_like(a), a, b, a * b, a * a, a * a * b, a**3], axis=-1)

    def follow(self, x: Values, y: Values, to: Values | float) -> Values:
        """The y at x = `to` of the lines that pass through the points (x, y)."""
        step = (to - x) / STEPS
        for _ in range(STEPS):
            middle = self.slope(x + step / 2, y + step / 2 * self.slope(x, y))
            x, y = x + step, y + step * middle
        return y


def fit_flow(
    pieces: Pieces, size: tuple[float, float], likely: Sequence[float], slope: float
) -> Flow:
    """The flow that `pieces` show on a page of `size` (width, height), outliers left aside.

    `likely` says for each term how large it may be expected to be, so that a term for which there
    is no evidence stays near 0; the first is expected near `slope`.
    """
    prior = np.zeros(len(likely))
    prior[0] = slope
    width, height = size
    flow = Flow(prior, (width / 2, height / 2), max(width, height) / 2)
    if not len(pieces):
        return flow
    terms = flow.terms((pieces[:, 0] + pieces[:, 2]) / 2, (pieces[:, 1] + pieces[:, 3]) / 2)
    target = slopes_of(pieces)
    spread = np.hypot(pieces[:, 4] / (pieces[:, 2] - pieces[:, 0]), FLOOR)
    penalty = 1 / np.square(likely)
    fitted: Values = prior
    for _ in range(ROUNDS):
        residual = (target - terms @ fitted) / spread
        weight = 1 / (1 + np.square(residual / 2)) / np.square(spread)  # Cauchy's
        normal = (terms.T * weight) @ terms + np.diag(penalty)
        pull = (terms.T * weight) @ target + penalty * prior
        fitted = np.linalg.solve(normal, pull).astype(np.float64)
    return Flow(fitted, flow.centre, flow.reach)
