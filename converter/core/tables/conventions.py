"""How a column writes its numbers: its decimal mark, and whether spaces group the thousands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Final

from converter.core.tables.numerals import Marks, Numeral

_RUN_TOGETHER: Final = re.compile(r"[0-9.,]+(?: [0-9.,]+)+")
_GROUP: Final = 3  # digits between separators
_ONE_GROUP: Final = 2 * _GROUP
_YEARS: Final = range(1500, 2101)


class Usage(Enum):
    """Why a column has no single decimal mark."""

    UNKNOWN = "nothing printed gives it away"
    MIXED = "both marks are in use"


Convention = Marks | Usage


def convention_of(numerals: Iterable[Numeral | None]) -> Convention:
    """The decimal mark that `numerals` show."""
    votes = Counter(numeral.sure_marks for numeral in numerals if numeral and numeral.sure_marks)
    if not votes:
        return Usage.UNKNOWN
    (marks, most), *others = votes.most_common()
    # A few misread points and commas must not turn a whole column into text.
    return marks if most >= 4 * sum(count for _, count in others) else Usage.MIXED


def agreed(column: Convention, elsewhere: Convention) -> Convention:
    """The convention that a column and the rest of its table agree on; MIXED if they differ."""
    if column is Usage.UNKNOWN:
        return elsewhere
    if isinstance(elsewhere, Marks) and column is not elsewhere:
        return Usage.MIXED
    return column


def marks_for(numeral: Numeral, convention: Convention) -> Marks | None:
    """The decimal mark to read a numeral by; None if the number could be wrong."""
    if isinstance(convention, Marks):
        return convention if convention in numeral.readings else None
    if len(numeral.readings) == 1 or (numeral.is_ambiguous and convention is Usage.MIXED):
        return None
    if not numeral.is_ambiguous:
        return Marks.POINT
    # Without a convention 1,234 is a thousand; 1.234 may be a thousand or a decimal number.
    return Marks.POINT if numeral.readings[Marks.POINT].group else None


def misread_marks(numerals: Sequence[Numeral | None], convention: Convention) -> set[int]:
    """The indices of numerals such as 9,533 among 0.323 and 1.244, where a comma that groups
    thousands looks like a misread decimal point, or the other way round."""
    if not isinstance(convention, Marks):
        return set()
    digits = {
        index: numeral.readings[convention]
        for index, numeral in enumerate(numerals)
        if numeral and convention in numeral.readings
    }
    doubtful = {
        index
        for index, reading in digits.items()
        if reading.group == "," and not reading.fraction and len(reading.whole) <= _ONE_GROUP
    }
    others = [len(digits[index].fraction) for index in digits.keys() - doubtful]
    alike = others.count(_GROUP) > 2 and 5 * others.count(_GROUP) >= 4 * len(others)
    return doubtful if alike and 4 * len(doubtful) <= len(others) else set()


def is_spaced(numeral: Numeral | None) -> bool:
    """Whether a plain space separates thousands, as it would separate two values."""
    return numeral is not None and next(iter(numeral.readings.values())).group == " "


def run_together(
    texts: Sequence[str], numerals: Sequence[Numeral | None], *, spaced_elsewhere: bool
) -> set[int]:
    """The indices of numerals such as 12 345 that may as well be two values.

    They are one number where the column, or the rest of the table, groups its thousands so, or
    where nothing else is printed.
    """
    spaced = {index for index, numeral in enumerate(numerals) if is_spaced(numeral)}
    others = [numeral for numeral in numerals if numeral and not is_spaced(numeral)]
    # Those that group their thousands by a sign, or not at all; a year never has a separator.
    printed = [one.readings.get(Marks.POINT) or one.readings[Marks.COMMA] for one in others]
    otherwise = sum(
        digits.group == ","
        or (not digits.group and len(digits.whole) > 3 and int(digits.whole) not in _YEARS)
        for digits in printed
    )
    is_habit = spaced_elsewhere or len(spaced) > 1 or not others
    broken = any(
        numeral is None and _RUN_TOGETHER.fullmatch(text.strip())
        for text, numeral in zip(texts, numerals, strict=True)
    )
    return set() if is_habit and len(spaced) > otherwise and not broken else spaced
