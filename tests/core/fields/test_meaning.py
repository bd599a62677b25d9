"""The type of a field decides what its values become."""

from __future__ import annotations

from datetime import date

import pytest

from converter.core.fields.meaning import field_values
from converter.core.fields.specification import FieldType


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
