"""Names of sheets: legal, unique, and not one of those kept for sheets without a table."""

from __future__ import annotations

import re
from typing import Final

from converter.core.workbook.sheet_text import clean_text, shorten, utf16_length

MAX_LENGTH: Final = 31
SUMMARY: Final = "Summary"
FIELDS: Final = "Fields"
ALL_TABLES: Final = "Tables"
JOINED: Final = "Joined {}"

# Excel reserves "History"; programs that read our workbooks skip the others.
_RESERVED: Final = (
    "about",
    "check",
    "checks",
    "error",
    "errors",
    "history",
    "info",
    "review",
    "summary",
)

_ILLEGAL: Final = re.compile(r"[/\\?*\[\]:\x00-\x1f\x7f]+")
_EXTENSION: Final = re.compile(r"\.[A-Za-z0-9]{2,5}$")


class SheetNames:
    """Hands out the names of one workbook's table sheets; no name comes twice."""

    def __init__(self) -> None:
        self._taken = set(_RESERVED)
        self._tables = 0
        self._next: dict[str, int] = {}

    def next_table(self) -> str:
        """`Table 1`, `Table 2` and so on, for a workbook about a single image."""
        self._tables += 1
        return self.free(f"Table {self._tables}")

    def part(self, name: str, number: int) -> str:
        """The name of part `number`, from 1, of tables that need more than one sheet."""
        return self.free(name if number == 1 else f"{name}, part {number}")

    def for_image(self, image_name: str, count: int) -> list[str]:
        """The names of an image's `count` sheets: its stem, numbered if there are several."""
        base = re.split(r"[/\\]", clean_text(image_name))[-1]
        legal = _ILLEGAL.sub(" ", _EXTENSION.sub("", base))
        stem = _trimmed(shorten(_trimmed(legal), MAX_LENGTH)) or "Image"
        if count == 1:
            return [self.free(stem)]
        return [self.free(_numbered(stem, number)) for number in range(1, count + 1)]

    def free(self, wanted: str) -> str:
        """`wanted`, or that with a number if it is taken."""
        # Counting goes on from the last number: a thousand equal names would take a million tries.
        key = wanted.casefold()
        name, number = wanted, self._next.get(key, 2)
        while name.casefold() in self._taken:
            name = _numbered(wanted, number)
            number += 1
        self._next[key] = number
        self._taken.add(name.casefold())
        return name


def _numbered(name: str, number: int) -> str:
    suffix = f" {number}"
    return _trimmed(shorten(name, MAX_LENGTH - utf16_length(suffix))) + suffix


def _trimmed(name: str) -> str:
    # Excel refuses a name with an apostrophe at either end.
    return " ".join(name.split()).strip("' ")
