"""A trial distinguishes an engine that sees the image from one that does not."""

from __future__ import annotations

import random

import pytest

from converter.core.engines.protocol import Reading, TextLine
from converter.core.engines.trial import Trial, Verdict, judge, make_trial
from converter.core.tables.model import Cell, Table


@pytest.fixture
def trial() -> Trial:
    return make_trial(random.Random(7))


def table_of(rows) -> Table:
    return Table(
        tuple(Cell(r, c, text) for r, row in enumerate(rows) for c, text in enumerate(row))
    )


def reading_of(*tables: Table, text: str = "") -> Reading:
    return Reading("m", tables=tables, loose_text=(TextLine(text),) if text else ())


def test_the_numbers_are_drawn_by_lot():
    assert make_trial().rows != make_trial().rows
    assert make_trial(random.Random(1)).rows == make_trial(random.Random(1)).rows


def test_all_cells_read_is_right(trial):
    outcome = judge(trial, reading_of(table_of(trial.rows)))
    assert (outcome.verdict, outcome.cells, outcome.mistakes) == (Verdict.RIGHT, 20, ())


def test_blanks_and_case_do_not_count(trial):
    rows = [[f" {text.upper()} " for text in row] for row in trial.rows]
    assert judge(trial, reading_of(table_of(rows))).verdict is Verdict.RIGHT


def test_one_wrong_figure_is_told_with_its_place(trial):
    rows = [list(row) for row in trial.rows]
    rows[2][3] = rows[2][3][:-1] + "0"
    outcome = judge(trial, reading_of(table_of(rows)))
    assert outcome.verdict is Verdict.MISREAD
    [wrong] = outcome.mistakes
    assert (wrong.row, wrong.col, wrong.read) == (2, 3, rows[2][3])


def test_a_row_too_many_or_too_few_is_a_mistake(trial):
    more = judge(trial, reading_of(table_of([*trial.rows, ("Total", "1", "2", "3")])))
    less = judge(trial, reading_of(table_of(trial.rows[:-1])))
    assert (more.verdict, len(more.mistakes)) == (Verdict.MISREAD, 4)
    assert (less.verdict, len(less.mistakes)) == (Verdict.MISREAD, 4)


def test_the_best_of_several_tables_counts(trial):
    tables = table_of([["a caption"]]), table_of(trial.rows)
    assert judge(trial, reading_of(*tables)).verdict is Verdict.RIGHT


def test_text_instead_of_a_table_was_seen_but_is_not_right(trial):
    text = "\n".join(" ".join(row) for row in trial.rows)
    assert judge(trial, reading_of(text=text)).verdict is Verdict.MISREAD


@pytest.mark.parametrize("text", ["", "I cannot see any picture.", "1, 2, 3, 4.5"])
def test_an_answer_without_the_numbers_was_made_up(trial, text):
    assert judge(trial, reading_of(text=text)).verdict is Verdict.UNSEEN


def test_a_table_of_another_trial_was_made_up(trial):
    """As a server gives it that answers from a cache, or from what it has learned."""
    other = table_of(make_trial(random.Random(8)).rows)
    assert judge(trial, reading_of(other)).verdict is Verdict.UNSEEN
