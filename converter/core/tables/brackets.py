"""Numbers in brackets: negative as accountants print them, or an error, a count, a label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from converter.core.tables.numerals import Digits, Marks, Negative, Numeral

_MARKS: Final = r"\s?[*†‡§¶#]+"
_STARRED: Final = re.compile(rf"[-+\u2212\u2013]?[0-9.,]*[0-9]%?(?:{_MARKS}|[a-e]{{1,2}})")
_STARRED_BRACKETS: Final = re.compile(rf"\([-+\u2212\u2013]?[0-9.,]+\s?%?\){_MARKS}")
_WITH_BRACKETS: Final = re.compile(
    rf"[-+\u2212\u2013]?[0-9.,]+%?(?:{_MARKS})?\s?\([^()]*[0-9][^()]*\)\W*"
)
_WORD: Final = re.compile(r"[^\W\d_]{3}")

# V is a plain value, S one with a mark of significance, B a number in brackets.
_GROUPS: Final = re.compile(r"(?P<lead>V*?)(?P<body>(?:VB+)(?:V*VB+)*)(?P<tail>V*)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One number of a column, including one that stays text because of a mark of significance.

    `kind` is V for a plain value, S for one with a mark, B for one in brackets.
    """

    index: int
    kind: str
    numeral: Numeral | None

    @property
    def decimals(self) -> int | None:
        return len(self._digits.fraction) if self._digits else None

    @property
    def amount(self) -> Decimal:
        """The digits as a number without a sign; NaN if they cannot be read."""
        return self._digits.number if self._digits else Decimal("NaN")

    @property
    def is_share(self) -> bool:
        return self.numeral is not None and self.numeral.suffix.endswith("%")

    @property
    def is_money(self) -> bool:
        """Whether it is printed as amounts of money are, with a currency or grouped thousands."""
        if self.numeral is None or self._digits is None:
            return False
        currency = self.numeral.prefix or self.numeral.suffix.strip().strip("%")
        return bool(currency or self._digits.group)

    @property
    def _digits(self) -> Digits | None:
        readings = self.numeral.readings if self.numeral else {}
        return readings.get(Marks.POINT) or readings.get(Marks.COMMA)


@dataclass(frozen=True, slots=True)
class Habits:
    """What a table shows about the brackets in one of its columns.

    `errors`: in some column brackets are below or behind values. `money`: amounts of money are in
    brackets. `signs`: plus or minus signs are printed. `named`: each row of the column has a name
    of its own.
    """

    errors: bool = False
    money: bool = False
    signs: bool = False
    named: bool = False


def entries(texts: Sequence[str], numerals: Sequence[Numeral | None]) -> list[Entry]:
    """The numbers of a column from top to bottom; other texts between them are left out."""
    found = []
    for index, (text, numeral) in enumerate(zip(map(str.strip, texts), numerals, strict=True)):
        if numeral:
            kind = "B" if numeral.negative is Negative.BRACKETS else "V"
        elif _STARRED.fullmatch(text):
            kind = "S"
        elif _STARRED_BRACKETS.fullmatch(text):
            kind = "B"
        else:
            continue
        found.append(Entry(index, kind, numeral))
    return found


def brackets_alternate(column: Sequence[Entry], *, named: bool = False) -> bool:
    """Whether values and brackets alternate, as coefficients and their standard errors do.

    Plain rows may follow, such as the number of cases. If each row is `named`, only strict
    alternation counts.
    """
    # Not a column in which each value is what remains after subtracting the brackets above it.
    triples = [
        (above.amount, between.amount, below.amount)
        for above, between, below in zip(column, column[1:], column[2:], strict=False)
        if (above.kind, between.kind, below.kind) == ("V", "B", "V")
    ]
    right = [above for above, between, below in triples if above - between == below]
    if 2 * len(right) > len(triples) and (len(right) > 1 or max(right) >= 100):
        return False
    begins_with_brackets = bool(column) and column[0].kind == "B"
    return _takes_turns(column[::-1] if begins_with_brackets else column, named=named)


