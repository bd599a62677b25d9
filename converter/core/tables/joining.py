"""Tables with the same columns, joined under one header, each row with its source.

A number must never come under the wrong heading, so tables are joined only if all of their headings
are the same (see `headings`). Columns in another order are reordered by their names. Another
spelling counts as the same only if its letters look alike, the columns are in the same order, and
one of the two is doubtful anyway; it stays marked. A table without a header is never joined, even
if it looks like the continuation of the one before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from converter.core.tables.csv_text import rows_of
from converter.core.tables.doubt import reasons
from converter.core.tables.headings import Heading, Name, headings, names_of, shapes_of
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.spool import TableSpool

SOURCE_IMAGE: Final = "Source image"
SOURCE_TABLE: Final = "Source table"
_MOST_SPELLINGS: Final = 12  # of one heading, in its note


class Source(NamedTuple):
    """Where a table is from: the name of its image, if that is shown, and its number there."""

    image: str | None
    number: int

    def __str__(self) -> str:
        table = f"table {self.number}"
        return table if self.image is None else f"{self.image}, {table}"

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of its columns, under `headings`."""
        number = str(self.number)
        return (number,) if self.image is None else (self.image, number)

    @property
    def headings(self) -> tuple[str, ...]:
        return (SOURCE_TABLE,) if self.image is None else (SOURCE_IMAGE, SOURCE_TABLE)


@dataclass(frozen=True, slots=True)
class JoinedTable:
    """One table of a group: its number in the spool, the number of its header rows (`top`), and
    the column of the group in which each of its columns goes."""

    number: int
    source: Source
    top: int
    columns: tuple[int, ...]

    @property
    def is_in_order(self) -> bool:
        return self.columns == tuple(range(len(self.columns)))

    def place_in_body(self, row: int, col: int) -> Place:
        """The place in `body` of a cell below the header."""
        return row - self.top, self.columns[col]


