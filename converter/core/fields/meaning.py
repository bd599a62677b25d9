"""What the values of a field mean: the person who named the field has said so by its type."""

from __future__ import annotations

from collections.abc import Sequence

from converter.core.fields.specification import FieldType
from converter.core.tables.values import Value, date_value, number_values


def field_values(kind: FieldType, texts: Sequence[str]) -> list[Value]:
    """What `texts`, one per image, mean in a field of this type.

    A number or a date that could be read in several ways stays text, and so does all that is in
    a field of any other type, letter by letter.
    """
    if kind is FieldType.NUMBER:
        return number_values(texts)
    if kind is FieldType.DATE:
        return [date_value(text) for text in texts]
    return [Value(text) for text in texts]
