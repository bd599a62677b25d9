from __future__ import annotations

import pytest

from converter.core.engines.openai_compatible.field_values import NotAnObject, read_fields
from converter.core.fields.specification import FieldSpec

FIELDS = (FieldSpec("Surname"), FieldSpec("Date of birth"))


def texts(answer: str) -> list[str | None]:
    return [value.text for value in read_fields(answer, FIELDS)[0]]


@pytest.mark.parametrize(
    "answer",
    [
        '{"Surname": "Curie", "Date of birth": null}',
        '```json\n{"Surname": "Curie", "Date of birth": null}\n```',
        'Here you are: {"surname": "Curie", "date of  birth": ""} I hope it helps!',
        '<think>{"Surname": "Cu"}</think>{"Surname": " Curie ", "Date of birth": null}',
        '{"Surname": ["Curie"], "Date of birth": null, "Notes": {"a": 1}}',
    ],
)
def test_values_in_whatever_wrapping(answer: str) -> None:
    assert texts(answer) == ["Curie", None]


def test_digits_stay_as_they_were_written() -> None:
    assert texts('{"Surname": 1.50, "Date of birth": 1e400}') == ["1.50", "1e400"]
    assert texts('{"Surname": true, "Date of birth": NaN}') == ["yes", "NaN"]


def test_what_is_left_out_is_told() -> None:
    values, missing = read_fields('{"Surname": "Curie"}', FIELDS)
    assert ([value.text for value in values], missing) == (["Curie", None], ["Date of birth"])
    assert values[0].confidence == 1.0


@pytest.mark.parametrize("answer", ["", "I cannot read it.", '{"Surname": "Cu', "[1]", '{"a" 1}'])
def test_what_is_no_object_is_refused(answer: str) -> None:
    with pytest.raises(NotAnObject, match="Your answer"):
        read_fields(answer, FIELDS)
