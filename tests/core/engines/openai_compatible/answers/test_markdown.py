"""Which lines are a Markdown table, and where it was cut."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut, Found
from converter.core.engines.openai_compatible.answers.markdown import (
    plain_markdown,
    split_markdown,
)


def split(text: str) -> list[str | Found]:
    return list(split_markdown(text, None, at_end=True))


@pytest.mark.parametrize(
    "text", ["a | b", "| a |", "|x| = 1", "a | b\nc | d", "---", "|---|---|", "$|x|$\n$|y|$"]
)
def test_pipes_alone_make_no_table(text: str):
    assert not any(isinstance(piece, Found) and piece.parts for piece in split(text))


@pytest.mark.parametrize(
    "text", ["a|b\n-|-\n1|2", "|a|\n|-|\n|1|", "| a | b |\n| c | d |", "|a|b|\n|:-:|--:|"]
)
def test_rows_of_cells_make_one(text: str):
    assert sum(len(piece.parts) for piece in split(text) if isinstance(piece, Found)) == 1


@pytest.mark.parametrize(
    "last", ["| 1 |", "| 1", "|", "| 1 | 2", "| 1 | 2 \\|", "|--", "| $|x|$ |"]
)
def test_row_that_ends_early_is_noted(last: str):
    notes = {
        note
        for piece in split(f"| a | b |\n|---|---|\n| 1 | 2 |\n{last}")
        if isinstance(piece, Found)
        for note in piece.notes
    }
    assert Cut.SHORT_ROW in notes


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("**a** *b* __c__ `d`", "a b c d"),
        ("0.5** 1*", "0.5** 1*"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        (r"\*a\* \| \_", "*a* | _"),
        ("____", "____"),
    ],
)
def test_marks_go_and_printed_ones_stay(text: str, shown: str):
    assert plain_markdown(text) == shown
