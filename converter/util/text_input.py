"""Text that people type, cleaned."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})  # Unicode general categories


def one_line(text: str) -> str:
    """Control characters and line breaks become spaces, and runs of spaces one space."""
    spaced = (" " if unicodedata.category(c) in _UNPRINTABLE else c for c in text)
    return " ".join("".join(spaced).split())


def lines(text: str) -> list[str]:
    """The lines that are not empty."""
    return [line for line in map(one_line, text.splitlines()) if line]
