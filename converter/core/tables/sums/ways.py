"""Ways in which a column may follow from others of its row: each is an array over all rows."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import ClassVar, Final

import numpy as np

from converter.core.tables.model import Place
from converter.core.tables.sums.amounts import Amounts, Bools, Floats
from converter.core.tables.sums.relation import EPSILON, Kind, Span

FEWEST: Final = 3
"""Rows that must bear a relation out."""


@dataclass(frozen=True)
class Way:
    """How the column `col` may be made of others.

    Arrays over rows: what is `made`, how far it may miss (`slack`), where its numbers are
    (`valid`), and what it would be if nothing were known (`start`).
    """

    kind: ClassVar[Kind]
    amounts: Amounts
    col: int
    made: Floats
    slack: Floats
    valid: Bools
    start: Floats

    @abstractmethod
    def parts(self, row: int) -> tuple[Place, ...]:
        """The places of which a row is made."""

    @abstractmethod
    def wanted(self, row: int) -> Mapping[Place, Span]:
        """What each number would have to be if all others are right."""

    def _printed(self, row: int) -> Span:
        value, slack = float(self.amounts.values[row, self.col]), float(self.slack[row])
        return value - slack, value + slack

    def _made(self, row: int) -> Span:
        made, slack = float(self.made[row]), float(self.slack[row])
        return made - slack, made + slack


@dataclass(frozen=True)
class _Pair(Way):
    one: int
    other: int

    def parts(self, row: int) -> tuple[Place, ...]:
        return (row, self.one), (row, self.other)

    def _factors(self, row: int) -> tuple[float, float]:
        values = self.amounts.values
        return float(values[row, self.one]), float(values[row, self.other])


@dataclass(frozen=True)
class Product(_Pair):
    """One times other; `times` is 0.01 where one of them is per cent."""

    kind = Kind.PRODUCT
    times: float

    def wanted(self, row: int) -> Mapping[Place, Span]:
        a, b = self._factors(row)
        low, high = self._printed(row)
        return {
            (row, self.col): self._made(row),
            (row, self.one): _span(low / b / self.times, high / b / self.times),
            (row, self.other): _span(low / a / self.times, high / a / self.times),
        }


@dataclass(frozen=True)
class Ratio(_Pair):
    """One in per cent of other."""

    kind = Kind.RATIO
    less: ClassVar[float] = 0.0

    def wanted(self, row: int) -> Mapping[Place, Span]:
        a, b = self._factors(row)
        low, high = (edge + self.less for edge in self._printed(row))
        found = {
            (row, self.col): self._made(row),
            (row, self.one): _span(low * b / 100, high * b / 100),
        }
        if low and high:
            found[row, self.other] = _span(100 * a / low, 100 * a / high)
        return found


@dataclass(frozen=True)
class Change(Ratio):
    """By how many per cent one is more than other."""

    kind = Kind.CHANGE
    less = 100.0


@dataclass(frozen=True)
class Share(Way):
    """The share of the total, in per cent, that a number of the column `one` is."""

    kind = Kind.SHARE
    one: int
    total: int

    def parts(self, row: int) -> tuple[Place, ...]:
        return (row, self.one), (self.total, self.one)

    def wanted(self, row: int) -> Mapping[Place, Span]:
        whole = float(self.amounts.values[self.total, self.one])
        low, high = self._printed(row)
        return {
            (row, self.col): self._made(row),
            (row, self.one): _span(low * whole / 100, high * whole / 100),
        }


@dataclass(frozen=True)
class Balance(Way):
    """The balance in the row before (or after), with what came in and less what went out."""

    kind = Kind.BALANCE
    signs: Mapping[int, int]
    before: Mapping[int, int]

    def parts(self, row: int) -> tuple[Place, ...]:
        moved = ((row, one) for one in self.signs if self.amounts.has_digits[row, one])
        return (self.before[row], self.col), *moved

    def wanted(self, row: int) -> Mapping[Place, Span]:
        missing = float(self.amounts.values[row, self.col] - self.made[row])
        steps: dict[Place, float] = {(row, one): sign * missing for one, sign in self.signs.items()}
        steps |= {(self.before[row], self.col): missing, (row, self.col): -missing}
        slack = float(self.slack[row])
        return {
            place: (value + step - slack, value + step + slack)
            for place, step in steps.items()
            if self.amounts.has_digits[place]
            for value in [float(self.amounts.values[place])]
        }


def ways(amounts: Amounts, col: int, others: Sequence[int], totals: set[int]) -> Iterator[Way]:
    """All ways to make a column of `others`; `totals` are rows that are made of others."""
    for one, other in permutations(others, 2):
        yield from _of_pair(amounts, col, one, other)
    for one in others:
        yield from _shares(amounts, col, one, totals)
    yield from _balances(amounts, col, others)


def _of_pair(amounts: Amounts, col: int, one: int, other: int) -> Iterator[Way]:
    values, units, known = amounts.values, amounts.units, amounts.has_digits
    a, b = values[:, one], values[:, other]
    valid = known[:, one] & known[:, other] & (a != 0) & (b != 0)
    if valid.sum() < FEWEST:
        return
    unit, nil = units[:, col], np.zeros(len(values))
    loose = np.abs(b) * units[:, one] / 2 + np.abs(a) * units[:, other] / 2
    if one < other:
        told = valid & (np.abs(a) != 1) & (np.abs(b) != 1)
        for times in (1.0, 0.01):
            made = a * b * times
            for slack in (unit, unit / 2 + loose * times):  # of exact and of rounded factors
                yield Product(amounts, col, made, slack, told, nil, one, other, times)
    ratio, slack = 100 * a / b, unit / 2 + 100 * loose / b**2
    yield Ratio(amounts, col, ratio, slack, valid, nil, one, other)
    # Below zero some print changes the other way round.
    yield Change(amounts, col, ratio - 100, slack, valid & (b > 0), nil, one, other)


def _shares(amounts: Amounts, col: int, one: int, totals: set[int]) -> Iterator[Way]:
    values, known = amounts.values[:, one], amounts.has_digits[:, one]
    rows = set(np.flatnonzero(known).tolist())
    for total in sorted({*totals & rows, max(rows)}):
        whole = values[total]
        if whole:
            valid = known & (values != 0) & (np.arange(len(values)) != total)
            slack = amounts.units[:, col] / 2 + 50 * amounts.units[:, one] / abs(whole)
            nil = np.zeros(len(values))
            yield Share(amounts, col, 100 * values / whole, slack, valid, nil, one, total)


def _balances(amounts: Amounts, col: int, others: Sequence[int]) -> Iterator[Way]:
    rows = np.flatnonzero(amounts.has_digits[:, col])
    if len(rows) <= FEWEST:
        return
    moves = np.where(amounts.has_digits, amounts.values, 0.0)
    slack = EPSILON * amounts.units[:, col]
    for before, after in ((rows[:-1], rows[1:]), (rows[1:], rows[:-1])):
        start = np.zeros(len(moves))
        start[after] = amounts.values[before, col]
        from_row = dict(zip(after.tolist(), before.tolist(), strict=True))
        for signs in _moves(others):
            made = start + sum(sign * moves[:, one] for one, sign in signs.items())
            valid = np.zeros(len(start), np.bool_)
            valid[after] = amounts.has_digits[after][:, list(signs)].any(axis=1)
            yield Balance(amounts, col, made, slack, valid, start, signs, from_row)


def _moves(others: Sequence[int]) -> Iterator[Mapping[int, int]]:
    for one in others:
        yield {one: 1}
        yield {one: -1}
    for one, other in permutations(others, 2):
        yield {one: 1, other: -1}


def _span(one: float, other: float) -> Span:
    return min(one, other), max(one, other)
