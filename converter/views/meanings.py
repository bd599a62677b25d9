"""What a field's type makes of a value, in words and by an example."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from django.utils.formats import date_format

from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import field_values
from converter.core.tables.values import Value
from converter.views.card_rows import ShownValue

# What is done with a value of that type, and one to see it by.
_MEANINGS: Final[Mapping[FieldType, tuple[str, str]]] = {
    FieldType.TEXT: ("as it is written, letter by letter", ""),
    FieldType.NUMBER: ("a number to reckon with; one that could be two stays text", "1,234.50"),
    FieldType.DATE: ("a date; one that could be two stays text", "5 March 1950"),
    FieldType.YES_NO: ("yes or no, by a word or a tick", "yes"),
    FieldType.CHOICE: ("one of these, and marked if it is another", ""),
    FieldType.MULTILINE: ("as it is written, line by line", ""),
}
_WITH_EXAMPLES: Final = {kind for kind, (_, example) in _MEANINGS.items() if example}
_NOT_PLAIN: Final = {
    FieldType.NUMBER: ", as it is no plain number",
    FieldType.DATE: ", as it is no plain date",
}


def explained(spec: FieldSpec) -> str:
    """`a number to reckon with: “1,234.50” becomes 1234.5`."""
    meaning, example = _MEANINGS[spec.type]
    if spec.type is FieldType.CHOICE:
        return f"{meaning}: {', '.join(spec.values)}"
    if not example:
        return meaning
    [value] = field_values(spec.type, [example])
    return f"{meaning}: “{example}” becomes {_told(value, spec.type)}"


def understood(shown: ShownValue) -> str:
    """What the workbook will hold for a value; empty where that is what is written."""
    if not shown.text or shown.spec.type not in _WITH_EXAMPLES:
        return ""
    [value] = field_values(shown.spec.type, [shown.text])
    return _told(value, shown.spec.type)


def _told(value: Value, kind: FieldType) -> str:
    content = value.content
    if isinstance(content, date):
        return f"the date {date_format(content, 'j F Y')}"
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, int | float):
        return f"the number {content:g}" if abs(content) < 1e6 else f"the number {content}"
    typed = {
        FieldType.NUMBER: ", as it is no plain number",
        FieldType.DATE: ", as it is no plain date",
    }
    return f"the text “{content}”{typed.get(kind, '')}"
