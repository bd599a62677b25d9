"""Edits: what a person changes in the tables that were read, one verb a class.

An edit never changes a table: it makes another one. So the tables of an image are always what was
read plus its edits in order, and any edit can be undone by leaving it out. Places are those of the
table as the edits before have left it. `parse` makes an edit of what a page or a program sends, and
`to_json` is its inverse.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import groupby, pairwise
from typing import Any, ClassVar, Final, Self

from converter.core.errors import EditError
from converter.core.tables import drawing, grids
from converter.core.tables.edit_values import PARSE, whole
from converter.core.tables.model import Box, Cell, Said, Table, Word
from converter.core.tables.regrid import fill

Tables = tuple[Table, ...]

LONGEST: Final = 32_000  # characters of a cell; Excel takes 32,767
MOST_AT_ONCE: Final = 500  # rows or columns that one edit inserts
MOST_LINES: Final = 2_000  # of a grid that is drawn anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of table number `table`, counted from 0."""

    do: ClassVar[str] = ""
    # Whether places of cells may be others afterwards.
    moves_cells: ClassVar[bool] = True
    # Whether it is about print of the picture, which `with_print` has to tell it.
    needs_print: ClassVar[bool] = False
    table: int

    def changed(self, table: Table) -> Table:
        raise NotImplementedError

    def apply(self, tables: Tables) -> Tables:
        """The tables after this edit. Raises EditError."""
        changed = self.changed(_at(tables, self.table))
        return (*tables[: self.table], changed, *tables[self.table + 1 :])

    def with_print(self, tables: Tables, left: Sequence[Word]) -> Self:  # noqa: ARG002
        """The edit with the print that it is about: of `tables`, or `left` beside them."""
        return self

    def to_json(self) -> dict[str, Any]:
        return {"do": self.do, **asdict(self)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetText(Edit):
    """The text of a cell, as a person says it is; `said` may be anything but NOTHING."""

    do: ClassVar[str] = "set"
    moves_cells: ClassVar[bool] = False
    row: int
    col: int
    text: str
    said: Said = Said.CORRECTED

    def __post_init__(self) -> None:
        if len(self.text) > LONGEST:
            raise EditError(f"A cell holds at most {LONGEST:,} characters.")

    def changed(self, table: Table) -> Table:
        return _with_texts(table, [self])


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(Edit):
    """One cell in place of all from `row`, `col` to `last_row`, `last_col`, with all their text."""

    do: ClassVar[str] = "merge"
    row: int
    col: int
    last_row: int
    last_col: int

    def changed(self, table: Table) -> Table:
        return grids.merged(table, self.row, self.col, self.last_row, self.last_col)


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Edit):
    """A cell for every place of a cell that spans several; its print goes where it stands."""

    do: ClassVar[str] = "split"
    row: int
    col: int

    def changed(self, table: Table) -> Table:
        return grids.split(table, self.row, self.col)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertRows(Edit):
    """`count` empty rows above row `at`, or below the last one."""

    do: ClassVar[str] = "insert_rows"
    at: int
    count: int = 1

    def changed(self, table: Table) -> Table:
        _check_count(self.count)
        return grids.rows_inserted(table, self.at, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class InsertCols(InsertRows):
    """`count` empty columns left of column `at`, or behind the last one."""

    do: ClassVar[str] = "insert_cols"

    def changed(self, table: Table) -> Table:
        _check_count(self.count)
        return grids.cols_inserted(table, self.at, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteRows(Edit):
    """`count` rows from row `at` on, with what stands in them alone."""

    do: ClassVar[str] = "delete_rows"
    at: int
    count: int = 1

    def changed(self, table: Table) -> Table:
        return grids.rows_deleted(table, self.at, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCols(DeleteRows):
    """`count` columns from column `at` on, with what stands in them alone."""

    do: ClassVar[str] = "delete_cols"

    def changed(self, table: Table) -> Table:
        return grids.cols_deleted(table, self.at, self.count)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveRows(Edit):
    """`count` rows from row `at` on, to stand above what is row `to` before the move."""

    do: ClassVar[str] = "move_rows"
    at: int
    to: int
    count: int = 1

    def changed(self, table: Table) -> Table:
        return grids.rows_moved(table, self.at, self.count, self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveCols(MoveRows):
    """`count` columns from column `at` on, to stand left of what is column `to` before the move."""

    do: ClassVar[str] = "move_cols"

    def changed(self, table: Table) -> Table:
        return grids.cols_moved(table, self.at, self.count, self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetHeader(Edit):
    """The first `rows` rows are the header, and no others of those at the top."""

    do: ClassVar[str] = "header"
    rows: int

    def changed(self, table: Table) -> Table:
        if not 0 <= self.rows <= table.n_rows:
            raise EditError("This table does not have as many rows.")
        return grids.with_header(table, self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Join(Edit):
    """A table with the next one below it, as one."""

    do: ClassVar[str] = "join"

    def apply(self, tables: Tables) -> Tables:
        upper, lower = _at(tables, self.table), _at(tables, self.table + 1)
        joined = grids.stacked(upper, lower)
        return (*tables[: self.table], joined, *tables[self.table + 2 :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut(Edit):
    """Two tables of one: the second begins with row `at`."""

    do: ClassVar[str] = "cut"
    at: int

    def apply(self, tables: Tables) -> Tables:
        table = _at(tables, self.table)
        if not 0 < self.at < table.n_rows:
            raise EditError("A table is cut between two of its rows.")
        if any(cell.row < self.at < cell.row + cell.rowspan for cell in table.cells):
            raise EditError("A cell reaches over this row; split it first.")
        upper = grids.rows_deleted(table, self.at, table.n_rows - self.at)
        lower = grids.rows_deleted(table, 0, self.at)
        return (*tables[: self.table], upper, lower, *tables[self.table + 1 :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Regrid(Edit):
    """New lines over the picture: the edges of all rows and columns, in pixels, from the first to
    the last. What is in the table's cells is filled in again by where it stands."""

    do: ClassVar[str] = "lines"
    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]

    def changed(self, table: Table) -> Table:
        _check_lines(self.row_edges, self.col_edges)
        texts = [cell for cell in table.cells if cell.text]
        if texts and not any(cell.box for cell in texts):
            raise EditError("Nobody knows where on the picture the text of this table stands.")
        return fill(table, self.row_edges, self.col_edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class DropTable(Edit):
    """Take a whole table away."""

    do: ClassVar[str] = "drop"

    def apply(self, tables: Tables) -> Tables:
        _at(tables, self.table)
        return (*tables[: self.table], *tables[self.table + 1 :])


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw(Edit):
    """A new table, number `table`, of all print between these edges, in pixels. Two edges each way
    are a box, in which rows and columns are found. Print leaves the tables that it was in; one that
    loses all of it is taken away."""

    do: ClassVar[str] = "draw"
    needs_print: ClassVar[bool] = True
    row_edges: tuple[float, ...]
    col_edges: tuple[float, ...]
    words: tuple[Word, ...] = ()

    def with_print(self, tables: Tables, left: Sequence[Word]) -> Self:
        _check_lines(self.row_edges, self.col_edges)
        words = (*drawing.taken_out(tables, [self._box])[1], *drawing.parts_in(left, [self._box]))
        rows, cols = self.row_edges, self.col_edges
        if len(rows) == len(cols) == 2:
            rows, cols = map(tuple, drawing.lines_in(words, self._box))
        return replace(self, row_edges=rows, col_edges=cols, words=words)

    def apply(self, tables: Tables) -> Tables:
        _check_lines(self.row_edges, self.col_edges)
        if not 0 <= self.table <= len(tables):
            raise EditError("A table can be drawn before or behind those that are there.")
        left, _ = drawing.taken_out(tables, [self._box])
        now = [
            None if not _has_text(after) and _has_text(before) else after
            for before, after in zip(tables, left, strict=True)
        ]
        fresh = drawing.drawn(self.words, self.row_edges, self.col_edges)
        kept = (*now[: self.table], fresh, *now[self.table :])
        return tuple(table for table in kept if table is not None)

    @property
    def _box(self) -> Box:
        (top, *_, bottom), (left, *_, right) = self.row_edges, self.col_edges
        return Box(left, top, right, bottom)


@dataclass(frozen=True, slots=True, kw_only=True)
class Take(Edit):
    """All print in these boxes, in pixels, goes into a cell, in reading order with what is there.
    It leaves the cells that it was in."""

    do: ClassVar[str] = "take"
    needs_print: ClassVar[bool] = True
    row: int
    col: int
    boxes: tuple[Box, ...]
    words: tuple[Word, ...] = ()

    def with_print(self, tables: Tables, left: Sequence[Word]) -> Self:
        taken = drawing.taken_out(tables, self.boxes, (self.table, self.row, self.col))[1]
        words = (*taken, *drawing.parts_in(left, self.boxes))
        if not words:
            raise EditError("There is no print in this place that another cell or none has.")
        return replace(self, words=words)

    def apply(self, tables: Tables) -> Tables:
        cell = cell_at(tables, self.table, self.row, self.col)
        left, _ = drawing.taken_out(tables, self.boxes, (self.table, self.row, self.col))
        left[self.table] = drawing.into_cell(left[self.table], cell, self.words)
        return tuple(left)


_VERBS: Final[dict[str, type[Edit]]] = {
    verb.do: verb
    for verb in (
        SetText, Merge, Split, InsertRows, InsertCols, DeleteRows, DeleteCols, MoveRows, MoveCols,
        SetHeader, Join, Cut, Regrid, DropTable, Draw, Take,
    )
}  # fmt: skip
STRUCTURE: Final = tuple(verb for verb in _VERBS if verb != SetText.do)


def parse(data: Mapping[str, Any]) -> Edit:
    """The edit that `data` describes. Raises EditError for anything that is none."""
    verb = _VERBS.get(str(data.get("do", "")))
    if verb is None:
        raise EditError(f"There is no such edit; there are {', '.join(_VERBS)}.")
    known = {field.name: data[field.name] for field in fields(verb) if field.name in data}
    try:
        return verb(**{name: PARSE.get(name, whole)(value) for name, value in known.items()})
    except (LookupError, TypeError, ValueError, OverflowError) as error:
        names = ", ".join(field.name for field in fields(verb))
        raise EditError(f"The edit {verb.do!r} takes {names}, with fitting values.") from error


def apply_all(tables: Tables, edits: Iterable[Edit]) -> Tables:
    """The tables after all these edits, in order. Raises EditError.

    Texts that follow one another are set at once: a thousand of them cost little more than one.
    """
    for are_texts, run in groupby(edits, key=lambda edit: isinstance(edit, SetText)):
        if not are_texts:
            for edit in run:
                tables = edit.apply(tables)
            continue
        by_table: dict[int, list[SetText]] = {}
        for edit in run:
            if isinstance(edit, SetText):
                by_table.setdefault(edit.table, []).append(edit)
        changed = list(tables)
        for index, texts in by_table.items():
            changed[index] = _with_texts(_at(tables, index), texts)
        tables = tuple(changed)
    return tables


def cell_at(tables: Tables, table: int, row: int, col: int) -> Cell:
    """The cell that begins at a place; an empty one where none is. Raises EditError."""
    found = _at(tables, table)
    owners = {place: cell for cell in found.cells for place in cell.places()}
    cell = owners.get((row, col), Cell(row, col))
    inside = 0 <= row < found.n_rows and 0 <= col < found.n_cols
    if not inside or cell.place != (row, col):
        raise no_such_cell()
    return cell


def no_such_cell() -> EditError:
    return EditError("No cell of this image begins there.", "no_such_cell")


def _with_texts(table: Table, texts: Sequence[SetText]) -> Table:
    owners = {cell.place: cell for cell in table.cells}
    covered = {place for cell in table.cells for place in cell.places()}
    for edit in texts:
        place = edit.row, edit.col
        inside = 0 <= edit.row < table.n_rows and 0 <= edit.col < table.n_cols
        if not inside or (place not in owners and place in covered):
            raise no_such_cell()
        owners[place] = settled(owners.get(place, Cell(*place)), edit.text, edit.said)
    return replace(table, cells=tuple(owners[place] for place in sorted(owners)))


def settled(cell: Cell, text: str, said: Said) -> Cell:
    """A cell with what a person says, and nothing of the doubt of what was read."""
    return Cell(
        cell.row,
        cell.col,
        text,
        cell.rowspan,
        cell.colspan,
        cell.box,
        header=cell.header,
        stub=cell.stub,
        indent=cell.indent,
        said=said,
        read=cell.read if cell.said else cell.text,
    )


def _at(tables: Tables, index: int) -> Table:
    if not 0 <= index < len(tables):
        raise EditError("This image has no table of that number.", "no_such_cell")
    return tables[index]


def _has_text(table: Table) -> bool:
    return any(cell.text for cell in table.cells)


def _check_lines(*both: Sequence[float]) -> None:
    for edges in both:
        rises = all(one < other for one, other in pairwise(edges))
        if not 2 <= len(edges) <= MOST_LINES or not rises:
            raise EditError("The lines of a grid are two or more, each beyond the one before.")


def _check_count(count: int) -> None:
    if not 1 <= count <= MOST_AT_ONCE:
        raise EditError(f"Between 1 and {MOST_AT_ONCE} rows or columns can be inserted at once.")
