"""Each fault changes what it says it changes, and nothing else."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from converter.core.tables.model import Cell, Table
from tests.bench.tampering import FAULTS
from tests.core.engines.two_readings.drawn import ROWS, table


def texts(read: Table) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.col): cell.text for cell in read.cells}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_of_numbers_has_room_for_every_fault(fault):
    true = table([*ROWS, ("Total", "1 234", "5 678", "9 012")])
    answer = FAULTS[fault](random.Random(1), [true])
    assert answer
    assert answer.tables != (true,)
    assert answer.changed or answer.dropped
    assert all(texts(answer.tables[number])[row, col] for number, row, col in answer.changed)


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_not_named_is_still_there(fault):
    answer = FAULTS[fault](random.Random(2), [table()])
    if answer is None:
        return
    named = [text for _, text in answer.dropped]
    kept = [
        cell.text
        for number, read in enumerate(answer.tables)
        for cell in read.cells
        if cell.text and (number, cell.row, cell.col) not in answer.changed
    ]
    true = Counter(cell.text for cell in table().cells)
    assert Counter(kept) + Counter(named) <= true


@pytest.mark.parametrize("fault", FAULTS)
def test_a_table_without_room_stays_as_it_is(fault):
    assert FAULTS[fault](random.Random(3), [Table((Cell(0, 0, "a"),))]) is None


def test_the_same_seed_makes_the_same_fault():
    first, second = (FAULTS["digit changed"](random.Random(4), [table()]) for _ in range(2))
    assert first == second
