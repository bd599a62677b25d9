"""What is known of a value, and when it is doubted."""

from __future__ import annotations

from datetime import date

import pytest

from converter.core.fields.specification import FieldType
from converter.core.fields.values import REASONS, FieldValue, Mark, ValueState, field_values
from converter.core.tables.model import Box


def test_a_text_was_read_and_none_was_not_found():
    assert FieldValue("Year", "1912").state is ValueState.READ
    assert FieldValue("Year").state is ValueState.NOT_FOUND


@pytest.mark.parametrize(
    ("value", "doubtful"),
    [
        (FieldValue("Year", "1912", confidence=0.9), False),
        (FieldValue("Year", "1912", confidence=0.5), True),
        (FieldValue("Year", "1912", confidence=0.9, other="1972"), True),
        (FieldValue("Year", "1912", confidence=0.9, marks=(Mark.RANGE,)), True),
        (FieldValue("Year", state=ValueState.UNREADABLE), True),
        (FieldValue("Year", state=ValueState.BLANK), False),
        (FieldValue("Year"), False),
        (FieldValue("Year", marks=(Mark.REQUIRED,)), True),
        (FieldValue("Year", "1912", state=ValueState.CORRECTED, marks=(Mark.RANGE,)), False),
    ],
)
def test_doubt(value, doubtful):
    assert value.is_doubtful is doubtful
    assert bool(value.reasons) is doubtful


def test_reasons_tell_of_all_that_speaks_against_a_value():
    value = FieldValue("Year", "1912", confidence=0.5, other="1972", marks=(Mark.RANGE,))
    assert value.reasons == (
        "hard to read (50 % sure)",
        REASONS[Mark.RANGE],
        "another reading says “1972”",
    )


def test_storage_and_back():
    box = Box(1, 2, 3, 4)
    value = FieldValue("Year", "1912", box, 0.9, other="1972", marks=(Mark.RANGE, Mark.FORM))
    assert FieldValue.from_json(value.to_json()) == value
    blank = FieldValue("Year", state=ValueState.BLANK)
    assert FieldValue.from_json(blank.to_json()) == blank


def test_what_was_stored_before_there_were_states_is_still_read():
    assert FieldValue.from_json(["Year", "1912", [1, 2, 3, 4], 0.9]) == FieldValue(
        "Year", "1912", Box(1, 2, 3, 4), 0.9
    )
    assert FieldValue.from_json(["Year", None, None, 0.0]).state is ValueState.NOT_FOUND


def test_a_mark_is_given_once():
    marked = FieldValue("Year", "1912").marked(Mark.RANGE).marked(Mark.FORM, Mark.RANGE)
    assert marked.marks == (Mark.RANGE, Mark.FORM)


def test_every_mark_says_why():
    assert set(REASONS) == set(Mark)


def contents(kind: FieldType, *texts: str) -> list[object]:
    return [value.content for value in field_values(kind, texts)]


@pytest.mark.parametrize("kind", sorted(set(FieldType) - {FieldType.NUMBER, FieldType.DATE}))
def test_text_stays_letter_by_letter(kind):
    texts = ["(5)", "5551234567", "2020-01-01", "00123", "1,234", " 7 "]
    assert contents(kind, *texts) == texts


def test_numbers():
    texts = ["1,234", "12.5", "(5)", "(7)", "12%", "007", "none"]
    assert contents(FieldType.NUMBER, *texts) == [1234, 12.5, -5, -7, 0.12, "007", "none"]


def test_numbers_of_all_images_settle_the_decimal_mark():
    assert contents(FieldType.NUMBER, "12,50", "1.234") == [12.5, 1234]
    assert contents(FieldType.NUMBER, "12,50", "12.5") == ["12,50", "12.5"]


def test_dates_that_can_be_read_in_one_way():
    texts = ["2020-01-31", "3 May 2020", "3/4/2020", "2020"]
    assert contents(FieldType.DATE, *texts) == [
        date(2020, 1, 31),
        date(2020, 5, 3),
        "3/4/2020",
        "2020",
    ]
