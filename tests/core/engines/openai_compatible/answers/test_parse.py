"""The one entry: what the server said and what the text shows are weighed together."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut
from converter.core.engines.openai_compatible.answers.parse import parse_answer

MARKDOWN = "| a | b |\n|---|---|\n| 1 | 2 |"
HTML = "<table><tr><td>a</td></tr></table>"


@pytest.mark.parametrize("text", [None, "", " \n", "null", "```\n```", "\ufeff"])
def test_nothing_is_an_answer_without_parts(text: str | None):
    answer = parse_answer(text, "stop")
    assert (answer.parts, answer.truncated, answer.unparsed) == ((), False, ())


@pytest.mark.parametrize("reason", ["stop", "STOP", "eos", "end_turn", None, ""])
def test_reasons_that_let_a_table_be_whole(reason: str | None):
    assert not parse_answer(HTML, reason).truncated


@pytest.mark.parametrize("reason", ["length", "abort", "error", "content_filter", "new_one"])
def test_any_other_reason_is_a_cut(reason: str):
    answer = parse_answer(HTML, reason)
    assert answer.surely_truncated
    assert len(answer.tables) == 1


def test_a_form_without_end_needs_the_server_to_vouch():
    assert not parse_answer(MARKDOWN, "stop").truncated
    assert parse_answer(MARKDOWN, None).cuts == {Cut.NO_END}
    assert not parse_answer(MARKDOWN, None).surely_truncated


def test_text_alone_is_whole_if_nothing_speaks_against_it():
    assert not parse_answer("Some words", None).truncated
    assert parse_answer("Some words", "length").truncated


def test_a_server_that_noticed_repetition_is_believed():
    assert parse_answer(HTML, "repetition").repeating


def test_a_cell_knows_that_it_is_a_header():
    table = parse_answer("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>", "stop").tables[0]
    assert [cell.header for cell in table.cells] == [True, False]
    assert table.header_rows == 1


def test_marks_that_no_database_takes_do_not_break_it():
    assert parse_answer("<table><tr><td>a\0\ud800</td></tr></table>", "stop").tables
