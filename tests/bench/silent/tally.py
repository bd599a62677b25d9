"""What became of planted errors, counted."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from converter.core.tables.doubt import needs_a_look
from converter.core.tables.model import Place, Table
from tests.bench.silent.planting import (
    IN_A_NUMBER,
    IN_THE_GRID,
    Planted,
    change_number,
    figures,
)
from tests.bench.silent.sums import summed
from tests.bench.silent.truth import Truth

Marking = Callable[[Table], Table]
"""What is measured: it lowers the confidence of cells."""
Mending = Callable[[Table], Mapping[Place, str]]
"""The text that it would have in a place."""

SEED = 1
WITH_SUMS, WITHOUT = "in sums", "other"


@dataclass
class Tally:
    """Errors of one kind. `told`: a cell is marked that is not on the true table; `named`: the cell
    with the error is; `mended`: the text that was there is proposed."""

    planted: int = 0
    told: int = 0
    named: int = 0
    mended: int = 0
    missed: list[str] = field(default_factory=list)


@dataclass
class Alarms:
    """Right cells that are marked on true tables."""

    tables: int = 0
    alarmed: int = 0
    cells: int = 0
    marked: int = 0
    seen: list[str] = field(default_factory=list)


@dataclass
class Result:
    alarms: Alarms = field(default_factory=Alarms)
    tallies: dict[tuple[str, str], Tally] = field(default_factory=lambda: defaultdict(Tally))


def marked(table: Table) -> set[Place]:
    return {(cell.row, cell.col) for cell in table.cells if needs_a_look(cell)}


def measure(
    truths: Iterable[Truth], kinds: Sequence[str], marking: Marking, mending: Mending
) -> Result:
    result = Result()
    for truth in truths:
        before = marked(marking(truth.table))
        _count_alarms(result.alarms, truth, before)
        for kind in kinds:
            for where, planted in _planted(truth, kind):
                _count(result.tallies[kind, where], truth, planted, len(before), marking, mending)
    return result


def _planted(truth: Truth, kind: str) -> Iterator[tuple[str, Planted]]:
    """Tables with one error of a kind: in a number that takes part in a sum, and in another."""
    chance = random.Random(f"{SEED} {truth.name} {kind}")
    sums = summed(truth.table)
    if kind in IN_THE_GRID:
        if planted := IN_THE_GRID[kind](chance, truth.table):
            yield WITH_SUMS if sums else WITHOUT, planted
        return
    for where in (WITH_SUMS, WITHOUT):
        numbers = [
            cell
            for cell in figures(truth.table)
            if ((cell.row, cell.col) in sums) is (where == WITH_SUMS)
        ]
        if planted := change_number(IN_A_NUMBER[kind], chance, truth.table, numbers):
            yield where, planted


def _count_alarms(alarms: Alarms, truth: Truth, places: set[Place]) -> None:
    alarms.tables += 1
    alarms.alarmed += bool(places)
    alarms.cells += sum(bool(cell.text) for cell in truth.table.cells)
    alarms.marked += len(places)
    texts = {(cell.row, cell.col): cell for cell in truth.table.cells}
    alarms.seen += [
        f"{truth.name} {place}: {texts[place].text!r} {'; '.join(texts[place].causes)}"
        for place in sorted(places)
    ]


def _count(
    tally: Tally, truth: Truth, planted: Planted, before: int, marking: Marking, mending: Mending
) -> None:
    found = marked(marking(planted.table))
    named = planted.place is not None and planted.place in found
    told = named or len(found) > before
    tally.planted += 1
    tally.told += told
    tally.named += named
    if named and planted.place:
        tally.mended += mending(planted.table).get(planted.place) == planted.was
    if not told:
        tally.missed.append(f"{truth.name} {planted.place}: {planted.was!r}")
