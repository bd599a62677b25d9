"""Answers in JSON, whole, cut or broken."""

from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.answers.answer import Cut, Found, Repair, TextPart
from converter.core.engines.openai_compatible.answers.layout_json import read_json
from converter.core.tables.model import Box


def read_plain(text: str) -> Found:
    return Found((TextPart(text.strip()),))


def read(text: str) -> Found:
    result = read_json(text, read_plain)
    assert result
    return result[0]


@pytest.mark.parametrize(
    "text", ["", "plain", "a [1] b", "[1] Smith", "{x}", "{not json", "[a, b]"]
)
def test_text_is_no_json(text: str):
    assert read_json(text, read_plain) is None


def test_items_keep_their_boxes_and_captions():
    (part,) = read('[{"bbox": [1, 2, 3, 4], "category": "Caption", "text": "x"}]').parts
    assert part == TextPart("x", is_caption=True, box=Box(1, 2, 3, 4))


def test_numbers_stay_as_written():
    (part,) = read('[["00", 1.50, 1e400, NaN, 12345678901234567890]]').parts
    texts = [cell.text for cell in part.table.cells]
    assert texts == ["00", "1.50", "1e400", "NaN", "12345678901234567890"]


def test_items_before_a_cut_are_kept():
    found = read('[{"text": "a"}, {"text": "b\\u00e')
    assert [part.text for part in found.parts] == ["a", "b"]
    assert found.notes == {Cut.OPEN_JSON}


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ('"text": "b', "b"),
        ('"html" : \n"b \\"c\\" d', 'b "c" d'),
        ('"text": "b\\', "b"),
        ('"text": "b\\\\', "b\\"),
        ('"text": "b\\\\\\', "b\\"),
        ('"text": "b", "html": "c', "c"),
        ('"label": "b', None),
        ('"text": "b"', None),
        ('"text": ', None),
    ],
)
def test_text_that_is_cut_is_read_to_its_end(end: str, text: str | None):
    found = read('[{"text": "a"}, {' + end)
    assert [part.text for part in found.parts] == ["a"] + [text] * (text is not None)


def test_broken_items_are_kept_apart():
    found = read('[{"text": "a"}, {"text" "b"}, {"text": "c"}]')
    assert [part.text for part in found.parts] == ["a", "c"]
    assert (found.notes, found.unparsed) == ({Repair.JSON}, ('{"text" "b"}',))


@pytest.mark.parametrize("text", ['{"a": 1}', '[{"x": {"y": 1}}]', '{"error": "no image"}'])
def test_json_of_unknown_shape_is_unread(text: str):
    found = read(text)
    assert found.unparsed
    assert not found.parts


def test_values_nested_beyond_reason_are_unread():
    assert read('{"items": [' * 50 + '{"text": "a"}' + "]}" * 50).unparsed
    assert read('[{"text":' * 5_000).notes == {Cut.OPEN_JSON}
