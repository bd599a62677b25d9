"""Rows of a table and the lines that they were read from."""

from __future__ import annotations

from converter.core.engines.two_readings.print_lines import tokens_of
from converter.core.engines.two_readings.rows import find_lines, likenesses, parts_of
from tests.core.engines.two_readings.drawn import ROWS, printed, table, with_row, words


def lines_of(read, page):
    parts, tokens = parts_of(read), tokens_of(page)
    return find_lines(parts, tokens, likenesses(parts, tokens), read.n_rows)


def test_each_row_has_its_line():
    assert lines_of(table(), words()) == {row: [row] for row in range(len(ROWS))}


def test_a_row_said_twice_has_one_line():
    assert lines_of(table(with_row(3, ROWS[2])), words()) == {
        0: [0],
        1: [1],
        2: [2],
        4: [3],
        5: [4],
        6: [5],
    }


def test_a_line_that_no_row_holds_is_left_out():
    found = lines_of(table((*ROWS[:3], *ROWS[4:])), words())
    assert [line for lines in found.values() for line in lines] == [0, 1, 2, 4, 5]


def test_a_row_of_two_lines_has_both():
    rows = [("Town", "Area"), ("Aarau by the river", "12.34"), ("Basel", "23.91")]
    page = words([("Town", "Area"), ("Aarau by", "12.34"), ("the river", ""), ("Basel", "23.91")])
    assert lines_of(table(rows), page)[1] == [1, 2]


def test_words_in_prose_far_above_are_not_of_the_table():
    prose = printed("The towns of Aarau and Basel", 40, 0)
    page = prose + words(top=300)
    extra = [word for y in (60, 90, 120, 150) for word in printed("nothing of the kind", 40, y)]
    found = lines_of(table(), page + extra)
    assert found[1] == [6]
