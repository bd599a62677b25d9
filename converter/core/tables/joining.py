"""Tables with the same columns, found and joined: the header once, and each row with its source.

A number must never come under a heading that is not its own, so tables are joined only where all
of their headings are the same (see `headings`). Another order of the columns is put right by their
names. Another spelling is taken for the same only if its letters look alike, the columns stand in
the same order, and one of the two is doubtful anyway; it stays marked. A table without a header
stays alone, even where it looks like the rest of the one before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from converter.core.tables.csv_text import rows_of
from converter.core.tables.doubt import reasons
from converter.core.tables.headings import Heading, Name, headings, names_of, shapes_of
from converter.core.tables.model import Cell, Table
from converter.core.tables.spool import Shelf

SOURCE_IMAGE: Final = "Source image"
SOURCE_TABLE: Final = "Source table"
_MOST_SPELLINGS: Final = 12  # of one heading, that a note tells of

Place = tuple[int, int]


class Source(NamedTuple):
    """Where a table is from: its image by name, if that is to be told, and its number there."""

    image: str | None
    number: int

    def __str__(self) -> str:
        table = f"table {self.number}"
        return table if self.image is None else f"{self.image}, {table}"

    @property
    def texts(self) -> tuple[str, ...]:
        """What its columns say, under `headings`."""
        number = str(self.number)
        return (number,) if self.image is None else (self.image, number)

    @property
    def headings(self) -> tuple[str, ...]:
        return (SOURCE_TABLE,) if self.image is None else (SOURCE_IMAGE, SOURCE_TABLE)


@dataclass(frozen=True, slots=True)
class Part:
    """One table of a group: its number on the shelf, how many rows its header has, and where each
    of its columns stands among those of the group."""

    number: int
    source: Source
    top: int
    columns: tuple[int, ...]

    @property
    def is_in_order(self) -> bool:
        return self.columns == tuple(range(len(self.columns)))

    def place_in_body(self, row: int, col: int) -> Place:
        """Where a cell below the header goes in `body`."""
        return row - self.top, self.columns[col]


class _Said(NamedTuple):
    """A way in which a heading is written, and what is doubted of it."""

    text: str
    reasons: tuple[str, ...]


@dataclass(slots=True)
class Group:
    """Tables with the same columns, or one that stands alone, in the order in which they came.

    `sure` has the names of which no doubt is left, by column. `leader` is the table whose header
    stands for all: the first in which no heading is doubtful, if there is one.
    """

    parts: list[Part] = field(default_factory=list)
    sure: dict[int, Name] = field(default_factory=dict)
    leader: Part | None = None
    said: dict[Place, dict[_Said, Source]] = field(default_factory=dict)

    @property
    def is_joined(self) -> bool:
        return len(self.parts) > 1

    def accepts(self, found: Sequence[Heading], columns: Sequence[int]) -> bool:
        """Whether no heading that is beyond doubt says something else than another such."""
        pairs = zip(found, columns, strict=True)
        return all(
            not heading.is_sure or self.sure.get(col, heading.name) == heading.name
            for heading, col in pairs
        )

    def add(self, part: Part, found: Sequence[Heading]) -> None:
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
        self._note(part, found)

    def said_of(self, cell: Cell, level: int | None) -> dict[_Said, Source]:
        """In which ways a heading of the leader is written, and where first; blank ones in none."""
        columns = range(cell.col, cell.col + cell.colspan) if level is not None else ()
        return {
            told: source
            for col in columns
            for told, source in self.said.get((col, level or 0), {}).items()
        }

    def _note(self, part: Part, found: Sequence[Heading]) -> None:
        """Keep how each heading is written here, and what is doubted of it."""
        for heading, col in zip(found, part.columns, strict=True):
            for level, cell in enumerate(heading.cells):
                said = self.said.setdefault((col, level), {})
                told = _Said(cell.text, tuple(reasons(cell)))
                # One that is doubtful is never among those that are left out.
                is_new_doubt = bool(told.reasons) and not any(one.reasons for one in said)
                if len(said) < _MOST_SPELLINGS or is_new_doubt:
                    said.setdefault(told, part.source)


@dataclass(frozen=True, slots=True)
class Header:
    """The header of joined tables. `notes` tells of headings that are not everywhere the same."""

    table: Table
    notes: dict[Place, str]


class Joiner:
    """Takes tables one by one, keeps them on disk, and tells which belong together."""

    def __init__(self) -> None:
        self.groups: list[Group] = []
        self._shelf = Shelf()
        self._by_names: dict[frozenset[Name], tuple[Group, dict[Name, int]]] = {}
        self._by_shapes: dict[tuple[Name, ...], list[Group]] = {}

    def add(self, source: Source, table: Table) -> tuple[Group, Part]:
        found = headings(table)
        group, columns = self._match(table, found) or self._alone(table, found)
        part = Part(self._shelf.put(table), source, table.header_rows, columns)
        group.add(part, found)
        if found:
            places = dict(zip(names_of(found), columns, strict=True))
            self._by_names[frozenset(places)] = group, places
        return group, part

    def table(self, part: Part) -> Table:
        """As it was added."""
        return self._shelf.get(part.number)

    def header(self, group: Group) -> Header:
        """The header of joined tables, with headings for where each row is from."""
        leader = group.leader or group.parts[0]
        table = self.table(leader)
        levels = _levels(headings(table))
        notes: dict[Place, str] = {}
        cells = [
            Cell(0, col, name, rowspan=leader.top, header=True)
            for col, name in enumerate(leader.source.headings, table.n_cols)
        ]
        for cell in (cell for cell in table.cells if cell.row < leader.top):
            said = group.said_of(cell, levels.get((cell.row, cell.col)))
            is_doubtful = any(one.reasons for one in said)
            if note := _note(cell.text, said):
                notes[cell.row, cell.col] = note
            cells.append(replace(cell, confidence=0.0 if is_doubtful else 1.0, other=""))
        return Header(Table(tuple(cells)), notes)

    def rows(self, group: Group) -> Iterator[list[str]]:
        """The texts of a group row by row, with its header first, as `rows_of` of a table."""
        if not group.is_joined:
            yield from rows_of(self.table(group.parts[0]))
            return
        yield from rows_of(self.header(group).table)
        for part in group.parts:
            yield from rows_of(body(part, self.table(part)))

    def close(self) -> None:
        self._shelf.close()

    def _match(
        self, table: Table, found: Sequence[Heading]
    ) -> tuple[Group, tuple[int, ...]] | None:
        """The group that a table with these headings belongs to, and where its columns go."""
        if not found:
            return None
        group, places = self._by_names.get(frozenset(names_of(found)), (None, {}))
        if group is not None:
            columns = tuple(places[heading.name] for heading in found)
            if group.accepts(found, columns) and _may_go(table, found, columns, group):
                return group, columns
        columns = tuple(range(table.n_cols))
        alike = self._by_shapes.get(shapes_of(found), [])
        fitting = [group for group in alike if group.accepts(found, columns)]
        # With two to choose from, nothing tells which is meant.
        return (fitting[0], columns) if len(fitting) == 1 else None

    def _alone(self, table: Table, found: Sequence[Heading]) -> tuple[Group, tuple[int, ...]]:
        group, shapes = Group(), shapes_of(found)
        self.groups.append(group)
        if found and len(set(shapes)) == len(shapes):
            self._by_shapes.setdefault(shapes, []).append(group)
        return group, tuple(range(table.n_cols))


def body(part: Part, table: Table) -> Table:
    """The rows of a part below its header, in the columns of its group, each with its source."""
    cells = [
        replace(cell, row=row, col=col)
        for cell in table.cells
        if cell.row >= part.top
        for row, col in [part.place_in_body(cell.row, cell.col)]
    ]
    cells += [
        Cell(row, col, name)
        for row in range(table.n_rows - part.top)
        for col, name in enumerate(part.source.texts, table.n_cols)
    ]
    return Table(tuple(cells))


def _may_go(table: Table, found: Sequence[Heading], columns: Sequence[int], group: Group) -> bool:
    """Whether the columns of a table may be put in another order: by names that are beyond doubt,
    and without tearing a cell apart."""
    if list(columns) == sorted(columns):
        return True
    if not all(heading.is_sure for heading in found) or len(group.sure) < len(found):
        return False
    top = table.header_rows
    return all(
        columns[cell.col + step] == columns[cell.col] + step
        for cell in table.cells
        if cell.row >= top
        for step in range(cell.colspan)
    )


def _levels(found: Sequence[Heading]) -> dict[Place, int]:
    return {
        (cell.row, cell.col): level for heading in found for level, cell in enumerate(heading.cells)
    }


def _note(text: str, said: Mapping[_Said, Source]) -> str:
    """What is to be said of a heading that is doubtful somewhere, or written in another way."""
    return "\n".join(
        f"“{one.text}” in {source}" + (f": {'; '.join(one.reasons)}" if one.reasons else "")
        for one, source in said.items()
        if one.reasons or one.text.strip() != text.strip()
    )
