"""The numbers of a table as arrays, read with all the signs that accountants put around them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from converter.core.tables.brackets import number_columns_below
from converter.core.tables.conventions import Convention, convention_of, marks_for
from converter.core.tables.misreadings import LOOK_ALIKES
from converter.core.tables.model import Cell, Place, Table
from converter.core.tables.numerals import Marks, Numeral, parse_numeral

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

EMPTY, NUMBER, TEXT, BROKEN = range(4)
"""What a place holds: nothing or a dash; a number; other text; digits that make no number."""

LARGEST: Final = 1e14
"""A float keeps the cents of smaller numbers."""
_GROUP: Final = 3  # digits between separators
_MANY: Final = 5  # numbers that outvote one
_NOTHING: Final = re.compile(r"[-\u2010-\u2015\u2212.\u2026\s%$]*")
_CURRENCY: Final = re.compile(r"(?:[A-Z]{1,3} ?)?[$€£¥₹](?: ?['\u2019]000)?")
_TRAILER: Final = re.compile(r"[*†‡§#¶\u204e\s]+$|(?<=[\d)%])\s*[\u00b9\u00b2\u00b3]+$")
_SIGN: Final = re.compile(r"^([-+\u2212\u2013])\s+(?=\d)")
_LOOKING: Final = re.compile(rf"[-+(\u2212\u2013]?[\d.,'{''.join(LOOK_ALIKES)}\s]+[)%]?")


@dataclass(frozen=True)
class Amounts:
    """Arrays of (n_rows, n_cols): values (0 where there is none), the unit of their last digit, and
    what the places hold, and whether they are per cent. `cells` are those of the body, by place."""

    values: Floats
    units: Floats
    holds: NDArray[np.int8]
    percent: Bools
    cells: dict[Place, Cell]

    @cached_property
    def has_digits(self) -> Bools:
        return np.asarray((self.holds == NUMBER) | (self.holds == BROKEN))

    @cached_property
    def uses_brackets(self) -> bool:
        """Whether what is below zero stands in brackets."""
        texts = [self.cells[place].text for place in zip(*np.where(self.values < 0), strict=True)]
        return any("(" in text for text in texts)


def amounts_of(table: Table) -> Amounts:
    """The numbers below the header; a cell that spans counts where it begins."""
    shape = table.n_rows, table.n_cols
    values, units = np.zeros(shape), np.ones(shape)
    holds = np.zeros(shape, np.int8)
    percent = np.zeros(shape, np.bool_)
    cells = {cell.place: cell for cell in table.cells if not cell.header and cell.text}
    numerals = {place: parse_numeral(bare(cell.text)) for place, cell in cells.items()}
    conventions = _conventions(numerals)
    labels = _labelled_rows(numerals)
    for place, cell in cells.items():
        numeral = numerals[place]
        read = numeral and _read(numeral, conventions[place[1]])
        if place[0] in labels:
            holds[place] = TEXT
        elif read and abs(read[0]) < LARGEST:
            values[place], units[place] = read
            holds[place] = NUMBER
            percent[place] = "%" in cell.text
        elif _NOTHING.fullmatch(cell.text):
            holds[place] = EMPTY
        else:
            holds[place] = BROKEN if _is_broken(cell.text) else TEXT
    usual = (holds == NUMBER).sum(axis=0) > (holds == TEXT).sum(axis=0)
    holds[(holds == BROKEN) & ~usual] = TEXT
    for row, col in np.argwhere(holds == BROKEN).tolist():
        values[row, col] = _guessed(cells[row, col].text)
        units[row, col] = units[holds[:, col] == NUMBER, col].min()
    return Amounts(values, units, holds, percent, cells)


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """A number without currency, footnote mark, per cent sign and blanks around its sign."""
    text = _CURRENCY.sub("", _TRAILER.sub("", text.strip())).strip()
    text = text.removesuffix("%").rstrip()
    if text.startswith("(") and text.endswith(")"):
        return f"({text[1:-1].strip().removesuffix('%').rstrip()})"
    if text.endswith("-") and len(text) > 1:
        text = f"-{text[:-1].rstrip()}"
    return _SIGN.sub(r"\1", text)


def _labelled_rows(numerals: Mapping[Place, Numeral | None]) -> set[int]:
    """Rows whose numbers are names of columns: (1) (2) (3)."""
    rows: dict[int, list[Numeral | None]] = {}
    for (row, _), numeral in sorted(numerals.items(), key=lambda item: item[0]):
        rows.setdefault(row, []).append(numeral)
    return {row for row, found in rows.items() if number_columns_below(found)}


def _conventions(numerals: Mapping[Place, Numeral | None]) -> dict[int, Convention]:
    """The decimal mark of each column, by that of the whole table where it shows none."""
    columns: dict[int, list[Numeral | None]] = {}
    for (_, col), numeral in numerals.items():
        columns.setdefault(col, []).append(numeral)
    whole = _convention(list(numerals.values()))
    found = {col: _convention(column) for col, column in columns.items()}
    return {col: own if isinstance(own, Marks) else whole for col, own in found.items()}


def _convention(numerals: Sequence[Numeral | None]) -> Convention:
    """The decimal mark; `12,34` alone among `1,204` and `3,117` does not make theirs one."""
    convention = convention_of(numerals)
    votes = [numeral for numeral in numerals if numeral and numeral.sure_marks]
    either = sum(numeral is not None and numeral.is_ambiguous for numeral in numerals)
    if (
        isinstance(convention, Marks)
        and len(votes) == 1
        and either >= _MANY
        and not votes[0].readings[convention].group
    ):
        return Marks.POINT if convention is Marks.COMMA else Marks.COMMA
    return convention


def _read(numeral: Numeral, convention: Convention) -> tuple[float, float] | None:
    marks = marks_for(numeral, convention)
    if marks is None and isinstance(convention, Marks):
        return None  # its point is no point here
    if marks is None:
        marks = next(iter(numeral.readings)) if len(numeral.readings) == 1 else Marks.POINT
    return float(numeral.number(marks)), 10.0 ** -len(numeral.readings[marks].fraction)


def _guessed(text: str) -> float:
    """What digits that make no number may have been: the last mark as the decimal point, unless it
    groups thousands."""
    letters = "".join(LOOK_ALIKES.get(letter, letter) for letter in text)
    whole, _, fraction = re.sub(r"[^\d.]", "", letters.replace(",", ".")).rpartition(".")
    mark = "" if len(fraction) == _GROUP else "."
    return min(LARGEST, float(f"0{whole.replace('.', '')}{mark}{fraction}"))


def _is_broken(text: str) -> bool:
    digits = sum(map(str.isdigit, text))
    return digits > 0 and 2 * digits >= len(text) > 1 and bool(_LOOKING.fullmatch(bare(text)))
