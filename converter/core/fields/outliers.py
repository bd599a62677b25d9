"""Outliers among the cards of a batch: an unusual length, form, range or spelling.

A column of values is summed up by its `Profile`, which is small however many cards there are. It
marks a value only where a column is regular enough for an exception to mean something: people stop
reading hints that are wrong on every third card.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log
from statistics import median, quantiles
from typing import Final

import numpy as np
from rapidfuzz.distance import Levenshtein
from rapidfuzz.process import cdist

from converter.core.fields.specification import FieldSpec, FieldType
from converter.core.fields.values import Mark
from converter.core.tables.values import number_values

FEWEST: Final = 20  # values; fewer do not show what is usual

_USUAL_FORM: Final = 0.1  # of the values have a form that is one of the column's own
_REGULAR: Final = 0.9  # of the values have one of these forms, in a column that has forms
_RARE: Final = 0.02
_SCALE: Final = 1.4826  # from the median deviation to the standard deviation (Rousseeuw, 1993)
_FAR: Final = 5.0  # such deviations, or quartile ranges
_LONGER: Final = log(3)  # times as long, or as short, at the least
_YEARS: Final = 25.0  # beyond the quartiles, at the least
_FACTOR: Final = log(30)  # times the quartiles, at the least: a decimal point lost is a hundred
_FREQUENT: Final = 5  # times a value stands there, to be one that others may be misread from
_RARER: Final = 5  # times as often as what may be misread from it
_MOST_COMPARED: Final = 200

_LETTERS: Final = re.compile(r"[^\W\d_]+")
_DIGITS: Final = re.compile(r"\d+")
_YEAR: Final = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Span:
    """The range that most values lie in, ends included."""

    low: float
    high: float

    def holds(self, number: float) -> bool:
        return self.low <= number <= self.high


@dataclass(frozen=True, slots=True)
class Profile:
    """What is usual in one field of a batch.

    `lengths` holds logarithms of text lengths, `numbers` years of dates or logarithms of numbers;
    None where nothing is usual. `forms` is empty unless nearly all values have one of them.
    `misread` holds texts that nearly equal another text that is far more frequent.
    """

    type: FieldType = FieldType.TEXT
    lengths: Span | None = None
    forms: frozenset[str] = frozenset()
    numbers: Span | None = None
    misread: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spec: FieldSpec, texts: Iterable[str]) -> Profile:
        """The profile of a field from its texts on all cards; empty texts do not count.

        It is empty for a field with a list of values or a pattern: those show what is wrong.
        """
        values = [text for text in map(_plain, texts) if text]
        if len(values) < FEWEST or spec.values or spec.pattern:
            return cls(spec.type)
        forms = _usual_forms(values)
        usual_numbers = None
        numbers = [number for text in values if (number := _number(spec.type, text)) is not None]
        if len(numbers) >= max(FEWEST, _REGULAR * len(values)):
            low, _, high = quantiles(numbers, n=4)
            least = _YEARS if spec.type is FieldType.DATE else _FACTOR
            reach = max(_FAR * (high - low), least)
            usual_numbers = Span(low - reach, high + reach)
        lengths = [log(len(text)) for text in values]
        middle = median(lengths)
        spread = _SCALE * median(abs(length - middle) for length in lengths)
        reach = max(_FAR * spread, _LONGER)
        return cls(
            type=spec.type,
            lengths=None if forms else Span(middle - reach, middle + reach),
            forms=forms,
            numbers=usual_numbers,
            misread=frozenset()
            if spec.type in {FieldType.NUMBER, FieldType.DATE}
            else _misread(Counter(values)),
        )

    def marks(self, text: str) -> tuple[Mark, ...]:
        """The marks for a value of this field that is unusual; empty for most."""
        text = _plain(text)
        if not text:
            return ()
        number = _number(self.type, text)
        unusual = (
            (Mark.LENGTH, self.lengths and not self.lengths.holds(log(len(text)))),
            (Mark.FORM, self.forms and form_of_text(text) not in self.forms),
            (Mark.RANGE, self.numbers and number is not None and not self.numbers.holds(number)),
            (Mark.SPELLING, text in self.misread),
        )
        return tuple(mark for mark, stands_out in unusual if stands_out)


def form_of_text(text: str) -> str:
    """The form of a text: each run of letters as A, each run of digits as 9, the rest unchanged."""
    return _DIGITS.sub("9", _LETTERS.sub("A", text))


def _plain(text: str) -> str:
    return " ".join(text.split())


def _usual_forms(values: Sequence[str]) -> frozenset[str]:
    """All forms that are not rare, if a few forms with digits cover nearly all values.

    Names and titles have many forms, and none is more usual than the others.
    """
    counted = Counter(map(form_of_text, values))
    own = [
        count
        for form, count in counted.items()
        if "9" in form and count >= _USUAL_FORM * len(values)
    ]
    if sum(own) < _REGULAR * len(values):
        return frozenset()
    rare = max(1, _RARE * len(values))
    return frozenset(form for form, count in counted.items() if count > rare)


def _number(kind: FieldType, text: str) -> float | None:
    """The part of a value that is compared with others: a date's year, a number's logarithm."""
    if kind is FieldType.DATE:
        year = _YEAR.search(text)
        return float(year.group()) if year else None
    if kind is FieldType.NUMBER:
        content = number_values([text])[0].content
        return log(abs(content)) if isinstance(content, int | float) and content else None
    return None


def _misread(counted: Counter[str]) -> frozenset[str]:
    """The values that are a misreading of a much more frequent one: they differ by a letter in
    ten, and in no digit."""
    common = counted.most_common(_MOST_COMPARED)
    frequent = [text for text, count in common if count >= _FREQUENT]
    if not frequent:
        return frozenset()
    texts = list(counted)
    most = max(map(_letters_allowed, frequent))
    near = cdist(texts, frequent, scorer=Levenshtein.distance, score_cutoff=most) <= most
    pairs = ((texts[row], frequent[col]) for row, col in np.argwhere(near))
    return frozenset(
        text
        for text, other in pairs
        if counted[other] >= _RARER * counted[text]
        and _DIGITS.findall(text) == _DIGITS.findall(other)
        and 0 < Levenshtein.distance(text, other) <= _letters_allowed(other)
    )


def _letters_allowed(text: str) -> int:
    return len(text) // 10 + 1 if len(text) > 4 else 0
