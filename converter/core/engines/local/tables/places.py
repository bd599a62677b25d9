"""What speaks against the places of cells: layout's part in how sure they are."""

from __future__ import annotations

from typing import Final, NamedTuple

MOST: Final = 6.0
"""The highest log-odds that count."""


class PlaceSigns(NamedTuple):
    """What speaks against the place of a cell, by the least sure of its print.

    `row` and `column` are the log-odds (-MOST..MOST) that it is in these rather than in those
    beside. `disputed`: of what shares its cell in either of two readings of the table, the share
    (0..1) that does not in the other. Of the whole table: `implausible` is the logarithm of how
    implausible it is, and `table` are the log-odds that it is one.
    """

    row: float
    column: float
    disputed: float
    implausible: float
    table: float


SURE: Final = PlaceSigns(MOST, MOST, disputed=0, implausible=-5.5, table=5.0)
"""As most cells of clear tables have them."""
