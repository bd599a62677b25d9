"""What the text of a table says about itself: which cells contradict others, which are borne out.

It asks for no picture and no engine: a reading of any engine is judged once, at its end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from converter.core.tables.causes import Cause
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.odd_numbers import odd_numbers
from converter.core.tables.odd_shape import odd_shape
from converter.core.tables.sums.amounts import amounts_of
from converter.core.tables.sums.culprits import alarms, proven
from converter.core.tables.sums.relations import find_relations

CONFIDENCE: Final = 0.6
"""The most to believe a cell that something contradicts."""
BORNE_OUT: Final = 0.95
"""The least to believe a number that a sum bears out: chance hardly makes it come out."""


def judged(table: Table) -> Table:
    """The table with doubt in cells that others contradict, and less in numbers that a sum bears
    out and nothing else speaks against. Once more changes nothing."""
    amounts = amounts_of(table)
    relations = find_relations(table, amounts)
    causes: dict[Place, list[Cause]] = defaultdict(list)
    for alarm in alarms(relations, amounts):
        causes[alarm.culprit].append(Cause.SUM)
    borne_out = proven(relations, amounts) - causes.keys()
    for place, cause in odd_numbers(amounts):
        if place not in borne_out:
            causes[place].append(cause)
    for place, cause in odd_shape(table, amounts):
        causes[place].append(cause)
    if not causes and not borne_out:
        return table
    return replace(table, cells=tuple(_judged(cell, causes, borne_out) for cell in table.cells))


def _judged(cell: Cell, causes: Mapping[Place, Sequence[Cause]], borne_out: set[Place]) -> Cell:
    place = cell.place
    if place in causes:
        known = tuple(dict.fromkeys((*cell.causes, *causes[place])))
        return replace(cell, confidence=min(CONFIDENCE, cell.confidence), causes=known)
    if place in borne_out and not cell.causes and not cell.other:
        return replace(cell, confidence=max(BORNE_OUT, cell.confidence))
    return cell
