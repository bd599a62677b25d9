"""Tables spooled to disk until their place in a workbook is known, so that memory stays small."""

from __future__ import annotations

import pickle
from array import array
from tempfile import TemporaryFile
from typing import Final

from converter.core.tables.model import Table

_OFFSET: Final = "Q"  # eight bytes


class TableSpool:
    """Stores tables in a temporary file and returns each by its number, as often as needed."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # closed by `close`
        self._ends = array(_OFFSET, [0])

    def put(self, table: Table) -> int:
        """Store a table; its number, from 0."""
        self._file.seek(self._ends[-1])
        self._file.write(pickle.dumps(table, pickle.HIGHEST_PROTOCOL))
        self._ends.append(self._file.tell())
        return len(self._ends) - 2

    def get(self, number: int) -> Table:
        """The table of that number. Raises IndexError if there is none."""
        first, end = self._ends[number], self._ends[number + 1]
        self._file.seek(first)
        # The file has no name, so no other process can write to it.
        table: Table = pickle.loads(self._file.read(end - first))  # noqa: S301
        return table

    def close(self) -> None:
        self._file.close()
