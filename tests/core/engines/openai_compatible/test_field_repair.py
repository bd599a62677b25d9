from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.field_repair import mend_fields
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import Mark

FIELDS = (FieldSpec("a"), FieldSpec("b"))


@pytest.mark.parametrize(
    ("broken", "texts"),
    [
        ('{"a": "00123" "b": "1.50"}', ["00123", "1.50"]),
        ("{'a': '00123', 'b': null,}", ["00123", None]),
        ('{a: "x y", "b": "1.50",}', ["x y", "1.50"]),
        ('{"a": "5\'10"", "b": "x"}', ["5'10\"", "x"]),
        ('{"a": "Smith, "Bob", Jr.", "b": "y"}', ['Smith, "Bob", Jr.', "y"]),
        ('{"card": "card", "fields": {"a": "007", "b": "1.50",}, "blank": []}', ["007", "1.50"]),
    ],
)
def test_what_can_be_mended_keeps_every_sign_and_is_marked(broken, texts) -> None:
    answer = mend_fields(broken, "stop", FIELDS)
    assert answer is not None
    assert [value.text for value in answer.values] == texts
    assert all(Mark.REPAIRED in value.marks for value in answer.values)


@pytest.mark.parametrize(
    "broken",
    [
        '{"a": 00123, "b": "x",}',
        '{"a": 1.50, "b": "x",}',
        '{"a": 5\'10", "b": "x",}',
        '{"a": "x", "a": "y", "b": "z",}',
        '{"a": "x" // nearly\n, "b": "y"}',
        '{"a": "x",}',
        '{"a": "x", "b": "y", "c": "z",}',
        '{"a": "Smi',
        "I cannot read it.",
    ],
)
def test_what_would_change_is_not_mended(broken) -> None:
    assert mend_fields(broken, "stop", FIELDS) is None


@pytest.mark.parametrize("reason", ["length", None, "repetition"])
def test_what_may_be_cut_is_never_mended(reason) -> None:
    assert mend_fields('{"a": "00123" "b": "1.50"}', "stop", FIELDS)
    assert mend_fields('{"a": "00123" "b": "1.50"}', reason, FIELDS) is None
