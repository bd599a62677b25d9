"""An answer says whether it can be trusted."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import (
    Cut,
    Found,
    ParsedAnswer,
    Repair,
    TablePart,
    TextPart,
    join,
    require_whole,
)
from converter.core.errors import EngineError
from converter.core.tables.model import Cell, Table

TABLE = Table((Cell(0, 0, "a"),))


def test_whole_answer_passes():
    answer = ParsedAnswer((TablePart(TABLE),), repairs=frozenset({Repair.TAGS}))
    assert require_whole(answer) is answer


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (ParsedAnswer(cuts=frozenset({Cut.SHORT_ROW})), "answer_truncated"),
        (ParsedAnswer(cuts=frozenset({Cut.OPEN_TABLE}), repeating=True), "answer_repeats"),
        (ParsedAnswer((TablePart(TABLE),), unparsed=("{",)), "answer_unreadable"),
    ],
)
def test_answer_that_is_not_whole_is_an_error_that_may_pass(answer: ParsedAnswer, code: str):
    with pytest.raises(EngineError) as error:
        require_whole(answer)
    assert (error.value.code, error.value.permanent) == (code, False)


@pytest.mark.parametrize(
    ("cuts", "surely"),
    [
        ({Cut.SHORT_ROW}, False),
        ({Cut.NO_END, Cut.SHORT_ROW}, False),
        ({Cut.NO_END, Cut.FINISH_REASON}, True),
        ({Cut.OPEN_TABLE}, True),
        (set(), False),
    ],
)
def test_some_signs_of_a_cut_are_not_sure(cuts: set[Cut], surely: bool):
    assert ParsedAnswer(cuts=frozenset(cuts)).surely_truncated is surely


def test_tables_and_texts_are_told_apart():
    answer = ParsedAnswer((TextPart("x"), TablePart(TABLE), TextPart("y", is_caption=True)))
    assert answer.tables == (TABLE,)
    assert [text.text for text in answer.texts] == ["x", "y"]


def test_findings_are_joined_in_order():
    one = Found((TextPart("a"),), frozenset({Cut.NO_END}), ("x",))
    two = Found((TextPart("b"),), frozenset({Repair.SPANS}), ("y",))
    assert join([one, two]) == one + two
    assert (one + two).unparsed == ("x", "y")