class _Spelling(NamedTuple):
    """A spelling of a heading, and why it is doubted."""

    text: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Tables with the same columns, or a single one, in the order in which they were added.

    `sure` holds the names that are beyond doubt, by column. `leader` is the table whose header is
    used: the first in which no heading is doubtful, if there is one.
    """

    parts: list[JoinedTable] = field(default_factory=list)
    sure: dict[int, Name] = field(default_factory=dict)
    leader: JoinedTable | None = None
    spellings: dict[Place, dict[_Spelling, Source]] = field(default_factory=dict)

    @property
    def is_joined(self) -> bool:
        return len(self.parts) > 1

    def accepts(self, found: Sequence[Heading], columns: Sequence[int]) -> bool:
        """Whether no two headings of a column that are beyond doubt differ."""
        pairs = zip(found, columns, strict=True)
        return all(
            not heading.is_sure or self.sure.get(col, heading.name) == heading.name
            for heading, col in pairs
        )

    def add(self, part: JoinedTable, found: Sequence[Heading]) -> None:
        self.parts.append(part)
        if not found:
            return
        sure = {
            col: heading.name
            for heading, col in zip(found, part.columns, strict=True)
            if heading.is_sure
        }
        if self.leader is None and part.is_in_order and len(sure) == len(found):
            self.leader = part
        self.sure |= sure
        # Keep how each heading is written in this table, and why it is doubted.
        for heading, col in zip(found, part.columns, strict=True):
            for level, cell in enumerate(heading.cells):
                known = self.spellings.setdefault((col, level), {})
                spelling = _Spelling(cell.text, tuple(reasons(cell)))
                # The first doubtful spelling is never left out.
                is_new_doubt = bool(spelling.reasons) and not any(one.reasons for one in known)
                if len(known) < _MOST_SPELLINGS or is_new_doubt:
                    known.setdefault(spelling, part.source)

    def spellings_of(self, cell: Cell, level: int | None) -> dict[_Spelling, Source]:
        """The spellings of a heading of the leader, each with the first table that has it."""
        columns = range(cell.col, cell.col + cell.colspan) if level is not None else ()
        return {
            spelling: source
            for col in columns
            for spelling, source in self.spellings.get((col, level or 0), {}).items()
        }


@dataclass(frozen=True, slots=True)
class Header:
    """The header of joined tables; `notes` lists headings that are not the same everywhere."""

    table: Table
    notes: dict[Place, str]


class Joiner:
    """Takes tables one by one, keeps them on disk, and groups those with the same columns."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._spool = TableSpool()
        self._by_names: dict[frozenset[Name], tuple[Group, dict[Name, int]]] = {}
        self._by_shapes: dict[tuple[Name, ...], list[Group]] = {}

    def add(self, source: Source, table: Table) -> tuple[Group, JoinedTable]:
        found = headings(table)
        matching = self._match(table, found)
        if matching:
            group, columns = matching
        else:
            group, columns, shapes = Group(), tuple(range(table.n_cols)), shapes_of(found)
            self.groups.append(group)
            if found and len(set(shapes)) == len(shapes):
                self._by_shapes.setdefault(shapes, []).append(group)
        part = JoinedTable(self._spool.put(table), source, table.header_rows, columns)
        group.add(part, found)
        if found:
            places = dict(zip(names_of(found), columns, strict=True))
            self._by_names[frozenset(places)] = group, places
        return group, part

    def table(self, part: JoinedTable) -> Table:
        """As it was added."""
        return self._spool.get(part.number)

    def header(self, group: Group) -> Header:
        """The header of joined tables, with headings for where each row is from."""
        leader = group.leader or group.parts[0]
        table = self.table(leader)
        levels = {
            cell.place: level
            for heading in headings(table)
            for level, cell in enumerate(heading.cells)
        }
        notes: dict[Place, str] = {}
        cells = [
            Cell(0, col, name, rowspan=leader.top, header=True)
            for col, name in enumerate(leader.source.headings, table.n_cols)
        ]
        for cell in (cell for cell in table.cells if cell.row < leader.top):
            known = group.spellings_of(cell, levels.get(cell.place))
            is_doubtful = any(one.reasons for one in known)
            # Each heading that is doubtful somewhere, or written in another way than here.
            lines = [
                f"“{one.text}” in {source}" + (f": {'; '.join(one.reasons)}" if one.reasons else "")
                for one, source in known.items()
                if one.reasons or one.text.strip() != cell.text.strip()
            ]
            if lines:
                notes[cell.place] = "\n".join(lines)
            cells.append(replace(cell, confidence=0.0 if is_doubtful else 1.0, other=""))
        return Header(Table(tuple(cells)), notes)

    def rows(self, group: Group) -> Iterator[list[str]]:
        """The texts of a group row by row, its header first, like `rows_of` for a table."""
        if not group.is_joined:
            yield from rows_of(self.table(group.parts[0]))
            return
        yield from rows_of(self.header(group).table)
        for part in group.parts:
            yield from rows_of(body(part, self.table(part)))

    def close(self) -> None:
        self._spool.close()

    def _match(
        self, table: Table, found: Sequence[Heading]
    ) -> tuple[Group, tuple[int, ...]] | None:
        """The group of a table with these headings, and the columns of the group for its own."""
        if not found:
            return None
        group, places = self._by_names.get(frozenset(names_of(found)), (None, {}))
        if group is not None:
            columns = tuple(places[heading.name] for heading in found)
            in_order = list(columns) == sorted(columns)
            # Else the names must be beyond doubt, and no cell that spans columns may be split.
            sure = all(heading.is_sure for heading in found) and len(group.sure) >= len(found)
            keeps_spans = all(
                columns[cell.col + step] == columns[cell.col] + step
                for cell in table.cells
                if cell.row >= table.header_rows
                for step in range(cell.colspan)
            )
            if group.accepts(found, columns) and (in_order or (sure and keeps_spans)):
                return group, columns
        columns = tuple(range(table.n_cols))
        alike = self._by_shapes.get(shapes_of(found), [])
        fitting = [group for group in alike if group.accepts(found, columns)]
        # With two groups to choose from, nothing shows which is meant.
        return (fitting[0], columns) if len(fitting) == 1 else None


def body(part: JoinedTable, table: Table) -> Table:
    """The rows of a table below its header, in the columns of its group, each with its source."""
    cells = [
        replace(cell, row=row, col=col)
        for cell in table.cells
        if cell.row >= part.top
        for row, col in [part.place_in_body(*cell.place)]
    ]
    cells += [
        Cell(row, col, name)
        for row in range(table.n_rows - part.top)
        for col, name in enumerate(part.source.texts, table.n_cols)
    ]
    return Table(tuple(cells))
