"""Printed numbers: digits, separators, signs and units, with every way to read them.

`1,234` is a thousand in one country and a little more than one in another. A numeral therefore
keeps all of its readings, and `values` chooses one by the rest of the column. Excel number formats
are those of ECMA-376, part 1, 18.8.31.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Final

# Excel keeps this many significant digits and turns the rest into zeros.
MAX_DIGITS: Final = 15

# No number that fits is longer than this, with all its separators and signs.
_LONGEST: Final = 40

_SPACES = " \u00a0\u2007\u2009\u202f"
_SIGNS = "-+\u2212\u2013"
_MIDDLE_DOT: Final = re.compile(r"(?<=[0-9])\u00b7(?=[0-9])")  # the old English decimal point
_CURRENCY = "$€£¥₹₩₪₫₴₽₺"


class Marks(Enum):
    """The decimal mark. The other one of the two may group the thousands."""

    POINT = "."
    COMMA = ","

    @property
    def grouping(self) -> str:
        return "," if self is Marks.POINT else "."


class Negative(Enum):
    """How a number below zero is printed."""

    NO = "5"
    MINUS = "-$5"
    INNER_MINUS = "$-5"
    BRACKETS = "($5)"


@dataclass(frozen=True, slots=True)
class Digits:
    """The digits of one reading. `group` is the sign between thousands, "," for either comma
    or point, or a kind of space, or nothing."""

    whole: str
    fraction: str
    group: str

    @property
    def number(self) -> Decimal:
        return Decimal(f"{self.whole or 0}.{self.fraction or 0}")

    @property
    def number_format(self) -> str:
        if self.group == ",":
            whole = "#,##0"
        elif self.group:
            inner = (len(self.whole) - 1) // 3 - 1
            whole = f'"{self.group}"'.join(["#", *["###"] * inner, "##0"])
        else:
            whole = "0" if self.whole else ""
        return whole + ("." + "0" * len(self.fraction) if self.fraction else "")


@dataclass(frozen=True, slots=True)
class Numeral:
    """A printed number with every way to read its digits."""

    readings: Mapping[Marks, Digits]
    negative: Negative = Negative.NO
    plus: bool = False
    prefix: str = ""
    suffix: str = ""

    @property
    def sure_marks(self) -> Marks | None:
        """The only decimal mark by which this numeral can be read; None if both are possible.

        Also None for digits in threes between points (1.234.567), which may be a version or an
        address.
        """
        if len(self.readings) != 1:
            return None
        (marks, digits), *_ = self.readings.items()
        only_points = marks is Marks.COMMA and digits.group == "," and not digits.fraction
        return None if only_points else marks

    @property
    def is_ambiguous(self) -> bool:
        """Whether two decimal marks would give two numbers."""
        return len({digits.number for digits in self.readings.values()}) > 1

    def number(self, marks: Marks) -> int | float:
        """The value under one reading; a percentage is a share of one."""
        value = self.readings[marks].number
        if self.suffix.endswith("%"):
            value = value.scaleb(-2)
        if self.negative is not Negative.NO:
            value = 0 - value  # and never minus zero
        plain = not self.readings[marks].fraction and not self.suffix.endswith("%")
        return int(value) if plain else float(value)

    def number_format(self, marks: Marks) -> str:
        """The Excel number format that shows the value as it was printed."""
        digits = self.readings[marks]
        unit = self.suffix.removesuffix("%")
        core = digits.number_format + (f'"{unit}"' if unit else "")
        if self.suffix.endswith("%"):
            core += "%"
        prefix = f'"{self.prefix}"' if self.prefix else ""
        shown = prefix + core
        below = {
            Negative.NO: "-" + shown,
            Negative.MINUS: "-" + shown,
            Negative.INNER_MINUS: prefix + "-" + core,
            Negative.BRACKETS: f"({shown})",
        }[self.negative]
        if self.plus:
            return f"+{shown};{below}"
        if self.negative is not Negative.NO and not digits.number:
            return f"{shown};{below};{below}"
        needs_section = self.negative in {Negative.INNER_MINUS, Negative.BRACKETS}
        return f"{shown};{below}" if needs_section else shown


def parse_numeral(text: str) -> Numeral | None:
    """Read `text` as a number, or return None if it is, or may be, anything else.

    Also None if Excel would lose something: leading zeros, more than 15 significant digits, or the
    form of a telephone number.
    """
    text = text.strip()
    return _parse(text) if len(text) <= _LONGEST else None


# A table asks three times for the same cell: by its table, its column and its row.
@lru_cache(maxsize=8192)
def _parse(text: str) -> Numeral | None:
    bracketed = text.startswith("(") and text.endswith(")")
    match = _NUMERAL.fullmatch(text[1:-1] if bracketed else text)
    if match is None:
        return None
    sign, inner_sign = match["sign"], match["inner_sign"]
    one_unit = not (match["prefix"] and match["suffix"])
    if not one_unit or bool(sign) + bool(inner_sign) + bracketed > 1 or inner_sign == "+":
        return None
    readings = _readings(_MIDDLE_DOT.sub(".", match["body"]))
    if "\u00b7" in match["body"]:
        readings.pop(Marks.COMMA, None)
    # After a plus sign, digits in spaced groups or in one long run look dialled.
    may_be_telephone = sign == "+" and any(
        not digits.fraction
        and (digits.group.isspace() or (not digits.group and len(digits.whole) > 7))
        for digits in readings.values()
    )
    if not readings or may_be_telephone:
        return None
    negative = Negative.MINUS if sign and sign != "+" else Negative.NO
    if inner_sign:
        negative = Negative.INNER_MINUS
    if bracketed:
        negative = Negative.BRACKETS
    return Numeral(
        readings=readings,
        negative=negative,
        plus=sign == "+",
        prefix=match["prefix"] or "",
        suffix=match["suffix"] or "",
    )


_NUMERAL: Final = re.compile(
    rf"""(?P<sign>[{_SIGNS}]?)
    (?P<prefix>[{_CURRENCY}][{_SPACES}]?)?
    (?P<inner_sign>(?(prefix)[{_SIGNS}]?))
    (?P<body>[0-9.,](?:[0-9.,\u00b7{_SPACES}]*[0-9])?)
    (?P<suffix>[{_SPACES}]?[%{_CURRENCY}])?""",
    re.VERBOSE,
)


_BODIES: Final = {
    marks: re.compile(
        rf"""(?P<whole>
            [1-9][0-9]{{0,2}}(?P<group>[{re.escape(marks.grouping)}{_SPACES}])
            [0-9]{{3}}(?:(?P=group)[0-9]{{3}})*
            |[1-9][0-9]*|0?
        )
        (?:{re.escape(marks.value)}(?P<fraction>[0-9]+))?""",
        re.VERBOSE,
    )
    for marks in Marks
}


def _readings(body: str) -> dict[Marks, Digits]:
    readings = {}
    for marks, pattern in _BODIES.items():
        if match := pattern.fullmatch(body):
            group, fraction = match["group"] or "", match["fraction"] or ""
            whole = match["whole"].replace(group, "")
            significant = (whole + fraction).lstrip("0")
            if whole + fraction and max(len(significant), len(fraction)) <= MAX_DIGITS:
                readings[marks] = Digits(whole, fraction, "," if group == "." else group)
    return readings
