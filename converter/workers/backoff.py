"""How long to wait after failures in a row. Each kind of work has its own schedule and spread."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta


def doubled(first: float, failures: int) -> float:
    """Seconds: `first` after one failure, and twice as long after each further one."""
    return first * 2.0 ** (failures - 1)


def listed(pauses: Sequence[float], failures: int) -> float:
    """Seconds: one pause after the other, and the last one again and again."""
    return pauses[min(failures, len(pauses)) - 1]


def spread(seconds: float, share: float) -> timedelta:
    """A random time, shorter or longer by up to that share: what failed together should not be
    tried again together."""
    return timedelta(seconds=seconds * random.uniform(1 - share, 1 + share))  # noqa: S311  (no secret)
