from __future__ import annotations

import json

import pytest

from converter.core.engines.openai_compatible.field_values import NotAnObject, read_fields
from converter.core.engines.protocol import CardKind
from converter.core.fields.specification import FieldSpec
from converter.core.fields.values import ValueState

TWICE = '{"Surname": "Curie", "Surname": "Cure", "Date of birth": null}'
FIELDS = (FieldSpec("Surname"), FieldSpec("Date of birth"))


def texts(answer: str) -> list[str | None]:
    return [value.text for value in read_fields(answer, FIELDS).values]


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
    answer = read_fields('{"Surname": "Curie"}', FIELDS)
    assert [value.text for value in answer.values] == ["Curie", None]
    assert answer.missing == ("Date of birth",)
    assert answer.values[0].confidence == 1.0


@pytest.mark.parametrize(
    "answer", ["", "I cannot read it.", '{"Surname": "Cu', "[1]", '{"a" 1}', TWICE]
)
def test_what_is_no_object_is_refused(answer: str) -> None:
    with pytest.raises(NotAnObject, match="Your answer"):
        read_fields(answer, FIELDS)


def full(surname: object, **members: object) -> str:
    fields = {"Surname": surname, "Date of birth": None}
    return json.dumps({"card": "card", "fields": fields, "blank": [], "illegible": []} | members)


def test_a_value_that_is_not_there_says_why() -> None:
    answer = read_fields(full(None, blank=["surname"], illegible=["Date of birth"]), FIELDS)
    states = [value.state for value in answer.values]
    assert states == [ValueState.BLANK, ValueState.UNREADABLE]
    [surname, _] = read_fields(full(None), FIELDS).values
    assert surname.state is ValueState.NOT_FOUND


@pytest.mark.parametrize(
    ("card", "kind"),
    [("verso", CardKind.VERSO), ("Cover", CardKind.COVER), ("poster", CardKind.CARD)],
)
def test_what_the_picture_shows_is_told(card: str, kind: CardKind) -> None:
    assert read_fields(full("Curie", card=card), FIELDS).card is kind


@pytest.mark.parametrize("members", [{"blank": ["Surname"]}, {"illegible": ["Surname"]}])
def test_an_answer_that_contradicts_itself_is_doubted(members: dict[str, list[str]]) -> None:
    [surname, _] = read_fields(full("Curie", **members), FIELDS).values
    assert (surname.text, surname.is_doubtful) == ("Curie", True)


def test_gaps_are_doubted_and_a_value_of_gaps_alone_is_unreadable() -> None:
    [surname, _] = read_fields(full("Cu[?]ie"), FIELDS).values
    assert (surname.text, surname.is_doubtful) == ("Cu[?]ie", True)
    [surname, _] = read_fields(full("[?] [?]"), FIELDS).values
    assert (surname.text, surname.state) == (None, ValueState.UNREADABLE)


def test_a_field_may_be_called_as_a_member_of_the_answer() -> None:
    fields = (FieldSpec("card"), FieldSpec("fields"))
    [card, inner] = read_fields('{"card": "verso", "fields": "x"}', fields).values
    assert (card.text, inner.text) == ("verso", "x")
