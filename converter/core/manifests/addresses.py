"""What stands in a cell → addresses. Any scheme is one here; which may be asked is told later."""

from __future__ import annotations

import re
from typing import Final

_SCHEME: Final = r"[a-zA-Z][a-zA-Z0-9+.\-]*://"
_BEGINNING: Final = re.compile(rf"\s*[\"'<]?{_SCHEME}")
# A comma may belong to an address, and people write blanks into them; so a sign between two
# addresses is one that another address follows. Each run of signs is looked at once.
_BETWEEN: Final = re.compile(rf"(?<![\s,;|])[\s,;|]+(?=[\"'<]?{_SCHEME})")
_AROUND: Final = " \t\r\n\u00a0,;|\"'<>"


def split(cell: str) -> list[str]:
    """The addresses of a cell: apart by commas, semicolons, bars, blanks or line breaks."""
    pieces = (piece.strip(_AROUND) for piece in _BETWEEN.split(cell))
    return [piece for piece in pieces if piece]


def is_address(cell: str) -> bool:
    """Does a cell begin like an address of whatever kind?"""
    return _BEGINNING.match(cell) is not None
