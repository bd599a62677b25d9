"""The decoders of this process: whatever opens a stranger's file gets them from here."""

from __future__ import annotations

import os
from functools import cache
from typing import Final

from converter.core.decoding.decoders import Bounds, Decoders

AT_ONCE: Final = 2  # decoders of one process; the web has two processes, each worker is one
LONGEST: Final = 300.0  # seconds for which anybody does
BOUNDS: Final = Bounds()


def decoders() -> Decoders:
    """Made when first used, and anew in a process that was forked from this one."""
    return _of_process(os.getpid())


@cache
def _of_process(_process: int) -> Decoders:
    return Decoders(AT_ONCE, BOUNDS)
