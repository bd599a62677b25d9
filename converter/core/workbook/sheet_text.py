"""Text that a sheet can hold: without forbidden characters, and not longer than a cell allows."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Both limits count UTF-16 units.
CELL_LIMIT: Final = 32_767
CUT_MARK: Final = "… [cut]"

# XML 1.0, section 2.2, leaves these out.
_FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")

# A spreadsheet reads _x0041_ as "A" (ECMA-376, part 1, 22.9.2.19, ST_Xstring).
_ESCAPE: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED_UNDERSCORE: Final = "_x005F_"


def clean_text(text: str) -> str:
    """`text` without the characters that XML forbids; every kind of line break becomes "\\n"."""
    text = _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", text)


def escape_text(text: str) -> str:
    """`text` with escapes, so that a spreadsheet shows it unchanged."""
    return _ESCAPE.sub(_ESCAPED_UNDERSCORE, text)


def is_too_long(text: str) -> bool:
    """Whether a cell cannot hold `text`."""
    return utf16_length(text) > CELL_LIMIT


def shorten(text: str, limit: int, mark: str = "") -> str:
    """`text` cut to `limit` UTF-16 units, `mark` included; unchanged if it fits."""
    if utf16_length(text) <= limit:
        return text
    units = text.encode("utf-16-le")[: 2 * (limit - utf16_length(mark))]
    return units.decode("utf-16-le", "ignore") + mark


def utf16_length(text: str) -> int:
    """How many UTF-16 units `text` takes, which is how Excel counts."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def display_width(text: str) -> int:
    """The columns that one line of text takes up in a monospaced terminal (Unicode annex 11)."""
    if text.isascii():
        return len(text)
    return sum(
        2 if unicodedata.east_asian_width(letter) in "WF" else 1
        for letter in text
        if not unicodedata.combining(letter)
    )
