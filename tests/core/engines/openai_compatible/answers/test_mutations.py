"""Good answers are cut, shuffled and spoilt: right tables, or a sign, and never a crash."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from converter.core.engines.openai_compatible.answers.answer import ParsedAnswer
from converter.core.engines.openai_compatible.answers.parse import parse_answer
from converter.core.tables.model import Table
from tests.core.engines.openai_compatible.answers.drawn import (
    FORMS,
    SPANLESS,
    as_html,
    tables,
    texts,
)
from tests.core.engines.openai_compatible.answers.written import Case, read_corpus, show_table

pytestmark = pytest.mark.intensive

settings.register_profile("answers", derandomize=True, database=None, deadline=None)
settings.load_profile("answers")

SOUP = [
    "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th colspan=3>", "<td rowspan='0'>",
    "<td rowspan=9", "<thead>", "</thead>", "<tbody>", "<tfoot>", "<caption>", "</caption>",
    "<br>", "<sup>", "</sup>", "<math>", "</math>", "<!--", "-->", "<", ">", "&lt;", "&#9;", "&",
    "|", "\\|", "\n", "\n\n", "| a | b |\n", "|---|---|\n", "---\n", "primary_language: en\n",
    "```html\n", "```\n", "<think>", "</think>", "<|im_end|>", "<fcel>", "<ecel>", "<lcel>",
    "<ucel>", "<xcel>", "<nl>", "\\begin{tabular}{ll}", "\\end{tabular}", " & ", " \\\\ ",
    "\\hline", "\\multicolumn{2}{c}{", "\\multirow{-3}{*}{", "\\multirow{2}{", "}", "{", "$",
    "\\(", "\\)", "^", "_", "\\frac{", "*", "**", "[{", '"bbox": [1,2,3,4]', '"text": "',
    '"category": "Table"', "}]", '"', ",", "[", "]", ": ", "<|ref|>", "<|/ref|>", "<|det|>",
    "<|/det|>", "<div data-bbox='1 2 3 4'>", "</div>", "![", "](x)", "x", "12", " ", "null",
    "Table 1", "\0", "\ud800", "合", "\u2009",
]  # fmt: skip


def shown(answer: ParsedAnswer) -> list[list[str]]:
    return [show_table(table) for table in answer.tables]


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=60)
def test_table_comes_back_from_every_form(form: str, data: st.DataObject):
    table = data.draw(tables(spans=form not in SPANLESS))
    answer = parse_answer(FORMS[form](table), "stop")
    assert shown(answer) == [show_table(table)]
    assert (answer.cuts, answer.repairs, answer.unparsed) == (frozenset(), frozenset(), ())


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@settings(max_examples=12)
def test_table_that_is_cut_anywhere_is_no_whole_one(form: str, data: st.DataObject):
    table = data.draw(tables(spans=False))
    text = FORMS[form](table)
    wanted = show_table(table)
    for end in range(1, len(text)):
        answer = parse_answer(text[:end], "stop")
        for found in shown(answer):
            assert answer.truncated or found == wanted or ends_a_row(text, end), text[:end]


def ends_a_row(text: str, end: int) -> bool:
    """Whether nothing in the text tells that more should follow; the server has to."""
    if text.startswith("<ched>"):
        return text[:end].endswith("<nl>")
    return text.startswith("|") and "\n" in text[end - 1 : end + 1]


@pytest.mark.parametrize("reason", ["length", None])
@given(table=tables(spans=False), data=st.data())
@settings(max_examples=60)
def test_cut_is_noticed_wherever_the_server_does_not_vouch(
    reason: str | None, table: Table, data: st.DataObject
):
    form = data.draw(st.sampled_from(sorted(FORMS)))
    text = FORMS[form](table)
    end = data.draw(st.integers(len(text) // 2, len(text) - 1))
    answer = parse_answer(text[:end], reason)
    assert answer.truncated or shown(answer) == [show_table(table)]


@given(table=tables(spans=False), data=st.data())
@settings(max_examples=60)
def test_rows_before_the_cut_are_right(table: Table, data: st.DataObject):
    text = as_html(table)
    end = data.draw(st.integers(text.index("</tr>") + 5, len(text)))
    rows = text[:end].count("</tr>")
    assert shown(parse_answer(text[:end], "length")) == [show_table(table)[:rows]]


@given(table=tables(), data=st.data())
@settings(max_examples=120)
def test_dropped_tag_is_mended_or_noticed(table: Table, data: st.DataObject):
    text = as_html(table)
    tag = data.draw(st.sampled_from(list(re.finditer("<[^>]*>", text))))
    answer = parse_answer(text[: tag.start()] + text[tag.end() :], "stop")
    right = shown(answer) == [show_table(table)]
    assert right or answer.truncated or answer.repairs


@given(table=tables(spans=False), data=st.data())
@settings(max_examples=60)
def test_shuffled_cells_come_out_as_they_stand(table: Table, data: st.DataObject):
    pieces = re.split("(<t[dh]>[^<]*</t[dh]>)", as_html(table))
    pieces[1::2] = data.draw(st.permutations(pieces[1::2]))
    answer = parse_answer("".join(pieces), "stop")
    found = [cell.text for cell in answer.tables[0].cells]
    cells = re.findall("<t[dh]>([^<]*)</t[dh]>", "".join(pieces))
    assert found == [parse_text(cell) for cell in cells]


def parse_text(source: str) -> str:
    return (
        parse_answer(f"<table><tr><td>{source}</td></tr></table>", "stop").tables[0].cells[0].text
    )


@given(table=tables(), noise=texts("abc 123.,") | st.sampled_from(SOUP), data=st.data())
@settings(max_examples=150)
def test_noise_anywhere_crashes_nothing(table: Table, noise: str, data: st.DataObject):
    text = FORMS[data.draw(st.sampled_from(sorted(FORMS)))](table)
    at = data.draw(st.integers(0, len(text)))
    check_sound(parse_answer(text[:at] + noise + text[at:], "stop"))


@given(pieces=st.lists(st.sampled_from(SOUP), max_size=40), reason=st.sampled_from(["stop", None]))
@settings(max_examples=600)
def test_any_soup_of_marks_is_an_answer(pieces: list[str], reason: str | None):
    check_sound(parse_answer("".join(pieces), reason))


@given(text=st.text(max_size=200))
@settings(max_examples=150)
def test_any_text_is_an_answer(text: str):
    assert parse_answer(text, "length").truncated


WITH_END = [
    case
    for case in read_corpus()
    if case.is_whole and case.name.startswith(("html", "json", "latex", "mixed", "wrapping"))
]


@pytest.mark.parametrize("case", WITH_END, ids=lambda case: case.name)
def test_answer_of_the_corpus_may_be_cut_anywhere(case: Case):
    whole = shown(case.parse())
    for end in range(0, len(case.text), 3):
        answer = parse_answer(case.text[:end], "stop")
        in_markdown = "|--" in case.text[:end]
        assert answer.truncated or in_markdown or all(table in whole for table in shown(answer))


def check_sound(answer: ParsedAnswer) -> None:
    for table in answer.tables:
        assert Table.from_json(json.loads(json.dumps(table.to_json()))) is not None
        assert table.cells
    assert all(part.text for part in answer.texts)
