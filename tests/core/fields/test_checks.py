"""What a field promises, and values that do not keep it."""

from __future__ import annotations

import pytest

from converter.core.fields.checks import check, check_all
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import FieldValue, Mark, ValueState


def marks(spec: FieldSpec, text: str | None) -> tuple[Mark, ...]:
    return check(spec, FieldValue(spec.name, text, confidence=0.9)).marks


@pytest.mark.parametrize("text", ["12", "1,234.50", "(5)", "12 345", "€ 3.20", "-7", "12.5%"])
def test_numbers_are_numbers(text):
    assert marks(FieldSpec("Sum", type=FieldType.NUMBER), text) == ()


@pytest.mark.parametrize("text", ["twelve", "12 or 13", "1l2"])
def test_what_is_no_number_is_marked(text):
    assert marks(FieldSpec("Sum", type=FieldType.NUMBER), text) == (Mark.TYPE,)


@pytest.mark.parametrize(
    "text",
    ["2024-02-29", "29/02/2024", "2/29/2024", "3.4.24", "3 March 1912", "Mai 1912", "1912"],
)
def test_days_months_and_years_are_dates(text):
    assert marks(FieldSpec("Date", type=FieldType.DATE), text) == ()


@pytest.mark.parametrize("text", ["2023-02-29", "31/04/2024", "45/13/2020", "summer", "12"])
def test_a_day_that_there_is_not_is_marked(text):
    assert marks(FieldSpec("Date", type=FieldType.DATE), text) == (Mark.TYPE,)


@pytest.mark.parametrize(("text", "marked"), [("Yes", ()), ("nein", ()), ("1912", (Mark.TYPE,))])
def test_yes_or_no(text, marked):
    assert marks(FieldSpec("Illustrated", type=FieldType.YES_NO), text) == marked


def test_what_is_not_in_the_list_is_marked():
    spec = FieldSpec("Material", type=FieldType.CHOICE, values=("Flint", "Red ochre"))
    assert marks(spec, "red  OCHRE") == ()
    assert marks(spec, "Flnt") == (Mark.NOT_IN_LIST,)


def test_what_does_not_fit_the_pattern_is_marked():
    spec = FieldSpec("Accession", pattern=r"[0-9]{4}\.[0-9]+")
    assert marks(spec, " 1912.7 ") == ()
    assert marks(spec, "1912,7") == (Mark.PATTERN,)


@pytest.mark.parametrize("state", [ValueState.BLANK, ValueState.NOT_FOUND, ValueState.UNREADABLE])
def test_what_is_required_and_not_there_is_marked(state):
    spec = FieldSpec("Surname", required=True)
    assert check(spec, FieldValue("Surname", state=state)).marks == (Mark.REQUIRED,)
    assert check(FieldSpec("Surname"), FieldValue("Surname", state=state)).marks == ()


def test_what_a_person_wrote_is_not_marked():
    corrected = FieldValue("Sum", "twelve", state=ValueState.CORRECTED)
    assert check(FieldSpec("Sum", type=FieldType.NUMBER), corrected) == corrected


def test_a_value_of_no_field_is_left_alone():
    values = (FieldValue("Sum", "x"), FieldValue("Other", "y"))
    checked = check_all([FieldSpec("Sum", type=FieldType.NUMBER)], values)
    assert [value.marks for value in checked] == [(Mark.TYPE,), ()]
