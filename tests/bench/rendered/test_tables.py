from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import pytest

from tests.bench.rendered.source import (
    SourceCell,
    SourceTable,
    fill_grid,
    heads,
    plain,
    titles_over_width,
)
from tests.bench.rendered.tables import KINDS, Supply, invent, is_number, read_corpus

each_kind = pytest.mark.parametrize("kind", KINDS)


def area(table: SourceTable) -> int:
    return sum(each.cell.rowspan * each.cell.colspan for each in table.placed)


@each_kind
@pytest.mark.parametrize("seed", range(8))
def test_an_invented_table_fills_its_grid(kind, seed):
    table = invent(Random(seed), kind)
    assert area(table) == table.height * table.width > 3
    assert sum(bool(each.cell.text) for each in table.placed) > 3


@each_kind
def test_the_same_seed_invents_the_same_table(kind):
    assert invent(Random(7), kind) == invent(Random(7), kind)
    assert invent(Random(7), kind) != invent(Random(8), kind)


def test_a_table_knows_its_header_and_its_columns_of_figures():
    table = SourceTable((heads("Name", "Count"), plain("Oak", "1,204"), plain("Elm", "(7)")))
    assert table.header_rows == 1
    assert table.numeric_columns == {1}


@pytest.mark.parametrize("text", ["12", "-1.5", "(3,000)", "12.5%", "$ 4", "\N{EM DASH}", "n/a"])
def test_figures(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["Oak", "12 May 2020", "A-12"])
def test_other_text_is_no_figure(text):
    assert not is_number(text)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([[(1, 2)], [(1, 1)]], [[(1, 2)], [(1, 1), (1, 1)]]),  # a gap at the end
        ([[(5, 1), (1, 1)], [(1, 1)]], [[(2, 1), (1, 1)], [(1, 1)]]),  # a span that ends outside
        ([[(1, 1), (2, 1)], [(1, 2)]], [[(1, 1), (2, 1)], [(1, 1)]]),  # an overlap
    ],
)
def test_grids_of_a_corpus_are_mended(spans, expected):
    rows = [[SourceCell("x", *span) for span in row] for row in spans]
    filled = fill_grid(rows)
    assert [[(cell.rowspan, cell.colspan) for cell in row] for row in filled] == expected


def test_a_title_of_a_section_runs_over_the_width():
    row, title = plain("Oak", "1", "2"), plain("Woods", "", "")
    table = titles_over_width(SourceTable((heads("a", "b", "c"), title, row, row, row)))
    assert table.rows[1] == (SourceCell("Woods", 1, 3),)
    assert table.rows[2] == row


def test_rows_without_values_are_no_titles():
    names = SourceTable(
        (heads("a", "b", "c"), plain("Oak", "", ""), plain("Elm", "", ""), plain("x", "1", "2"))
    )
    assert titles_over_width(names) == names


def corpus_file(folder: Path, *texts: str) -> Path:
    records = (
        {"lang": "en", "source": "made up", "rows": [[{"t": text, "h": 1}, {"t": "1"}]] * 3}
        for text in texts
    )
    lines = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
    path = folder / "tables.jsonl.gz"
    path.write_bytes(gzip.compress(lines.encode()))
    return path


def test_a_corpus_is_read_but_for_what_cannot_be_drawn(tmp_path: Path):
    tables = read_corpus(corpus_file(tmp_path, "Oak  \ufeffwood", "\u5408\u8a08"))
    assert [table.rows[0][0] for table in tables] == [SourceCell("Oak wood", header=True)]


def test_the_supply_prefers_tables_of_the_corpus_that_fit(tmp_path: Path):
    corpus = read_corpus(corpus_file(tmp_path, "Oak"))
    supply = Supply(Random(1), corpus)
    assert supply.table((2, 4), (2, 4)).source == "made up"
    assert supply.table((8, 9), (2, 4)).source == "invented"


@pytest.mark.parametrize("numeric", [None, True, False])
@pytest.mark.parametrize("seed", range(10))
def test_invented_tables_have_the_wanted_size(numeric, seed):
    table = Supply(Random(seed)).table((6, 9), (4, 5), numeric)
    assert 6 <= table.height <= 9
    assert 4 <= table.width <= 5
