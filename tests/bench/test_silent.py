"""The bench of planted errors, on invented tables."""

from __future__ import annotations

import json
import random
from dataclasses import replace

import pytest

from converter.core.tables.model import Cell, Table
from tests.bench.silent.__main__ import main
from tests.bench.silent.planting import IN_A_NUMBER, IN_THE_GRID, change_number, figures, names
from tests.bench.silent.sums import summed
from tests.bench.silent.tally import WITH_SUMS, measure
from tests.bench.silent.truth import Truth, read_truths, table_of

ROWS = [
    ["Name of the tree", "Count", "Price in all"],
    ["Old oak", "1,204", "-77.50"],
    ["Tall elm", "318", "1,410.25"],
    ["Gray ash", "75", "26.00"],
    ["Total", "1,597", "1,358.75"],
]
RECORD = {"id": "doc-1", "source": "invented", "rows": [[{"t": t} for t in row] for row in ROWS]}


@pytest.fixture
def table() -> Table:
    return table_of(RECORD)


def test_rows_without_figures_are_the_header(table):
    assert table.header_rows == 1
    told = [[x | {"h": 1} for x in row] if n < 2 else row for n, row in enumerate(RECORD["rows"])]
    assert table_of(RECORD | {"rows": told}).header_rows == 2


def test_the_numbers_of_sums_are_found(table):
    assert summed(table) == {(row, col) for row in range(1, 5) for col in (1, 2)}


@pytest.mark.parametrize("kind", IN_A_NUMBER)
def test_one_number_is_changed(table, kind):
    planted = change_number(IN_A_NUMBER[kind], random.Random(1), table, figures(table))
    before = {(cell.row, cell.col): cell.text for cell in table.cells}
    after = {(cell.row, cell.col): cell.text for cell in planted.table.cells}
    assert [place for place in before if before[place] != after[place]] == [planted.place]
    assert planted.was == before[planted.place]


@pytest.mark.parametrize(
    ("kind", "rows", "columns", "header"),
    [
        ("row dropped", 4, 3, 1),
        ("rows merged", 4, 3, 1),
        ("column split", 5, 4, 1),
        ("header in body", 5, 3, 0),
    ],
)
def test_rows_and_columns_are_changed(table, kind, rows, columns, header):
    planted = IN_THE_GRID[kind](random.Random(1), table).table
    assert (planted.n_rows, planted.n_cols, planted.header_rows) == (rows, columns, header)


def test_a_row_of_the_body_becomes_header(table):
    found = [IN_THE_GRID["row in header"](random.Random(seed), table).table for seed in range(9)]
    assert {(one.n_rows, one.header_rows) for one in found} == {(5, 2), (4, 1)}


def test_what_is_too_small_for_an_error_gets_none():
    table = Table((Cell(0, 0, "a", header=True), Cell(1, 0, "b"), Cell(1, 1, "c")))
    assert not any(plant(random.Random(1), table) for plant in IN_THE_GRID.values())
    assert change_number(IN_A_NUMBER["sign lost"], random.Random(1), table, figures(table)) is None


def test_marks_are_counted_where_the_error_is_and_elsewhere(table):
    def mark_total(one: Table) -> Table:
        return Table(tuple(replace(c, confidence=0.1 if c.row == 4 else 0.9) for c in one.cells))

    result = measure([Truth("doc-1", "", table)], ["digit changed"], mark_total, lambda _: {})
    assert (result.alarms.tables, result.alarms.alarmed, result.alarms.marked) == (1, 1, 3)
    tally = result.tallies["digit changed", WITH_SUMS]
    assert (tally.planted, tally.told) == (1, tally.named)


def test_all_tables_of_a_document_are_held_out_or_none(table):
    names_of = [f"doc-{number}-{page}" for number in range(50) for page in range(3)]
    held = {name: Truth(name, "", table).is_held_out for name in names_of}
    assert {len({held[f"doc-{n}-{page}"] for page in range(3)}) for n in range(50)} == {1}
    assert 0 < sum(held.values()) < 75


def test_the_command_prints_shares_for_both_parts(tmp_path, capsys):
    path = tmp_path / "tables.jsonl"
    lines = [json.dumps(RECORD | {"id": f"doc{number}"}) for number in range(12)]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert len(list(read_truths(path, 5))) == 3
    main([str(path), "--kinds", "digit changed", "-v"])
    printed = capsys.readouterr().out
    assert "developed on: true tables" in printed
    assert "held out: true tables" in printed
    assert "digit changed" in printed


def test_an_unknown_kind_is_refused():
    with pytest.raises(ValueError, match="no such error: spilt ink"):
        names(["spilt ink"])