def values_with_brackets(texts: Iterable[str]) -> bool:
    """Whether values have brackets behind them, as in 12 (5%), more than once."""
    return sum(1 for text in texts if _WITH_BRACKETS.fullmatch(text.strip())) > 1


def labels_in_brackets(
    texts: Sequence[str], column: Sequence[Entry], habits: Habits | None = None
) -> set[int]:
    """The indices of the numbers in brackets that are not, or may not be, negative."""
    habits = habits or Habits()
    brackets = [entry for entry in column if entry.kind == "B"]
    plain = [entry for entry in column if entry.kind != "B"]
    outside = {entry.decimals for entry in plain}
    follows_a_mark = any((a.kind, b.kind) == ("S", "B") for a, b in pairwise(column))
    # Percentages are outside the brackets and counts inside, or the other way round.
    mostly_shares = 2 * sum(entry.is_share for entry in plain) > len(plain)
    units_differ = all(entry.is_share != mostly_shares for entry in brackets)
    signed = any(has_sign(entry.numeral) for entry in plain)
    if habits.errors or values_with_brackets(texts):
        are_labels = True
    elif len(brackets) == len(column):
        are_labels = len(brackets) > 1 or sum(1 for text in texts if _WORD.search(text)) > 1
    elif brackets_alternate(column, named=habits.named) or follows_a_mark or units_differ or signed:
        are_labels = True
    elif habits.money or _shows_money(column):
        are_labels = False
    elif len(brackets) == 1:
        # An error has decimals like the value above it, and unlike a value below it.
        place = column.index(brackets[0])
        above = column[place - 1].decimals if place else None
        like_above = bool(above) and above == brackets[0].decimals
        are_labels = like_above and any(entry.decimals == 0 for entry in column[place + 1 :])
    else:
        are_labels = habits.signs or any(entry.decimals not in outside for entry in brackets)
    return {entry.index for entry in brackets if entry.numeral and are_labels}


def has_sign(numeral: Numeral | None) -> bool:
    """Whether a plus or minus sign is printed; not on a percentage, where it shows a change."""
    signed = {Negative.MINUS, Negative.INNER_MINUS}
    return numeral is not None and (
        (numeral.plus or numeral.negative in signed) and not numeral.suffix.endswith("%")
    )


def number_columns_below(row: Sequence[Numeral | None]) -> bool:
    """Whether the numbers of a row are labels such as (1) (2) (3), with or without a word."""
    numerals = [numeral for numeral in row if numeral]
    if any(numeral.negative is not Negative.BRACKETS for numeral in numerals):
        return False
    if len(numerals) < (2 if len(numerals) == len(row) else 3):
        return False
    if any(Marks.POINT not in numeral.readings for numeral in numerals):
        return False
    numbers = [-numeral.number(Marks.POINT) for numeral in numerals]
    return numbers[0] in {1, 2} and numbers == [numbers[0] + step for step in range(len(numbers))]


def _takes_turns(column: Sequence[Entry], *, named: bool) -> bool:
    kinds = "".join(entry.kind for entry in column).replace("S", "V")
    match = _GROUPS.fullmatch(kinds)
    if match is None:
        return False
    groups = re.findall("VB+", match["body"])
    if len(groups) < 2 or len(set(groups)) > 1 or 2 * groups[0] not in kinds:
        return False
    rest = len(kinds) - len("".join(groups))
    if rest > len(kinds) - rest:
        return False
    # Such tables often end with plain rows; plain rows elsewhere may belong to an account.
    within = rest - len(match["lead"]) - len(match["tail"])
    alike = len({entry.decimals for entry in column}) == 1
    if not match["lead"] and not within and not (named and alike and groups[0] != "VB"):
        return True
    if _shows_money(column) or (named and alike):
        return False
    return (len(match["lead"]) <= 1 and not within) or not alike


def _shows_money(column: Sequence[Entry]) -> bool:
    """Whether amounts of money are printed, down to the last brackets; below may be counts."""
    last = max((place for place, entry in enumerate(column) if entry.kind == "B"), default=-1)
    return any(entry.is_money for entry in column[: last + 1])
