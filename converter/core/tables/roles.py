"""What print outside of all tables is to them."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """What a line of print is: `chrome` is of the program that shows a table, as a menu is.

    A line `beside` a table may be part of it.
    """

    TITLE = "title"
    UNIT = "unit"
    NOTE = "note"
    SOURCE = "source"
    TEXT = "text"
    PAGE_NUMBER = "page-number"
    HEADING = "heading"
    CHROME = "chrome"
    BESIDE = "beside"
