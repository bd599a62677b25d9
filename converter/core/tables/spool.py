"""Tables put aside on disk until it is known where they go, so that any number fits in memory."""

from __future__ import annotations

import pickle
from array import array
from tempfile import TemporaryFile
from typing import Final

from converter.core.tables.model import Table

_OFFSET: Final = "Q"  # eight bytes


class Shelf:
    """Takes tables, and gives each back as often as it is asked for, by its number from 0."""

    def __init__(self) -> None:
        self._file = TemporaryFile()  # noqa: SIM115  # closed by `close`
        self._ends = array(_OFFSET, [0])

    def put(self, table: Table) -> int:
        self._file.seek(self._ends[-1])
        self._file.write(pickle.dumps(table, pickle.HIGHEST_PROTOCOL))
        self._ends.append(self._file.tell())
        return len(self._ends) - 2

    def get(self, number: int) -> Table:
        first, end = self._ends[number], self._ends[number + 1]
        self._file.seek(first)
        # Nobody else can write this file: it has no name.
        table: Table = pickle.loads(self._file.read(end - first))  # noqa: S301
        return table

    def close(self) -> None:
        self._file.close()
