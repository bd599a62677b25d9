"""Where columns stand."""

from __future__ import annotations

import pytest

from converter.core.engines.two_readings.columns import find_columns
from converter.core.engines.two_readings.print_lines import tokens_of
from converter.core.engines.two_readings.rows import find_lines, likenesses, parts_of
from tests.core.engines.two_readings.drawn import ROWS, WIDE, table, words


def columns_of(rows):
    read, tokens = table(rows), tokens_of(words())
    parts = parts_of(read)
    alike = likenesses(parts, tokens)
    lines = find_lines(parts, tokens, alike, read.n_rows)
    return find_columns(parts, tokens, alike, lines, read.n_cols)


def test_each_column_has_the_stretch_around_its_words():
    columns = columns_of(ROWS)
    for col in range(4):
        left, right = columns.between(col, col)
        assert left < 40 + col * WIDE < 40 + col * WIDE + 60 < right


def test_a_span_has_the_stretch_of_all_its_columns():
    columns = columns_of(ROWS)
    assert columns.between(1, 2) == (columns.lefts[1], columns.rights[2])


def test_an_invented_column_has_what_lies_between_its_neighbours():
    rows = [[*row[:2], f"9{place}.8", *row[2:]] for place, row in enumerate(ROWS)]
    left, right = columns_of(rows).between(2, 2)
    assert 40 + WIDE < left < right <= 40 + 2 * WIDE


def test_a_row_shifted_aside_moves_no_column():
    rows = [list(row) for row in ROWS]
    rows[3] = ["Chur", "", "28.09", "36,336"]
    assert columns_of(rows).between(2, 2) == pytest.approx(columns_of(ROWS).between(2, 2), abs=3)
