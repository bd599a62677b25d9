"""Tables come back from the disk as they were."""

from __future__ import annotations

from converter.core.tables.model import Box, Cell, Table
from converter.core.tables.spool import TableSpool


def test_each_table_comes_back_by_its_number_as_often_as_it_is_asked_for():
    spool = TableSpool()
    tables = [
        Table((Cell(0, 0, text, colspan=2, box=Box(1, 2, 3, 4), confidence=1 / 3, other="\ud800"),))
        for text in ("a", "", "c" * 100_000)
    ]
    assert [spool.put(table) for table in tables] == [0, 1, 2]
    assert [spool.get(number) for number in (2, 0, 1, 2)] == [tables[n] for n in (2, 0, 1, 2)]
    spool.put(tables[0])
    assert spool.get(3) == tables[0]
    spool.close()
