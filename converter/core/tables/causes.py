"""Why a cell is in doubt, beside how clear its print was: for programs a code, for people words."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Cause(StrEnum):
    """One thing that speaks against a cell."""

    NOT_READ = "not_read"
    BESIDE = "beside"
    PLACE = "place"
    UNLIKE = "unlike"
    IMPOSSIBLE = "impossible"
    LOOK_ALIKE = "look_alike"
    DATE = "date"
    SUM = "sum"
    ROWS = "rows"
    HEADER = "header"
    COLUMNS = "columns"

    @property
    def phrase(self) -> str:
        """The reason in words, as it stands beside a cell."""
        return _PHRASES[self]


_PHRASES: Final = {
    Cause.NOT_READ: "something is printed here that was not read",
    Cause.BESIDE: "text beside this table may belong to it",
    Cause.PLACE: "may belong to another row or column",
    Cause.UNLIKE: "not written like its column",
    Cause.IMPOSSIBLE: "no number is written so",
    Cause.LOOK_ALIKE: "has letters or digits that look like others",
    Cause.DATE: "no calendar has this day",
    Cause.SUM: "the sum of which it is part does not come out",
    Cause.ROWS: "may be two rows in one",
    Cause.HEADER: "the headings may end elsewhere",
    Cause.COLUMNS: "this column and the one before it may be one",
}
