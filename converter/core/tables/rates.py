"""Rates that are measured on a sample, with how far off they may be."""

from __future__ import annotations

import math
from typing import Final

_Z: Final = 1.96  # standard deviations that hold 95 % of a normal distribution


def wilson_interval(hits: int, of: int) -> tuple[float, float]:
    """Between which shares the true one lies, at 95 %, where `hits` in a sample `of` so many were
    seen. It is right for few hits and for none (Wilson, 1927)."""
    if not of:
        return 0.0, 1.0
    share, weight = hits / of, _Z * _Z / of
    middle = (share + weight / 2) / (1 + weight)
    reach = _Z / (1 + weight) * math.sqrt(share * (1 - share) / of + weight / of / 4)
    return max(0.0, middle - reach), min(1.0, middle + reach)
