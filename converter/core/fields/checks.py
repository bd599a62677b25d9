"""Checks of a value against its field: type, pattern, list of values, required.

A check never changes or refuses a value; it marks it for a person to look at.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from converter.core.fields.forms import DATE, YEAR, lone_date
from converter.core.fields.patterns import fits
from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import FieldValue, Mark, ValueState
from converter.core.tables.dates import parse_date
from converter.core.tables.numerals import parse_numeral

_WORDS: Final = "yes no y n true false ja nein j oui non si sí"
_SIGNS: Final = "x✓✔✗✘☑☒☐01-\u2013"
_YES_NO: Final = frozenset((*_WORDS.split(), *_SIGNS))
_NUMBERS: Final = re.compile(r"[0-9]+")
_DATE_IN_DIGITS: Final = re.compile(r"[0-9]{1,4}([-/.]\s?)[0-9]{1,2}\1[0-9]{1,4}")
_MONTH_AND_YEAR: Final = re.compile(r"[^\W\d_]{3,9}\.?,? [0-9]{4}")


def check(spec: FieldSpec, value: FieldValue) -> FieldValue:
    """The value with a mark for each rule of its field that it breaks.

    A value that a person corrected is returned unchanged.
    """
    if value.state is ValueState.CORRECTED:
        return value
    text = (value.text or "").strip()
    if not text:
        return value.marked(Mark.REQUIRED) if spec.required else value
    match spec.type:
        case FieldType.NUMBER:
            is_of_type = parse_numeral(text) is not None
        case FieldType.DATE:
            is_of_type = _is_date(text)
        case FieldType.YES_NO:
            is_of_type = text.casefold().rstrip(".") in _YES_NO
        case _:
            is_of_type = True
    broken = (
        (Mark.TYPE, not is_of_type),
        (Mark.NOT_IN_LIST, spec.values and _folded(text) not in map(_folded, spec.values)),
        (Mark.PATTERN, spec.pattern and not fits(spec.pattern, text)),
    )
    return value.marked(*(mark for mark, is_broken in broken if is_broken))


def check_all(specs: Sequence[FieldSpec], values: Sequence[FieldValue]) -> tuple[FieldValue, ...]:
    """`check` for each value; one that belongs to none of the fields is returned unchanged."""
    by_name = {spec.name: spec for spec in specs}
    return tuple(
        check(by_name[value.name], value) if value.name in by_name else value for value in values
    )


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _is_date(text: str) -> bool:
    """Whether `text` is a date that exists, in any order of its parts, or a month or year alone."""
    if parse_date(text) or YEAR.fullmatch(text) or _MONTH_AND_YEAR.fullmatch(text):
        return True
    if not lone_date(text):
        return False
    found = DATE.search(text)
    digits = found and _DATE_IN_DIGITS.fullmatch(found.group())
    if not digits:
        return True
    first, second, third = map(int, _NUMBERS.findall(digits.group()))
    if first > 31:
        return _is_day(first, second, third)
    year = third if third > 99 else 2000 + third
    return _is_day(year, second, first) or _is_day(year, first, second)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True
