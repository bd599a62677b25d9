"""Edits of tables: each makes another table, loses no text, and refuses what makes no sense."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converter.core.errors import EditError
from converter.core.tables.doubt import is_open, needs_a_look
from converter.core.tables.edits import (
    STRUCTURE,
    Cut,
    DeleteCols,
    DeleteRows,
    DropTable,
    InsertCols,
    InsertRows,
    Join,
    Merge,
    MoveCols,
    MoveRows,
    Regrid,
    SetHeader,
    SetText,
    Split,
    apply_all,
    parse,
)
from converter.core.tables.model import Box, Cell, Said, Table


def table_of(*rows: str, header: int = 1) -> Table:
    """A table of words, each cell 100 by 20 pixels with its print in the middle; `.` is empty."""
    cells = []
    for row, line in enumerate(rows):
        for col, word in enumerate(line.split()):
            box = Box(col * 100 + 10, row * 20 + 5, col * 100 + 90, row * 20 + 15)
            text = "" if word == "." else word.replace("_", " ")
            cells.append(Cell(row, col, text, box=box if text else None, header=row < header))
    return Table(tuple(cells), Box(0, 0, 100 * len(rows[0].split()), 20 * len(rows)))


PRICES = table_of("Item Price", "Oak 12.50", "Elm 9.75")


def lines(table: Table) -> list[str]:
    grid = [["."] * table.n_cols for _ in range(table.n_rows)]
    for cell in table.cells:
        grid[cell.row][cell.col] = cell.text.replace(" ", "_").replace("\n", "/") or "."
    return [" ".join(row) for row in grid]


def words(*tables: Table) -> list[str]:
    return sorted(word for table in tables for cell in table.cells for word in cell.text.split())


def merge(row: int, col: int, last_row: int, last_col: int) -> Merge:
    return Merge(table=0, row=row, col=col, last_row=last_row, last_col=last_col)


def test_a_text_is_set_and_nothing_of_its_doubt_remains():
    doubtful = replace(PRICES.cells[3], confidence=0.2, other="12.80")
    table = Table((*PRICES.cells[:3], doubtful, *PRICES.cells[4:]))
    [changed] = apply_all((table,), [SetText(table=0, row=1, col=1, text="12.60")])
    cell = changed.cells[3]
    assert (cell.text, cell.read, cell.said, cell.box) == (
        "12.60", "12.50", Said.CORRECTED, doubtful.box,
    )  # fmt: skip
    assert needs_a_look(doubtful)
    assert not needs_a_look(cell)


def test_what_was_read_is_kept_through_a_second_correction():
    texts = [SetText(table=0, row=1, col=1, text=text) for text in ("1", "2")]
    [changed] = apply_all((PRICES,), texts)
    assert (changed.cells[3].text, changed.cells[3].read) == ("2", "12.50")


def test_a_cell_that_nobody_can_read_stays_marked_and_is_settled():
    edit = SetText(table=0, row=1, col=1, text="", said=Said.UNREADABLE)
    [changed] = apply_all((PRICES,), [edit])
    assert needs_a_look(changed.cells[3])
    assert not is_open(changed.cells[3])


def test_a_place_without_a_cell_takes_a_text():
    table = Table((Cell(0, 0, "a"), Cell(1, 1, "d")))
    [changed] = apply_all((table,), [SetText(table=0, row=0, col=1, text="b")])
    assert lines(changed) == ["a b", ". d"]


@pytest.mark.parametrize(("table", "row", "col"), [(0, 3, 0), (0, 0, 2), (1, 0, 0), (0, -1, 0)])
def test_there_is_no_cell_outside_the_table(table, row, col):
    with pytest.raises(EditError) as refused:
        apply_all((PRICES,), [SetText(table=table, row=row, col=col, text="x")])
    assert refused.value.code == "no_such_cell"


def test_what_a_span_covers_takes_no_text():
    table = Table((Cell(0, 0, "a", colspan=2),))
    with pytest.raises(EditError):
        apply_all((table,), [SetText(table=0, row=0, col=1, text="x")])


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (merge(1, 0, 1, 1), ["Item Price", "Oak_12.50 .", "Elm 9.75"]),
        (merge(1, 0, 2, 0), ["Item Price", "Oak/Elm 12.50", ". 9.75"]),
        (InsertRows(table=0, at=1), ["Item Price", ". .", "Oak 12.50", "Elm 9.75"]),
        (InsertRows(table=0, at=3, count=2), ["Item Price", "Oak 12.50", "Elm 9.75", ". .", ". ."]),
        (InsertCols(table=0, at=0), [". Item Price", ". Oak 12.50", ". Elm 9.75"]),
        (InsertCols(table=0, at=2), ["Item Price .", "Oak 12.50 .", "Elm 9.75 ."]),
        (DeleteRows(table=0, at=1), ["Item Price", "Elm 9.75"]),
        (DeleteCols(table=0, at=0), ["Price", "12.50", "9.75"]),
        (MoveRows(table=0, at=2, to=1), ["Item Price", "Elm 9.75", "Oak 12.50"]),
        (MoveRows(table=0, at=1, to=3), ["Item Price", "Elm 9.75", "Oak 12.50"]),
        (MoveCols(table=0, at=0, to=2), ["Price Item", "12.50 Oak", "9.75 Elm"]),
    ],
)  # fmt: skip
def test_rows_columns_and_cells_change(edit, wanted):
    assert lines(apply_all((PRICES,), [edit])[0]) == wanted


def test_a_merged_cell_can_be_split_where_its_print_stands():
    merge = Merge(table=0, row=1, col=0, last_row=2, last_col=1)
    [changed] = apply_all((PRICES,), [merge, Split(table=0, row=1, col=0)])
    assert words(changed) == words(PRICES)
    assert (changed.n_rows, changed.n_cols) == (3, 2)


def test_a_merged_area_grows_around_the_cells_that_it_cuts():
    table = Table((Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b"), Cell(1, 1, "c")))
    [changed] = apply_all((table,), [Merge(table=0, row=0, col=0, last_row=0, last_col=1)])
    assert [(cell.text, cell.rowspan, cell.colspan) for cell in changed.cells] == [("a b\nc", 2, 2)]


def test_a_merged_cell_is_as_doubtful_as_the_worst_of_it():
    cells = (Cell(0, 0, "a", confidence=0.3), Cell(0, 1, "b", said=Said.CORRECTED))
    [changed] = apply_all((Table(cells),), [Merge(table=0, row=0, col=0, last_row=0, last_col=1)])
    assert is_open(changed.cells[0])


def test_a_row_within_a_span_makes_it_longer_and_shorter():
    table = Table((Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b"), Cell(1, 1, "c")))
    [longer] = apply_all((table,), [InsertRows(table=0, at=1)])
    assert longer.cells[0].rowspan == 3
    [shorter] = apply_all((longer,), [DeleteRows(table=0, at=0, count=2)])
    assert [(cell.text, cell.row, cell.rowspan) for cell in shorter.cells] == [
        ("a", 0, 1),
        ("c", 0, 1),
    ]


def test_the_header_is_set_and_unset():
    [more] = apply_all((PRICES,), [SetHeader(table=0, rows=2)])
    [none] = apply_all((PRICES,), [SetHeader(table=0, rows=0)])
    assert (more.header_rows, none.header_rows) == (2, 0)


def test_an_inserted_row_of_the_header_is_header():
    [changed] = apply_all((PRICES,), [InsertRows(table=0, at=0)])
    assert [cell.header for cell in changed.cells if cell.row == 0] == [True, True]


def test_tables_are_joined_and_cut():
    below = table_of("Item Price", "Ash 3.10")
    [joined] = apply_all((PRICES, below), [Join(table=0)])
    assert lines(joined) == [*lines(PRICES), "Ash 3.10"]
    upper, lower = apply_all((joined,), [Cut(table=0, at=3)])
    assert (lines(upper), lines(lower)) == (lines(PRICES), ["Ash 3.10"])


def test_another_header_stays_when_tables_are_joined():
    below = table_of("Tree Cost", "Ash 3.10")
    [joined] = apply_all((PRICES, below), [Join(table=0)])
    assert lines(joined)[3:] == ["Tree Cost", "Ash 3.10"]


def test_a_table_is_taken_away():
    assert apply_all((PRICES, PRICES), [DropTable(table=1)]) == (PRICES,)


def test_a_column_line_parts_what_stands_in_one_cell():
    table = Table((Cell(0, 0, "Oak 12.50", box=Box(10, 5, 190, 15)),), Box(0, 0, 200, 20))
    lined = Regrid(table=0, row_edges=(0, 20), col_edges=(0, 90, 200))
    assert lines(apply_all((table,), [lined])[0]) == ["Oak 12.50"]


def test_a_row_line_is_added_and_taken_away():
    rows = [float(edge) for edge in (0, 20, 60)]
    fewer = Regrid(table=0, row_edges=tuple(rows), col_edges=(0, 100, 200))
    [changed] = apply_all((PRICES,), [fewer])
    assert lines(changed) == ["Item Price", "Oak/Elm 12.50/9.75"]
    assert changed.header_rows == 1
    more = Regrid(table=0, row_edges=(0, 20, 40, 60), col_edges=(0, 100, 200))
    assert lines(apply_all((changed,), [more])[0]) == lines(PRICES)


def test_what_is_not_moved_by_new_lines_stays_as_a_person_left_it():
    said = SetText(table=0, row=1, col=1, text="12.60")
    again = Regrid(table=0, row_edges=(0, 21, 39, 60), col_edges=(0, 95, 200))
    [changed] = apply_all((PRICES,), [said, again])
    assert [cell.said for cell in changed.cells if cell.text == "12.60"] == [Said.CORRECTED]


def test_a_spanning_heading_goes_on_spanning_under_new_lines():
    head = Cell(0, 0, "Prices in 2026", colspan=2, box=Box(50, 5, 150, 15), header=True)
    body = tuple(cell for cell in PRICES.cells if cell.row)
    table = Table((head, *body), PRICES.box)
    lined = Regrid(table=0, row_edges=(0, 20, 40, 60), col_edges=(0, 102, 200))
    [changed] = apply_all((table,), [lined])
    assert [cell.colspan for cell in changed.cells if cell.row == 0] == [2]


@pytest.mark.parametrize(
    "edit",
    [
        Split(table=0, row=1, col=1),
        Merge(table=0, row=1, col=1, last_row=1, last_col=1),
        Merge(table=0, row=1, col=1, last_row=9, last_col=1),
        InsertRows(table=0, at=4),
        InsertRows(table=0, at=1, count=0),
        InsertRows(table=0, at=1, count=501),
        DeleteRows(table=0, at=0, count=3),
        DeleteRows(table=0, at=2, count=2),
        MoveRows(table=0, at=1, to=2),
        MoveRows(table=0, at=1, to=9),
        SetHeader(table=0, rows=4),
        Join(table=0),
        Cut(table=0, at=0),
        Cut(table=0, at=3),
        Regrid(table=0, row_edges=(0, 20), col_edges=(9,)),
        Regrid(table=0, row_edges=(0, 20, 20), col_edges=(0, 9)),
        DropTable(table=1),
    ],
)
def test_what_makes_no_sense_is_refused(edit):
    with pytest.raises(EditError):
        apply_all((PRICES,), [edit])


def test_rows_that_a_cell_ties_together_are_not_torn_apart():
    table = Table((Cell(0, 0, "a", rowspan=2), Cell(0, 1, "b"), Cell(1, 1, "c"), Cell(2, 1, "d")))
    with pytest.raises(EditError):
        apply_all((table,), [MoveRows(table=0, at=1, to=3)])
    with pytest.raises(EditError):
        apply_all((table,), [Cut(table=0, at=1)])


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"do": "explode", "table": 0},
        {"do": "set", "table": 0, "row": 0, "col": 0},
        {"do": "set", "table": 0, "row": 0, "col": 0, "text": 7},
        {"do": "set", "table": 0, "row": 0, "col": 0, "text": "x", "said": ""},
        {"do": "set", "table": 0, "row": 0, "col": 0, "text": "x", "said": "perhaps"},
        {"do": "set", "table": 0, "row": 0, "col": 0, "text": "x" * 32_001},
        {"do": "set", "table": None, "row": 0, "col": 0, "text": "x"},
        {"do": "insert_rows", "table": 0, "at": "one"},
        {"do": "insert_rows", "table": 0, "at": True},
        {"do": "insert_rows", "table": 0, "at": 1.5},
        {"do": "lines", "table": 0, "row_edges": "0 1", "col_edges": [0, 1]},
        {"do": "lines", "table": 0, "row_edges": [0, float("nan")], "col_edges": [0, 1]},
        {"do": "lines", "table": 0, "row_edges": [0, 1e300], "col_edges": [0, 1]},
    ],
)
def test_what_is_no_edit_is_refused(sent):
    with pytest.raises(EditError):
        parse(sent)


def test_what_no_database_takes_is_replaced():
    edit = parse({"do": "set", "table": 0, "row": 0, "col": 0, "text": "a\0\ud800"})
    assert isinstance(edit, SetText)
    assert edit.text == "a?"


_FEW = st.integers(0, 4)
_HERE = {"table": st.just(0), "row": st.integers(0, 3), "col": st.integers(0, 3)}
_NEW_LINES = {"row_edges": (0.0, 30.0, 60.0, 80.0), "col_edges": (0.0, 120.0, 300.0)}
EDITS = st.one_of(
    st.builds(SetText, **_HERE, text=st.text("ab ", max_size=3)),
    st.builds(Merge, **_HERE, last_row=_FEW, last_col=_FEW),
    st.builds(Split, **_HERE),
    st.builds(InsertRows, table=st.just(0), at=_FEW),
    st.builds(InsertCols, table=st.just(0), at=_FEW),
    st.builds(MoveRows, table=st.just(0), at=_FEW, to=_FEW),
    st.builds(MoveCols, table=st.just(0), at=_FEW, to=_FEW),
    st.builds(SetHeader, table=st.just(0), rows=_FEW),
    st.just(Regrid(table=0, **_NEW_LINES)),
    st.builds(Cut, table=st.just(0), at=_FEW),
    st.just(Join(table=0)),
)


@given(st.lists(EDITS, max_size=8))
@settings(deadline=None, max_examples=150)
def test_no_word_is_lost_whatever_is_done_to_the_grid(edits):
    tables = (table_of("Item Price Sum", "Oak 12.50 .", "Elm_tree 9.75 4", "Ash . 1"),)
    for edit in edits:
        try:
            after = apply_all(tables, [edit])
        except EditError:
            continue
        if not isinstance(edit, SetText):
            assert words(*after) == words(*tables)
        stored = json.loads(json.dumps([table.to_json() for table in after]))
        assert tuple(map(Table.from_json, stored)) == after
        assert parse(json.loads(json.dumps(edit.to_json()))) == edit
        tables = after


def test_every_verb_of_structure_is_listed():
    assert set(STRUCTURE) >= {"merge", "split", "insert_rows", "delete_cols", "header", "lines"}
